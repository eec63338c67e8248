"""Restrict the demo editors' logins to this machine.

The backend rejects the password from elsewhere, and the middleware ends a session that was opened here and is used from
elsewhere. They need no second factor. With DATABASE_URL there is no demo, and Django drops the middleware.
"""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import DisallowedHost, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port

from factcheck.demo import DEMO_ACCOUNTS
from factcheck.login.lockout import PasswordBackend

# Headers that proxies add: behind one every client seems to be on this machine.
_PROXIED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")


def from_this_machine(request: HttpRequest) -> bool:
    """Whether the request came over loopback, to a loopback name, and without the headers of a proxy."""
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


class DemoLoginBackend(PasswordBackend):
    """The product's own backend, which accepts demo editors on this machine only."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is not None and user.get_username() in DEMO_ACCOUNTS:
            return user if request is not None and from_this_machine(request) else None
        return user


class DemoLoginMiddleware:
    """End a demo editor's session that is used from another machine. Comes after AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.get_username() in DEMO_ACCOUNTS:
            if from_this_machine(request):
                request.second_factor_exempt = True  # type: ignore[attr-defined]  # factcheck/login/middleware.py
            else:
                logout(request)
        return self.get_response(request)
