"""A sentence that a page's own styles hide is not read; one that only looks hidden in the source is."""

import pytest

from sources.extraction.full_text import extract
from tests.sources.extraction.styles.hidden_pages import HIDDEN, REVEALED_PAGES, SEEN, SENTENCE


def read(page: tuple[str, str]) -> str:
    head, body = page
    html = f"<!doctype html><html><head><title>T</title>{head}</head><body>{body}</body></html>"
    return " ".join(extract(html.encode(), "text/html", "utf-8").text.split())


@pytest.mark.parametrize("page", HIDDEN, ids=str)
def test_a_hidden_sentence_is_not_read(page: tuple[str, str]) -> None:
    text = read(page)
    assert SENTENCE not in text
    assert "Rain" in text


@pytest.mark.parametrize("page", HIDDEN, ids=str)
def test_a_hidden_sentence_is_not_read_among_more_rules_than_are_tried_one_by_one(page: tuple[str, str]) -> None:
    others = "".join(f".other-{number}>i{{display:none}}" for number in range(5))
    text = read((f"<style>{others}</style>{page[0]}", page[1]))
    assert SENTENCE not in text
    assert "Rain" in text


@pytest.mark.parametrize("page", SEEN, ids=str)
def test_a_sentence_in_sight_is_read(page: tuple[str, str]) -> None:
    assert SENTENCE in read(page)


@pytest.mark.parametrize("page", REVEALED_PAGES.values(), ids=REVEALED_PAGES)
def test_what_scripts_or_readers_bring_into_sight_is_read(page: tuple[str, str]) -> None:
    assert SENTENCE in read(page)


@pytest.mark.parametrize(
    ("css", "body", "text"),
    [
        ('.q::before{content:"not "}', "The wall <b class=q>held</b>.", "The wall not held."),
        ('.q:after{content:" (denied)"}', "<p class=q>The wall held", "The wall held (denied)"),
        ('.q::before{content:"\\6e ot "}', "The wall <b class=q>held</b>.", "The wall not held."),
        (".q::before{content:attr(data-w) ' '}", "It <b class=q data-w=never>held</b>.", "It never held."),
        ('.q::before{content:"不"}', "堤防<b class=q>安全</b>", "堤防不安全"),
        # Marks, icons, and what another rule takes back, add nothing.
        ('.q::before{content:"not "}.q::before{content:none}', "It <b class=q>held</b>.", "It held."),
        ('.q::before{content:"not "}#i::before{content:""}', "It <b class=q id=i>held</b>.", "It held."),
        ('@media print{.q::before{content:"not "}}', "It <b class=q>held</b>.", "It held."),
        ('.q::before{content:"not ";display:none}', "It <b class=q>held</b>.", "It held."),
        ('.q::before{content:"\\f101"}', "<i class=q></i>It held.", "It held."),
        ('.q::before{content:"\\201C"}', "<b class=q>It held.</b>", "It held."),
        ('.q::before{content:"";position:absolute}', "<b class=q>It held.</b>", "It held."),
        ('.q::before{content:"e";font-family:icons}', "<b class=q>It held.</b>", "It held."),
        ('.icon::before{content:"arrow"}', "<b class=icon>It held.</b>", "It held."),
    ],
)
def test_words_that_styles_add_are_read(css: str, body: str, text: str) -> None:
    assert read((f"<style>{css}</style>", body)) == text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("It lost <bdo dir=rtl>38</bdo> stones.", "It lost 83 stones."),
        ("It lost \u202e38\u202c stones.", "It lost 83 stones."),
        ("It lost <b style='unicode-bidi:bidi-override;direction:rtl'>38</b> stones.", "It lost 83 stones."),
        ("<i style='unicode-bidi:bidi-override;direction:rtl'>gro.elpmaxe@ofni</i>", "info@example.org"),
        ("<bdo dir=rtl>שלום 38</bdo>", "שלום 83"),
        ("<p>\u202e(ab</p><p>cd</p>", "ba) cd"),
        ("It lost <bdo dir=ltr>38</bdo> stones.", "It lost 38 stones."),
        ("It lost <bdi>38</bdi> <b dir=rtl>stones</b>.", "It lost 38 stones."),
    ],
)
def test_letters_are_read_in_the_order_in_which_they_are_drawn(body: str, text: str) -> None:
    assert read(("", body)) == text


@pytest.mark.parametrize(
    ("css", "is_read"),
    [
        (".a{margin-left:-9999px}.b{margin:0!important}", True),
        (".a{margin-left:-9999px}.b{margin-top:0!important}", False),
        (".a{position:absolute;left:-9999px}.b{inset:0!important}", True),
        (".a{position:absolute;left:-9999px}.b{inset-inline:0!important}", False),
    ],
)
def test_a_shorthand_brings_back_into_sight_what_a_long_form_moved_away(css: str, is_read: bool) -> None:
    body = f"<p>Rain fell on the town all day and on the next.</p><p class='a b'>{SENTENCE}</p>"
    assert (SENTENCE in read((f"<style>{css}</style>", body))) is is_read


def test_a_page_with_more_hiding_rules_than_are_tried_together_is_read_alike() -> None:
    rules = "".join(f".h{number}{{display:none}}" for number in range(80))
    body = f"<p>Rain fell on the town.</p><p class='x h77'>{SENTENCE}</p><p class=y>Rain fell again.</p>"
    assert SENTENCE not in read((f"<style>{rules}</style>", body))
    assert SENTENCE not in read((f"<style>{rules}</style>", body.replace("class=", "CLASS=")))
    assert SENTENCE in read((f"<style>{rules}</style>", body.replace("h77", "h99")))
