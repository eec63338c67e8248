"""When a page is polled next."""

import random
from datetime import datetime, timedelta

_LONGEST_BACKOFF = timedelta(days=1)
_JITTER = 0.1


def next_due(
    now: datetime, interval: timedelta, *, failures: int = 0, retry_after: timedelta | None = None
) -> datetime:
    """The interval after success, doubled per failure in a row up to a day (but never given up).

    ±10 % of jitter keeps pages that were added together from being polled together for ever. A server's
    Retry-After is a floor, up to a day.
    """
    wait = interval
    if failures:
        wait = max(interval, min(interval * 2 ** min(failures - 1, 16), _LONGEST_BACKOFF))
    wait *= random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - spreads load, hides nothing
    if retry_after is not None:
        wait = max(wait, min(retry_after, _LONGEST_BACKOFF))
    return now + wait


def host_rest(delay: float, elapsed: float, crawl_delay: float | None = None) -> float:
    """Seconds for which a host is left alone after a fetch that took `elapsed` seconds.

    The setting's `delay`, the host's own Crawl-delay, and five times what it took if that was over a second,
    so that a slow host is asked less; never over an hour.
    """
    slow = 5 * elapsed if elapsed > 1 else 0.0
    return min(max(delay, crawl_delay or 0.0, slow), 3_600.0)
