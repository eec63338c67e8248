"""Middleware of logging in: the idle end of sessions, the second factor, and what asks for the password again."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from factcheck.error_pages import kept_until_confirmed
from factcheck.login import lockout
from factcheck.login.hooks.single_sign_on import BY_PROVIDER
from factcheck.login.reauthentication import ASKED_AGAIN, is_asked_again, is_fresh
from factcheck.login.second_factor import WANTED
from factcheck.login.session_store import SEEN

# What an open page asks for without a person: a session is not in use because of it.
_BY_ITSELF = re.compile(r"/admin/claims/[0-9]+/presence/")
TOUCH_EVERY = 60.0  # seconds between two writes of a session that only says that it is used
_ENDED = (
    "Your session has ended: after a time without use, a day after the log-in, or because a password, a role or a"
    " second factor of your account was changed. Log in again."
)

Response = Callable[[HttpRequest], HttpResponse]


class SessionMiddleware:
    """Put off the idle end of a session that is used, say that one has ended, and set the cookie after a log-in."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = timezone.now().timestamp()
            if now - request.session.get(SEEN, 0.0) >= TOUCH_EVERY and not _BY_ITSELF.fullmatch(request.path):
                request.session[SEEN] = now
        had_session = request.COOKIES.get(settings.SESSION_COOKIE_NAME) and request.session.session_key is None
        response = self.get_response(request)
        if had_session and _leads_to_log_in(request, response):
            messages.warning(request, _ENDED)
        lockout.set_cookie(request, response)
        return response


def _leads_to_log_in(request: HttpRequest, response: HttpResponse) -> bool:
    place = urlsplit(response.headers.get("Location", "")).path
    return request.method == "GET" and place in (reverse("admin:login"), reverse("account_login"))


# What an account without its second factor may open: to set it up, to confirm that it is her, to log out.
_WITHOUT_SECOND_FACTOR = frozenset(
    {
        *("mfa_activate_totp", "mfa_view_recovery_codes", "mfa_index"),
        *("account_login", "account_logout", "account_reauthenticate", "admin:logout", "admin:login", "admin:jsi18n"),
        *("login:link", "login:password"),
    }
)


_NOT_BY_SESSION = ("/api/", "/v1alpha1/", "/healthz")


class SecondFactorMiddleware:
    """Lead an account without a second factor to set one up, before it can open anything else.

    Whoever has one cannot log in without it: that is a stage of the log-in itself.
    """

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if not settings.SECOND_FACTOR or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if request.path.startswith(_NOT_BY_SESSION):
            return None
        match = request.resolver_match
        if match is None or match.view_name in _WITHOUT_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        exempt = getattr(request, "second_factor_exempt", False) or request.session.get(BY_PROVIDER)
        if exempt or is_mfa_enabled(request.user):
            request.session.pop(WANTED, None)
            return None
        if request.method == "GET":
            request.session[WANTED] = request.get_full_path()
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


class ReauthenticationMiddleware:
    """Ask for the password or a code again before what reauthentication.py lists. Nothing is done until then."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not is_asked_again(match.view_name, str(request.method)):
            return None
        if not request.user.is_authenticated or is_fresh(request):
            return None
        methods = get_adapter().get_reauthentication_methods(request.user)
        if not methods:  # without a password or a factor here: by single sign-on, anew
            logout(request)
            return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
        if request.method == "POST":
            confirm = f"{methods[0]['url']}?{urlencode({'next': reverse('account')})}"
            if kept := kept_until_confirmed(request, confirm):
                return kept
            messages.warning(request, "Nothing was done yet. Confirm that it is you, then do it again.")
        # Back to the page that has the button, where the route itself is only sent to.
        back = request.path
        if request.method == "POST" and "GET" not in ASKED_AGAIN[match.view_name]:
            back = urlsplit(request.META.get("HTTP_REFERER", "")).path or reverse("admin:index")
        return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({'next': back})}")
