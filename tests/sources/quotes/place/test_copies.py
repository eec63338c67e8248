"""The old words are left on the page as a copy: the edit is seen. Copies of what still stands raise nothing."""

import pytest

from sources.quotes.locate import QuoteCheck, Result, locate, select
from tests.sources.quotes.place.copies import ARTICLES, COPIES, FOOT, HEAD, page, paragraph, unlike

STANDS = (Result.INTACT, Result.MOVED)


def check(quote: str, before: str, after: str) -> QuoteCheck:
    selected = select(quote, before)
    assert locate(selected, before, before).result is Result.INTACT
    return locate(selected, after, before)


def beside(words: str, copy: str, kind: str, *, copy_first: bool) -> str:
    """A paragraph with a copy directly before or after it."""
    opening, closing = COPIES[kind]
    set_off = f"{opening}{copy}{closing}"
    return (set_off.lstrip("\n") + words if copy_first else words + set_off.rstrip("\n")).strip("\n")


# A paragraph of one sentence.


@pytest.mark.parametrize("copy_first", [True, False])
@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("language", ARTICLES)
def test_the_old_words_directly_beside_an_edited_paragraph(language: str, kind: str, copy_first: bool) -> None:
    of = ARTICLES[language]
    before = page(of.lead, of.also, of.quote, of.next, of.last)
    edited = beside(of.edited, of.quote, kind, copy_first=copy_first)
    found = check(of.quote, before, page(of.lead, of.also, edited, of.next, of.last))
    assert found.result is Result.ALTERED and found.found == of.edited

    unedited = beside(of.quote, of.quote, kind, copy_first=copy_first)
    assert check(of.quote, before, page(of.lead, of.also, unedited, of.next, of.last)).result is Result.INTACT


# A sentence of a paragraph.

LEFT_OVER = {
    "teaser": "{0}\n\n{1}\nMost read\n  {2}",
    "share box": "{0}\n\nShare\n{2}\n\n{1}",
    "headlines": "{0}\n\n{1}\n\nFog over the sound\n{2}\nHerring is back",
    "pull quote above": "{2}\n\n{0}\n\n{1}",
    "pull quote below": "{0}\n\n{2}\n\n{1}",
    "list item": "{0}\n\n  {2}\n\n{1}",
}


@pytest.mark.parametrize("kind", LEFT_OVER)
@pytest.mark.parametrize("language", ARTICLES)
def test_a_sentence_edited_in_its_paragraph_and_left_as_a_line(language: str, kind: str) -> None:
    of = ARTICLES[language]
    whole = paragraph(language, of.also, of.quote, of.next)
    before = page(of.lead, whole, of.last)
    edited = paragraph(language, of.also, of.edited, of.next)
    found = check(of.quote, before, page(of.lead, LEFT_OVER[kind].format(edited, of.last, of.quote)))
    assert found.result is Result.ALTERED and found.found == of.edited
    unedited = page(of.lead, LEFT_OVER[kind].format(whole, of.last, of.quote))
    assert check(of.quote, before, unedited).result is Result.INTACT


@pytest.mark.parametrize("kind", LEFT_OVER)
@pytest.mark.parametrize("language", ARTICLES)
def test_a_sentence_cut_out_of_its_paragraph_and_left_as_a_line(language: str, kind: str) -> None:
    of = ARTICLES[language]
    before = page(of.lead, paragraph(language, of.also, of.quote, of.next), of.last)
    gone = paragraph(language, of.also, of.next)
    found = check(of.quote, before, page(of.lead, LEFT_OVER[kind].format(gone, of.last, of.quote)))
    assert found.result is Result.GONE and found.needs_second_look
    replaced = paragraph(language, of.also, unlike(language), of.next)
    found = check(of.quote, before, page(of.lead, LEFT_OVER[kind].format(replaced, of.last, of.quote)))
    assert found.result not in STANDS and of.quote not in (found.found or "")


@pytest.mark.parametrize("at", [0, 2])
@pytest.mark.parametrize("language", ARTICLES)
def test_the_first_or_last_sentence_replaced_and_left_beside_its_paragraph(language: str, at: int) -> None:
    of = ARTICLES[language]
    sentences = [of.also, of.next]
    sentences.insert(at, of.quote)
    before = page(of.lead, paragraph(language, *sentences), of.last)
    sentences[at] = of.edited
    edited = paragraph(language, *sentences)
    for after in (page(of.lead, edited, of.quote, of.last), page(of.lead, of.quote, edited, of.last)):
        assert check(of.quote, before, after).result is Result.ALTERED
    sentences[at] = unlike(language)
    other = paragraph(language, *sentences)
    for after in (page(of.lead, other, of.quote, of.last), page(of.lead, of.quote, other, of.last)):
        assert check(of.quote, before, after).result is Result.GONE


@pytest.mark.parametrize("language", ARTICLES)
def test_what_was_truly_moved_stands(language: str) -> None:
    of = ARTICLES[language]
    whole = paragraph(language, of.also, of.quote, of.next)
    before = page(of.lead, whole, of.last)
    for after in (
        page(whole, of.lead, of.last),
        page(of.lead, of.last, whole),
        page(of.lead, paragraph(language, of.also, of.next), paragraph(language, of.last, of.quote)),
        page(paragraph(language, of.lead, of.quote), paragraph(language, of.also, of.next), of.last),
        page(of.lead, of.also, of.quote, of.next, of.last),
        page(of.lead, paragraph(language, of.also, of.quote), of.next, of.last),
        page(of.lead, of.also, paragraph(language, of.quote, of.next), of.last),
        page(of.quote, of.last),
    ):
        assert check(of.quote, before, after).result in STANDS
    alone = page(of.lead, of.also, of.quote, of.next, of.last)
    for after in (
        page(of.quote, of.lead, of.also, of.next, of.last),
        page(of.lead, of.also, of.next, of.last, of.quote),
        page(of.last, of.next, of.quote, of.also, of.lead),
        page(of.lead, whole, of.last),
        page(of.lead, of.also, paragraph(language, of.next, of.quote), of.last),
    ):
        assert check(of.quote, alone, after).result in STANDS


def test_a_list_that_is_sorted_again() -> None:
    items = [f"  {name} has {count} boats in the harbour" for name, count in zip("ABCDEFG", range(7), strict=True)]
    before = HEAD + "\n".join(items) + FOOT
    quote = items[3].strip()
    for after in (sorted(items, key=lambda each: each[-9:]), items[::-1], items[3:] + items[:3], [items[3], *items]):
        assert check(quote, before, HEAD + "\n".join(after) + FOOT).result in STANDS


# Copies under a label or in a frame, and at the ends of a page.

LABELS = ("Tweet this", "Share", "As of 1 June", "Older version", "Advertisement")
FRAMES = ("“{}”", "» {} «", "— {}", "Tweet: {}", "{} — the board", "* {}", "{} Share this", "{}\n— the chair", "1. {}")


@pytest.mark.parametrize("label", LABELS)
def test_a_copy_under_a_label(label: str) -> None:
    of = ARTICLES["en"]
    alone = page(of.lead, of.also, of.quote, of.next, of.last)
    whole = page(of.lead, f"{of.also} {of.quote} {of.next}", of.last)
    for edited, stands in ((of.edited, False), (of.quote, True)):
        for blocks in (
            (edited, label, of.quote),
            (label, edited, of.quote),
            (label, of.quote, edited),
            (label, edited, label, of.quote),
            (label, of.quote, label, edited),
        ):
            after = page(of.lead, of.also, *blocks, of.next, of.last)
            assert (check(of.quote, alone, after).result in STANDS) is stands, blocks
    for blocks in ((f"{of.also} {of.next}", label, of.quote), (label, of.quote, f"{of.also} {of.next}")):
        assert check(of.quote, whole, page(of.lead, *blocks, of.last)).result is Result.GONE


@pytest.mark.parametrize("copy_first", [True, False])
@pytest.mark.parametrize("frame", FRAMES)
def test_a_copy_in_a_frame(frame: str, copy_first: bool) -> None:
    of = ARTICLES["en"]
    copy = frame.format(of.quote)
    before = page(of.lead, of.also, of.quote, of.next, of.last)
    for edited, stands in ((of.edited, False), (of.quote, True)):
        blocks = (copy, edited) if copy_first else (edited, copy)
        result = check(of.quote, before, page(of.lead, of.also, *blocks, of.next, of.last)).result
        assert (result in STANDS) is stands
    whole = page(of.lead, f"{of.also} {of.quote} {of.next}", of.last)
    for rest in (of.edited, ""):
        after = page(of.lead, f"{of.also} {rest} {of.next}", copy, of.last)
        assert check(of.quote, whole, after).result not in STANDS


def test_a_copy_at_either_end_of_a_page() -> None:
    of = ARTICLES["en"]
    for before in ((of.quote, of.next, of.last), (of.lead, of.also, of.quote)):
        at = before.index(of.quote)
        for words, stands in (((of.edited, of.quote), False), ((of.quote, of.edited), False), ((of.quote,) * 2, True)):
            after = (*before[:at], *words, *before[at + 1 :])
            assert (check(of.quote, "\n\n".join(before), "\n\n".join(after)).result in STANDS) is stands
