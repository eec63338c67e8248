"""Let requests wait for the next event of the log, with one poller of the log for all of them in a process.

A waiting request holds a server thread and an idle database connection. While any waits, one thread reads the head of
the log four times a second and wakes all of them when it has moved. LISTEN would be some 100 ms faster, but it does not
work through connection poolers, and each NOTIFY takes a database-wide lock at commit.
"""

import logging
import threading
import time

from django.conf import settings
from django.db import Error, connection

from claims.api.concurrency import Slots
from claims.publication import log_reader

logger = logging.getLogger(__name__)

MAX_WAIT = 30  # seconds for one request
_INTERVAL = 0.25  # seconds between reads of the log's head
_PER_CALLER = 2

# Requests that may wait at once; the other threads of this process keep serving.
WAITERS = Slots(settings.FEED_LONG_POLLS, per_caller=_PER_CALLER)


class _LogWatch:
    """The last known head of the log, and the threads that wait for it to move."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._head = 0
        self._waiting = 0
        self._thread: threading.Thread | None = None

    def wait(self, sequence: int, deadline: float) -> bool:
        """Wait until the log is beyond `seen` (True) or until the deadline, a time of time.monotonic() (False)."""
        with self._moved:
            self._waiting += 1
            try:
                if self._thread is None:
                    self._head = sequence
                    self._thread = threading.Thread(target=self._poll, name="head of the log", daemon=True)
                    self._thread.start()
                return self._moved.wait_for(lambda: self._head > sequence, max(0, deadline - time.monotonic()))
            finally:
                self._waiting -= 1

    def _poll(self) -> None:
        """Read the log's head until nobody waits."""
        try:
            while True:
                head = self._read()
                with self._moved:
                    if not self._waiting:
                        self._thread = None
                        return
                    if head > self._head:
                        self._head = head
                        self._moved.notify_all()
                    self._moved.wait(_INTERVAL)
        finally:
            connection.close()
            with self._moved:
                if self._thread is threading.current_thread():  # it failed; the next waiter starts another
                    self._thread = None

    def _read(self) -> int:
        try:
            return log_reader.head()
        except Error as error:
            # The waiting requests meet the same error when they read the log again.
            logger.warning("Cannot read the head of the log: %s", error)
            connection.close()
            return 0


_watch = _LogWatch()


def wait_beyond(sequence: int, deadline: float) -> bool:
    """Wait until the log is beyond sequence `seen`; False if the deadline (time.monotonic()) passes first."""
    return _watch.wait(sequence, deadline)
