"""A watch line as paths: level, a step down, dotted at the height at which it was."""

from datetime import date

import pytest

from claims.formats.line_paths import line_paths
from claims.public.line import line_of
from claims.watch.public_watch import PublicPeriod, PublicWatch


@pytest.mark.parametrize(
    ("periods", "paths"),
    [
        ([("stood", 0, 100)], [("ok", "M0 5H100")]),
        ([("stood", 0, 90), ("broken", 90, 100)], [("ok", "M0 5H90"), ("off", "M90 5V16H100")]),
        (
            [("stood", 0, 40), ("broken", 40, 60), ("stood", 60, 100)],
            [("ok", "M0 5H40"), ("off", "M40 5V16H60"), ("ok", "M60 16V5H100")],
        ),
        ([("stood", 0, 33.333), ("unread", 33.333, 100)], [("ok", "M0 5H33.33"), ("dim", "M33.33 5H100")]),
    ],
)
def test_a_line_steps_down_where_the_quote_does_not_stand(
    periods: list[tuple[str, float, float]], paths: list[tuple[str, str]]
) -> None:
    assert line_paths(periods) == paths


def test_a_page_that_nobody_can_read_does_not_bring_a_broken_quote_back() -> None:
    assert line_paths([("stood", 0, 20), ("broken", 20, 50), ("unread", 50, 100)])[-1] == ("dim", "M50 16H100")


def watch(*periods: PublicPeriod) -> PublicWatch:
    return PublicWatch(periods[0].start, None, periods)


def test_for_readers_a_period_of_one_day_can_be_seen() -> None:
    first, last = date(2026, 3, 1), date(2026, 6, 9)
    line = line_of(watch(PublicPeriod("stood", first, last), PublicPeriod("broken", last, last)))
    assert line.paths == (("ok", "M0 5H100"), ("off", "M98 5V16H100"))


def test_for_readers_one_day_alone_is_a_whole_line() -> None:
    day = date(2026, 3, 1)
    assert line_of(watch(PublicPeriod("stood", day, day))).paths == (("ok", "M0 5H100"),)
