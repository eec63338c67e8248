"""Celery tasks: poll due pages, adjust the fetch budget, read feeds."""

import time

from celery import shared_task

from sources.feeds import reader
from sources.polling import budget, leases, poller
from sources.tick_guard import TickGuard

_polling = TickGuard()


@shared_task
def poll_due() -> int:
    """Poll pages until none is due. Returns the number of pages polled."""
    polled = 0
    with _polling.tick() as may_continue:
        while may_continue():
            leased = poller.poll(may_continue=may_continue)
            polled += leased
            if leased:
                continue
            # Pages are due whose host is in its delay: wait here rather than for the next tick.
            wait = leases.seconds_until_ready()
            if wait is None or wait > 1:
                break
            time.sleep(max(wait, 0.2))
    return polled


@shared_task(name="sources.tasks.set_price")  # messages already queued have this name
def adjust_price() -> float:
    """Adjust the schedule's price of a fetch to the budget. Returns the price."""
    return budget.adjust_price()


@shared_task
def read_feeds() -> int:
    """Read the feeds whose pages have changed. Returns the number of feeds read."""
    return reader.read_feeds()
