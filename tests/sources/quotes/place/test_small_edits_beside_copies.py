"""Small edits beside the old words: a hedge, a month, a word order. What is like them and is no edit raises nothing."""

import pytest

from sources.quotes.locate import Result, locate, select
from sources.quotes.normalization import normal
from sources.quotes.place.series import other_entry
from tests.sources.quotes.place.copies import ARTICLES, COPIES, page

STANDS = (Result.INTACT, Result.MOVED)

# The language of the page around, the sentence, and what it became.
EDITS = {
    "a verb that is named like a month": ("en", "Of 38 wards nine had closed in the autumn of the year.", "may have"),
    "a limit before a figure": ("en", "212 boats lay in the basin on the first day of spring.", "Barely 212 boats"),
    "at most": ("de", "2.140 Boote lagen am ersten Tag des Frühlings im Becken.", "Höchstens 2.140 Boote"),
    "nearly": ("es", "212 barcos estaban en la dársena el primer día de primavera.", "Casi 212 barcos"),
    "up to": ("fr", "212 bateaux étaient dans le bassin au premier jour du printemps.", "Jusqu'à 212 bateaux"),
    "a share after a month": ("de", "Die Gebühr steigt ab Januar 18 Prozent über das alte Maß.", "Januar 1,8 Prozent"),
    "a percentage after a month": ("en", "Fees rose in March 12 percent above those of old.", "March 21 percent"),
    "the month": ("ru", "С 3 июля паром будет стоить 64 рубля.", "С 3 июня"),
    "the day and the month": ("de", "Am 4. Mai kaufte die Reederei den alten Leuchtturm.", "Am 9. Juni kaufte"),
    "the date in figures": ("en", "The ice on the sound held until 4/2/2025.", "until 2/4/2025"),
    "who did it to whom": (
        "en",
        "Marlow Brothers sued the Quay Company over the pier.",
        "The Quay Company sued Marlow",
    ),
    "who did it in German": ("de", "Der Fischer klagte gegen die Reederei.", "Die Reederei klagte gegen den Fischer."),
    "who did it in Chinese": ("zh", "新港公司起诉了老港公司并获得赔偿。", "老港公司起诉了新港公司并获得赔偿。"),
}


def edited(was: str, became: str) -> str:
    """The sentence with what it became in the place of the words that stood there."""
    whole = {
        "may have": "Of 38 wards nine may have closed in the autumn of the year.",
        "Barely 212 boats": f"Barely {was}",
        "Höchstens 2.140 Boote": f"Höchstens {was}",
        "Casi 212 barcos": f"Casi {was}",
        "Jusqu'à 212 bateaux": f"Jusqu'à {was}",
        "The Quay Company sued Marlow": "The Quay Company sued Marlow Brothers over the pier.",
    }
    if became in whole:
        return whole[became]
    for old in ("Januar 18 Prozent", "March 12 percent", "С 3 июля", "Am 4. Mai kaufte", "until 4/2/2025"):
        if old in was:
            return was.replace(old, became)
    return became


@pytest.mark.parametrize("copy_first", [True, False])
@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("edit", EDITS)
def test_the_old_words_beside_a_small_edit(edit: str, kind: str, copy_first: bool) -> None:
    language, was, became = EDITS[edit]
    of, now = ARTICLES[language], edited(was, became)
    opening, closing = COPIES[kind]
    before = page(of.lead, was, of.next, of.last)
    quote = select(was, before)

    def beside(words: str) -> str:
        set_off = f"{opening}{was}{closing}"
        both = set_off.lstrip("\n") + words if copy_first else words + set_off.rstrip("\n")
        return page(of.lead, both.strip("\n"), of.next, of.last)

    found = locate(quote, beside(now), before)
    assert found.result is Result.ALTERED and found.found == now
    assert locate(quote, beside(was), before).result is Result.INTACT


@pytest.mark.parametrize("label", ["FAQ", "2025\n\nArchive"])
@pytest.mark.parametrize("edit", EDITS)
def test_a_copy_below_a_label_that_stood_there_before(edit: str, label: str) -> None:
    language, was, became = EDITS[edit]
    of, now = ARTICLES[language], edited(was, became)
    before = page(of.lead, was, f"{label}\n\n{was}", of.next, of.last)
    quote = select(was, before, of.lead + "\n\n", "\n\n" + of.next)
    assert quote.start == before.index(was)
    after = before.replace(was, now, 1)
    assert locate(quote, after, before).found == now
    assert locate(quote, before + "\n© 2025\n", before).result is Result.INTACT


@pytest.mark.parametrize("edit", EDITS)
def test_a_caption_after_the_next_paragraph(edit: str) -> None:
    language, was, became = EDITS[edit]
    of, now = ARTICLES[language], edited(was, became)
    before = page(of.lead, was, of.next, of.last)
    found = locate(select(was, before), page(of.lead, now, of.next, was, of.last), before)
    assert found.result is Result.ALTERED and found.found == now


def test_a_row_of_a_table_whose_old_version_is_kept() -> None:
    rows = "Cargo, kt\nPort\t\t2023\t\t2024\nCaldermouth\t\t1 870\t\t1 920\nHolm\t\t912\t\t874\nOstra\t\t340\t\t355"
    of = ARTICLES["en"]
    before = page(of.lead, rows, of.last)
    quote = select("Holm 912 874", before, "1 920")
    after = page(of.lead, rows.replace("912", "921"), f"Archive\n\n{rows}", of.last)
    assert locate(quote, after, before).result is Result.ALTERED
    kept = page(of.lead, rows, f"Archive\n\n{rows}", of.last)
    assert locate(quote, kept, before).result is Result.INTACT


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("3 May: no boat was seen.", "4 May: no boat was seen."),
        ("3. Mai – kein Boot gesichtet.", "4. Mai – kein Boot gesichtet."),
        ("On Monday 38 boats came in.", "On Tuesday 31 boats came in."),
        ("In March 12 boats came in, all of wood.", "In April 19 boats came in, some of steel."),
    ],
)
def test_entries_of_a_log(first: str, second: str) -> None:
    assert other_entry(normal(first), normal(second))
    of = ARTICLES["en"]
    before = page(of.lead, first, of.last)
    assert locate(select(first, before), page(of.lead, second, first, of.last), before).result in STANDS


@pytest.mark.parametrize(
    "beside",
    [
        "I read in this paper that {0}",
        "“{0}”",
        "{0} Share this",
    ],
)
@pytest.mark.parametrize("language", ARTICLES)
def test_words_that_repeat_the_sentence_and_say_nothing_else(language: str, beside: str) -> None:
    of = ARTICLES[language]
    before = page(of.lead, of.quote, of.next, of.last)
    after = page(of.lead, of.quote, beside.format(of.quote), of.next, of.last)
    assert locate(select(of.quote, before), after, before).result is Result.INTACT


@pytest.mark.parametrize("language", ARTICLES)
def test_the_same_words_in_another_order_elsewhere(language: str) -> None:
    of = ARTICLES[language]
    before = page(of.lead, of.quote, of.next, of.last)
    quote = select(of.quote, before)
    for after in (page(of.lead, of.quote, of.last, of.next), page(of.next, of.lead, of.quote, of.last)):
        assert locate(quote, after, before).result in STANDS
