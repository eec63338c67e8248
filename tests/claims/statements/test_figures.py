"""Figures in a text: their value, unit, counted phrase and position."""

import pytest

from claims.statements.figures import Value, figures
from claims.statements.numbers import number

CASES: list[tuple[str, list[tuple[str, Value, str, str]]]] = [
    ("police in 50 localities - among them", [("count", 50, "localities", "50 localities")]),
    ("some 758,000 pieces of text", [("count", 758000, "pieces", "some 758,000 pieces")]),
    ("over 70,000 parking fine cases since", [("count", 70000, "cases", "over 70,000 parking fine cases")]),
    ("from June 1, crews", [("date", "06-01", "", "June 1")]),
    ("on 1 June 2024", [("date", "2024-06-01", "", "1 June 2024")]),
    ("on Jan. 5, 2019.", [("date", "2019-01-05", "", "Jan. 5, 2019")]),
    ("on 2024-06-01.", [("date", "2024-06-01", "", "2024-06-01")]),
    ("in March 2023", [("date", "2023-03", "", "March 2023")]),
    ("since 2016", [("date", "2016", "", "2016")]),
    ("the 2016 election", [("date", "2016", "", "2016")]),
    ("2,016 people", [("count", 2016, "people", "2,016 people")]),
    ("working 24/7, they", [("rate", "24/7", "hours a day, days a week", "24/7")]),
    ("a rise of 3.4%", [("percent", 3.4, "percent", "3.4%")]),
    ("a 3.4-percent rise", [("percent", 3.4, "percent", "3.4-percent")]),
    ("up 0.8 percentage points", [("percent", 0.8, "percentage points", "0.8 percentage points")]),
    ("between 10 and 15 percent", [("percent", [10, 15], "percent", "between 10 and 15 percent")]),
    ("$4.5 million", [("money", 4500000, "USD", "$4.5 million")]),
    ("about 30 million euros", [("money", 30000000, "EUR", "about 30 million euros")]),
    ("from $2bn to $3bn", [("money", [2000000000, 3000000000], "USD", "from $2bn to $3bn")]),
    ("8.6 million crowns", [("money", 8600000, "crown", "8.6 million crowns")]),
    ("3 to 5 million people", [("count", [3000000, 5000000], "people", "3 to 5 million people")]),
    ("one in five children", [("ratio", "one in five", "", "one in five")]),
    ("eight of the 12 regions", [("ratio", [8, 12], "regions", "eight of the 12 regions")]),
    ("more than two-thirds of voters", [("ratio", "more than two-thirds", "", "more than two-thirds")]),
    ("prices doubled", [("multiple", "doubled", "", "doubled")]),
    ("three times as many", [("multiple", "three times as many", "", "three times as many")]),
    ("shut for 11 months", [("duration", 11, "months", "11 months")]),
    ("an 18-month ban", [("duration", 18, "month", "18-month")]),
    ("a 40-year-old man", [("age", 40, "years", "40-year-old")]),
    ("at 80mph", [("measure", 80, "mph", "80mph")]),
    ("2,400 square metres", [("measure", 2400, "metres", "2,400 square metres")]),
    ("at 9 a.m. and 17:30", [("time", "9 a.m.", "", "9 a.m."), ("time", "17:30", "", "17:30")]),
    ("the third-largest town", [("rank", "third-largest", "", "third-largest")]),
    ("the start of this year", [("period", "the start of this year", "", "the start of this year")]),
    ("in March this year", [("period", "march this year", "", "March this year")]),
    ("in 2019-20", [("period", [2019, 2020], "year", "2019-20")]),
    ("about a dozen people", [("count", 12, "people", "about a dozen people")]),
    ("12 dead and 30 injured", [("count", 12, "dead", "12 dead"), ("count", 30, "injured", "30 injured")]),
    ("Twenty-nine people were", [("count", 29, "people", "Twenty-nine people")]),
    ("1 000 000 Menschen", [("count", 1000000, "", "1 000 000")]),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_figures(text: str, expected: list[tuple[str, Value, str, str]]) -> None:
    found = figures(text)
    assert [(f.kind, f.value, f.unit, f.text) for f in found] == expected
    assert all(text[f.start : f.end] == f.text for f in found)


@pytest.mark.parametrize(
    "text",
    [
        "Article 5 of the law",
        "No. 10 is shut",
        "COVID-19 and EB-5",
        "a 5G mast",
        "one of them",
        "the two met",
        "call 555-1234",
        "1. First item",
        "may march on",
        "",
    ],
)
def test_labels_and_plain_words_are_no_figures(text: str) -> None:
    assert figures(text) == []


def test_qualifier_and_what_is_counted() -> None:
    (figure,) = figures("cleared over 70,000 parking fine cases since")
    assert (figure.qualifier, figure.counts) == ("over", "parking fine cases")
    (share,) = figures("5 percent of all households")
    assert share.counts == "all households"


def test_offsets_count_from_the_given_place() -> None:
    (figure,) = figures("50 towns", offset=100)
    assert (figure.start, figure.end) == (100, 108)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("758,000", 758000),
        ("4.5 million", 4500000),
        ("twenty-five", 25),
        ("two hundred thousand", 200000),
        ("half a million", 500000),
        ("2.1bn", 2100000000),
        ("1.000.000", 1000000),
        ("pieces", None),
        ("9" * 5000, None),
    ],
)
def test_number(words: str, value: float | None) -> None:
    assert number(words) == value


def test_long_runs_of_digits_cost_no_more_than_their_length() -> None:
    for junk in ("9" * 50_000, "1," * 20_000, "1 000 " * 10_000, "five " * 10_000):
        figures(junk)
