"""A guard for periodic Celery tasks: in each process, only one run at a time may start new work."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import worker_shutting_down


class TickGuard:
    """Guards one periodic task: a tick does nothing while another still starts work.

    A tick starts work for at most `seconds`, and until the worker shuts down; after that the next tick may start work,
    while this one finishes.
    """

    def __init__(self, seconds: float = 30.0) -> None:
        self.seconds = seconds
        self._starting_work = threading.Lock()
        self._stopping = threading.Event()
        worker_shutting_down.connect(self.stop)

    def stop(self, **_: Any) -> None:
        """Let no tick start more work, because the worker shuts down."""
        self._stopping.set()

    @contextmanager
    def tick(self) -> Iterator[Callable[[], bool]]:
        """Provide a function that returns whether the tick may start (more) work."""
        held = [self._starting_work] if self._starting_work.acquire(blocking=False) else []
        ends = time.monotonic() + self.seconds

        def may_continue() -> bool:
            if held and time.monotonic() < ends and not self._stopping.is_set():
                return True
            while held:
                held.pop().release()
            return False

        try:
            yield may_continue
        finally:
            while held:
                held.pop().release()
