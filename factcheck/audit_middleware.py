"""Middleware that records the user and the URL path of a request in the audit rows of its writes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from sources.database.audit import noted

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class AuditMiddleware:
    """Set the logged-in user as `actor` of the audit rows of every request that may write.

    A function that sets its own actor and reason overrides it; those that API keys reach do.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _SAFE_METHODS:
            return self.get_response(request)
        user = request.user if request.user.is_authenticated else None
        name = user.get_username() if user is not None else "nobody logged in"
        with noted(actor=name, actor_id=user.pk if user is not None else None, url=request.path):
            return self.get_response(request)
