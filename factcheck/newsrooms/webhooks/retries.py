"""Retry delays of webhook messages, and rest periods of failing endpoints. Pure functions, in seconds."""

import random
from collections.abc import Sequence

JITTER = 0.2  # up to this fraction is added at random, so that simultaneous failures do not retry simultaneously
_FAILURES_BEFORE_REST = 2  # in a row: one bad message does not make a bad endpoint
_FIRST_REST = 5.0
_MAX_REST = 300.0


def wait(attempts: int, *, age: float, schedule: Sequence[float], retry_after: float | None = None) -> float | None:
    """Seconds until the next attempt after `attempts` failed ones; None to give up.

    `age` is the time since the first attempt. A message is given up after both the number of attempts and the total
    time of the schedule, so that attempts brought forward cost it nothing. A `Retry-After` is respected up to the
    longest delay of the schedule.
    """
    if attempts > len(schedule) and age >= sum(schedule):
        return None
    planned = schedule[min(attempts, len(schedule)) - 1]
    requested = min(retry_after or 0.0, max(schedule))
    return max(planned, requested) * (1 + random.random() * JITTER)  # noqa: S311 - not a secret


def rest(failures: int, *, schedule: Sequence[float], retry_after: float | None = None) -> float:
    """Seconds without any message to an endpoint after `failures` in a row."""
    requested = min(retry_after or 0.0, max(schedule))
    if failures <= _FAILURES_BEFORE_REST:
        return requested
    backoff = min(_FIRST_REST * 2.0 ** min(failures - _FAILURES_BEFORE_REST - 1, 20), _MAX_REST)
    return max(backoff * (1 + random.random() * JITTER), requested)  # noqa: S311 - not a secret
