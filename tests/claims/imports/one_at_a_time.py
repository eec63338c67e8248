"""Take a record of a known review one at a time, row by row: the reference to which batches are compared."""

from enum import Enum, auto

from django.db import transaction
from django.utils import timezone

from claims.imports import conflicts, versions
from claims.imports.formats.records import Record
from claims.imports.known_reviews import Contradiction, Unchanged, decide, load, source_key
from claims.imports.rows import Rows


class Outcome(Enum):
    """What came of a record."""

    UNCHANGED = auto()
    UPDATED = auto()
    CONTRADICTORY = auto()
    NOT_IMPORTED = auto()
    """There is no review of it: the record before it in its source was refused."""


@transaction.atomic
def take(record: Record, *, rows: Rows, again: bool, source: str, in_order: bool = False) -> Outcome:
    """Take the record; `rows` has prepared its places. `again` and `in_order` are those of `decide`."""
    stored = load([record.key], locked=True).get(record.key)
    if stored is None:
        return Outcome.NOT_IMPORTED
    verdict = decide(stored, record, source=source_key(source), again=again, in_order=in_order)
    if isinstance(verdict, Contradiction):
        waits = conflicts.put(conflicts.question(stored, record, verdict), source=source)
        return Outcome.CONTRADICTORY if waits else Outcome.UNCHANGED
    if isinstance(verdict, Unchanged):
        if not verdict.is_earlier:
            versions.note_seen(stored, record)
        rating = rows.rating(stored.review.organisation_id, stored.latest.rating_as_given)
        if rating is None or stored.latest.rating_id == rating.pk:
            return Outcome.UNCHANGED
        mapping = versions.mapping_version(stored, rating, now=timezone.now())
        versions._write(stored, [mapping], versions.mapped(stored, rating))
        return Outcome.UPDATED
    versions.apply(stored, record, verdict, source=source_key(source), rows=rows)
    return Outcome.UPDATED
