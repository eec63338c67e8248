"""Read what is published of claims, for the public alone: current bodies, and the events of one claim.

Everything here comes from the publication log and its index. Nothing else of the desk is read for readers' pages but
the days of the watch (claims/watch/public_watch.py) and ids from the matcher.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from claims.formats.as_now import as_now
from claims.json_object import Json
from claims.models import ClaimVersion
from claims.models.publication import Audience, ClaimVersionQuerySet
from claims.publication.log_reader import Event, Selection
from claims.publication.site.current_claims import current_body
from sources.reordered import shown

MOST_EVENTS = 200
_MOST_MERGES = 5  # of a claim into another, one after the other


@dataclass(frozen=True)
class PublicClaim:
    """The current body of a claim; `body` is None if its words were removed."""

    id: str
    sequence: int
    body: Json | None


def current() -> ClaimVersionQuerySet:
    """The current public version of each claim."""
    return ClaimVersion.objects.current(Audience.PUBLIC)


def public_claim(claim: str) -> PublicClaim | None:
    """The claim with this public id as the public may see it now; None if nothing of it was ever public."""
    found = current_body(claim)
    if found is None:
        return None
    sequence, json = found
    return PublicClaim(claim, sequence, None if json is None else as_now(orjson.loads(json)))


def whole_of(claim: PublicClaim) -> PublicClaim:
    """The claim that this one is part of, at the end of its merges; itself if it stands alone."""
    for _ in range(_MOST_MERGES):
        into = claim.body and claim.body["merged_into"]
        found = public_claim(into) if into else None
        if found is None:
            break
        claim = found
    return claim


def bodies(versions: ClaimVersionQuerySet) -> list[Json]:
    """The bodies of these versions, in their order; redacted ones are left out."""
    rows: Iterable[Any] = versions.values_list("publication__body__json", flat=True)
    return [as_now(orjson.loads(bytes(json))) for json in rows if json is not None]


def current_of(claims: Collection[str]) -> dict[str, Json]:
    """The current bodies of these claims by their ids; claims whose words were removed are left out. One query."""
    rows = current().filter(claim_public_id__in=claims).values_list("claim_public_id", "publication__body__json")
    return {claim: as_now(orjson.loads(bytes(json))) for claim, json in rows if json is not None} if claims else {}


def texts_of(claims: Collection[str]) -> dict[str, tuple[str, str]]:
    """Words and language of these claims as they read now; of a removed one nothing. One query."""
    return {claim: (shown(body["text"]), body["language"]) for claim, body in current_of(claims).items()}


def first_year() -> int | None:
    """The year of the first public event; None if there is none."""
    at = Selection(Audience.PUBLIC).visible().order_by("sequence").values_list("at", flat=True).first()
    return at.year if at else None


def events_of(claim: str) -> Sequence[Event]:
    """The public events of a claim, the oldest first; of more than `MOST_EVENTS` the newest."""
    newest = Selection(Audience.PUBLIC, claim=claim)
    rows = newest.latest(limit=MOST_EVENTS)
    return sorted(newest.read(rows), key=lambda event: event.sequence)


def event_bodies(claim: str, sequence: int) -> tuple[Event | None, Event | None]:
    """The public event of the claim with this sequence, and the one before it; None for what is not there."""
    events = events_of(claim)
    for place, event in enumerate(events):
        if event.sequence == sequence:
            return event, events[place - 1] if place else None
    return None, None


def parsed(event: Event) -> Json | None:
    """The body of an event; None if it was redacted."""
    return None if event.body is None else as_now(orjson.loads(event.body))


def review_of(body: Json | None, name: str | None) -> Json | None:
    """The review with this id in a body; None if there is none."""
    found: Json | None = next((each for each in body["reviews"] if each["id"] == name), None) if body else None
    return found


def web_address(url: str | None) -> str:
    """The address if a browser may be led there; else nothing."""
    return url if url and url.lower().startswith(("http://", "https://")) else ""
