"""The watch of a quote over time: when it stood, when it did not, when its page could not be read.

    2026-11-01 ───────────────╮                 level while it stands, dotted while nobody could read the page,
                              ╰────────●        a step down when it does not stand; the dot is when it was last seen

The periods are those of the checks that the audience may know of (`claims.publication.quote_state`), so that the line
and the state of a quote never differ. A copy of a quote in a later version has the line of what it was copied from.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from claims.models import Evidence, EvidenceCheck
from claims.models.publication import Audience
from claims.publication.freshness import UNKNOWN, freshness_on_page
from claims.publication.quote_state import visible_checks
from sources.models import Outcome, Polling

MOST_CHECKS = 200  # of a quote, the newest; an older line begins with the first of them
STOOD, BROKEN, UNREAD = "stood", "broken", "unread"

_ORIGINS = """
    WITH RECURSIVE origin (evidence, ancestor, copied_from, page, exact) AS (
        SELECT id, id, copied_from_id, page_id, exact FROM claims_evidence WHERE id = ANY(%s)
        UNION ALL
        SELECT origin.evidence, earlier.id, earlier.copied_from_id, earlier.page_id, earlier.exact
        FROM origin JOIN claims_evidence AS earlier ON earlier.id = origin.copied_from
            AND earlier.page_id = origin.page AND earlier.exact = origin.exact
    )
    SELECT origin.evidence, origin.ancestor, snapshot.taken_at FROM origin
    JOIN claims_evidence AS quote ON quote.id = origin.ancestor
    JOIN sources_snapshot AS snapshot ON snapshot.id = quote.snapshot_id
"""


@dataclass(frozen=True)
class Period:
    """A time in which a quote was in one state."""

    state: str
    start: datetime
    end: datetime


@dataclass(frozen=True)
class WatchLine:
    """The periods of a quote from when it was attached until now, and when it was last truly seen."""

    start: datetime
    end: datetime
    periods: tuple[Period, ...]
    seen_at: datetime | None = None
    read_at: datetime | None = None
    """When the page was last read."""
    of: tuple[int, ...] = ()
    """The keys of the quote and of those that it was copied from."""


def watch_lines(evidence: Iterable[Evidence], *, audience: str) -> dict[int, WatchLine]:
    """The line of each page quote, by primary key, as far as the audience may know it. Seven queries for any number.

    For the public it ends with the last check or the last day at which the quote was seen; after it nothing is said.
    """
    rows = {row.pk: row for row in evidence if row.kind == Evidence.Kind.PAGE_QUOTE}
    if not rows:
        return {}
    origins, starts = _origins(rows)
    found: dict[int, list[tuple[datetime, str]]] = {key: [] for key in rows}
    every = {ancestor for ancestors in origins.values() for ancestor in ancestors}
    checks = visible_checks(EvidenceCheck.objects.filter(evidence__in=every), audience)
    latest = checks.annotate(place=Window(RowNumber(), partition_by=F("evidence"), order_by=F("pk").desc())).filter(
        place__lte=MOST_CHECKS
    )
    of_ancestor: dict[int, list[EvidenceCheck]] = {}
    for check in latest.order_by("pk"):
        of_ancestor.setdefault(check.evidence_id, []).append(check)
    for key, ancestors in origins.items():
        known = [check for ancestor in ancestors for check in of_ancestor.get(ancestor, [])]
        found[key] = [(check.checked_at, _state(check)) for check in sorted(known, key=lambda check: check.pk)]
    seen = freshness_on_page((row.public_id for row in rows.values()), audience=audience)
    polls = {} if audience == Audience.PUBLIC else _polls(rows.values())
    end = timezone.now()
    lines = {}
    for key, row in rows.items():
        seen_at = seen.get(row.public_id, UNKNOWN).last_seen_at
        line = line_of_checks(starts[key], end, found[key], seen_at, polls.get(row.page_id or 0))
        lines[key] = replace(line, of=tuple(origins[key]))
    return lines


def broken_at(line: WatchLine, at: datetime) -> WatchLine:
    """The line of a quote that was not in its place when its page was read at this time, before anybody checked it."""
    periods = [each for each in line.periods if each.start < at]
    if periods and periods[-1].state == BROKEN:
        return line
    if periods:
        periods[-1] = replace(periods[-1], end=min(periods[-1].end, at))
    return replace(line, periods=(*periods, Period(BROKEN, at, max(at, line.read_at or at))))


def _origins(keys: Iterable[int]) -> tuple[dict[int, list[int]], dict[int, datetime]]:
    """For each quote itself and those that it was copied from, and when the first of them was read."""
    origins: dict[int, list[int]] = {}
    starts: dict[int, datetime] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ORIGINS, [list(keys)])
        for key, ancestor, taken_at in cursor.fetchall():
            origins.setdefault(key, []).append(ancestor)
            starts[key] = min(taken_at, starts.get(key, taken_at))
    return origins, starts


def _polls(rows: Iterable[Evidence]) -> dict[int, Polling]:
    """The polling of each page. What it last found nobody has confirmed: the public is not told."""
    return {state.page_id: state for state in Polling.objects.filter(page__in={row.page_id for row in rows})}


def _state(check: EvidenceCheck) -> str:
    if check.broke:
        return BROKEN
    return UNREAD if check.result == EvidenceCheck.Result.UNVERIFIABLE else STOOD


def line_of_checks(
    start: datetime,
    end: datetime,
    found: list[tuple[datetime, str]],
    seen_at: datetime | None,
    poll: Polling | None = None,
) -> WatchLine:
    """Join what was found to periods. A quote stood when it was attached; of after the last look nothing is said."""
    steps = [(start, STOOD), *((max(at, start), state) for at, state in found)]
    periods: list[Period] = []
    for (at, state), following in zip(steps, [*(at for at, _ in steps[1:]), end], strict=True):
        if periods and periods[-1].state == state:
            at = periods.pop().start
        periods.append(Period(state, at, following))
    last = periods.pop()
    if last.state != UNREAD:
        unread_since = poll.unread_since if poll is not None and _is_unread(poll) else None
        known = max(filter(None, (last.start, found[-1][0] if found else None, _last_look(last.state, seen_at, poll))))
        until = min(known, unread_since or end, end)
        periods.append(Period(last.state, last.start, max(last.start, until)))
        if unread_since is not None:
            periods.append(Period(UNREAD, max(last.start, unread_since), end))
    else:
        periods.append(last)
    return WatchLine(start, end, tuple(periods), seen_at, poll.last_success_at if poll is not None else None)


def _is_unread(poll: Polling) -> bool:
    return poll.last_outcome not in ("", *Outcome.readable())


def _last_look(state: str, seen_at: datetime | None, poll: Polling | None) -> datetime | None:
    """Until when a state is known: one that stands until it was last seen, another until its page was last read."""
    if state == STOOD:
        return seen_at
    return poll.last_success_at if poll is not None else None
