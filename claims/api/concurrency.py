"""How many requests of one sort may be under way in this process: the server has few threads."""

import threading
from collections import Counter
from collections.abc import Hashable, Iterator

from rest_framework.exceptions import APIException


class Slots:
    """At most `most` at once, and of those at most `each` for one caller."""

    def __init__(self, most: int, *, each: int | None = None) -> None:
        self.most = most
        self.each = most if each is None else each
        self._taken: Counter[Hashable] = Counter()
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        with self._lock:
            return self._taken.total()

    def take(self, caller: Hashable = None) -> bool:
        """Take one if there is one; whoever took one must `give` it back."""
        with self._lock:
            if self._taken.total() >= self.most or self._taken[caller] >= self.each:
                return False
            self._taken[caller] += 1
            return True

    def give(self, caller: Hashable = None) -> None:
        with self._lock:
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]

    def hold(self, pieces: Iterator[bytes], caller: Hashable = None) -> "Held":
        """The pieces of a streamed answer, which gives back what was taken once it is written or broken off."""
        return Held(self, pieces, caller)


class Busy(APIException):
    """As many of these are being answered as this process can bear."""

    status_code = 503
    problem = "busy"
    default_detail = "As many long answers are being written as can be; try again in a minute."
    wait = 60


class Held:
    """An iterator that the server closes even if it never began it, which a generator would not notice."""

    def __init__(self, slots: Slots, pieces: Iterator[bytes], caller: Hashable) -> None:
        self._slots, self._pieces, self._caller = slots, pieces, caller
        self._given = False

    def __iter__(self) -> "Held":
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._pieces)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        if not self._given:
            self._given = True
            self._slots.give(self._caller)
        if (close := getattr(self._pieces, "close", None)) is not None:
            close()


# Answers that take minutes, and a thread each: a whole DataFeed, the file of a dump.
LONG_ANSWERS = Slots(2)
