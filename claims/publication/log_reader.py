"""Read the events of the publication log after a cursor, in commit order, for one audience.

Sequence numbers have no gaps and become visible in order, since each is taken under a lock that is held to commit
(claims/publication/append.py). So a reader who has read up to the last visible one has skipped none.
"""

import base64
import binascii
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import BinaryField, Exists, Max, OuterRef, Q, QuerySet, Value

from claims.models import ClaimVersion, LogRestore, Publication
from claims.models.publication import Audience, visible_to

# Rows that a filtered read scans at most; the page says how far it came.
WINDOW = 20_000
CHANGES = ("updated", "clarified", "corrected", "withdrawn")
"""The events by which the words of a published review change."""
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
    """The cursor is not from this log: made up, cut off, or of another installation."""


class CursorAhead(ValueError):
    """The log ends, or was restored from a backup, before the cursor's place; `restart` is where to go on."""

    def __init__(self, restart: "Place") -> None:
        super().__init__(f"the log has no such row after {restart.sequence}")
        self.restart = restart


class Place(NamedTuple):
    """A row of the log. The hash distinguishes it from a row of another log with the same sequence."""

    sequence: int
    hash: str

    @property
    def cursor(self) -> str:
        """The place as an opaque text for clients, valid for ever."""
        text = f"{self.sequence}.{self.hash[:16]}"
        return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


START = Place(0, "0" * 64)


class Event(NamedTuple):
    """A publication and the JSON of its claim; `body` is None if it was redacted or not requested."""

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


class LogPage(NamedTuple):
    """A page of events in order. `place` is where the next page begins, and `more` whether it has events already."""

    events: list[Event]
    place: Place
    more: bool
    head: int


def head() -> int:
    """The last visible sequence number, of any audience; 0 for an empty log."""
    return Publication.objects.aggregate(head=Max("sequence"))["head"] or 0


@dataclass(frozen=True)
class Selection:
    """A filter of events: for the audience, and matching everything given.

    `columns` are conditions on `ClaimVersion`, so on what the claim says after the event; `reviews` are on the
    event's own review, as lookups of `Publication`.
    """

    audience: str
    events: Sequence[str] = ()
    claim: str | None = None
    columns: dict[str, object] = field(default_factory=dict)
    reviews: dict[str, object] = field(default_factory=dict)

    def after(self, place: Place, *, limit: int, bodies: bool = True) -> LogPage:
        """At most `limit` events after the place, the oldest first. Four queries at most."""
        visible = self.visible()
        end_of_log = head()
        rows = visible.filter(sequence__gt=place.sequence, sequence__lte=end_of_log)
        end = self._end_of_window(rows)
        matching = self._matching(rows if end is None else rows.filter(sequence__lte=end.sequence))
        events = self.read(matching.order_by("sequence")[: limit + 1], bodies=bodies)
        if len(events) > limit:
            return LogPage(events[:limit], events[limit - 1].place, True, end_of_log)
        if end is not None:
            return LogPage(events, end, True, end_of_log)
        if self._is_unfiltered:
            return LogPage(events, events[-1].place if events else place, False, end_of_log)
        last = rows.order_by("-sequence").values_list("sequence", "hash").first()
        return LogPage(events, Place(*last) if last else place, False, end_of_log)

    def end(self) -> Place:
        """The last event that the audience may see."""
        last = self.visible().order_by("-sequence").values_list("sequence", "hash").first()
        return Place(*last) if last else START

    def latest(self, *, limit: int) -> QuerySet[Publication]:
        """At most `limit` events, the newest first; of the last `WINDOW` that the audience may see, if filtered."""
        rows = self.recent()[0] if self._may_scan_far else self._matching(self.visible())
        return rows.order_by("-sequence")[:limit]

    def recent(self) -> tuple[QuerySet[Publication], bool]:
        """Those of the last `WINDOW` events that match, and whether the log goes back further."""
        rows = self.visible()
        start = rows.order_by("-sequence").values_list("sequence", flat=True)[WINDOW : WINDOW + 1].first()
        return self._matching(rows.filter(sequence__gt=start or 0)), start is not None

    @property
    def _is_unfiltered(self) -> bool:
        return self.claim is None and not self.events and not self.columns and not self.reviews

    @property
    def _may_scan_far(self) -> bool:
        """Whether much may have to be scanned to find little. Events of one claim, and of reviews, have an index."""
        return self.claim is None and bool(self.columns or (self.events and not self.reviews))

    def visible(self) -> QuerySet[Publication]:
        """All rows that the audience may read."""
        rows = Publication.objects.all()
        return rows if self.audience == Audience.NEWSROOMS else rows.filter(audience=Audience.PUBLIC)

    def _end_of_window(self, rows: QuerySet[Publication]) -> Place | None:
        if not self._may_scan_far:
            return None
        last = rows.order_by("sequence").values_list("sequence", "hash")[WINDOW - 1 : WINDOW].first()
        return Place(*last) if last else None

    def _matching(self, rows: QuerySet[Publication]) -> QuerySet[Publication]:
        condition = Q()
        if self.events:
            condition &= Q(event__in=self.events)
        if self.claim is not None:
            condition &= Q(claim__public_id=self.claim)
        rows = rows.filter(condition, **self.reviews)
        if self.columns:
            indexed = ClaimVersion.objects.filter(visible_to(self.audience), publication=OuterRef("pk"), **self.columns)
            rows = rows.filter(Exists(indexed))
        return rows

    def read(self, *parts: QuerySet[Publication], bodies: bool = True) -> list[Event]:
        """The rows of these parts as events, by one query."""
        json: Any = "body__json" if bodies else Value(None, output_field=BinaryField())
        first, *others = (rows.values_list(*_COLUMNS, "body__pk", json) for rows in parts)
        rows = first.union(*others, all=True) if others else first
        return [
            Event._make([*columns, None if body is None else bytes(body), pk is None]) for *columns, pk, body in rows
        ]


def parse_cursor(cursor: str) -> Place:
    """Parse a cursor. Raises `UnknownCursor` and `CursorAhead`. One query, none for the start."""
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
    row = known.values_list("sequence", "hash").first()
    if row is not None:
        return Place(*row)
    if restart := _restart_of(sequence):
        raise CursorAhead(restart)
    raise UnknownCursor


def _restart_of(sequence: int) -> Place | None:
    """Where readers go on whose last row is gone; None if the log was never cut before this sequence.

    After several restores it is the earliest place, because nobody knows which of the lost rows was meant.
    """
    restored = LogRestore.objects.filter(sequence__lt=sequence).order_by("sequence").first()
    if restored is not None:
        return Place(restored.sequence, restored.hash)
    return START if sequence > head() else None


def time_of(place: Place) -> datetime | None:
    """The time of the event at the place; None for the start."""
    return Publication.objects.filter(sequence=place.sequence).values_list("at", flat=True).first()


def bodies_at(place: Place, *, audience: str, batch: int) -> Iterator[list[bytes]]:
    """Yield the body of every claim for the audience as of the place, `batch` claims at a time.

    Events published meanwhile do not change the result. Redacted bodies are left out.
    """
    then = Q(sequence_to__isnull=True) | Q(sequence_to__gt=place.sequence)
    versions = ClaimVersion.objects.filter(then, visible_to(audience), sequence_from__lte=place.sequence)
    last = 0
    while rows := list(
        versions.filter(claim__gt=last).order_by("claim").values_list("claim", "publication__body__json")[:batch]
    ):
        last = rows[-1][0]
        yield [bytes(body) for _, body in rows if body is not None]
