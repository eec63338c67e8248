"""The line of an entry of the site's own log, and where the log ends for strangers.

    line         seven lines of text, see `line`
    line_sha256  sha256(line)                         all that is told of an entry from before 0.8.0
    hash         sha256(previous hash + line_sha256)  over the 32 + 32 bytes; the first entry follows 32 zero bytes

The line has the day and no time: who knows when somebody's computer was online must not find her complaint by it.
Entries from before 0.8.0 have the time in their line, so that nobody gets it. The format never changes: strangers hold
hashes of it. The same in SQL is in claims/models/site/site_publication.py.
"""

import hashlib
from datetime import UTC, datetime

from sources.timestamp import timestamp

WITH_TIME, WITH_DAY = 1, 2
"""Formats of lines: `WITH_TIME` is that of entries from before 0.8.0."""


def line(format: int, sequence: int, at: datetime, kind: str, subject: str, claim: str, body: str) -> str:
    """The line of an entry; `claim` is a public id, empty for none, `body` the JSON text as it is stored."""
    on = timestamp(at) if format == WITH_TIME else at.astimezone(UTC).date().isoformat()
    digest = hashlib.sha256(body.encode()).hexdigest()
    return f"factcheck-site/{format}\n{sequence}\n{on}\n{kind}\n{subject}\n{claim}\n{digest}"


def digest(line: str) -> bytes:
    """The sha256 of a line."""
    return hashlib.sha256(line.encode()).digest()


def first_moment_of(day: datetime) -> datetime:
    """When the UTC day of this time began: the log ends before it for strangers, who learn days and no hours."""
    return day.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
