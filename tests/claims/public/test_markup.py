"""The Markdown of “How we checked” becomes headings, lists and links, and nothing that runs or reaches out."""

import pytest

from claims.public.markup import rendered


def test_headings_lists_and_links_are_rendered_below_the_headings_of_the_page() -> None:
    html = rendered("## What we asked\n\n* one\n* [two](https://agency.example/a?b=1&c=2)\n\n> quoted")
    assert "<h4>What we asked</h4>" in html
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


def test_characters_that_reorder_text_are_shown() -> None:
    assert "[RLO]" in rendered("safe \u202etxt.exe")
