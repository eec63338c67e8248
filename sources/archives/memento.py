"""Memento (RFC 7089): asking a TimeGate, and reading what a memento says of itself. Pure."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urljoin

Headers = tuple[tuple[str, str], ...]
_LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:"[^"]*"|[^",;\s]+))*)')


@dataclass(frozen=True)
class Memento:
    """When the page was captured, and which page the archive says it is."""

    at: datetime
    original: str


def accept_datetime(moment: datetime) -> dict[str, str]:
    return {"Accept-Datetime": format_datetime(moment.astimezone(UTC), usegmt=True)}


def read(headers: Headers) -> Memento | None:
    """None unless the answer has a Memento-Datetime: without it, it is no memento."""
    try:
        at = parsedate_to_datetime(_value(headers, "memento-datetime"))
    except (TypeError, ValueError, OverflowError):
        return None
    original = ""
    for address, parameters in _LINK.findall(_value(headers, "link")):
        relations = re.search(r'rel\s*=\s*"?([^";]*)', parameters)
        if relations and "original" in relations[1].lower().split():
            original = address
    return Memento(at if at.tzinfo else at.replace(tzinfo=UTC), original)


def leads_to(url: str, headers: Headers) -> str:
    """Where a redirect goes; empty if it does not say."""
    place = _value(headers, "location")
    return urljoin(url, place) if place else ""


def raw(url: str) -> str:
    """The address of the bytes as they were captured, where an archive has one: `id_` after the 14 digits."""
    return re.sub(r"/(\d{14})/", r"/\1id_/", url, count=1)


def _value(headers: Headers, wanted: str) -> str:
    return ", ".join(value for name, value in headers if name.lower() == wanted)
