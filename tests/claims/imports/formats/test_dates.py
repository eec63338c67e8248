"""Dates as publishers write them: read whole, in the order that can only be one, or left out with a repair."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.imports.formats import dates

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def moment(value: Any, language: str = "") -> tuple[datetime | None, list[str]]:
    repairs: list[str] = []
    return dates.moment(value, repairs, now=NOW, language=language), repairs


WORDS = [
    "14. März 2023", "14. Mär. 2023", "14 de marzo de 2023", "martes, 14 de marzo de 2023",
    "14 mars 2023", "le mardi 14 mars 2023", "14 marzo 2023", "14 de março de 2023", "14 maart 2023", "14 marca 2023",
    "14 марта 2023 г.", "14 Mart 2023 Salı", "14 مارس 2023", "١٤ آذار ٢٠٢٣", "14 मार्च 2023", "१४ मार्च, २०२३",
    "2023年3月14日", "2023年3月14日（火）", "2023년 3월 14일", "14 Maret 2023", "14 березня 2023", "14. března 2023",
    "March 14th, 2023", "14th of March 2023", "Tue, 14 Mar 2023", "14-Mar-2023", "Updated: 14 March 2023",
    "14.03.2023", "14/03/2023", "2023/3/14", "২০২৩-০৩-১৪", "2023-073", "20230314", "2023-03-14+02:00",
]  # fmt: skip


@pytest.mark.parametrize("text", WORDS)
def test_a_day_in_words_is_read_in_many_languages(text: str) -> None:
    assert moment(text) == (datetime(2023, 3, 14, tzinfo=UTC), [])
    assert dates.day(text, [], now=NOW) == date(2023, 3, 14)


TIMES = [
    ("Tue Mar 14 2023 10:00:00 GMT+0100 (CET)", (14, 9, 0)),
    ("Tue Mar 14 2023 10:00:00 GMT-0700 (Pacific Daylight Time)", (14, 17, 0)),
    ("Tue Mar 14 2023 02:00:00 GMT+0530 (India Standard Time)", (13, 20, 30)),
    ("2023-03-14T10:00:00Z+00:00", (14, 10, 0)),
    ("2023-03-14 at 9:05 pm", (14, 21, 5)),
    ("10:00 AM, 14 March 2023", (14, 10, 0)),
    ("14 mars 2023 à 10h30", (14, 10, 30)),
    ("14. März 2023, 10.30 Uhr", (14, 10, 30)),
    ("14 marzo 2023, ore 10.30", (14, 10, 30)),
    ("14 марта 2023, 10:30", (14, 10, 30)),
    ("2023-03-14 23:30 EST", (15, 4, 30)),
]


@pytest.mark.parametrize(("text", "expected"), TIMES, ids=[each[0] for each in TIMES])
def test_a_time_counts_with_its_zone(text: str, expected: tuple[int, int, int]) -> None:
    day, hour, minute = expected
    assert moment(text) == (datetime(2023, 3, day, hour, minute, tzinfo=UTC), [])


@pytest.mark.parametrize("text", ["2023-03-14 23:30 CST", "14 March 2023 23:30 IST", "2023-03-14T23:30:00Z+05:30"])
def test_a_zone_of_several_meanings_leaves_the_day(text: str) -> None:
    when, repairs = moment(text)
    assert when == datetime(2023, 3, 14, tzinfo=UTC)
    assert repairs == ["the time of a date left out, since its zone is not clear"]


@pytest.mark.parametrize("text", ["2023", "March 2023", "mars 2023", "2023-03", "3月 2023"])
def test_no_day_is_made_of_a_month_or_a_year(text: str) -> None:
    when, repairs = moment(text)
    assert when is None
    assert len(repairs) == 1


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2023", "4-3-2023", "3/4/23", "14 March", "yesterday", "gestern", "Tuesday", "in 3 days", "31 April 2023",
        "14 March 2023 and 15 March 2023", "Wed Mar 14 2023", "2023-366", "14 March '23", "14-16 March 2023", "soon",
        "25:00 14 March 2023", "13:00 pm, 14 March 2023", "14 March 2023 in print", True, [], {"a": 1}, "x" * 5000,
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_in_none_is_left_out(text: Any) -> None:
    when, repairs = moment(text)
    assert when is None
    assert repairs == ["a date that cannot be read left out"]


def test_a_month_of_two_meanings_is_told_by_the_language() -> None:
    assert moment("14 listopada 2022")[0] is None
    assert moment("14 listopada 2022", "pl")[0] == datetime(2022, 11, 14, tzinfo=UTC)
    assert moment("14 listopada 2022", "hr")[0] == datetime(2022, 10, 14, tzinfo=UTC)


def test_of_different_dates_none_is_chosen() -> None:
    assert moment(["2023-03-14", "2023-03-15"]) == (None, ["2 different dates left out"])
    assert moment(["2023-03-14", "2023-03-14"]) == (datetime(2023, 3, 14, tzinfo=UTC), [])
    assert dates.day(["2023-03-14", "2023-03-15"], [], now=NOW) is None


def test_a_future_of_another_calendar_is_left_out() -> None:
    assert moment("2566-03-14") == (None, ["a date in the future left out"])
