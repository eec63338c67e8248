"""When a message is tried again, and for how long an endpoint that fails is left alone. Pure, in seconds."""

import random
from collections.abc import Sequence

JITTER = 0.2  # at most this part is added to each wait, so that what failed together does not come back together
_RESTS_AFTER = 2  # failures in a row before an endpoint is left alone at all: one bad message is no bad endpoint
_FIRST_REST = 5.0
_LONGEST_REST = 300.0


def wait(attempts: int, *, age: float, schedule: Sequence[float], retry_after: float | None = None) -> float | None:
    """Seconds until the next try after so many that failed; None when it is given up.

    `age` is since the first try. A message is given up once it was tried as often as the schedule says and for as long:
    tries brought forward cost it nothing. A `Retry-After` is waited for, up to the longest wait of the schedule.
    """
    if attempts > len(schedule) and age >= sum(schedule):
        return None
    planned = schedule[min(attempts, len(schedule)) - 1]
    asked = min(retry_after or 0.0, max(schedule))
    return max(planned, asked) * (1 + random.random() * JITTER)  # noqa: S311 - no secret


def rest(failures: int, *, schedule: Sequence[float], retry_after: float | None = None) -> float:
    """Seconds for which nothing at all is sent to an endpoint that failed so many times in a row."""
    asked = min(retry_after or 0.0, max(schedule))
    if failures <= _RESTS_AFTER:
        return asked
    grown = min(_FIRST_REST * 2.0 ** min(failures - _RESTS_AFTER - 1, 20), _LONGEST_REST)
    return max(grown * (1 + random.random() * JITTER), asked)  # noqa: S311 - no secret
