"""Celery tasks of webhooks: each calls one function."""

import threading
import time
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down

from factcheck.newsrooms.webhooks import deliver as deliver_module
from factcheck.newsrooms.webhooks import outbox

# One sender in a process: a tick that comes while it looks for more has nothing to add.
_sending = threading.Lock()
_stopping = threading.Event()
_LONGEST = 30.0  # seconds for which a tick takes up more; the next takes over


@shared_task
def deliver() -> int:
    """Send the webhooks that are due. Returns how many were received."""
    if not _sending.acquire(blocking=False):
        return 0
    ours = [_sending]
    ends = time.monotonic() + _LONGEST

    def go_on() -> bool:
        if time.monotonic() < ends and not _stopping.is_set():
            return True
        while ours:
            ours.pop().release()
        return False

    try:
        return deliver_module.deliver(go_on=go_on)
    finally:
        while ours:
            ours.pop().release()


@shared_task
def forget_deliveries() -> int:
    """Drop webhook deliveries that were done long ago. Returns how many."""
    return outbox.forget()


@worker_shutting_down.connect
def _stop(**_: Any) -> None:
    _stopping.set()
