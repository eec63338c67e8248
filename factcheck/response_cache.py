"""Reads of the REST interface, which go straight to their view, or are answered from what this process keeps.

Straight: what people's pages need on the way (sessions, messages, CSRF, static files) has no part in them.

Kept: what a view with `of_log = True` answers follows from the publication log alone, for the audience that asks and
the address that was asked. Each row of the log holds a hash that covers itself and all rows before it. So a finished
answer is kept with the hash that the log ended with before the answer was made, and is given again only if the
database, asked in the very request, still names that hash. Whoever asks after a publication was committed gets a new
answer, from every process. A log that was set back to a backup and went on otherwise ends with another hash. Of a
text only the gzip form is kept, which most clients ask for and which takes an eighth of the room: compression, the
middleware around this one, makes the others of it (0.1 ms for a page of 50).

Nothing kept is looked at before the request was let in as any other: by its key and its limit.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, get_resolver

from claims.api.response import log_state, not_modified
from claims.models.publication import Audience
from factcheck.newsrooms.client_identity import key_of
from factcheck.newsrooms.keys import BadKey
from factcheck.newsrooms.models import Scope
from factcheck.rest.compression import compress, is_compressible
from factcheck.rest.middleware import PREFIX

Place = tuple[str, ...]  # audience, scheme, host, address with its query
_SHARE = 16  # an answer larger than this part of all room is not kept
_OVERHEAD = 4_000  # bytes of an entry beside its body
_KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Link")
# An answer that a browser was made to show is not a page.
_HEADERS = {"X-Frame-Options": "DENY", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


@dataclass(frozen=True)
class KeptAnswer:
    """A finished answer, and with which hash the log ended before it was made.

    `body` is empty if `forms` has it as gzip.
    """

    head: bytes
    body: bytes
    headers: dict[str, str]
    forms: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, response: HttpResponse, head: bytes) -> Self:
        headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
        if is_compressible(response):
            return cls(head, b"", headers, {"gzip": compress(response.content, "gzip")})
        return cls(head, response.content, headers)

    @property
    def size(self) -> int:
        """Bytes of memory. Brotli's form, less than three quarters of gzip's, is reckoned in before it is made."""
        return len(self.body) + len(self.forms.get("gzip", b"")) * 7 // 4 + _OVERHEAD

    def response(self, request: HttpRequest) -> HttpResponse:
        """As the view gave it, or 304."""
        response = not_modified(request, self.headers["ETag"].strip('"'))
        if response is None:
            response = HttpResponse(self.body, content_type=self.headers["Content-Type"])
        for name, value in self.headers.items():
            if name != "Content-Type":
                response.headers[name] = value
        response.forms = self.forms  # type: ignore[attr-defined]
        return response


class KeptAnswers:
    """At most `room` bytes of answers, those used last."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._lock = threading.Lock()
        self._answers: OrderedDict[Place, KeptAnswer] = OrderedDict()
        self._used = 0

    def find(self, place: Place) -> KeptAnswer | None:
        with self._lock:
            found = self._answers.get(place)
            if found is not None:
                self._answers.move_to_end(place)
            return found

    def keep(self, place: Place, answer: KeptAnswer) -> None:
        if answer.size > self.room // _SHARE:
            return
        with self._lock:
            before = self._answers.pop(place, None)
            self._used += answer.size - (before.size if before else 0)
            self._answers[place] = answer
            while self._used > self.room:
                _, oldest = self._answers.popitem(last=False)
                self._used -= oldest.size

    def forget(self) -> None:
        with self._lock:
            self._answers.clear()
            self._used = 0


kept = KeptAnswers(settings.KEPT_ANSWERS)  # of this process


class Reads:
    """Middleware: see above. It stands after those that decide who may ask, and before those of pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._answer(request)
        if response is None:
            return self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase | None:
        """What is kept, or what the view says; None for what is no view of the REST interface."""
        place = self._place(request)
        found = kept.find(place) if place else None
        head = log_state() if found else None
        if found and found.head == head:
            return found.response(request)
        try:
            match = get_resolver().resolve(request.path_info)
        except Resolver404:
            return None
        view = getattr(match.func, "cls", None)
        if view is None:
            return None
        if place and head is None and getattr(view, "of_log", False):
            head = log_state()
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response = response.render()
        if place and head is not None and getattr(view, "of_log", False) and _may_be_kept(response):
            encodable: Any = response
            answer = KeptAnswer.of(encodable, head)
            encodable.forms = answer.forms
            kept.keep(place, answer)
        return response

    def _place(self, request: HttpRequest) -> Place | None:
        """Where the answer to this request would be kept; None if it must not be, or who asks may not read."""
        if not kept.room:
            return None
        try:
            key = key_of(request)
        except (BadKey, DatabaseError):
            return None
        if not settings.ANONYMOUS_READ if key is None else Scope.READ not in key.scopes:
            return None
        audience = Audience.PUBLIC if key is None else Audience.NEWSROOMS
        return (audience, request.scheme or "", request.get_host(), request.get_full_path())


def _may_be_kept(response: HttpResponseBase) -> bool:
    return response.status_code == 200 and not response.streaming and response.has_header("ETag")
