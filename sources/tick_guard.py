"""Lets one Celery tick at a time take up work in a process."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import worker_shutting_down


class TickGuard:
    """Guards one task: a tick that comes while another takes up work has nothing to add.

    A tick takes up work for at most `seconds`, and for no longer than the worker is not asked to stop; then the next
    may, while this one finishes what it has begun.
    """

    def __init__(self, seconds: float = 30.0) -> None:
        self.seconds = seconds
        self._taking_up = threading.Lock()
        self._stopping = threading.Event()
        worker_shutting_down.connect(self.stop)

    def stop(self, **_: Any) -> None:
        """Let no tick take up more: the worker shuts down."""
        self._stopping.set()

    @contextmanager
    def tick(self) -> Iterator[Callable[[], bool]]:
        """Within, a function that says whether the tick may take up (more) work."""
        held = [self._taking_up] if self._taking_up.acquire(blocking=False) else []
        ends = time.monotonic() + self.seconds

        def go_on() -> bool:
            if held and time.monotonic() < ends and not self._stopping.is_set():
                return True
            while held:
                held.pop().release()
            return False

        try:
            yield go_on
        finally:
            while held:
                held.pop().release()
