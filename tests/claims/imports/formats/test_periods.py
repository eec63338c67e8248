"""The period that a claim is about, as ISO 8601 and words give it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from claims.imports.formats import periods

NOW = datetime(2026, 6, 1, tzinfo=UTC)
PERIODS: list[tuple[Any, str, str]] = [
    ("2019", "2019-01-01", "2019-12-31"),
    (2019, "2019-01-01", "2019-12-31"),
    ("2020-02", "2020-02-01", "2020-02-29"),
    ("2020-02-10", "2020-02-10", "2020-02-10"),
    ("2019-02/2019-05", "2019-02-01", "2019-05-31"),
    ("2019/2021", "2019-01-01", "2021-12-31"),
    ("2019-2021", "2019-01-01", "2021-12-31"),
    ("2019-02-01/P1Y", "2019-02-01", "2020-01-31"),
    ("2019-02-01/P2M", "2019-02-01", "2019-03-31"),
    ("2019-02-01/P1W", "2019-02-01", "2019-02-07"),
    ("P6M/2019-12-31", "2019-07-01", "2019-12-31"),
    ("2019-02-01/..", "2019-02-01", ""),
    ("../2019", "", "2019-12-31"),
    ("2019-02-01/15", "2019-02-01", "2019-02-15"),
    ("2019-02-01/03-15", "2019-02-01", "2019-03-15"),
    ("2019-02-01T00:00:00Z/2019-03-31T23:59:59Z", "2019-02-01", "2019-03-31"),
    ("2019-Q2", "2019-04-01", "2019-06-30"),
    ("Q2 2019", "2019-04-01", "2019-06-30"),
    ("février 2020", "2020-02-01", "2020-02-29"),
    ("1 May 2019 – 3 June 2019", "2019-05-01", "2019-06-03"),
    ({"@value": "2019"}, "2019-01-01", "2019-12-31"),
]


@pytest.mark.parametrize(("value", "start", "end"), PERIODS, ids=[str(each[0]) for each in PERIODS])
def test_a_period_has_all_its_days(value: Any, start: str, end: str) -> None:
    repairs: list[str] = []
    found = periods.period(value, repairs)
    assert found == (date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None)
    assert not repairs


@pytest.mark.parametrize("value", ["2019/20", "P1Y", "../..", "2019-13", "2019-02-01/PT5H", "lately", "2019-02-01/P0D"])
def test_a_period_of_several_meanings_is_left_out(value: str) -> None:
    repairs: list[str] = []
    assert periods.period(value, repairs) is None
    assert repairs == ["a period that cannot be read left out"]


def test_a_period_the_wrong_way_round_is_turned() -> None:
    repairs: list[str] = []
    assert periods.period("2019-05-01/2019-02-01", repairs) == (date(2019, 2, 1), date(2019, 5, 1))


def test_a_finding_is_as_of_a_day_alone() -> None:
    repairs: list[str] = []
    assert periods.single_day("2019-05-01", repairs, now=NOW) == date(2019, 5, 1)
    assert not repairs
    for longer in ("2019", "2019-05-01/2019-06-01", "2019-05-01/.."):
        assert periods.single_day(longer, repairs, now=NOW) is None
    assert len(repairs) == 3
