"""The outcomes of an attempt to read a web page, such as ok, gone or blocked; one enum for all of sources."""

from enum import StrEnum


class Outcome(StrEnum):
    """The outcome of one attempt to read a page. Only `ok` and `unchanged` say anything about its text.

    The fetcher decides by status, headers, size and media type (`ok` comes with a body, `error` with a
    `sources.http.responses.Reason`), `sources.changes.page_outcome` by the text and its shape.
    """

    label: str
    """The label that editors see."""

    OK = "ok", "read"
    UNCHANGED = "unchanged", "read, not changed"  # 304, or the same bytes
    GONE = "gone", "gone (404 or 410)"
    BLOCKED = "blocked", "blocked"  # 401, 403, 429, 451, a bot wall, a log-in or consent form
    PAYWALL = "paywall", "behind a paywall"
    DISALLOWED = "disallowed", "disallowed by robots.txt"
    SOFT_404 = "soft_404", "error page instead of the page"
    ERROR = "error", "error"
    TOO_LARGE = "too_large", "too large"
    UNSUPPORTED = "unsupported", "unsupported file type"  # pictures, sound and archives are not downloaded
    PARSE_LIMITED = "parse_limited", "read only in part"
    EMPTY = "empty", "no text found"
    SHRUNK = "shrunk", "much shorter than before"
    REDIRECTED = "redirected", "redirects to another page"
    REPLACED = "replaced", "another page in its place"

    def __new__(cls, value: str, label: str = "") -> "Outcome":
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        return member

    @classmethod
    def readable(cls) -> frozenset["Outcome"]:
        return frozenset({cls.OK, cls.UNCHANGED})

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return values and labels, for a model field."""
        return [(each.value, each.label) for each in cls]
