"""Append to the site's own log, and read it. Sequence, time and hash come from the database."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from claims.json_object import Json
from claims.models import Claim, SitePublication
from claims.publication import log_line
from claims.publication.site import line

Kind = SitePublication.Kind


@dataclass(frozen=True)
class SiteEvent:
    """An entry; `claim` is the public id of the claim that it is about, empty for none."""

    sequence: int
    at: datetime
    kind: str
    subject: str
    claim: str
    body: Json
    hash: str


def append_to_site_log(kind: str, subject: str, body: Json, *, claim: Claim | None = None) -> int:
    """Append an entry within the caller's transaction; its sequence. It can never be taken back."""
    text = orjson.dumps(body, option=orjson.OPT_SORT_KEYS).decode()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_sitepublication (sequence, at, kind, subject, claim_id, body, hash)"
            " VALUES (0, now(), %s, %s, %s, %s, '') RETURNING sequence",
            [kind, subject, claim.pk if claim else None, text],
        )
        [sequence] = cursor.fetchone()
    return int(sequence)


def site_head() -> tuple[int, str]:
    """Sequence and hash of the last entry; (0, "") if there is none."""
    return SitePublication.objects.order_by("-sequence").values_list("sequence", "hash").first() or (0, "")


def site_end() -> tuple[int, str]:
    """Sequence and hash of the last entry before today (UTC): there the log ends for strangers. 0 and zeros if none."""
    rows = SitePublication.objects.filter(at__lt=line.first_moment_of(timezone.now())).order_by("-sequence")
    return rows.values_list("sequence", "hash").first() or (0, log_line.NO_HASH)


def has_site_entry(sequence: int, hash: str) -> bool:
    """Whether this log has the entry, and not another one in its place."""
    return SitePublication.objects.filter(sequence=sequence, hash=hash).exists()


def site_events(*kinds: str, subject: str | None = None, after: int = 0) -> list[SiteEvent]:
    """The entries of these kinds (all kinds if none is given), the newest first."""
    rows = SitePublication.objects.order_by("-sequence")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if subject is not None:
        rows = rows.filter(subject=subject)
    if after:
        rows = rows.filter(sequence__gt=after)
    return _read(rows)


def newest_page(name: str) -> SiteEvent | None:
    """The newest version of a page of the site; None as long as nothing was approved. Reads no other version."""
    rows = SitePublication.objects.filter(kind=Kind.PAGE_PUBLISHED, subject=name).order_by("-sequence")
    return next(iter(_read(rows[:1])), None)


@dataclass(frozen=True)
class SiteRow:
    """An entry as strangers verify it; `line` and `body` are None where the line has a time, before 0.8.0."""

    sequence: int
    line: str | None
    line_sha256: str
    body: str | None
    hash: str


def site_rows(after: int, limit: int) -> list[SiteRow]:
    """Entries after `after`, at most `limit`, the oldest first, up to `site_end()`."""
    rows = SitePublication.objects.filter(sequence__gt=after, at__lt=line.first_moment_of(timezone.now()))
    values = rows.order_by("sequence").values_list(
        "sequence", "at", "format", "kind", "subject", "claim__public_id", "body", "hash"
    )[:limit]
    return [
        _row(line.line(format, sequence, at, kind, subject, claim or "", body), sequence, format, body, hash)
        for sequence, at, format, kind, subject, claim, body, hash in values
    ]


def _row(text: str, sequence: int, format: int, body: str, hash: str) -> SiteRow:
    digest = line.digest(text).hex()
    if format == line.WITH_TIME:
        return SiteRow(sequence, None, digest, None, hash)
    return SiteRow(sequence, text, digest, body, hash)


def _read(rows: QuerySet[SitePublication]) -> list[SiteEvent]:
    values = rows.values_list("sequence", "at", "kind", "subject", "claim__public_id", "body", "hash")
    return [
        SiteEvent(sequence, at, kind, about, claim or "", orjson.loads(body), hash)
        for sequence, at, kind, about, claim, body, hash in values
    ]
