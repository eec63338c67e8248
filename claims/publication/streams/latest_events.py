"""The latest events for feeds for people, where all reviews that were imported on a day count as one."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

import orjson
from django.db.models import Count, Max, Q
from django.db.models.functions import TruncDate

from claims.models import Publication, Review
from claims.publication.log_reader import Event, Selection

MOST_NAMES = 20
"""Publishers of a day of imports that are named."""
BULK = 10
"""Imported reviews of a day that stand one by one; more are one entry."""
_PUBLISHED = Publication.Event.PUBLISHED.value
_OWN, _IMPORTED = Review.Origin.OWN.value, Review.Origin.IMPORTED.value


@dataclass
class ImportDay:
    """The reviews that were imported on a day (UTC); `more` if there may be others that were not counted.

    `organisations` are names of their publishers as published, those with most reviews first; `publishers` counts all.
    """

    day: date
    at: datetime
    count: int = 0
    publishers: int = 0
    more: bool = False
    organisations: list[str] = field(default_factory=list)


def latest_events(selection: Selection, *, limit: int) -> tuple[list[Event], list[ImportDay]]:
    """The latest events that match, and the days of imports among them: together at most `limit`, the newest.

    Imports are counted in the last `log_reader.WINDOW` events. Our own events are found however many imports follow
    them.
    """
    own = [
        replace(selection, reviews=selection.reviews | reviews).latest(limit=limit)
        for reviews in ({"review__origin": _OWN}, {"review__isnull": True})
        if selection.reviews.get("review__origin") != _IMPORTED
    ]
    if selection.reviews.get("review__origin") == _OWN:
        return selection.read(own[0]), []
    recent, cut = selection.recent()
    days = _import_days(selection, recent, cut)
    bulk = {day: each for day, each in days.items() if each.count > BULK}
    single = Q(day__in=[day for day in days if day not in bulk]) | ~Q(event=_PUBLISHED)
    imported = _imports(recent).filter(single).order_by("-sequence")[:limit]
    events = sorted(selection.read(imported, *own), key=lambda event: event.sequence, reverse=True)
    times = sorted([*(event.at for event in events), *(each.at for each in bulk.values())], reverse=True)[:limit]
    since = times[-1] if times else None
    return (
        [event for event in events[:limit] if since is None or event.at >= since],
        [each for each in bulk.values() if since is None or each.at >= since],
    )


def _import_days(selection: Selection, recent: Any, cut: bool) -> dict[date, ImportDay]:
    found: dict[date, ImportDay] = {}
    last: dict[date, list[int]] = {}
    by_publisher = _imports(recent).filter(event=_PUBLISHED).values_list("day", "review__organisation")
    for day, _, count, at, sequence in by_publisher.annotate(
        count=Count("pk"), at_last=Max("at"), sequence_last=Max("sequence")
    ).order_by("-count", "review__organisation"):
        each = found.setdefault(day, ImportDay(day, at))
        each.count += count
        each.publishers += 1
        each.at = max(each.at, at)
        last.setdefault(day, []).append(sequence)
    if cut and found:
        found[min(found)].more = True
    for day, each in found.items():
        if each.count > BULK:
            each.organisations = _names(selection, recent, last[day][:MOST_NAMES])
    return found


def _names(selection: Selection, recent: Any, sequences: list[int]) -> list[str]:
    """The publishers of these events by the names that were published, not those that an editor has typed since."""
    named = {}
    for event in selection.read(recent.filter(sequence__in=sequences)):
        reviews = orjson.loads(event.body)["reviews"] if event.body else []
        own = (one["organisation"]["name"] for one in reviews if one["id"] == event.review)
        named[event.sequence] = next(own, None)
    names = (named.get(sequence) for sequence in sequences)
    return list(dict.fromkeys(name for name in names if name))


def _imports(rows: Any) -> Any:
    """The events of imported reviews, each with its day."""
    return rows.filter(review__origin=_IMPORTED).annotate(day=TruncDate("at", tzinfo=UTC)).order_by()
