"""Waiting for news of the log: one look at it for all requests of a process that wait.

A waiting request holds a thread of the server, an idle database connection and nothing else. While there is at
least one, a thread of ours asks for the head of the log four times a second and wakes all of them when it moved.
LISTEN would be some 100 ms quicker, but does not pass through poolers, and each NOTIFY takes a lock of the whole
database at commit.
"""

import logging
import threading
import time

from django.conf import settings
from django.db import Error, connection

from claims.api.concurrency import Slots
from claims.publication import log_reader

logger = logging.getLogger(__name__)

LONGEST = 30  # seconds that one request may wait
_LOOK = 0.25  # seconds between looks
_OF_ONE_CALLER = 2

# How many may wait at once: the other threads of this process go on answering.
WAITERS = Slots(settings.FEED_LONG_POLLS, each=_OF_ONE_CALLER)


class _Watch:
    """The head of the log as last seen, and those who wait for it to move."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._head = 0
        self._waiting = 0
        self._thread: threading.Thread | None = None

    def wait(self, seen: int, deadline: float) -> bool:
        """Until the log goes beyond `seen` (True) or the deadline, of time.monotonic(), has come (False)."""
        with self._moved:
            self._waiting += 1
            try:
                if self._thread is None:
                    self._head = seen
                    self._thread = threading.Thread(target=self._look, name="head of the log", daemon=True)
                    self._thread.start()
                return self._moved.wait_for(lambda: self._head > seen, max(0, deadline - time.monotonic()))
            finally:
                self._waiting -= 1

    def _look(self) -> None:
        """Look at the log until nobody waits any more."""
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
                    self._moved.wait(_LOOK)
        finally:
            connection.close()
            with self._moved:
                if self._thread is threading.current_thread():  # it fails, and another must take its place
                    self._thread = None

    def _read(self) -> int:
        try:
            return log_reader.head()
        except Error as error:
            # Those who wait find out for themselves, when they ask again.
            logger.warning("The head of the log cannot be read: %s", error)
            connection.close()
            return 0


_watch = _Watch()


def until_beyond(seen: int, deadline: float) -> bool:
    """Wait until the log goes beyond `seen`; False if it has not by the deadline, of time.monotonic()."""
    return _watch.wait(seen, deadline)
