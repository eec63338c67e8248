"""A page rewritten to be shown: its words and structure come through, nothing of its own markup does."""

import re

import pytest

from sources.extraction import replay, sandbox

ALLOWED = re.compile(r'</?[a-z0-9]+(?: (?:dir|lang|colspan|rowspan)="[A-Za-z0-9-]+")*>|<i>\[[^<>]*\]</i>')
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg><script>alert(1)</script><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<p dir='\"><script>alert(1)</script>' lang='x\" onload=\"y'>words</p>",
    "<td colspan='2\" onmouseover=\"a'>cell</td>",
    "<a href='javascript:alert(1)'>press</a><form action=//e.example><input><button>b</button></form>",
    "<iframe src=//e.example></iframe><object data=//e.example></object><embed src=//e.example>",
    "<meta http-equiv=refresh content='0;url=//e.example'><link rel=stylesheet href=//e.example>",
    "<base href=//e.example><link rel=dns-prefetch href=//e.example><link rel=preload as=image href=//e.example>",
    "<style>@import url(//e.example)</style><div style='background:url(//e.example)'>words</div>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><img src=//e.example></template><video src=//e.example poster=//e.example></video>",
    "<textarea></textarea><script>alert(1)</script></textarea>",
    "<plaintext><script>alert(1)</script>",
    "<!--><script>alert(1)</script>--><![CDATA[<script>alert(1)</script>]]><?xml <script>?>",
    "<img alt='\"><script>alert(1)</script>' src=x>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<scr\x00ipt>alert(1)</scr\x00ipt><b/onclick=alert(1)>words</b>",
    "<details open ontoggle=alert(1)><summary>more</summary>words</details>",
]


def tokens(html: str) -> list[replay.Token]:
    found = replay.read(f"<!doctype html><html><body>{html}</body></html>".encode(), "text/html; charset=utf-8")
    assert found is not None
    return found


def words(html: str) -> str:
    return "".join(each.value for each in tokens(html) if not each.is_tag)


@pytest.mark.parametrize("html", HOSTILE)
def test_no_tag_but_ours_comes_out(html: str) -> None:
    for token in tokens(f"{html}<p>after</p>"):
        assert not token.is_tag or ALLOWED.fullmatch(token.value), token


def test_words_and_structure_come_through() -> None:
    html = (
        '<h1 class="x" lang="de" dir="rtl">Title</h1><p>Some <a href="/x">linked</a> <b id=y>words</b>.<br>More'
        '<table><tr><td colspan="2" onclick="z">cell</td></tr></table><img alt="A chart" src="c.png"><ul><li>item'
    )
    out = "".join(each.value for each in tokens(html))
    assert '<h1 dir="rtl" lang="de">Title</h1>' in out
    assert "Some linked <b>words</b>.<br>More" in out
    assert '<td colspan="2">cell</td>' in out and "<i>[A chart]</i>" in out
    assert out.count("<li>") == out.count("</li>") == 1, "what was left open is closed"


def test_what_a_page_hides_is_left_out() -> None:
    assert (
        words('<div hidden>a</div><span style="display : none">b</span><p>c</p><div style="color:red">d</div>') == "cd"
    )


def test_deep_and_long_pages_lose_no_words_and_end() -> None:
    deep = "<div>" * 3_000 + "words" + "</div>" * 3_000
    found = tokens(deep)
    assert "words" in [each.value for each in found] and len(found) < 200
    long = "<p>word</p>" * 400_000
    assert sum(len(each.value) for each in tokens(long)) < 2 * replay.MAX_CHARACTERS


def test_only_pages_of_markup_are_replayed() -> None:
    assert replay.read(b"%PDF-1.4 <html>", "text/html") is None
    assert replay.read(b"plain words", "text/plain") is None
    assert replay.read(b"\x89PNG <html>", "text/html") is None


def test_the_sandbox_answers_the_same_and_ends_what_takes_too_long() -> None:
    page = b"<html><body><p>\xc3\xa4 words</p></body></html>"
    assert sandbox.replay(page, "text/html") == replay.read(page, "text/html")
    assert sandbox.replay(b"plain", "text/plain") is None
