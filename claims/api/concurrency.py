"""Limit how many long requests of one kind run at once in this process, in all and for one caller."""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator

from rest_framework.exceptions import APIException


class Slots:
    """A counter of at most `most` slots, of which one caller may hold `per_caller`; the server has few threads."""

    def __init__(self, most: int, *, per_caller: int | None = None) -> None:
        self.most = most
        self.per_caller = most if per_caller is None else per_caller
        self._taken: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        with self._lock:
            return self._taken.total()

    def acquire(self, caller: Hashable = None) -> bool:
        """Take a slot if one is free. Whoever got one must `release` it."""
        with self._lock:
            if self._taken.total() >= self.most or self._taken[caller] >= self.per_caller:
                return False
            self._taken[caller] += 1
            return True

    def release(self, caller: Hashable = None) -> None:
        with self._lock:
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]

    def hold(self, pieces: Iterator[bytes], caller: Hashable = None) -> "ReleasingIterator":
        """The pieces of a streamed response; releases the slot when the response is complete or aborted."""
        return ReleasingIterator(self, pieces, caller)


class Busy(APIException):
    """This process is already handling as many of these requests as it can."""

    status_code = 503
    problem = "busy"
    default_detail = "As many long answers are being written as can be; try again in a minute."
    wait = 60


class ReleasingIterator:
    """An iterator that releases its slot on close, also if it was never started, as a generator would not."""

    def __init__(self, slots: Slots, pieces: Iterator[bytes], caller: Hashable) -> None:
        self._slots, self._pieces, self._caller = slots, pieces, caller
        self._released = False

    def __iter__(self) -> "ReleasingIterator":
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if not self._released:
            self._released = True
            self._slots.release(self._caller)
        if (close := getattr(self._pieces, "close", None)) is not None:
            close()


# Responses that take minutes and a thread each: a whole DataFeed, the file of a dump.
LONG_RESPONSES = Slots(2)
