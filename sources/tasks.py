"""Celery tasks of sources: each calls one function."""

import threading
import time

from celery import shared_task

from sources import archiving, polling

# A tick that comes while this process is polling has nothing to add.
_polling = threading.Lock()
_LONGEST = 30.0  # seconds a tick may go on; the next takes over


@shared_task
def poll_due() -> int:
    """Poll what is due, batch after batch, until nothing is. Returns how many pages were polled."""
    if not _polling.acquire(blocking=False):
        return 0
    try:
        polled, ends = 0, time.monotonic() + _LONGEST
        while time.monotonic() < ends:
            leased = polling.poll_batch()
            polled += leased
            if leased:
                continue
            # Due, but its host was asked a moment ago: wait for it rather than for the next tick.
            wait = polling.seconds_until_due()
            if wait is None or wait > 1:
                break
            time.sleep(max(wait, 0.2))
        return polled
    finally:
        _polling.release()


@shared_task
def keep_copies() -> int:
    """Go on with the copies that are wanted at the archive. Returns how many were gone on with; 0 when off."""
    return archiving.work()
