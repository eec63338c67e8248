"""The Markdown of “How we checked” becomes headings, lists and links, and nothing that runs or reaches out."""

import re

import pytest

from claims.public.markup import rendered


def test_headings_lists_and_links_are_rendered_below_the_headings_of_the_page() -> None:
    html = rendered("## What we asked\n\n* one\n* [two](https://agency.example/a?b=1&c=2)\n\n> quoted")
    assert "<h3>What we asked</h3>" in html
    assert "<li>one</li>" in html
    assert '<a href="https://agency.example/a?b=1&amp;c=2" rel="nofollow noopener noreferrer">two</a>' in html
    assert "<blockquote>" in html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "![x](https://tracker.example/pixel.gif)",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "[x](//tracker.example)",
        "<javascript:alert(1)>",
        '[x](https://a.example "onmouseover=alert(1)")',
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_what_runs_or_reaches_out_shows_as_text(hostile: str) -> None:
    html = rendered(hostile)
    assert "<script" not in html
    assert "<img" not in html
    for scheme in ("javascript:", "data:", "vbscript:", "//tracker"):
        assert f'href="{scheme}' not in html.lower()
    assert 'onmouseover=alert(1)"' not in html.replace('title="onmouseover=alert(1)"', "")


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n\n## B\n\n## C\n\n# D", "3443"),
        ("## A\n\n##### B\n\n### C\n\n## D", "3443"),
        ("### A\n\n# B\n\n#### C", "334"),
        ("A\n===\n\n###### B\n\n#### C", "344"),
        ("# 1\n\n## 2\n\n### 3\n\n#### 4\n\n##### 5\n\n###### 6", "345666"),
    ],
)
def test_headings_skip_no_level(text: str, levels: str) -> None:
    html = rendered(text)
    assert "".join(re.findall(r"<h([1-6])>", html)) == levels == "".join(re.findall(r"</h([1-6])>", html))
    assert rendered("#### A\n\n# B", top=2).count("<h2>") == 2


def test_characters_that_reorder_text_are_shown() -> None:
    assert "[RLO]" in rendered("safe \u202etxt.exe")
