"""Save Page Now 2, the Wayback Machine's capture API: build its requests and parse its responses.

From its public API document: POST /save starts a job, GET /save/status/JOB returns its state for about an hour, GET
/save/status/user how many captures may run. Each may report an error with HTTP 200. `capture_all` is not used: a
captured error page would pass for a copy. Pure: no network, no database.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote, urlencode


class CaptureStatus(StrEnum):
    """The state of a capture, or what its error code means for the next attempt."""

    PENDING = "pending"
    SUCCESS = "success"
    RETRY = "retry"  # a temporary error
    TOMORROW = "tomorrow"  # this page was captured too often today
    BUSY = "busy"  # our account has too many captures running
    QUOTA_USED = "quota_used"  # our account has used its quota of the day
    REFUSED = "refused"  # the archive or the site declines for good
    UNREADABLE = "unreadable"


_REFUSED = frozenset(
    {
        *("blocked", "blocked-url", "blocked-client-ip", "no-access", "not-found", "unauthorized", "bad-request"),
        *("filesize-limit", "ftp-access-denied", "invalid-url-syntax", "method-not-allowed", "not-implemented"),
        "network-authentication-required",
    }
)
_STATUSES = {
    "too-many-daily-captures": CaptureStatus.TOMORROW,
    "max-daily-bandwidth-host": CaptureStatus.TOMORROW,
    "user-session-limit": CaptureStatus.BUSY,
    "max-daily-bandwidth": CaptureStatus.QUOTA_USED,
    "max-daily-bandwidth-from-ip": CaptureStatus.QUOTA_USED,
}


@dataclass(frozen=True)
class Capture:
    """The archive's report on a capture; `code` is its error code, `timestamp` the 14-digit capture time."""

    status: CaptureStatus
    job: str = ""
    code: str = ""
    timestamp: str = ""
    original_url: str = ""


def authorization(access_key: str, secret_key: str) -> dict[str, str]:
    return {"Authorization": f"LOW {access_key}:{secret_key}", "Accept": "application/json"}


def capture_body(url: str, *, within: int) -> bytes:
    """Build the form body of a capture request. A capture of the last `within` seconds is reused, not repeated."""
    return urlencode({"url": url, "if_not_archived_within": str(within), "skip_first_archive": "1"}).encode()


def status_path(job: str) -> str:
    return f"/save/status/{quote(job, safe='')}"


def parse_capture(body: bytes | None) -> Capture:
    """Parse the response to a capture request or to a status request."""
    response = _object(body)
    job = _string(response, "job_id", 200)
    match response.get("status"):
        case "success":
            timestamp = _string(response, "timestamp")
            if parse_timestamp(timestamp) is None:
                return Capture(CaptureStatus.UNREADABLE, job)
            original = _string(response, "original_url")
            return Capture(CaptureStatus.SUCCESS, job, timestamp=timestamp, original_url=original)
        case "error":
            code = _string(response, "status_ext").removeprefix("error:")[:80]
            status = CaptureStatus.REFUSED if code in _REFUSED else _STATUSES.get(code, CaptureStatus.RETRY)
            return Capture(status, job, code)
        case _:
            return Capture(CaptureStatus.PENDING if job else CaptureStatus.UNREADABLE, job)


def parse_available(body: bytes | None) -> int | None:
    """Parse how many captures may be started now. Returns None if the response does not state it."""
    available = _object(body).get("available")
    return available if type(available) is int else None  # excludes bool


def memento_url(base: str, capture: Capture, url: str) -> str:
    """Return the archive's URL of a successful capture of `url`."""
    return f"{base}/web/{capture.timestamp}/{capture.original_url or url}"


def parse_timestamp(timestamp: str) -> datetime | None:
    """Parse 14 digits, YYYYMMDDhhmmss in UTC. Returns None for anything else."""
    if not re.fullmatch("[0-9]{14}", timestamp):
        return None  # strptime would accept fewer digits, and digits of other scripts
    try:
        return datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _object(body: bytes | None) -> dict[str, object]:
    try:
        value = json.loads(body or b"")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _string(response: dict[str, object], name: str, max_length: int = 2000) -> str:
    """Return a printable string of the response, or an empty string if it is missing, malformed or too long."""
    value = response.get(name)
    return value if isinstance(value, str) and len(value) <= max_length and value.isprintable() else ""
