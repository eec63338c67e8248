"""Memento (RFC 7089): build the request headers for a TimeGate and parse the response headers of a memento.

Pure: no network, no database.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urljoin

from sources.http.responses import Headers, header_value, http_date

_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)')


@dataclass(frozen=True)
class Memento:
    """The capture time of a memento, and the URL of the original page as the archive states it, or an empty string."""

    at: datetime
    original: str


def accept_datetime(moment: datetime) -> dict[str, str]:
    return {"Accept-Datetime": format_datetime(moment.astimezone(UTC), usegmt=True)}


def parse(headers: Headers) -> Memento | None:
    """Parse the headers of a memento. Returns None without a valid Memento-Datetime, which every memento has."""
    at = http_date(header_value(headers, "memento-datetime"))
    if at is None:
        return None
    original = ""
    for address, parameters in _LINK.findall(header_value(headers, "link")):
        relations = re.search(r'rel\s*=\s*"?([^";]*)', parameters)
        if relations and "original" in relations[1].lower().split():
            original = address
    return Memento(at, original)


def redirect_target(url: str, headers: Headers) -> str:
    """Return the absolute target of a redirect from `url`, or an empty string without a Location."""
    location = header_value(headers, "location")
    return urljoin(url, location) if location else ""


def raw_url(url: str) -> str:
    """Return the URL of the bytes as captured, without the archive's rewriting: `id_` after the 14-digit timestamp."""
    return re.sub(r"/(\d{14})/", r"/\1id_/", url, count=1)
