"""The time that a statement is about, as its figures name it."""

from dataclasses import asdict

import pytest

from claims.statements import ingest
from claims.statements.by_hand.period import period_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Between 2022 and 2025 we built 4,200 homes, Ines Halloway said.", "2022-01-01", "2025-12-31"),
        ("In February 2024 unemployment fell by 3%, Tom Orr said.", "2024-02-01", "2024-02-29"),
        ("From 1 January 2015 to May 31, 2015 police handled 3 cases.", "2015-01-01", "2015-05-31"),
        ("In the first quarter of 2020 sales rose by 3%.", "2020-01-01", "2020-03-31"),
        ("On June 1 it rained 3 litres.", "None", "None"),
        ("The city has 2,022 to 2,025 bridges.", "None", "None"),
    ],
)
def test_the_days_that_a_statement_names(text: str, first: str, last: str) -> None:
    figures = [asdict(figure) for each in ingest.statements(text) for figure in each.figures]
    assert tuple(map(str, period_of(figures))) == (first, last)


@pytest.mark.parametrize("value", ["2024-13", "2024-02-31", "0000", "FY2024", None, 7, [None], {}])
def test_what_is_no_date_is_no_time(value: object) -> None:
    assert period_of([{"kind": "date", "value": value}, "x", None]) == (None, None)
