"""The pages people see when the disk is full, the database slow, or their log-in over; and the limits of statements.

Django asks `server_error` for every exception that nobody handled, wherever it was raised: in a view, in a middleware,
or while the session was saved. A form at the desk is kept on the page and can be sent again from there.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from factcheck.rest.middleware import GOOGLE, PREFIX
from factcheck.rest.problems import problem_of_failure
from factcheck.web.failures import Failure, failure_of, full_disk
from factcheck.web.statement_limits import limit_statements

_DESK = "/admin/"
_WITHOUT_DATABASE = (settings.STATIC_URL, "/healthz", PREFIX, GOOGLE)  # or with limits of their own
_WITHOUT_LOG_IN = ("admin:login", "admin:logout", "admin:jsi18n")
_KEPT_CHARACTERS = 1_000_000


@dataclass(frozen=True)
class _Page:
    status: int
    heading: str
    text: str


_PAGES = {
    Failure.DISK_FULL: _Page(
        507,
        "The disk is full",
        "The server has no space left. Tell an administrator to make room on its disk; reading still works.",
    ),
    Failure.TOO_SLOW: _Page(
        503,
        "This took too long",
        "The database was stopped because the request took longer than it may. Ask for less, for example by a filter, "
        "or try again when less is going on.",
    ),
    Failure.LOCKED: _Page(
        503,
        "Somebody else is changing the same thing",
        "The change waited for another one, which did not end in time. Try again in a minute.",
    ),
    Failure.UNAVAILABLE: _Page(
        503,
        "The database does not answer",
        "It may be starting. Try again in a minute; if that does not help, tell an administrator.",
    ),
}
_LOGGED_OUT = _Page(
    403,
    "You are logged out",
    "Your session has ended, or you logged out in another tab. Log in there, then send this again from here.",
)
_LOGGED_IN_ANEW = _Page(
    403,
    "This page is older than your log-in",
    "You logged in again since the page was opened. Send it again from here.",
)
_UNCONFIRMED = _Page(
    403,
    "Confirm that it is you",
    "This needs your password or a code again, since you gave none for a while. Confirm in another tab, then send it "
    "again from here.",
)
_NOT_FROM_HERE = _Page(
    403,
    "This did not come from a page of this site",
    "Your browser sent no sign that you pressed a button here. Allow cookies for this site, go to the page by its "
    "address, and try again. If another site led you here, leave it.",
)
_NUL = _Page(400, "This form cannot be read", "A field holds a NUL character, which no text has. Leave it out.")
_NUL_ADDRESS = _Page(
    400, "This address cannot be read", "It holds a NUL character (%00), which no text has. Leave it out."
)
_BUG = _Page(500, "Something went wrong on our side", "The server's log has the details. Tell an administrator.")


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """The response to the exception that is being handled."""
    failure = failure_of(sys.exc_info()[1])
    if failure is Failure.DISK_FULL:
        full_disk.seen()
    if failure is not None and request.path.startswith((PREFIX, GOOGLE)):
        return problem_of_failure(failure)
    page = _PAGES[failure] if failure else _BUG
    context: dict[str, Any] = {"page": page, "outcome": _outcome(request)}
    if request.method == "POST" and request.path.startswith(_DESK):
        context |= _kept_form(request)
    response = render(request, "error.html", context, status=page.status)
    response.headers["Cache-Control"] = "no-store"
    if page.status == 503:
        response.headers["Retry-After"] = "60"
    return response


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The response to a form without the token of this browser's log-in; Django's setting CSRF_FAILURE_VIEW.

    A form of another site is not kept: its words would be one click away from being sent.
    """
    if _is_from_here(request):
        return _refused(request, _LOGGED_IN_ANEW, keep=True)
    return _refused(request, _NOT_FROM_HERE, keep=False)


def kept_until_confirmed(request: HttpRequest, confirm: str) -> HttpResponse | None:
    """A page that keeps what was typed until its sender has confirmed, at `confirm`, that it is her.

    None if nothing was typed that can be kept: a button alone, a password, a form of another site.
    """
    if not _is_from_here(request) or not request.path.startswith(_DESK):
        return None
    kept = _kept_form(request)
    if not any(value for name, value in kept.get("fields", ()) if not name.startswith("_")):
        return None
    return _page(request, _UNCONFIRMED, {**kept, "confirm": confirm})


def _refused(request: HttpRequest, page: _Page, *, keep: bool) -> HttpResponse:
    return _page(request, page, _kept_form(request) if keep and request.path.startswith(_DESK) else {})


def _page(request: HttpRequest, page: _Page, more: dict[str, Any]) -> HttpResponse:
    context = {"page": page, "outcome": "Nothing was saved.", **more}
    response = render(request, "error.html", context, status=page.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _is_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that a page of this site sent the form."""
    return bool(request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}")


class FormMiddleware:
    """Refuse forms that cannot be stored, and keep one that is sent to the desk after the session has ended."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
        if request.path.startswith((PREFIX, GOOGLE)):
            return None
        if request.method == "POST" and _has_nul(request.POST):
            return _refused(request, _NUL, keep=False)
        if "\x00" in request.path or _has_nul(request.GET):
            return _page(request, _NUL_ADDRESS, {})
        if request.method != "POST" or not request.path.startswith(_DESK) or request.user.is_authenticated:
            return None
        match = request.resolver_match
        if (match and match.view_name in _WITHOUT_LOG_IN) or not _is_from_here(request):
            return None
        return _refused(request, _LOGGED_OUT, keep=True)


def _has_nul(fields: QueryDict) -> bool:
    return any("\x00" in text for name, texts in fields.lists() for text in (name, *texts))


def _outcome(request: HttpRequest) -> str:
    if request.method in ("GET", "HEAD"):
        return ""
    if _after_the_view():
        return "Look whether your change was saved before you send it again."
    return "Nothing was saved."


def _after_the_view() -> bool:
    """Whether the view was done, and the exception is from a middleware that handled its response."""
    traceback = sys.exc_info()[2]
    while traceback is not None:
        if traceback.tb_frame.f_code.co_name == "process_response":
            return True
        traceback = traceback.tb_next
    return False


def _kept_form(request: HttpRequest) -> dict[str, Any]:
    """The form that was sent, to be sent again: names and values, and whether it had files. No passwords."""
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        files = bool(request.FILES)
    except (OSError, RawPostDataException, SuspiciousOperation, MultiPartParserError):
        return {}  # reading it is what failed
    if any("password" in name for name, _ in fields) or sum(len(value) for _, value in fields) > _KEPT_CHARACTERS:
        return {}
    return {"fields": [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"], "files": files}


class DeskLimitsMiddleware:
    """Limit the statements of every page, as `factcheck.rest.middleware` does for the REST interface."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(_WITHOUT_DATABASE):
            limit_statements(settings.DESK_STATEMENT_TIMEOUT)
        return self.get_response(request)
