"""Count refused requests instead of logging each: a scanner must not fill the disk.

Counted are 4xx, and bodies that found no turn (503). One line a minute says how many there were, if any, and
administrators see the counts of the web process on the desk. Errors of ours (5xx) are logged one by one, with their
traceback. Nothing here holds an address, a query or a key.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_noop

logger = logging.getLogger(__name__)

INTERVAL = 60.0  # seconds between two lines
_KINDS = (
    ("/admin/", gettext_noop("desk")),
    ("/account/", gettext_noop("log-in")),
    ("/link/", gettext_noop("log-in")),
    ("/api/", "REST"),
    ("/v1alpha1/", "REST"),
    ("/static/", gettext_noop("static files")),
    ("/healthz", gettext_noop("health")),
)
_OTHER = gettext_noop("other addresses")

Key = tuple[int, str]  # status and kind of route


class Refusals:
    """Counts since the process started, and those that no line has told of yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since_start: Counter[Key] = Counter()
        self._untold: Counter[Key] = Counter()
        self.since = datetime.now(UTC)

    def count(self, status: int, path: str) -> None:
        key = status, kind_of(path)
        with self._lock:
            first = not self._untold
            self._since_start[key] += 1
            self._untold[key] += 1
        if first:
            timer = threading.Timer(INTERVAL, self.tell)
            timer.daemon = True
            timer.start()

    def tell(self) -> None:
        """Log one line with the counts since the last one."""
        with self._lock:
            counts, self._untold = self._untold, Counter()
        if counts:
            listed = ", ".join(f"{status} for {kind}: {number}" for (status, kind), number in counts.most_common())
            logger.warning("Refused in the last %d s: %s", INTERVAL, listed)

    def rows(self) -> list[tuple[int, str, int]]:
        """Status, kind of route and number since the process started, the most frequent first."""
        with self._lock:
            return [(status, kind, number) for (status, kind), number in self._since_start.most_common()]


def kind_of(path: str) -> str:
    """The kind of route: few, so that strangers cannot make many counters."""
    return next((kind for prefix, kind in _KINDS if path.startswith(prefix)), _OTHER)


refusals = Refusals()  # of this process


class RefusalsMiddleware:
    """Count every refusal; the outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if 400 <= response.status_code < 500:
            refusals.count(response.status_code, request.path)
        return response
