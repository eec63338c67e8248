"""One tick at a time takes up work."""

import time

from celery.signals import worker_shutting_down

from sources.tick_guard import TickGuard


def test_a_tick_that_comes_while_another_takes_up_work_takes_up_none() -> None:
    guard = TickGuard()
    with guard.tick() as go_on:
        assert go_on() and go_on()
        with guard.tick() as other:
            assert not other()
        assert go_on(), "the other has taken nothing away"
    with guard.tick() as go_on:
        assert go_on()


def test_the_next_takes_over_when_the_time_of_one_is_up_though_that_has_not_ended() -> None:
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


def test_a_tick_that_fails_lets_the_next_one_in() -> None:
    guard = TickGuard()
    try:
        with guard.tick():
            raise ValueError
    except ValueError:
        pass
    with guard.tick() as go_on:
        assert go_on()


def test_none_takes_up_work_once_the_worker_shuts_down() -> None:
    guard = TickGuard()
    with guard.tick() as go_on:
        assert go_on()
        worker_shutting_down.send(sender="worker")
        assert not go_on()
    with guard.tick() as go_on:
        assert not go_on()
