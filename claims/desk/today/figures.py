"""Small charts of the last thirty days, with their numbers: `DailyCount` as bars of an inline SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from django.utils import timezone

from claims.daily_counts import HOURS, KINDS, LEVELS
from claims.desk.lists.columns import Words
from claims.models import DailyCount

DAYS = 30
WIDTH, HEIGHT = 270, 48


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Figure:
    """A chart. `counts` has None for a day that was not counted."""

    kind: str
    label: Words
    bars: Sequence[Bar]
    counts: Sequence[int | None]
    total: int
    most: int
    uncounted: int
    last: int
    is_sum: bool
    """Whether the days add up: hours on average, and how quotes stand, do not."""


@dataclass(frozen=True)
class Figures:
    charts: Sequence[Figure]
    days: Sequence[date]
    table: Sequence[tuple[date, Sequence[int | None]]]


def figures(levels: Mapping[str, int] | None = None) -> Figures | None:
    """The charts; None as long as nothing was counted. `levels` are today's, as they stand beside the charts."""
    today = timezone.now().astimezone(UTC).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    rows = DailyCount.objects.filter(day__gte=days[0], day__lte=today, kind__in=[*KINDS, *LEVELS])
    counted = {(kind, day): count for kind, day, count in rows.values_list("kind", "day", "count")}
    if not counted:
        return None
    counted |= {(kind, today): count for kind, count in (levels or {}).items()}
    kinds = (KINDS | LEVELS).items()
    charts = [_figure(kind, label, [counted.get((kind, day)) for day in days]) for kind, label in kinds]
    table = [(day, [chart.counts[place] for chart in charts]) for place, day in enumerate(days)]
    return Figures(charts, days, list(reversed(table)))


def _figure(kind: str, label: Words, counts: list[int | None]) -> Figure:
    most = max([count or 0 for count in counts], default=0)
    step = WIDTH / len(counts)
    bars = [
        Bar(round(place * step, 1), round(HEIGHT - tall, 1), round(step - 1.6, 1), tall)
        for place, count in enumerate(counts)
        if count and (tall := round(max(count / most * HEIGHT, 1.5), 1))
    ]
    total = sum(count or 0 for count in counts)
    last = next((count for count in reversed(counts) if count is not None), 0)
    uncounted = 0 if kind == HOURS else sum(count is None for count in counts)
    is_sum = kind in KINDS and kind != HOURS
    return Figure(kind, label, bars, counts, total, most, uncounted, last, is_sum)
