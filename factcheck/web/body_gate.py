"""Keep server threads free: few may wait for request bodies, and none for a client that reads slowly.

granian hands a request to a thread as soon as its headers have come. A thread that reads a body which never ends is
lost until the client goes away, and nothing in Python can end the read. The gate therefore reads the body itself,
before any view runs, and lets only some threads do so at once:

    24 threads ─┬─ at most 10 read bodies, two of one address
                ├─ at most 8 are in views
                └─ at most 6 stream: dumps, whole feeds, server-sent events (claims/api/concurrency.py, long_poll.py)

A body that has arrived is read in less than a millisecond, so that whoever finds no turn waits for one. If those who
have the turns are slow, it gets 503 at once and is told to try again: reads and /healthz always have threads. In front
of strangers belongs a proxy that holds bodies back until they are complete (deploy/).
"""

import io
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import Any, Protocol

import orjson

from factcheck.web.client_address import client_address
from factcheck.web.refusals import refusals
from factcheck.web.request_ids import HEADER, request_id

THREADS = 24  # of the server
VIEWS = 8
READERS = 10
READERS_PER_ADDRESS = 2
SLOW = 0.25  # seconds of reading after which nobody waits for this reader's turn
MAX_BYTES = 10_000_000  # the largest form is an uploaded document of 2 MB; a body of REST has a smaller limit
MAX_JOINED = 4_000_000  # bytes of a response that is handed over whole, so that a slow reader keeps no thread
RETRY_AFTER = 5  # seconds
_PIECE = 65_536
_GOOGLE = "/v1alpha1/"
_REST = ("/api/", _GOOGLE)
_HEALTH = "/healthz"

Headers = list[tuple[str, str]]
Environ = dict[str, Any]


class StartResponse(Protocol):
    """`start_response` of PEP 3333."""

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> Any: ...


Application = Callable[[Environ, StartResponse], Iterable[bytes]]


class _Turns:
    """Who reads a body now: by address, when each reader began."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._began: dict[str, list[float]] = {}

    def take(self, address: str) -> float | None:
        """Take a turn, as soon as there is one; None if slow readers have all. Whoever got one gives it `back`."""
        with self._changed:
            while blocking := self._blocking(address):
                wait = max(blocking) + SLOW - time.monotonic()
                if wait <= 0:
                    return None
                self._changed.wait(wait)
            began = time.monotonic()
            self._began.setdefault(address, []).append(began)
            return began

    def back(self, address: str, began: float) -> None:
        with self._changed:
            self._began[address].remove(began)
            if not self._began[address]:
                del self._began[address]
            self._changed.notify_all()

    def _blocking(self, address: str) -> list[float]:
        """When those began who have all turns that this address may have; empty if one is free."""
        of_address = self._began.get(address, [])
        if len(of_address) >= READERS_PER_ADDRESS:
            return of_address
        everybody = [began for each in self._began.values() for began in each]
        return everybody if len(everybody) >= READERS else []


class BodyGate:
    """A WSGI application around another one; see above."""

    def __init__(self, application: Application, *, trusted_proxies: int = 0, max_rest_bytes: int = MAX_BYTES) -> None:
        self._application = application
        self._trusted_proxies = trusted_proxies
        self._max_rest_bytes = max_rest_bytes
        self._turns = _Turns()
        self._views = threading.BoundedSemaphore(VIEWS)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        refusal = None if length == "0" else self._receive(environ, length)
        if refusal is not None:
            refusals.count(refusal.status, environ["PATH_INFO"])
            return refusal(environ, start_response)
        # Health is asked about even when every view is busy.
        with nullcontext() if environ["PATH_INFO"] == _HEALTH else self._views:
            started = _Started(start_response)
            return started.whole(self._application(environ, started))

    def _receive(self, environ: Environ, length: str) -> "_Refusal | None":
        """Put the whole body into `wsgi.input`; returns what to respond if it cannot be had."""
        rest = environ["PATH_INFO"].startswith(_REST)
        if not (length.isascii() and length.isdigit() and len(length) < 16):
            return _Refusal(rest, "malformed-request", "Content-Length is not a number.")
        if int(length) > (self._max_rest_bytes if rest else MAX_BYTES):
            environ["wsgi.input"] = io.BytesIO()
            # The REST interface responds by the length alone.
            return None if rest else _Refusal(rest, "body-too-large", _TOO_LARGE)
        address = client_address(environ, self._trusted_proxies)
        began = self._turns.take(address)
        if began is None:
            return _Refusal(rest, "busy", _BUSY)
        try:
            body = _read(environ["wsgi.input"], int(length))
        finally:
            self._turns.back(address, began)
        if len(body) < int(length):
            return _Refusal(rest, "malformed-request", "The body ended before its Content-Length.")
        environ["wsgi.input"] = io.BytesIO(body)
        return None


def _read(source: Any, length: int) -> bytes:
    pieces = []
    while length > 0 and (piece := source.read(min(_PIECE, length))):
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)


class _Started:
    """`start_response` that remembers the headers."""

    def __init__(self, start_response: StartResponse) -> None:
        self._start_response = start_response
        self._headers: Headers = []

    def __call__(self, status: str, headers: Headers, exc_info: Any = None) -> Any:
        self._headers = headers
        return self._start_response(status, headers, exc_info)

    def whole(self, response: Iterable[bytes]) -> Iterable[bytes]:
        """The response in one piece if its length is known and moderate; others are streamed as they are."""
        length = next((value for name, value in self._headers if name.lower() == "content-length"), "")
        if isinstance(response, list) or not length.isdigit() or int(length) > MAX_JOINED:
            return response
        try:
            return [b"".join(response)]
        finally:
            if (close := getattr(response, "close", None)) is not None:
                close()


_BUSY = "Too many requests are sending their bodies at the moment; send this one again in a few seconds."
_TOO_LARGE = "This is larger than 10 MB. Nothing was saved; go back and send less."
_STATUS = {
    "malformed-request": ("400 Bad Request", "The request cannot be read"),
    "body-too-large": ("413 Content Too Large", "The body is too large"),
    "busy": ("503 Service Unavailable", "As many of these are answered as can be"),
}
_GOOGLES_STATUS = {400: "INVALID_ARGUMENT", 503: "UNAVAILABLE"}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1><p>{text}</p><p>Nothing was saved. Go back in your browser to what you typed.</p></body></html>
"""


class _Refusal:
    """The response to a request whose body is not read: a problem (RFC 9457), Google's error, or a page."""

    def __init__(self, rest: bool, name: str, text: str) -> None:
        self._rest, self._name, self._text = rest, name, text
        self.status = int(_STATUS[name][0][:3])

    def __call__(self, environ: Environ, start_response: StartResponse) -> list[bytes]:
        status, title = _STATUS[self._name]
        name = request_id(environ)
        if not self._rest:
            media_type = "text/html; charset=utf-8"
            body = _PAGE.format(title=title, text=self._text).encode()
        elif environ["PATH_INFO"].startswith(_GOOGLE):
            media_type = "application/json; charset=UTF-8"
            info = {"@type": "type.googleapis.com/google.rpc.RequestInfo", "requestId": name}
            error = {"code": self.status, "message": self._text, "status": _GOOGLES_STATUS[self.status]}
            body = orjson.dumps({"error": error | {"details": [info]}})
        else:
            media_type = "application/problem+json"
            kind = f"urn:factcheck:problem:{self._name}"
            problem = {"type": kind, "title": title, "status": self.status, "detail": self._text}
            body = orjson.dumps(problem | {"request_id": name})
        headers = [
            ("Content-Type", media_type),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("Connection", "close"),
            (HEADER, name),
        ]
        if self._name == "busy":
            headers.append(("Retry-After", str(RETRY_AFTER)))
        start_response(status, headers)
        return [body]
