"""A WSGI application for granian, with the gate and without it, and without Django or a database."""

from collections.abc import Iterable
from typing import Any

from factcheck.web.body_gate import BodyGate, StartResponse


def bare(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    """Respond with the length of the body; /static/ gives a response that is long enough to wait for its reader."""
    if environ["PATH_INFO"] == "/static/":
        start_response("200 OK", [("Content-Length", "3500000")])
        return iter([b"x" * 10_000] * 350)
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Length", str(len(str(len(body)))))])
    return [str(len(body)).encode()]


gated = BodyGate(bare, trusted_proxies=0, max_rest_bytes=1_000_000)
behind_a_proxy = BodyGate(bare, trusted_proxies=1)
