"""Extract text from untrusted pages in child processes, within limits of CPU time, memory, time and output.

    caller ──request──> one of two workers ──response──> caller
                          └── over a limit: killed; its page is `parse_limited`, the next page gets a new worker

A worker reads one page after the other. If it is killed, the outcome is `parse_limited`, which never counts as missing
text. Passing a page to a worker and back takes some 0.2 ms; in return no page can block or crash the poller.

Slow pages cannot block the others for long. The time they waste is deducted from a budget of `BUDGET_SECONDS`, until
`BUDGET_WINDOW` seconds have passed, and a page may take what is left of it, but at least `MIN_SECONDS`. Bytes that
exceeded a full limit are rejected for `REJECT_SECONDS`.
"""

import atexit
import hashlib
import json
import sys
import threading
import time
from collections import OrderedDict, deque
from dataclasses import asdict
from typing import Any

import orjson

from sources.extraction import full_text, main_text, worker_pool
from sources.extraction import replay as replayed
from sources.extraction.full_text import PageText, UnsupportedMedia
from sources.extraction.main_text import Article
from sources.extraction.replay import Token

WORKERS = 2
PAGE_SECONDS = 20.0
CPU_SECONDS = 5
MEMORY = 1_500_000_000  # bytes of address space, of which Python and its libraries take a third
MAX_RESPONSE = 32_000_000  # bytes; the longest text is 20 MB of UTF-8

BUDGET_SECONDS = 30.0
BUDGET_WINDOW = 120.0
MIN_SECONDS = 0.5
REJECT_SECONDS = 3_600.0
MAX_REJECTED = 1_000

_PROGRAM = [sys.executable, "-m", "sources.extraction.sandbox"]
_LIMITED = PageText("", flags=("parse_limited",))


def extract(body: bytes, media_type: str = "", charset: str | None = None) -> PageText:
    """Extract text as `full_text.extract` does, also from PDF and Word files. Raises `UnsupportedMedia`.

    Over a limit, the text is empty and flagged `parse_limited`.
    """
    response = _call(body, "text", media_type, charset)
    if response is None:
        return _LIMITED
    if "refused" in response:
        raise UnsupportedMedia(str(response["refused"]))
    return PageText(**{**response, "flags": tuple(response["flags"])})


def article(
    body: bytes, media_type: str = "", charset: str | None = None, *, url: str = "", metadata: bool = False
) -> Article:
    """Extract the article as `main_text.extract` does; a large page in a worker. Over a limit, it is `limited`."""
    if len(body) < main_text.LARGE:
        return main_text.extract(body, media_type, charset, url=url, metadata=metadata)
    response = _call(body, "article", media_type, charset, url, metadata)
    return Article(limited=True) if response is None else Article(**response)


def replay(body: bytes, media_type: str = "") -> list[Token] | None:
    """Rewrite a page as `replay.read` does; None if it is no HTML page, or over a limit."""
    response = _call(body, "replay", media_type)
    tokens = response["tokens"] if response is not None else None
    return None if tokens is None else [Token(bool(is_tag), value) for is_tag, value in tokens]


class _TimeBudget:
    """How long the next page may take, after the time wasted by recent pages; and which bytes to reject."""

    def __init__(self) -> None:
        self._wasted: deque[tuple[float, float]] = deque()
        self._rejected: OrderedDict[bytes, float] = OrderedDict()

    def seconds(self) -> float:
        now = time.monotonic()
        while self._wasted and self._wasted[0][0] < now - BUDGET_WINDOW:
            self._wasted.popleft()
        return min(PAGE_SECONDS, max(MIN_SECONDS, BUDGET_SECONDS - sum(seconds for _, seconds in self._wasted)))

    @property
    def rejects_any(self) -> bool:
        return bool(self._rejected)

    def waste(self, seconds: float) -> None:
        self._wasted.append((time.monotonic(), seconds))

    def reject(self, digest: bytes) -> None:
        self._rejected[digest] = time.monotonic()
        while len(self._rejected) > MAX_REJECTED:
            self._rejected.popitem(last=False)

    def is_rejected(self, digest: bytes) -> bool:
        return self._rejected.get(digest, -REJECT_SECONDS) > time.monotonic() - REJECT_SECONDS


_lock = threading.Lock()
_pool = worker_pool.WorkerPool(lambda: _PROGRAM, WORKERS)
_idle = _pool.idle
_budget = _TimeBudget()


def _call(body: bytes, *arguments: object) -> dict[str, Any] | None:
    """Return a worker's response, or None if it exceeded a limit or the bytes are rejected."""
    request = json.dumps(arguments).encode()
    with _lock:
        if _budget.rejects_any and _budget.is_rejected(_digest(request, body)):
            return None
    with _pool.borrow() as worker:
        if not worker.ready:
            return None  # it could not start in time; the page may be harmless
        with _lock:
            seconds = _budget.seconds()
        started = time.monotonic()
        response = worker.call(request, body, started + seconds, MAX_RESPONSE)
        if response is None:
            worker.end()
            elapsed = time.monotonic() - started
            with _lock:
                _budget.waste(elapsed)
                if elapsed < seconds or seconds == PAGE_SECONDS:
                    _budget.reject(_digest(request, body))
            return None
    answer: dict[str, Any] = orjson.loads(response)
    return answer


def _digest(request: bytes, body: bytes) -> bytes:
    return hashlib.sha256(request + b"\0" + body).digest()


@atexit.register
def close() -> None:
    """End the idle workers, and reset the time budget."""
    global _budget
    with _lock:
        _budget = _TimeBudget()
    _pool.close()


def _handle(body: bytes, kind: str, *arguments: Any) -> bytes | None:
    """In the worker: handle one request. Returns None if memory does not suffice."""
    try:
        if kind == "article":
            media_type, charset, url, metadata = arguments
            return _serialise(asdict(main_text.extract(body, media_type, charset, url=url, metadata=metadata)))
        if kind == "replay":
            return _serialise({"tokens": replayed.read(body, *arguments)})
        return _serialise(asdict(full_text.extract(body, *arguments, documents=True)))
    except UnsupportedMedia as error:
        return _serialise({"refused": str(error)})
    except (MemoryError, RecursionError):
        return None


def _serialise(response: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(response)
    except TypeError:  # a lone surrogate, for example in the page's canonical link
        return json.dumps(response, ensure_ascii=False).encode(errors="replace")


def _serve() -> None:
    """In the worker: handle requests until the stream ends."""
    worker_pool.serve(lambda body, given: _handle(body, *given), memory=MEMORY, cpu_seconds=lambda _: CPU_SECONDS)


if __name__ == "__main__":
    _serve()
