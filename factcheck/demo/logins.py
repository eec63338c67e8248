"""The demo editors' log-ins work on the machine itself alone.

Two looks: the backend refuses the password, and the middleware ends a session that was opened here and is now
used from elsewhere. With a database of one's own there is no demo, and the middleware takes itself out.
"""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from factcheck.demo import DEMO_EDITORS

# What proxies add: behind one every reader seems to come from this machine.
_PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over loopback, to a loopback name, and through no proxy that says so."""
    if any(name in request.META for name in _PROXIED):
        return False
    try:
        host, _ = split_domain_port(request.get_host())
    except DisallowedHost:
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


class Backend(ModelBackend):
    """Django's own, but for demo editors only on this machine."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None and user.get_username() in DEMO_EDITORS:
            return user if request is not None and from_this_machine(request) else None
        return user


class Middleware:
    """Ends a demo editor's session that is used from anywhere else. After AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            settings.SESSION_COOKIE_NAME in request.COOKIES
            and not from_this_machine(request)
            and request.user.get_username() in DEMO_EDITORS
        ):
            logout(request)
        return self.get_response(request)
