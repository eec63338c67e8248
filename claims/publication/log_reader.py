"""Read the events of the publication log after a cursor, in commit order, for one audience.

Sequence numbers have no gap and become visible in their order, since each is taken under a lock that is held to
commit (claims/reviews/publish.py). So whoever has read up to the last one visible has skipped none.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BinaryField, Exists, Max, OuterRef, Q, QuerySet, Value

from claims.models import ClaimVersion, Publication
from claims.models.publication import Audience, visible_to

# A filter that finds little reads at most so many rows at a time, and says how far it came.
WINDOW = 20_000
_COLUMNS = (
    "sequence",
    "hash",
    "public_id",
    "event",
    "claim__public_id",
    "review__public_id",
    "version",
    "at",
)


class UnknownCursor(ValueError):
    """It is none of ours: made up, cut, or from another installation."""


class Place(NamedTuple):
    """A row of the log. The hash tells it from a row of another log that has the same number."""

    sequence: int
    hash: str

    @property
    def cursor(self) -> str:
        """The place as clients keep it: the same for ever, and no use but to go on from."""
        text = f"{self.sequence}.{self.hash[:16]}"
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


START = Place(0, "0" * 64)


class Event(NamedTuple):
    """A publication as it is told, and the JSON of its claim; None if that was redacted or not asked for."""

    sequence: int
    hash: str
    id: str
    event: str
    claim: str
    review: str | None
    version: int
    at: datetime
    body: bytes | None
    redacted: bool

    @property
    def place(self) -> Place:
        return Place(self.sequence, self.hash)


class Reading(NamedTuple):
    """Some events in order; where to go on from; whether there is more already; how far the log went."""

    events: list[Event]
    place: Place
    more: bool
    head: int


def head() -> int:
    """The last sequence number that is visible, of any audience; 0 for an empty log."""
    return Publication.objects.aggregate(head=Max("sequence"))["head"] or 0


@dataclass(frozen=True)
class Selection:
    """Which events are asked for: those for the audience for which everything given holds.

    `columns` holds conditions on `ClaimVersion`, on what the claim says after the event.
    """

    audience: str
    events: Sequence[str] = ()
    claim: str | None = None
    columns: dict[str, object] = field(default_factory=dict)

    def after(self, place: Place, *, limit: int, bodies: bool = True) -> Reading:
        """At most `limit` events that come after the place, the oldest first. Four queries at most."""
        whole = self._visible()
        top = head()
        rows = whole.filter(sequence__gt=place.sequence, sequence__lte=top)
        end = self._end_of_window(rows)
        chosen = self._chosen(rows if end is None else rows.filter(sequence__lte=end.sequence))
        found = self._read(chosen.order_by("sequence")[: limit + 1], bodies=bodies)
        if len(found) > limit:
            return Reading(found[:limit], found[limit - 1].place, True, top)
        if end is not None:
            return Reading(found, end, True, top)
        if self._is_whole:
            return Reading(found, found[-1].place if found else place, False, top)
        last = rows.order_by("-sequence").values_list("sequence", "hash").first()
        return Reading(found, Place(*last) if last else place, False, top)

    def end(self) -> Place:
        """The last event that the audience may see."""
        last = self._visible().order_by("-sequence").values_list("sequence", "hash").first()
        return Place(*last) if last else START

    def latest(self, *, limit: int) -> list[Event]:
        """At most `limit` events, the newest first, of the last `WINDOW` that the audience may see."""
        rows = self._visible()
        if self._is_narrow:
            start = rows.order_by("-sequence").values_list("sequence", flat=True)[WINDOW : WINDOW + 1].first()
            rows = rows.filter(sequence__gt=start or 0)
        return self._read(self._chosen(rows).order_by("-sequence")[:limit], bodies=True)

    @property
    def _is_whole(self) -> bool:
        return self.claim is None and not self.events and not self.columns

    @property
    def _is_narrow(self) -> bool:
        """Whether much may have to be read to find little. One claim's events have an index of their own."""
        return self.claim is None and not self._is_whole

    def _visible(self) -> QuerySet[Publication]:
        rows = Publication.objects.all()
        return rows if self.audience == Audience.NEWSROOMS else rows.filter(audience=Audience.PUBLIC)

    def _end_of_window(self, rows: QuerySet[Publication]) -> Place | None:
        if not self._is_narrow:
            return None
        last = rows.order_by("sequence").values_list("sequence", "hash")[WINDOW - 1 : WINDOW].first()
        return Place(*last) if last else None

    def _chosen(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        condition = Q()
        if self.events:
            condition &= Q(event__in=self.events)
        if self.claim is not None:
            condition &= Q(claim__public_id=self.claim)
        rows = rows.filter(condition)
        if self.columns:
            told = ClaimVersion.objects.filter(visible_to(self.audience), publication=OuterRef("pk"), **self.columns)
            rows = rows.filter(Exists(told))
        return rows

    def _read(self, rows: QuerySet[Publication], *, bodies: bool) -> list[Event]:
        json: Any = "body__json" if bodies else Value(None, output_field=BinaryField())
        return [
            Event._make([*told, None if body is None else bytes(body), pk is None])
            for *told, pk, body in rows.values_list(*_COLUMNS, "body__pk", json)
        ]


def place_of(cursor: str) -> Place:
    """The place that the cursor names. Raises `UnknownCursor`. One query, none for the start."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise UnknownCursor from error
    match = re.fullmatch(r"(0|[1-9][0-9]{0,17})\.([0-9a-f]{16})", text)
    if match is None or Place(int(match[1]), match[2]).cursor != cursor:
        raise UnknownCursor
    sequence, start_of_hash = int(match[1]), match[2]
    if sequence == START.sequence and START.hash.startswith(start_of_hash):
        return START
    known = Publication.objects.filter(sequence=sequence, hash__startswith=start_of_hash)
    found = known.values_list("sequence", "hash").first()
    if found is None:
        raise UnknownCursor
    return Place(*found)


def time_of(place: Place) -> datetime | None:
    """When the event at the place happened; None for the start."""
    return Publication.objects.filter(sequence=place.sequence).values_list("at", flat=True).first()


def bodies_at(place: Place, *, audience: str, batch: int) -> Iterator[list[bytes]]:
    """What every claim said to the audience when the log had come to the place, `batch` claims at a time.

    Whatever is published meanwhile changes nothing of it. Redacted bodies are left out.
    """
    then = Q(sequence_to__isnull=True) | Q(sequence_to__gt=place.sequence)
    versions = ClaimVersion.objects.filter(then, visible_to(audience), sequence_from__lte=place.sequence)
    last = 0
    while rows := list(
        versions.filter(claim__gt=last).order_by("claim").values_list("claim", "publication__body__json")[:batch]
    ):
        last = rows[-1][0]
        yield [bytes(body) for _, body in rows if body is not None]
