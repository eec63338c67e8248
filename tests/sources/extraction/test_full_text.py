"""Text extraction: visibility, charsets, file types, and hostile input."""

import hashlib
import time

import pytest

from sources.extraction.full_text import EXTRACTOR, UnsupportedMedia, extract


def read(html: str, **given: str) -> str:
    return extract(html.encode(), "text/html", "utf-8", **given).text


def test_the_text_contains_everything_visible() -> None:
    text = read(
        "<html lang=pt-BR><title>Harvest  report</title><nav>Menu</nav><h1>Harvest</h1>"
        "<p>Wheat <b>rose</b> by 4%.<table><tr><td>2024<td>310</table><ul><li>one<li>two</ul>"
        "<details><summary>More</summary>Folded</details><footer>Imprint</footer>"
    )
    for words in ("Menu", "Harvest", "Wheat rose by 4%.", "2024", "310", "one", "two", "Folded", "Imprint"):
        assert words in text


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>if (a<b) 'GHOST'</script>",
        "<style>.GHOST{}</style>",
        "<!-- GHOST -->",
        "<template>GHOST</template>",
        "<noscript>GHOST</noscript>",
        "<p hidden>GHOST</p>",
        '<p style="color:red;display:none">GHOST</p>',
        '<p style="display: none">GHOST</p>',
        "<del>GHOST</del>",
        "<s>GHOST</s>",
    ],
)
def test_the_text_excludes_hidden_and_struck_out_elements(hidden: str) -> None:
    assert read(f"<p>before</p>{hidden}<p>after</p>").split() == ["before", "after"]


def test_an_unclosed_iframe_in_noscript_does_not_swallow_the_page() -> None:
    head = "<head><noscript><iframe src=//x style='display: none' /></NOSCRIPT ><script>'<noscript>'</script></head>"
    assert read(f"{head}<p>Rain fell.</p>") == "Rain fell."


def test_list_numbers_are_not_in_the_text() -> None:
    assert read("<ol><li>one<li>two</ol>") == read("<ul><li>one<li>two</ul>")


def test_blocks_but_not_inline_elements_separate_words() -> None:
    assert read("<p>fif<b>ty</b> tons</p><p>next</p>").split("\n")[0] == "fifty tons"


def test_metadata_of_a_page() -> None:
    page = extract("<html lang=de><title> A \n B </title><p>Straße".encode(), "text/html; x=y", "utf-8")
    assert (page.title, page.language, page.text) == ("A B", "de", "Straße")
    assert page.sha256 == hashlib.sha256("Straße".encode()).hexdigest()
    assert page.extractor_version == EXTRACTOR and page.flags == ()
    assert extract(b"<html lang='drop table'><p>x", "text/html").language is None


@pytest.mark.parametrize(
    ("body", "charset", "flags"),
    [
        ("<p>Köln".encode(), "utf-8", ()),
        ("<p>Köln".encode("cp1252"), "iso-8859-1", ()),
        ("\ufeff<p>Köln".encode(), "iso-8859-1", ()),
        ("\ufeff<p>Köln".encode("utf-16-le"), "utf-8", ()),
        ("\ufeff<p>Köln".encode("utf-16-be"), None, ()),
        ("<meta charset=iso-8859-1><p>Köln".encode("cp1252"), None, ()),
        ("<meta charset=iso-8859-1><p>Köln".encode(), "utf-8", ("charset_conflict",)),
        ("<meta charset=utf-16><p>Köln".encode(), None, ()),
        ("<meta http-equiv=content-type content='text/html; charset=windows-1252'>Köln".encode("cp1252"), None, ()),
        ("<p>Köln".encode(), None, ()),
        ("<p>Köln".encode(), "utf-7", ()),
        ("<p>Köln".encode(), "unicode_escape", ()),
    ],
)
def test_the_charset_is_determined_in_the_standard_order(
    body: bytes, charset: str | None, flags: tuple[str, ...]
) -> None:
    page = extract(body, "text/html", charset)
    assert (page.text, page.flags) == ("Köln", flags)


def test_the_whole_header_may_be_passed_as_the_media_type() -> None:
    body = "<p>Žluťoučký kůň".encode("cp1250")
    assert extract(body, 'text/html; charset="windows-1250"').text == "Žluťoučký kůň"
    assert extract(body, "text/html; charset=utf-8", "windows-1250").text == "Žluťoučký kůň"


def test_bytes_invalid_in_the_charset_are_flagged() -> None:
    page = extract(
        "<p>Köln, Düsseldorf, Gießen, Übach, Saarbrücken, Lübeck".encode() * 4 + b"\xf6", "text/html", "utf-8"
    )
    assert page.flags == ("bad_bytes",) and page.text.endswith("Lübeck\ufffd")


@pytest.mark.parametrize("media_type", ["text/html", "text/plain"])
def test_nul_and_lone_surrogates_are_replaced(media_type: str) -> None:
    page = extract(b"a\x00b \x01c" + b"\xed\xa0\x80", media_type, "utf-8")
    assert "\x00" not in page.text and "\x01" not in page.text
    page.text.encode()
    assert "cleaned" in page.flags


@pytest.mark.parametrize(
    ("body", "media_type", "text"),
    [
        (b"Line one\r\nLine two", "text/plain", "Line one\nLine two"),
        (b'{"rate": 5}', "application/json", "rate: 5"),
        (b'{"a": ["K\\u00f6ln", {"b": "x \\"y\\""}]}', "application/ld+json", 'a: Köln\nb: x "y"'),
        (b'{"rate": 5', "application/json", '{"rate": 5'),
        (b"<feed><title>T</title></feed>", "application/atom+xml", "T"),
        (b"<?xml version='1.0'?><r><p>a <b>b</b></p><p>c</p></r>", "", "a b\nc"),
        (b"<feed><title>T</feed>", "text/xml", "<feed><title>T</feed>"),
        (b"<!DOCTYPE html><p>Hello", "", "Hello"),
        (b"Hello", "", "Hello"),
        (b"<!doctype html><p>Hello", "application/json", "Hello"),
        (b"", "text/html", ""),
    ],
)
def test_file_types_are_recognised(body: bytes, media_type: str, text: str) -> None:
    assert extract(body, media_type).text == text


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"%PDF-1.7 ...", "text/html"),
        (b"PK\x03\x04", "text/html"),
        (b"\x89PNG", "image/png"),
        (b"\x01\x00\x02", ""),
        (b"x", "video/mp4"),
    ],
)
def test_unsupported_files_are_refused_with_a_sentence(body: bytes, media_type: str) -> None:
    with pytest.raises(UnsupportedMedia, match=r"\.$"):
        extract(body, media_type)


def test_declared_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "words">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 20}">' for before, name in zip("abcdefg", "bcdefgh", strict=True)
    )
    page = extract(f"{bomb}]><r>&h;</r>".encode(), "application/xml")
    assert page.limited and len(page.text) < 100


def test_deep_xml_is_read_quickly() -> None:
    started = time.process_time()
    assert extract(b"<r>" + b"<a>" * 100_000 + b"x" + b"</a>" * 100_000 + b"</r>", "application/xml").text == "x"
    assert time.process_time() - started < 2


@pytest.mark.parametrize("tag", ["div", "b", "font color=1", "DIV", "x-y", "table><tr><td"])
def test_deep_html_is_read_completely_and_quickly(tag: str) -> None:
    started = time.process_time()
    page = extract(b"<p>Before." + f"<{tag}>".encode() * 20_000 + b"words", "text/html")
    assert "Before." in page.text and page.text.endswith("words") and not page.limited
    assert time.process_time() - started < 2.0
