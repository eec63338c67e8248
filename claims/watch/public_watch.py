"""What readers may know of the watch of published quotes: in which days a quote stood, and when it was last seen.

Days alone, never times, and only what an editor has confirmed (`claims.publication.quote_state`): a page for readers
that told hours would tell whoever edits a page when we look, and that we saw it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from claims.models import Evidence
from claims.models.publication import Audience
from claims.watch.watch_line import STOOD, WatchLine, watch_lines


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
    """The watch of each quote (public ids of evidence in public bodies) that is looked for on a page. Eight queries."""
    rows = {row.pk: row for row in Evidence.objects.filter(public_id__in=list(evidence))}
    lines = watch_lines(rows.values(), audience=Audience.PUBLIC)
    return {rows[key].public_id: _in_days(line) for key, line in lines.items()}


def _in_days(line: WatchLine) -> PublicWatch:
    seen_on = _day(line.seen_at) if line.seen_at else None
    periods: list[PublicPeriod] = []
    for each in line.periods:
        start, end = _day(each.start), _day(each.end)
        if each.state == STOOD and each is line.periods[-1] and seen_on is not None:
            end = max(start, seen_on)
        periods.append(PublicPeriod(each.state, start, end))
    return PublicWatch(_day(line.start), seen_on, tuple(periods))


def _day(at: datetime) -> date:
    return at.astimezone(UTC).date()
