"""Who is at work, for the audit: every write during a request carries the person's name and the address."""

from collections.abc import Callable

import pghistory
from django.http import HttpRequest, HttpResponse

_ONLY_READS = frozenset({"GET", "HEAD", "OPTIONS"})


class ActorMiddleware:
    """Names the logged-in person as `actor` in the audit rows of a request that may write.

    A verb that says its own actor and reason adds to it. API keys are told apart by the verbs they call.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in _ONLY_READS:
            return self.get_response(request)
        name = request.user.get_username() if request.user.is_authenticated else ""
        with pghistory.context(actor=name or "nobody logged in", url=request.path):
            return self.get_response(request)
