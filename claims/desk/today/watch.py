"""The state of all quotes that published verdicts rest on, from one function: the bar, its numbers and their lists.

stands + no longer (re-check open + seen once + kept) + could not be read = all
"""

import time
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from claims.models import Evidence, EvidenceCheck, Publication
from claims.permissions import User
from claims.publication.quote_state import NO_LONGER, LastLook, not_stood
from claims.visibility import hidden_claims
from sources.models import Polling

SLOW = 0.05
"""Seconds. Only a count that takes longer is kept, and no longer than `KEPT`."""
KEPT = 60.0
Key = tuple[object, ...]


@dataclass(frozen=True)
class Part:
    """A part of the bar."""

    tone: str
    x: float
    width: float


@dataclass(frozen=True)
class WatchState:
    """How many watched quotes are in which state, and when that was counted."""

    counts: dict[str, int]
    at: datetime
    last_read_at: datetime | None = None

    def of(self, *looks: LastLook) -> int:
        return sum(self.counts.get(look.value, 0) for look in looks)

    @property
    def stands(self) -> int:
        return self.of(LastLook.STANDS)

    @property
    def no_longer(self) -> int:
        return self.of(*NO_LONGER)

    def levels(self) -> dict[str, int]:
        """The same numbers by the kinds of the charts (`claims.daily_counts.LEVELS`)."""
        return {"quotes_stand": self.stands, "quotes_no_longer": self.no_longer, "quotes_unread": self.unread}

    @property
    def rechecked(self) -> int:
        """Those of `no_longer` for which a re-check is open."""
        return self.of(LastLook.OPEN)

    @property
    def once(self) -> int:
        return self.of(LastLook.ONCE)

    @property
    def kept(self) -> int:
        return self.of(LastLook.KEPT)

    @property
    def unread(self) -> int:
        return self.of(LastLook.UNREAD)

    @property
    def all(self) -> int:
        return self.stands + self.no_longer + self.unread

    def bar(self, length: float = 1_000.0) -> list[Part]:
        """The parts of the bar, in proportion; what is not nothing is seen."""
        parts, x = [], 0.0
        counts = [(tone, count) for tone, count in self._tones() if count]
        least = length / 100
        room = length - least * len(counts)
        for tone, count in counts:
            width = least + room * count / self.all
            parts.append(Part(tone, x, width - (4 if x + width < length - 1 else 0)))
            x += width
        return parts

    def _tones(self) -> list[tuple[str, int]]:
        return [("b-ok", self.stands), ("b-off", self.no_longer), ("b-dim", self.unread)]


_kept: dict[str, tuple[Key, float, WatchState]] = {}
_numbers: dict[str, tuple[Key, float, int]] = {}


def watch_state(user: User) -> WatchState:
    """The state of the quotes, without those of claims that are hidden from this user."""
    state = _of_everybody()
    hidden = hidden_claims(user)
    if not hidden:
        return state
    quotes = Evidence.objects.watched().filter(version__review__claim__in=hidden)
    without = _counts(quotes, quotes.count())
    counts = {look: count - without.get(look, 0) for look, count in state.counts.items()}
    return WatchState(counts, state.at, state.last_read_at)


def _of_everybody() -> WatchState:
    # Whatever changes a state is a new check, or an event of the log.
    checks = EvidenceCheck.objects.aggregate(last=Max("pk"))["last"]
    key: Key = (checks, Publication.objects.aggregate(last=Max("sequence"))["last"])
    database = str(connection.settings_dict["NAME"])
    if (kept := _kept.get(database)) and kept[0] == key and time.monotonic() < kept[1]:
        return kept[2]
    began = time.monotonic()
    counts = _counts(Evidence.objects.watched(), _number(database, key[1:]))
    read = Polling.objects.filter(weight__gt=0).aggregate(last=Max("last_success_at"))["last"]
    state = WatchState(counts, timezone.now(), read)
    if time.monotonic() - began > SLOW:
        _kept[database] = (key, time.monotonic() + KEPT, state)
    return state


def _number(database: str, key: Key) -> int:
    """How many quotes are watched. No check changes that, so that it is counted less often than what they found."""
    if (kept := _numbers.get(database)) and kept[0] == key and time.monotonic() < kept[1]:
        return kept[2]
    began = time.monotonic()
    number = Evidence.objects.watched().count()
    if time.monotonic() - began > SLOW:
        _numbers[database] = (key, time.monotonic() + KEPT, number)
    return number


def _counts(quotes: QuerySet[Evidence], number: int) -> dict[str, int]:
    """How many of these quotes, of which the number is known, are in which state."""
    rows = not_stood(quotes).order_by().values_list("last_look").annotate(Count("pk"))
    counts: dict[str, int] = dict(rows)
    stands = number - sum(counts.values())
    return counts | {LastLook.STANDS.value: stands} if stands else counts
