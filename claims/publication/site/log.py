"""Append to the site's own log, and read it. Sequence, time and hash come from the database."""

from dataclasses import dataclass
from datetime import datetime

import orjson
from django.db import connection

from claims.json_object import Json
from claims.models import Claim, SitePublication

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


def site_events(*kinds: str, subject: str | None = None) -> list[SiteEvent]:
    """The entries of these kinds (all kinds if none is given), the newest first."""
    rows = SitePublication.objects.order_by("-sequence")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if subject is not None:
        rows = rows.filter(subject=subject)
    values = rows.values_list("sequence", "at", "kind", "subject", "claim__public_id", "body", "hash")
    return [
        SiteEvent(sequence, at, kind, about, claim or "", orjson.loads(body), hash)
        for sequence, at, kind, about, claim, body, hash in values
    ]
