"""Let few requests work at once, the others in the order in which they came, and refuse more than may wait.

A request takes a turn for each of its texts, so that one with many texts lets others in between.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

MOST_WAITING = 16  # requests


class Late(Exception):
    """The deadline of a request has passed."""


class Busy(Exception):
    """As many requests wait as may."""


class Turns:
    """So many turns at a time, first come, first served."""

    def __init__(self, at_once: int, *, most_waiting: int = MOST_WAITING) -> None:
        self._free = at_once
        self._most_waiting = most_waiting
        self._waiting: deque[threading.Event] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, deadline: float, *, goes_on: bool = False) -> Iterator[None]:
        """Have a turn. Raises Late at the deadline (of the monotonic clock), and Busy at once if too many wait.

        A request that `goes_on` had a turn before, and is not refused.
        """
        self._take(deadline, goes_on)
        try:
            yield
        finally:
            with self._lock:
                self._give()

    def _take(self, deadline: float, goes_on: bool) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if not goes_on and len(self._waiting) >= self._most_waiting:
                raise Busy
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(max(0.0, deadline - time.monotonic())):
            return
        with self._lock:
            if mine.is_set():  # at the last moment
                self._give()
            else:
                self._waiting.remove(mine)
        raise Late

    def _give(self) -> None:
        if self._waiting:
            self._waiting.popleft().set()
        else:
            self._free += 1
