"""A quote is made of words as editors copy them from a browser; a refusal says the true reason."""

import pytest

from sources.passages.chosen_copy import SeveralPlaces, choose
from sources.quotes.locate import Result, locate
from sources.quotes.selection import QuoteNotFound, select

PAGE = """Home

The report was late. Prices rose by 1,200 euros in the north, the ministry’s “final” report said on Monday. The oﬃce
ﬁnds 38 weak walls[2] in the town and 12.5 percent of the gates.

Steps to take:
• Keep public order
• Respect the laws of the country

The coast authority said that 38 walls[2] are weak.[3] It will rebuild them soon¹ at a cost of €12 million.

The reading was -5 degrees. No, gates were open. The area is 300 km² in all. Die Häuser sind 1.234 Meter lang.

हमने 38 दीवारें देखीं। Стены ещё стоят. 墙壁并不安全。
"""


@pytest.mark.parametrize(
    ("copied", "exact"),
    [
        # Marks of notes on the page, in what was copied, or in both.
        ("The office finds 38 weak walls in the town", "The oﬃce ﬁnds 38 weak walls[2] in the town"),
        ("The office finds 38 weak walls2 in the town", "The oﬃce ﬁnds 38 weak walls[2] in the town"),
        ("38 walls are weak. It will rebuild", "38 walls[2] are weak.[3] It will rebuild"),
        ("38 walls [2] are weak. [3] It will rebuild", "38 walls[2] are weak.[3] It will rebuild"),
        ("38 walls² are weak.³ It will rebuild them", "38 walls[2] are weak.[3] It will rebuild them"),
        ("rebuild them soon at a cost of €12", "rebuild them soon¹ at a cost of €12"),
        # Quotation marks, soft hyphens, spaces and line ends.
        ("the ministry's 'final' report", "the ministry’s “final” report"),
        ("“The report was late”", "The report was late"),
        ("the minis\u00adtry’s\u00a0“final”\u200b re-\nport said", "the ministry’s “final” report said"),
        ("The reading\n  was −5 degrees", "The reading was -5 degrees"),
        ("„The coast authority said that 38 walls are weak.“", "The coast authority said that 38 walls[2] are weak."),
        # Lists.
        ("- Keep public order\n- Respect the laws", "Keep public order • Respect the laws"),
        ("1. Keep public order\n2. Respect the laws", "Keep public order • Respect the laws"),
        ("Keep public order\n\n   Respect the laws", "Keep public order • Respect the laws"),
        # Capitals of a style sheet, and other typography.
        ("PRICES ROSE BY 1,200 EUROS", "Prices rose by 1,200 euros"),
        ("The area is 300 km2 in all", "The area is 300 km² in all"),
        ("Prices rose by 1 200 euros", "Prices rose by 1,200 euros"),
        ("“Стены еще стоят”", "Стены ещё стоят"),
    ],
)
def test_what_differs_in_typography_gets_the_words_of_the_page(copied: str, exact: str) -> None:
    quote = select(copied, PAGE)
    assert quote.exact == exact
    assert quote.start is not None and " ".join(PAGE[quote.start :].split()).startswith(exact)
    assert locate(quote, PAGE, PAGE).result is Result.INTACT


@pytest.mark.parametrize(
    ("copied", "reason"),
    [
        ("Prices rose by 1", r"ends within “1,200”.*Quote all of “Prices rose by 1,200”"),
        ("200 euros in the north", r"begins within “1,200”.*“1,200 euros in the north”"),
        ("5 percent of the gates", r"begins within “12.5”"),
        ("234 Meter lang", r"begins within “1.234”"),
        ("12.5 percent of the ga", r"ends within “gates”"),
        ("rices rose by 1,20", r"begins within “Prices” and ends within “1,200”"),
        ("Prices rose by 1,300 euros in the north", r"says instead: “Prices rose by 1,200 euros"),
        ("The area is 300 km in all", r"says instead: “The area is 300 km² in all"),
        ("Prices rose by 1.200 euros in the north, the report", "do not stand"),
        ("The reading was 5 degrees", r"says: “The reading was -5 degrees”"),
        ("No gates were open", r"says: “No, gates were open”"),
        ("prices rose by 1,200 euros", r"says: “Prices rose by 1,200 euros”"),
        (
            "The report was late. Prices rose. A woman was hurt when the roof of a barn fell in.",
            "up to “The report was late. Prices rose”, but “A woman",
        ),
        ("Nothing like this stands there.", "only a browser's scripts"),
        ("墙壁非常安全。", "do not stand"),
    ],
)
def test_a_refusal_says_why(copied: str, reason: str) -> None:
    with pytest.raises(QuoteNotFound, match=rf"{reason}.*\.$"):
        select(copied, PAGE)


def test_words_that_are_copied_with_other_marks_may_stand_in_several_places() -> None:
    sentence = "The 38 walls[2] of the town are very weak."
    text = f"{sentence}\n\nNews\n\nHe said: {sentence} Indeed."
    with pytest.raises(SeveralPlaces):
        choose("38 walls of the town are very weak.", text)
    assert choose("38 walls of the town are very weak.", text, copy=2).start == text.rindex("38")


def test_a_quote_that_begins_the_page_with_a_figure() -> None:
    text = "38 walls are weak, they said.\n\nMore soon."
    quote = select("38 walls are weak", text)
    assert quote.start == 0
    assert locate(quote, text.replace("More", "No more"), text).result is Result.INTACT
