"""The clock of complaints: seven working days, weekends are none."""

from datetime import date, timedelta

import pytest

from claims.complaints.clock import DAYS, due, working_days


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (date(2026, 11, 24), date(2026, 12, 3)),  # a Tuesday
        (date(2026, 11, 27), date(2026, 12, 8)),  # a Friday
        (date(2026, 11, 28), date(2026, 12, 8)),  # a Saturday
        (date(2026, 11, 29), date(2026, 12, 8)),  # a Sunday
        (date(2026, 12, 31), date(2027, 1, 11)),
    ],
)
def test_the_last_day(received: date, last: date) -> None:
    assert due(received) == last
    assert last.weekday() < 5


def test_both_functions_count_the_same_days() -> None:
    for start in range(14):
        received = date(2026, 11, 2) + timedelta(days=start)
        assert working_days(received, due(received)) == DAYS
        counted = 0
        for after in range(1, 40):
            day = received + timedelta(days=after)
            counted += day.weekday() < 5
            assert working_days(received, day) == counted


def test_no_day_has_passed_on_the_day_itself_or_before() -> None:
    assert working_days(date(2026, 11, 24), date(2026, 11, 24)) == 0
    assert working_days(date(2026, 11, 24), date(2026, 11, 20)) == 0
