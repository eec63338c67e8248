"""Middleware that caches REST responses in each process while the publication log and its index are unchanged.

The response of a view with `of_log = True` depends on the log and its index alone, for the audience and the address of
the request. Each row of the log has a hash that covers all rows before it. A response is therefore stored with the
`log_state` read before it was computed, and served again only if the database, asked in the same request, still names
that state. Every process serves a new response once a publication is committed, and so it does after a restored backup
or a rebuild of the index. Of a text only the gzip form is stored, an eighth of its size; the compression middleware
around this one derives the others (0.1 ms for a page of 50).

The cache is consulted only after the request has passed authentication and rate limits. Reads then go straight to their
view, without the middleware that only the editors' pages need: sessions, messages, CSRF, static files.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, get_resolver

from claims.api.response import log_state, not_modified
from claims.models.publication import Audience
from factcheck.newsrooms.client_identity import feed_token_of, key_of
from factcheck.newsrooms.keys import BadKey
from factcheck.newsrooms.models import Scope
from factcheck.rest.compression import compress, is_compressible
from factcheck.rest.middleware import PREFIX

CacheKey = tuple[str, ...]  # audience, scheme, host, path with its query
_SHARE = 16  # a response larger than this part of the capacity is not stored
_OVERHEAD = 4_000  # bytes of an entry beside its body
_CACHED_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Link")
# A browser must not show a response as a page.
_HEADERS = {"X-Frame-Options": "DENY", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}


@dataclass(frozen=True)
class CachedResponse:
    """A finished response and the state of the log before it was computed; `body` is empty if `forms` has gzip."""

    log_state: bytes
    body: bytes
    headers: dict[str, str]
    forms: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, response: HttpResponse, log_state: bytes, *, headers: Iterable[str] = ()) -> Self:
        """Of a finished response; `headers` are those to keep beside the ones of every response."""
        names = (*_CACHED_HEADERS, *headers)
        kept = {name: response.headers[name] for name in names if name in response.headers}
        if is_compressible(response):
            return cls(log_state, b"", kept, {"gzip": compress(response.content, "gzip")})
        return cls(log_state, response.content, kept)

    @property
    def size(self) -> int:
        """Bytes of memory, including the Brotli form that is derived later: less than three quarters of gzip's."""
        return len(self.body) + len(self.forms.get("gzip", b"")) * 7 // 4 + _OVERHEAD

    def response(self, request: HttpRequest) -> HttpResponse:
        """Return the response as the view gave it, or 304."""
        response = not_modified(request, self.headers["ETag"].strip('"'))
        if response is None:
            response = HttpResponse(self.body, content_type=self.headers["Content-Type"])
        for name, value in self.headers.items():
            if name != "Content-Type":
                response.headers[name] = value
        response.forms = self.forms  # type: ignore[attr-defined]
        return response


class ResponseCache:
    """The most recently used responses, at most `capacity` bytes of them."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._lock = threading.Lock()
        self._responses: OrderedDict[CacheKey, CachedResponse] = OrderedDict()
        self._used = 0

    def get(self, key: CacheKey) -> CachedResponse | None:
        with self._lock:
            found = self._responses.get(key)
            if found is not None:
                self._responses.move_to_end(key)
            return found

    def set(self, key: CacheKey, response: CachedResponse) -> None:
        if response.size > self.capacity // _SHARE:
            return
        with self._lock:
            before = self._responses.pop(key, None)
            self._used += response.size - (before.size if before else 0)
            self._responses[key] = response
            while self._used > self.capacity:
                _, oldest = self._responses.popitem(last=False)
                self._used -= oldest.size

    def clear(self) -> None:
        with self._lock:
            self._responses.clear()
            self._used = 0


cache = ResponseCache(settings.RESPONSE_CACHE)  # of this process


class ResponseCacheMiddleware:
    """Serve reads of the REST interface; placed after authentication and limits, before the middleware of pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD") or not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = self._respond(request)
        if response is None:
            return self.get_response(request)
        for name, value in _HEADERS.items():
            response.headers[name] = value
        if not response.streaming:
            response.headers["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
        return response

    def _respond(self, request: HttpRequest) -> HttpResponseBase | None:
        """The cached response or the view's; None if the path is no view of the REST interface."""
        key = self._key(request)
        found = cache.get(key) if key else None
        state = log_state() if found else None
        if found and found.log_state == state:
            return found.response(request)
        try:
            match = get_resolver().resolve(request.path_info)
        except Resolver404:
            return None
        view = getattr(match.func, "cls", None)
        if view is None:
            return None
        if key and state is None and getattr(view, "of_log", False):
            state = log_state()
        request.resolver_match = match
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        if hasattr(response, "render"):
            response = response.render()
        if key and state is not None and getattr(view, "of_log", False) and _is_cacheable(response):
            finished: Any = response
            stored = CachedResponse.of(finished, state)
            finished.forms = stored.forms
            cache.set(key, stored)
        return response

    def _key(self, request: HttpRequest) -> CacheKey | None:
        """The cache key of the response to this request; None without a cache, or if the client may not read."""
        if not cache.capacity:
            return None
        try:
            api_key = key_of(request)
            if feed_token_of(request):  # its address is a secret, and it may have been revoked since
                return None
        except (BadKey, DatabaseError):
            return None
        if not settings.ANONYMOUS_READ if api_key is None else Scope.READ not in api_key.scopes:
            return None
        audience = Audience.PUBLIC if api_key is None else Audience.NEWSROOMS
        return (audience, request.scheme or "", request.get_host(), request.get_full_path())


def _is_cacheable(response: HttpResponseBase) -> bool:
    """Whether it is a whole response of the log alone."""
    if getattr(response, "depends_on_more", False):
        return False
    return response.status_code == 200 and not response.streaming and response.has_header("ETag")
