"""Routes and query parameters that will go: what a response to a request that uses one says about it.

A row of `DEPRECATED` puts three headers on each response to such a request: `Deprecation` (RFC 9745) with the day since
when it is deprecated, `Sunset` (RFC 8594) with the day from which it may be gone, and `Link` with the page of the
documentation. `docs/api.md` promises two years between the two; CHANGELOG.md names the row in the words of `name`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import http_date

KEPT = timedelta(days=730)
"""How long what is deprecated still works, at the least."""
_DOCUMENTATION = "/api/v1/docs/"


@dataclass(frozen=True)
class Deprecated:
    """A route, by the beginning of its path, or a query parameter of it."""

    path: str
    since: date
    sunset: date
    parameter: str = ""

    @property
    def name(self) -> str:
        """As the changelog names it: the parameter, or the path."""
        return self.parameter or self.path

    def is_used_by(self, request: HttpRequest) -> bool:
        return request.path.startswith(self.path) and (not self.parameter or self.parameter in request.GET)


DEPRECATED: tuple[Deprecated, ...] = ()
"""Nothing is deprecated at present."""


def mark(response: HttpResponseBase, request: HttpRequest, rows: Sequence[Deprecated] | None = None) -> None:
    """Add the headers of what the request uses; of several the earliest day counts."""
    used = [row for row in (DEPRECATED if rows is None else rows) if row.is_used_by(request)]
    if not used:
        return
    since, sunset = min(row.since for row in used), min(row.sunset for row in used)
    response.headers["Deprecation"] = f"@{int(_midnight(since))}"
    response.headers["Sunset"] = http_date(_midnight(sunset))
    links = [response.headers["Link"]] if "Link" in response.headers else []
    links.append(f'<{_DOCUMENTATION}>; rel="deprecation"; type="text/html"')
    response.headers["Link"] = ", ".join(links)


def _midnight(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
