"""Save Page Now 2, the Wayback Machine's interface for captures: requests built, answers read. Pure.

From its public API document: POST /save gives a job, GET /save/status/JOB what became of it (for about an
hour), GET /save/status/user how many captures may run. Errors come with HTTP 200 too, at either place.
Not `capture_all`: an error page that is kept would pass for a copy.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote, urlencode


class Fate(StrEnum):
    PENDING = "pending"
    SUCCESS = "success"
    LATER = "later"  # a passing trouble
    TOMORROW = "tomorrow"  # this page was captured too often today
    BUSY = "busy"  # our account has too many captures running
    FULL = "full"  # our account's day is used up
    NEVER = "never"  # the archive or the site will not
    UNREADABLE = "unreadable"


_NEVER = frozenset(
    {
        *("blocked", "blocked-url", "blocked-client-ip", "no-access", "not-found", "unauthorized", "bad-request"),
        *("filesize-limit", "ftp-access-denied", "invalid-url-syntax", "method-not-allowed", "not-implemented"),
        "network-authentication-required",
    }
)
_FATES = {
    "too-many-daily-captures": Fate.TOMORROW,
    "max-daily-bandwidth-host": Fate.TOMORROW,
    "user-session-limit": Fate.BUSY,
    "max-daily-bandwidth": Fate.FULL,
    "max-daily-bandwidth-from-ip": Fate.FULL,
}


@dataclass(frozen=True)
class Answer:
    """What the service says of a capture."""

    fate: Fate
    job: str = ""
    code: str = ""
    timestamp: str = ""
    original_url: str = ""


def authorization(access_key: str, secret_key: str) -> dict[str, str]:
    return {"Authorization": f"LOW {access_key}:{secret_key}", "Accept": "application/json"}


def capture_body(url: str, *, within: int) -> bytes:
    """The form of a capture; one of the last `within` seconds will do, so that asking twice makes one."""
    return urlencode({"url": url, "if_not_archived_within": str(within), "skip_first_archive": "1"}).encode()


def status_path(job: str) -> str:
    return f"/save/status/{quote(job, safe='')}"


def read(body: bytes | None) -> Answer:
    """An answer to a capture or to a question after one."""
    said = _object(body)
    job = _word(said, "job_id", 200)
    match said.get("status"):
        case "success":
            stamp = _word(said, "timestamp")
            if moment(stamp) is None:
                return Answer(Fate.UNREADABLE, job)
            return Answer(Fate.SUCCESS, job, timestamp=stamp, original_url=_word(said, "original_url"))
        case "error":
            code = _word(said, "status_ext").removeprefix("error:")[:80]
            fate = Fate.NEVER if code in _NEVER else _FATES.get(code, Fate.LATER)
            return Answer(fate, job, code)
        case _:
            return Answer(Fate.PENDING if job else Fate.UNREADABLE, job)


def sessions_left(body: bytes | None) -> int | None:
    """How many captures may be started now; None if the service does not say."""
    left = _object(body).get("available")
    return left if type(left) is int else None  # true is no number of sessions


def memento(base: str, answer: Answer, asked: str) -> str:
    return f"{base}/web/{answer.timestamp}/{answer.original_url or asked}"


def moment(timestamp: str) -> datetime | None:
    """Of the 14 digits YYYYMMDDhhmmss, in UTC."""
    if not re.fullmatch("[0-9]{14}", timestamp):
        return None  # strptime would take fewer digits, and those of other scripts
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _object(body: bytes | None) -> dict[str, object]:
    try:
        said = json.loads(body or b"")
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _word(said: dict[str, object], name: str, longest: int = 2000) -> str:
    """A word the service says; empty if it is none, or longer than any that it has a reason to say."""
    value = said.get(name)
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else ""
