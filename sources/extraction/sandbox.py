"""Reading pages that may do harm in child processes with bounds on CPU, memory, time and output.

    caller ──question──> a child, of at most two ──answer──> caller
                           └── over a bound: ended, its page is `parse_limited`, the next page gets a new child

A child serves one page after the other. That it was ended for what it read says `parse_limited`, never that text is
missing. Passing a page to it and back costs some 0.2 ms; that no page can hold up or end the poller is worth it.

Pages that are over their time cannot hold up the others for long: what a page may take is cut to what is left of
`LOST` seconds, down to `LEAST`, until they are `WINDOW` seconds past; and bytes that were over a whole bound are
not tried again for `REMEMBERED` seconds.
"""

import atexit
import hashlib
import json
import os
import resource
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import orjson

from sources.extraction import full_text, main_text
from sources.extraction.child_process import ChildProcess, receive_question, send_answer
from sources.extraction.full_text import PageText, UnsupportedMedia
from sources.extraction.main_text import Article

CHILDREN = 2
SECONDS = 20.0  # on the clock, for one page
CPU_SECONDS = 5
MEMORY = 1_500_000_000  # bytes of address space, of which Python and its libraries take a third
MOST_ANSWER = 32_000_000  # bytes; the longest text is 20 MB of UTF-8
MOST_PAGES = 10_000  # read by one child before another takes over; starting one costs as much as 400 pages
START_SECONDS = 15.0

LOST = 30.0
WINDOW = 120.0
LEAST = 0.5
REMEMBERED = 3_600.0
MOST_REMEMBERED = 1_000

_PROGRAM = [sys.executable, "-m", "sources.extraction.sandbox"]
_READY = b"ready"
_LIMITED = PageText("", flags=("parse_limited",))


def extract(body: bytes, media_type: str = "", charset: str | None = None) -> PageText:
    """As `full_text.extract`, PDF and Word included, whatever the bytes do. Raises `UnsupportedMedia`."""
    answer = _ask(body, "text", media_type, charset)
    if answer is None:
        return _LIMITED
    if "refused" in answer:
        raise UnsupportedMedia(str(answer["refused"]))
    return PageText(**{**answer, "flags": tuple(answer["flags"])})


def article(
    body: bytes, media_type: str = "", charset: str | None = None, *, url: str = "", metadata: bool = False
) -> Article:
    """As `sources.extraction.main_text.extract`, whatever the bytes do."""
    if len(body) < main_text.LARGE:
        return main_text.extract(body, media_type, charset, url=url, metadata=metadata)
    answer = _ask(body, "article", media_type, charset, url, metadata)
    return Article(limited=True) if answer is None else Article(**answer)


class _Child(ChildProcess):
    def __init__(self) -> None:
        super().__init__(_PROGRAM, {})
        self.parent = os.getpid()
        self.pages = 0
        self.ready = self.read(len(_READY), time.monotonic() + START_SECONDS) == _READY

    @property
    def usable(self) -> bool:
        return self.ready and self.parent == os.getpid() and self.pages < MOST_PAGES and self.process.poll() is None

    def end(self) -> None:
        if self.parent == os.getpid():
            self.process.kill()
            self.process.wait()
        self.close()

    def ask(self, question: bytes, body: bytes, ends: float) -> dict[str, Any] | None:
        """The child's answer, or None if it was over its bounds."""
        self.pages += 1
        answered = self.send(question, body, ends) and self.receive(MOST_ANSWER, 0, ends)
        return orjson.loads(answered[0]) if answered else None


class _Patience:
    """How long the next page may take, by what was lost of late to pages that were over their time."""

    def __init__(self) -> None:
        self._lost: deque[tuple[float, float]] = deque()
        self._over: OrderedDict[bytes, float] = OrderedDict()

    def seconds(self) -> float:
        now = time.monotonic()
        while self._lost and self._lost[0][0] < now - WINDOW:
            self._lost.popleft()
        return min(SECONDS, max(LEAST, LOST - sum(seconds for _, seconds in self._lost)))

    @property
    def remembers(self) -> bool:
        return bool(self._over)

    def lose(self, seconds: float) -> None:
        self._lost.append((time.monotonic(), seconds))

    def remember(self, digest: bytes) -> None:
        self._over[digest] = time.monotonic()
        while len(self._over) > MOST_REMEMBERED:
            self._over.popitem(last=False)

    def was_over(self, digest: bytes) -> bool:
        return self._over.get(digest, -REMEMBERED) > time.monotonic() - REMEMBERED


_free = threading.BoundedSemaphore(CHILDREN)
_lock = threading.Lock()
_idle: list[_Child] = []
_patience = _Patience()


def _ask(body: bytes, *question: object) -> dict[str, Any] | None:
    """What a child answers; None if it was ended, or the same bytes ended one before."""
    asked = json.dumps(question).encode()
    with _lock:
        if _patience.remembers and _patience.was_over(_digest(asked, body)):
            return None
    with _a_child() as child:
        if not child.ready:
            return None  # the machine could not start one in time; of the page nothing is known
        with _lock:
            seconds = _patience.seconds()
        started = time.monotonic()
        answer = child.ask(asked, body, started + seconds)
        if answer is None:
            child.end()
            took = time.monotonic() - started
            with _lock:
                _patience.lose(took)
                if took < seconds or seconds == SECONDS:
                    _patience.remember(_digest(asked, body))
    return answer


def _digest(asked: bytes, body: bytes) -> bytes:
    return hashlib.sha256(asked + b"\0" + body).digest()


@contextmanager
def _a_child() -> Iterator[_Child]:
    """A child that nobody else asks meanwhile; back among the idle ones if it is still good."""
    with _free:
        with _lock:
            child = _idle.pop() if _idle else None
        if child is None or not child.usable:
            if child is not None:
                child.end()
            child = _Child()
        try:
            yield child
        except BaseException:
            child.end()  # what it was asked is still to be answered, and the next would get that answer
            raise
        if child.usable:
            with _lock:
                _idle.append(child)
        else:
            child.end()


@atexit.register
def close() -> None:
    """End the children that wait, and forget what was lost."""
    global _patience
    with _lock:
        _patience = _Patience()
        while _idle:
            _idle.pop().end()


def _answer(body: bytes, what: str, *given: Any) -> dict[str, Any] | None:
    """In the child: what is said to one question; None if it takes more memory than there is."""
    try:
        if what == "article":
            media_type, charset, url, metadata = given
            return asdict(main_text.extract(body, media_type, charset, url=url, metadata=metadata))
        return asdict(full_text.extract(body, *given, documents=True))
    except UnsupportedMedia as error:
        return {"refused": str(error)}
    except (MemoryError, RecursionError):
        return None


def _said(found: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(found)
    except TypeError:  # half of a pair of surrogates, in what a page calls its own address for one
        return json.dumps(found, ensure_ascii=False).encode(errors="replace")


def _serve() -> None:
    """The child: read, answer, until there is nothing more to read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    out = sys.stdout.buffer
    out.write(_READY)
    out.flush()
    while (asked := receive_question(sys.stdin.buffer)) is not None:
        question, body = asked
        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))
        found = _answer(body, *json.loads(question))
        if found is None:
            return  # memory is not given back for certain: end, as over any other bound
        send_answer(out, _said(found))


if __name__ == "__main__":
    _serve()
