"""The tick guard: one tick at a time starts work."""

import time

from celery.signals import worker_shutting_down

from sources.tick_guard import TickGuard


def test_a_second_tick_starts_no_work() -> None:
    guard = TickGuard()
    with guard.tick() as may_continue:
        assert may_continue() and may_continue()
        with guard.tick() as other:
            assert not other()
        assert may_continue(), "the other has taken nothing away"
    with guard.tick() as may_continue:
        assert may_continue()


def test_the_next_tick_takes_over_after_the_time_limit() -> None:
    guard = TickGuard(seconds=0.05)
    with guard.tick() as first:
        assert first()
        time.sleep(0.06)
        with guard.tick() as early:
            assert not early(), "the first has not heard yet that its time is up"
        assert not first()
        with guard.tick() as second:
            assert second()
            assert not first()


def test_a_failing_tick_releases_the_guard() -> None:
    guard = TickGuard()
    try:
        with guard.tick():
            raise ValueError
    except ValueError:
        pass
    with guard.tick() as may_continue:
        assert may_continue()


def test_no_work_is_started_during_shutdown() -> None:
    guard = TickGuard()
    with guard.tick() as may_continue:
        assert may_continue()
        worker_shutting_down.send(sender="worker")
        assert not may_continue()
    with guard.tick() as may_continue:
        assert not may_continue()
