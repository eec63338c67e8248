"""Middleware that serves readers' pages, ahead of sessions, and keeps each while nothing that it shows has changed.

A page is a function of its address and `claims.public.state`: the logs, the epoch of the index, the day. Each process
keeps finished pages in memory and asks PostgreSQL for the state, one statement a request, before it serves one again;
so a page is never older than the last publication. On a domain of their own readers' pages are all that there is.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, ResolverMatch, get_resolver
from django.utils.encoding import escape_uri_path, iri_to_uri

from claims.api.response import not_modified
from claims.public.page import ROUTES, not_found, too_many
from claims.public.state import state
from factcheck.newsrooms import client_hash, client_identity, rate_limits
from factcheck.response_cache import CachedResponse, ResponseCache
from factcheck.rest.compression import CompressionMiddleware
from factcheck.web.statement_limits import limit_statements

_BESIDE = ("/static/", "/api/", "/healthz", "/t/", "/v1alpha1/")  # what a domain for readers has, too
_HEADERS = (
    *("Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cache-Control"),
    *("Cross-Origin-Opener-Policy", "Access-Control-Allow-Origin"),
)
_ROOTS = (
    *("about", "ask", "claims", "complaints", "corrections", "embed", "method", "organisations", "policy", "proof"),
    *("report", "search", "speakers", "topics"),
)
"""With these begin the addresses of readers' pages alone: what is not there is said to readers."""
pages = ResponseCache(settings.RESPONSE_CACHE // 4)  # of this process


class ReadersMiddleware:
    """Answer the addresses of readers' pages; pass every other on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._compressed = CompressionMiddleware(_respond, prefixes=("/",))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.READERS:
            return self.get_response(request)
        match = _match(request.path_info)
        own = _is_own_domain(request)
        if match is None:
            if own is not False and (without := _without_slash(request)):
                return HttpResponseRedirect(without)
            if own and not request.path_info.startswith(_BESIDE):
                return self._compressed(request)
            response = self.get_response(request)
            is_near = response.status_code == 404 and request.path_info.partition("/")[2].partition("/")[0] in _ROOTS
            return self._compressed(request) if is_near else response
        if settings.READERS_DOMAIN and own is False:
            scheme = "https" if settings.HTTPS else request.scheme
            return HttpResponseRedirect(f"{scheme}://{settings.READERS_DOMAIN}{request.get_full_path()}")
        request.resolver_match = match
        response = self._compressed(request)
        return self.get_response(request) if getattr(response, "is_elsewhere", False) else response


def _without_slash(request: HttpRequest) -> str:
    """The address without slashes at its end, if there is a readers' page at that one; else nothing."""
    path = request.path_info.rstrip("/")
    if path == request.path_info or request.method not in ("GET", "HEAD") or not path or _match(path) is None:
        return ""
    query = request.META.get("QUERY_STRING", "")
    return escape_uri_path(path) + (f"?{iri_to_uri(query)}" if query else "")


def _is_own_domain(request: HttpRequest) -> bool | None:
    """Whether the request is for the domain of readers' pages; None if they have none, or for a host unknown to us."""
    if not settings.READERS_DOMAIN:
        return None
    try:
        return request.get_host().partition(":")[0] == settings.READERS_DOMAIN
    except DisallowedHost:
        return None


def _match(path: str) -> ResolverMatch | None:
    try:
        return get_resolver(ROUTES).resolve(path)
    except Resolver404:
        return None


def _respond(request: HttpRequest) -> HttpResponseBase:
    if "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
        return not_found(request)
    limit_statements(settings.STATEMENT_TIMEOUT)
    match = request.resolver_match
    if match is None:
        return not_found(request)
    refused = _counted(request, match)
    if refused is not None:
        return refused
    if request.method not in ("GET", "HEAD"):
        return _view(request, match)
    key = (settings.READERS_LANGUAGE, request.scheme or "", request.get_host(), request.get_full_path())
    found = pages.get(key)
    now = state()
    if found and found.log_state == now:
        return _kept(request, found)
    response: Any = _view(request, match)
    if getattr(response, "of_state", False):
        stored = CachedResponse.of(response, now, headers=_HEADERS)
        response.forms = stored.forms
        pages.set(key, stored)
        unchanged = not_modified(request, stored.headers["ETag"].strip('"'))
        if unchanged is not None:
            return _with_headers(unchanged, stored)
    return response  # type: ignore[no-any-return]


def _counted(request: HttpRequest, match: ResolverMatch) -> HttpResponse | None:
    """Count what costs the matcher or the desk something; the refusal if it was too much from there.

    A form gets the hash of the address for limits of its own (`client_hash`), and never the address itself.
    """
    sends = request.method not in ("GET", "HEAD")
    address = client_identity.address_of(request)
    if sends:
        vars(request)["client_hash"] = client_hash.digest(f"address:{address}")
    if not getattr(match.func, "is_counted", False) or not (sends or request.META.get("QUERY_STRING")):
        return None
    allowance = rate_limits.take_without_key(address)
    return None if allowance.granted else too_many(request, allowance.retry_after)


def _view(request: HttpRequest, match: ResolverMatch) -> HttpResponse:
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return response


def _kept(request: HttpRequest, found: CachedResponse) -> HttpResponse:
    return _with_headers(found.response(request), found)


def _with_headers(response: HttpResponse, stored: CachedResponse) -> HttpResponse:
    for name, value in stored.headers.items():
        if name != "Content-Type":
            response.headers[name] = value
    return response
