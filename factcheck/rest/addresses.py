"""Middleware that leads requests of the REST interface to their route, whichever way its address is written.

A redirect turns a POST into a GET in most clients, which then read a list and take it for the response to their write.
So an address with a last slash too many or too few is answered by the same view, unless the method is GET or HEAD:
those are redirected to the address that the documentation names. Doubled slashes, from a base address that ends in one,
count as one. A write that has to be redirected all the same, to https, keeps its method (308, RFC 9110 section
15.4.9).
"""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect
from django.urls import Resolver404, ResolverMatch, resolve

from factcheck.rest.middleware import GOOGLE, PREFIX, finished_error
from factcheck.rest.problems import as_problem

_DOUBLED = re.compile("//+")
_READS = ("GET", "HEAD")


class AddressMiddleware:
    """Set the path of a request of the REST interface to that of the route that it means."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if "//" in path:
            path = _DOUBLED.sub("/", path)
        if not path.startswith((PREFIX, GOOGLE)):
            return self.get_response(request)
        if request.method not in _READS and "\x00" not in path:
            path = _path_for(path, str(request.method))
        if path != request.path_info:
            request.path = request.path.removesuffix(request.path_info) + path
            request.path_info = path
        if request.method in _READS and "\x00" not in path and _has_slash_too_many(path):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(path[:-1] + (f"?{query}" if query else ""))
        response = self.get_response(request)
        if response.status_code in (301, 302) and request.method not in _READS:
            response.status_code = 308
        if response.status_code >= 400 and response.headers.get("Content-Type", "").startswith("text/html"):
            # Of a middleware around that of the REST interface, such as the one that refuses unknown hosts.
            response = finished_error(as_problem(response), request)
        return response


def _path_for(path: str, method: str) -> str:
    """The path, or the same with or without its last slash: the one whose view has the method, else one that exists."""
    other = path[:-1] if path.endswith("/") else f"{path}/"
    found = [(form, match) for form in (path, other) if (match := _match(form)) is not None]
    fitting = [form for form, match in found if hasattr(getattr(match.func, "cls", None), method.lower())]
    return [*fitting, *(form for form, _ in found), path][0]


def _has_slash_too_many(path: str) -> bool:
    """Whether the path has no route and the same without its last slash has one."""
    return path.endswith("/") and _match(path) is None and _match(path[:-1]) is not None


def _match(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None
