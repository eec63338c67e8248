"""When mail is due, in the zone of its reader."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from claims.models import Preferences
from claims.notifying.times import after_quiet, is_quiet, mail_due


def wanted(**fields: Any) -> Preferences:
    return Preferences(**fields)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("mail", "zone", "created", "due"),
    [
        ("at_once", "", "2026-07-01T10:00", "2026-07-01T10:03"),
        ("hourly", "", "2026-07-01T10:20", "2026-07-01T11:00"),
        ("hourly", "Asia/Kolkata", "2026-07-01T10:20", "2026-07-01T10:30"),
        ("daily", "", "2026-07-01T07:59", "2026-07-01T08:00"),
        ("daily", "", "2026-07-01T08:00", "2026-07-02T08:00"),
        ("daily", "Europe/Vienna", "2026-07-01T05:59", "2026-07-01T06:00"),
        ("daily", "Europe/Vienna", "2026-12-01T06:59", "2026-12-01T07:00"),
        ("daily", "Europe/Vienna", "2026-03-28T08:00", "2026-03-29T06:00"),  # the clocks go forward in between
        ("daily", "Europe/Vienna", "2026-10-24T08:00", "2026-10-25T07:00"),  # and back
        ("daily", "America/Los_Angeles", "2026-07-01T15:30", "2026-07-02T15:00"),
        ("daily", "Pacific/Kiritimati", "2026-07-01T17:00", "2026-07-01T18:00"),
    ],
)
def test_due(mail: str, zone: str, created: str, due: str) -> None:
    assert mail_due(at(created), wanted(mail=mail, time_zone=zone)) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "clock", "quiet"),
    [
        (time(22), time(7), "23:30", True),
        (time(22), time(7), "06:59", True),
        (time(22), time(7), "07:00", False),
        (time(22), time(7), "21:59", False),
        (time(12), time(13), "12:00", True),
        (time(12), time(13), "13:00", False),
        (None, None, "12:00", False),
    ],
)
def test_quiet(start: time | None, end: time | None, clock: str, quiet: bool) -> None:
    row = wanted(quiet_from=start, quiet_to=end)
    moment = at(f"2026-07-01T{clock}")
    assert is_quiet(moment, row) == quiet
    assert not is_quiet(after_quiet(moment, row), row)
    assert (after_quiet(moment, row) == moment) != quiet


def test_quiet_hours_are_of_the_readers_zone() -> None:
    row = wanted(time_zone="Asia/Tokyo", quiet_from=time(22), quiet_to=time(7), mail="at_once")
    assert mail_due(at("2026-07-01T14:00"), row) == at("2026-07-01T22:00")
    assert mail_due(at("2026-07-01T12:00"), row) - at("2026-07-01T12:00") < timedelta(minutes=10)


def test_a_digest_in_quiet_hours_comes_when_they_end() -> None:
    row = wanted(quiet_from=time(20), quiet_to=time(9, 30), mail="daily")
    assert mail_due(at("2026-07-01T15:00"), row) == at("2026-07-02T09:30")
