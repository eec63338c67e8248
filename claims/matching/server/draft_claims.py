"""Read the claims that editors work on and nobody outside may know of, and follow their changes.

Every change of a claim is a row of its audit, numbered in the order in which the rows were made, not in which they
became visible. Numbers that are missing are therefore looked for again for a while (`_GAP_SECONDS`), since their
transaction may have been open. What is published or withdrawn meanwhile comes from the publication log.
"""

import time
from collections.abc import Iterator

from django.apps import apps
from django.db.models import Exists, Max, OuterRef, QuerySet

from claims.matching.published_entry import HIDDEN
from claims.matching.server.published_claims import Changes
from claims.matching.types import ClaimEntry
from claims.models import Claim, ClaimVersion, Publication
from claims.models.publication import Audience

_BATCH = 1_000
_MOST_EVENTS = 20_000  # read at a time
_MOST_GAPS = 10_000
_GAP_SECONDS = 900.0  # as long as a statement may take (factcheck/embedded/database_roles.py)


def drafts() -> QuerySet[Claim]:
    """The claims that newsrooms do not find, apart from those that were merged into others."""
    shown = ClaimVersion.objects.current(Audience.NEWSROOMS).exclude(verification__in=HIDDEN)
    return Claim.objects.filter(~Exists(shown.filter(claim=OuterRef("pk"))), merged_into__isnull=True)


def entries_of(claims: QuerySet[Claim]) -> Iterator[ClaimEntry]:
    """The entries of drafts; their `sequence` is 0."""
    columns = ("public_id", "text", "language", "period_start", "period_end", "place")
    for public_id, text, language, start, end, place in claims.values_list(*columns).iterator(chunk_size=_BATCH):
        yield ClaimEntry(
            public_id, 0, text, "" if language == "und" else language, period_start=start, period_end=end, place=place
        )


class DraftReader:
    """Tells what changed since it was asked last. Begin with `entries_of(drafts())`, after making this."""

    def __init__(self) -> None:
        self._events = apps.get_model("claims", "ClaimEvent").objects
        self._last: int = self._events.aggregate(last=Max("pgh_id"))["last"] or 0
        self._sequence: int = Publication.objects.aggregate(last=Max("sequence"))["last"] or 0
        self._gaps: dict[int, float] = dict.fromkeys(range(max(self._last - 1_000, 0), self._last), time.monotonic())
        self._ids: dict[int, str] = {}

    def changes(self) -> Changes:
        """Drafts that came or changed, and ids of those that went or are published. Raises Django's errors."""
        return _changes({**self._edited(), **self._published()})

    def _edited(self) -> dict[int, str]:
        """Claims with new rows of their audit."""
        columns = ("pgh_id", "id", "public_id")  # also of a claim that is deleted
        rows = self._events.filter(pgh_id__gt=self._last).order_by("pgh_id").values_list(*columns)
        found = list(rows[:_MOST_EVENTS])
        late = list(self._events.filter(pgh_id__in=list(self._gaps)).values_list(*columns))
        now = time.monotonic()
        if found:
            numbers = {number for number, *_ in found}
            missing = set(range(self._last + 1, max(numbers))) - numbers
            self._gaps.update(dict.fromkeys(sorted(missing)[-_MOST_GAPS:], now))
            self._last = max(numbers)
        for number, *_ in late:
            del self._gaps[number]
        self._gaps = {number: since for number, since in self._gaps.items() if now - since < _GAP_SECONDS}
        return {claim: public_id for _, claim, public_id in (*found, *late)}

    def _published(self) -> dict[int, str]:
        """Claims with new events of the log."""
        rows = Publication.objects.filter(sequence__gt=self._sequence).order_by("sequence")
        found = list(rows.values_list("sequence", "claim", "claim__public_id")[:_MOST_EVENTS])
        if found:
            self._sequence = found[-1][0]
        return {claim: public_id for _, claim, public_id in found}


def _changes(claims: dict[int, str]) -> Changes:
    keys = sorted(claims)
    entries: list[ClaimEntry] = []
    for at in range(0, len(keys), _BATCH):
        entries += entries_of(drafts().filter(pk__in=keys[at : at + _BATCH]))
    return Changes(entries, sorted(set(claims.values()) - {entry.id for entry in entries}))
