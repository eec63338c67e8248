"""Celery tasks: poll due pages, adjust the fetch budget, read feeds."""

import threading
import time
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from sources.feeds import reader
from sources.polling import budget, leases, poller

# A tick that comes while this process is leasing has nothing to add; it may while slow pages are waited for.
_leasing = threading.Lock()
_stopping = threading.Event()
_LONGEST = 30.0  # seconds for which a tick leases; the next takes over


@shared_task
def poll_due() -> int:
    """Poll pages until none is due. Returns the number of pages polled."""
    if not _leasing.acquire(blocking=False):
        return 0
    ours = [_leasing]
    ends = time.monotonic() + _LONGEST

    def go_on() -> bool:
        if time.monotonic() < ends and not _stopping.is_set():
            return True
        while ours:
            ours.pop().release()
        return False

    try:
        polled = 0
        while go_on():
            leased = poller.poll(go_on=go_on)
            polled += leased
            if leased:
                continue
            # Due, but its host was asked a moment ago: wait for it rather than for the next tick.
            wait = leases.seconds_until_ready()
            if wait is None or wait > 1:
                break
            time.sleep(max(wait, 0.2))
        return polled
    finally:
        while ours:
            ours.pop().release()


@shared_task(name="sources.tasks.set_price")  # messages already queued have this name
def adjust_price() -> float:
    """Adjust the schedule's price of a fetch to the budget. Returns the price."""
    return budget.adjust_price()


@shared_task
def read_feeds() -> int:
    """Read the feeds whose pages have changed. Returns the number of feeds read."""
    return reader.read_feeds()


@worker_shutting_down.connect
def _stop(**_: Any) -> None:
    _stopping.set()
