"""A WSGI application for granian, with the gate and without it, and without Django or a database."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from factcheck.web.body_gate import BodyGate, StartResponse


def bare(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Respond with the length of the body; /static/ gives a response that is long enough to wait for its reader."""
    if environ["PATH_INFO"] == "/static/":
        start_response("200 OK", [("Content-Length", "3500000")])
        return iter([b"x" * 10_000] * 350)
    if environ["PATH_INFO"] == "/events":
        start_response("200 OK", [("X-Accel-Buffering", "no"), ("Content-Type", "text/event-stream")])
        return _events()
    if environ["PATH_INFO"] == "/headers":
        start_response("200 OK", [])
        return [orjson.dumps({name: value for name, value in environ.items() if "FORWARDED" in name})]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Length", str(len(str(len(body)))))])
    return [str(len(body)).encode()]


def _events() -> Iterator[bytes]:
    yield b"data: first\n\n"
    time.sleep(2)
    yield b"data: last\n\n"


gated = BodyGate(bare, trusted_proxies=0, max_rest_bytes=1_000_000)
behind_a_proxy = BodyGate(bare, trusted_proxies=1)
