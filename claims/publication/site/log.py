"""Append to the site's own log, and read it. Sequence, time and hash come from the database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

import orjson
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import ExtractYear

from claims.json_object import Json
from claims.models import Claim, SitePublication

Kind = SitePublication.Kind
_NO_COMPLAINT = '"outcome":"no_complaint"'  # in a body of sorted names


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


def site_events(*kinds: str, subject: str | None = None) -> list[SiteEvent]:
    """The entries of these kinds (all kinds if none is given), the newest first."""
    rows = SitePublication.objects.order_by("-sequence")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if subject is not None:
        rows = rows.filter(subject=subject)
    return _read(rows)


def complaints_received(*, year: int | None = None, before: int | None = None, limit: int) -> list[SiteEvent]:
    """Complaints that were received and are some, the newest first; of a year, from before an entry."""
    received = SitePublication.objects.filter(kind=Kind.COMPLAINT_RECEIVED)
    if year is not None:
        received = received.filter(subject__startswith=f"{year}-")
    if before is not None:
        received = received.filter(sequence__lt=before)
    rows = received.exclude(subject__in=_none().values("subject")).order_by("-sequence")[:limit]
    return _read(rows)


def complaints_that_are_none(*, year: int | None = None) -> int:
    """How many were answered as no complaints about our work."""
    rows = _none()
    if year is not None:
        rows = rows.filter(subject__startswith=f"{year}-")
    return rows.values("subject").distinct().count()


def complaints_answered(numbers: Collection[str] | None = None) -> dict[str, list[SiteEvent]]:
    """The answers to complaints by their numbers, the oldest first; to all if none are given."""
    rows = SitePublication.objects.filter(kind=Kind.COMPLAINT_ANSWERED).order_by("sequence")
    found: dict[str, list[SiteEvent]] = {}
    for event in _read(rows if numbers is None else rows.filter(subject__in=numbers)):
        found.setdefault(event.subject, []).append(event)
    return found


def years_of_complaints() -> list[int]:
    """The years in which complaints were received, the newest first."""
    rows = SitePublication.objects.filter(kind=Kind.COMPLAINT_RECEIVED).annotate(year=ExtractYear("at", tzinfo=UTC))
    return list(rows.order_by("-year").values_list("year", flat=True).distinct())


def _none() -> QuerySet[SitePublication]:
    return SitePublication.objects.filter(kind=Kind.COMPLAINT_ANSWERED, body__contains=_NO_COMPLAINT)


def _read(rows: QuerySet[SitePublication]) -> list[SiteEvent]:
    values = rows.values_list("sequence", "at", "kind", "subject", "claim__public_id", "body", "hash")
    return [
        SiteEvent(sequence, at, kind, about, claim or "", orjson.loads(body), hash)
        for sequence, at, kind, about, claim, body, hash in values
    ]
