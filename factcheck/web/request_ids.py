"""Give every request an id: in the header `X-Request-ID`, in the body of an error, and in the lines of our log.

An id that the client or a proxy sends, as `X-Request-ID` or `Request-Id`, is taken over if it is plain: a log must not
be written by strangers. Any other request gets a random one.
"""

import logging
import re
import secrets
from collections.abc import Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest, HttpResponseBase

HEADER = "X-Request-ID"
_ENVIRON = "factcheck.request_id"
_SENT = ("HTTP_X_REQUEST_ID", "HTTP_REQUEST_ID")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._:+/=~-]{0,127})", re.ASCII)
_current: ContextVar[str] = ContextVar("request_id", default="")


def request_id(environ: MutableMapping[str, Any]) -> str:
    """The id of the request with this WSGI environment, which keeps it."""
    known = environ.get(_ENVIRON)
    if known is None:
        sent = (environ.get(name, "").strip() for name in _SENT)
        known = next((name for name in sent if _PLAIN.fullmatch(name)), "") or secrets.token_hex(16)
        environ[_ENVIRON] = known
    return str(known)


class RequestIdMiddleware:
    """Name the id in the response and in what is logged meanwhile; the outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        name = request_id(request.META)
        token = _current.set(name)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response.headers[HEADER] = name
        return response


class RequestIdFilter(logging.Filter):
    """Add the id of the request that is being answered, if any, to a record of the log, as `request_id`."""

    def filter(self, record: logging.LogRecord) -> bool:
        # Django tells of an error response once more when every middleware is done with it.
        environ = getattr(getattr(record, "request", None), "META", {})
        name = _current.get() or environ.get(_ENVIRON, "")
        record.request_id = f" [request {name}]" if name else ""
        return True
