"""A quote is found again in another extractor's reading of the same bytes, and no other sentence is taken for it."""

import pytest

from sources.passages.place_again import place_again
from sources.quotes.exact_match import TextQuote

BEFORE, AFTER = "The yard was measured anew in spring. ", " The next survey is due in two years."


def read_as(was: str, now: str) -> str | None:
    first, second = (f"The yard\n\n{BEFORE}{words}{AFTER}\n\nContact" for words in (was, now))
    place = place_again(TextQuote(was, BEFORE, AFTER), first, second)
    if place is None:
        return None
    assert " ".join(second[place.start : place.end].split()) == place.exact
    return place.exact


@pytest.mark.parametrize(
    ("was", "now"),
    [
        (
            "The survey found 2,450 m2 of sheds and 310 m3 of tanks.",
            "The survey found 2,450 m² of sheds and 310 m³ of tanks.",
        ),
        ("The works emit 1,200 tonnes of CO2 a year.", "The works emit 1,200 tonnes of CO₂ a year."),
        ("Man maß dort 103 Keime je Liter.", "Man maß dort 10³ Keime je Liter."),
        ("The survey found 2,4501 square metres of sheds.", "The survey found 2,450 square metres of sheds."),
        ("The survey found 2,450[3] square metres of sheds.", "The survey found 2,450 square metres of sheds."),
    ],
)
def test_the_same_bytes_read_otherwise_hold_the_same_quote(was: str, now: str) -> None:
    assert read_as(was, now) == now


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("The survey found 2,450 m2 of sheds in the yard.", "The survey found 2,450 m³ of sheds in the yard."),
        ("The survey found 2,450 m2 of sheds in the yard.", "The survey found 2,540 m² of sheds in the yard."),
        ("The works emit 1,200 tonnes of CO2 a year.", "The works emit 1,300 tonnes of CO₂ a year."),
    ],
)
def test_another_figure_is_another_sentence(was: str, now: str) -> None:
    assert read_as(was, now) is None
