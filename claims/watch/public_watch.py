"""What readers may know of the watch of published quotes: in which days a quote stood, and when it was last seen.

Days alone, never times, and only what an editor has confirmed (`claims.publication.quote_state`): a page for readers
that told hours would tell whoever edits a page when we look, and that we saw it.

It is asked for each page of a claim, so it is one prepared statement, made of the rule of `visible_checks` itself. The
answer is that of `watch_lines` for the public, day for day (tests/claims/watch/test_public_watch.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import Case, Value, When
from django.db.models.expressions import RawSQL
from django.utils import timezone
from psycopg.sql import Literal

from claims.models import Evidence, EvidenceCheck
from claims.models.publication import Audience
from claims.models.watch.evidence_check import BROKE
from claims.publication.quote_state import visible_checks
from claims.watch.watch_line import BROKEN, MOST_CHECKS, STOOD, UNREAD, WatchLine, line_of_checks
from sources.database.prepared_reads import PreparedStatement

# Each quote with those that it was copied from (as `watch_line` and `models/watch/anchoring` have them); a row for each
# check that the public may know of, or one without. Times are microseconds since 1970; of the last look at which the
# quote was seen (`sources.passages.last_seen`) the day alone leaves the database.
_LINES = """
    WITH RECURSIVE quote AS MATERIALIZED (
        SELECT id, public_id, page_id, exact, copied_from_id, snapshot_id, passage_id FROM claims_evidence
        WHERE public_id = ANY($1) AND kind = {page_quote}
    ), origin (quote, id, page, exact, copied_from, snapshot) AS (
        SELECT id, id, page_id, exact, copied_from_id, snapshot_id FROM quote
        UNION ALL
        SELECT origin.quote, earlier.id, earlier.page_id, earlier.exact, earlier.copied_from_id, earlier.snapshot_id
        FROM origin JOIN claims_evidence AS earlier ON earlier.id = origin.copied_from
            AND earlier.page_id = origin.page AND earlier.exact = origin.exact
    ), attached AS MATERIALIZED (
        SELECT origin.quote, origin.id, snapshot.taken_at
        FROM origin JOIN sources_snapshot AS snapshot ON snapshot.id = origin.snapshot
    ), newest AS (
        SELECT DISTINCT ON (origin.quote) origin.quote, anchoring.passage_id
        FROM origin JOIN claims_anchoring AS anchoring ON anchoring.evidence_id = origin.id
        ORDER BY origin.quote, anchoring.id DESC
    )
    SELECT quote.public_id, {start}, {seen_on}, {checked_at}, checked.state
    FROM quote
    JOIN (SELECT quote, min(taken_at) AS at FROM attached GROUP BY quote) AS start ON start.quote = quote.id
    LEFT JOIN newest ON newest.quote = quote.id
    LEFT JOIN LATERAL (
        SELECT greatest(snapshot.requested_at, (
            SELECT max(watched.at) FROM sources_polling AS polling,
                unnest(polling.passages, polling.seen_at) AS watched (id, at)
            WHERE polling.page_id = passage.page_id AND watched.id = passage.id AND watched.at <= clock_timestamp()
        )) AS at
        FROM sources_passage AS passage JOIN sources_snapshot AS snapshot ON snapshot.id = passage.snapshot_id
        WHERE passage.id = CASE WHEN newest.quote IS NULL THEN quote.passage_id ELSE newest.passage_id END
    ) AS seen ON true
    LEFT JOIN (
        SELECT attached.quote, checked.* FROM attached
        CROSS JOIN LATERAL ({visible_checks}) AS checked (id, checked_at, state)
    ) AS checked ON checked.quote = quote.id
    ORDER BY quote.id, checked.id
"""
_MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class PublicPeriod:
    """A time in which a quote stood (`stood`), did not (`broken`), or could not be read (`unread`); UTC days."""

    state: str
    start: date
    end: date


@dataclass(frozen=True)
class PublicWatch:
    """The watch of a quote from the day its page was saved; `seen_on` is the last day at which it was truly seen."""

    start: date
    seen_on: date | None
    periods: tuple[PublicPeriod, ...]

    @property
    def end(self) -> date:
        """The last day of which anything is said."""
        return max(self.start, self.periods[-1].end, self.seen_on or self.start)


def public_watch(evidence: Iterable[str]) -> dict[str, PublicWatch]:
    """The watch of each quote (public ids of evidence in public bodies) that is looked for on a page. One query."""
    names = list(evidence)
    if not names:
        return {}
    starts: dict[str, tuple[datetime, datetime | None]] = {}
    found: dict[str, list[tuple[datetime, str]]] = {}
    for public_id, start, seen_on, checked_at, state in statement().rows(_array(names)):
        name = _text(public_id)
        starts[name] = (_time(start), _time(seen_on) if seen_on else None)
        checks = found.setdefault(name, [])
        if checked_at:
            checks.append((_time(checked_at), _text(state)))
    end = timezone.now()
    return {
        name: in_days(line_of_checks(start, end, found[name], seen_at)) for name, (start, seen_at) in starts.items()
    }


def in_days(line: WatchLine) -> PublicWatch:
    """The line without its times."""
    seen_on = _day(line.seen_at) if line.seen_at else None
    periods: list[PublicPeriod] = []
    for each in line.periods:
        start, end = _day(each.start), _day(each.end)
        if each.state == STOOD and each is line.periods[-1] and seen_on is not None:
            end = max(start, seen_on)
        periods.append(PublicPeriod(each.state, start, end))
    return PublicWatch(_day(line.start), seen_on, tuple(periods))


@cache
def statement() -> PreparedStatement:
    """What is asked; its text is made once in a process."""
    day = "date_trunc('day', seen.at, 'UTC')"
    return PreparedStatement(
        "public_watch",
        _LINES.format(
            page_quote=_literal(Evidence.Kind.PAGE_QUOTE.value),
            start=_MICROSECONDS.format("start.at"),
            seen_on=_MICROSECONDS.format(day),
            checked_at=_MICROSECONDS.format("checked.checked_at"),
            visible_checks=_visible_checks(),
        ),
    )


def _visible_checks() -> str:
    """The newest checks of `attached.id` that the public may know of, as SQL; its rule is written down once."""
    of_quote = EvidenceCheck.objects.filter(evidence=RawSQL("attached.id", []))
    state = Case(
        When(BROKE, then=Value(BROKEN)),
        When(result=EvidenceCheck.Result.UNVERIFIABLE, then=Value(UNREAD)),
        default=Value(STOOD),
    )
    checks = visible_checks(of_quote, Audience.PUBLIC).annotate(state=state).order_by("-pk")
    sql, values = checks.values_list("pk", "checked_at", "state")[:MOST_CHECKS].query.sql_with_params()
    return sql % tuple(map(_literal, values))


def _literal(value: Any) -> str:
    return Literal(value).as_string(None)


def _array(names: list[str]) -> bytes:
    quoted = (name.replace("\x00", "").replace("\\", "\\\\").replace('"', '\\"') for name in names)
    return ("{" + ",".join(f'"{name}"' for name in quoted) + "}").encode("utf-8", "replace")


def _time(microseconds: bytes | None) -> datetime:
    return _EPOCH + timedelta(microseconds=int(microseconds or 0))


def _text(value: bytes | None) -> str:
    return (value or b"").decode()


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
