"""The outcomes of an attempt to read a web page: one set for fetching, judging, polling and the database."""

from enum import StrEnum


class Outcome(StrEnum):
    """What one attempt to read a page came to. Only `ok` and `unchanged` say anything about its text.

    The fetcher decides from the answer's head, size and media type (`ok` comes with a body, `error` with a
    `sources.http.responses.Reason`), `sources.changes.page_outcome` from the text and its shape.
    """

    label: str
    """Words for editors."""

    OK = "ok", "read"
    UNCHANGED = "unchanged", "read, not changed"  # 304, or the same bytes
    GONE = "gone", "gone (404 or 410)"
    BLOCKED = "blocked", "blocked"  # 401, 403, 429, 451, a bot wall, a log-in or consent form
    PAYWALL = "paywall", "behind a paywall"
    DISALLOWED = "disallowed", "disallowed by robots.txt"
    SOFT_404 = "soft_404", "an error page served as if it were the page"
    ERROR = "error", "error"
    TOO_LARGE = "too_large", "too large"
    UNSUPPORTED = "unsupported", "not a kind of file we read"  # pictures, sound and archives are not downloaded
    PARSE_LIMITED = "parse_limited", "read only in part"
    EMPTY = "empty", "no text found"
    SHRUNK = "shrunk", "far shorter than before"
    REDIRECTED = "redirected", "leads to another page"

    def __new__(cls, value: str, label: str = "") -> "Outcome":
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        return member

    @classmethod
    def readable(cls) -> frozenset["Outcome"]:
        return frozenset({cls.OK, cls.UNCHANGED})

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Values and labels, for a field of a model."""
        return [(each.value, each.label) for each in cls]
