"""Count what happened on each day (UTC) for the desk's charts, from the logs themselves, into `DailyCount`.

How quotes stand is no event of a day: it is counted as it is now, for today alone, and the last count of a day stays.

A run counts the days anew from the last one that was counted, so that days on which nothing ran are filled and a day
that was counted before its end is put right. Counting twice gives the same.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, DurationField, F, Max, QuerySet
from django.db.models.functions import Ceil, Extract, TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import DailyCount, Evidence, Recheck, Review, ReviewVersion, Tip
from claims.publication.quote_state import NO_LONGER, LastLook, not_stood
from sources.models import Change

FIRST_DAYS = 90
"""Days that the first run counts."""
MOST_DAYS = 400
HOURS = "answered_hours"
"""A day on which nothing was answered has no number of these."""
KINDS: dict[str, Any] = {
    "rechecks": _("re-checks raised"),
    "publications": _("versions published"),
    "tips": _("tips received"),
    "changes": _("changes seen on watched pages"),
    HOURS: _("hours until re-checks were answered, on average"),
}
"""Each kind of count with its name."""
LEVELS: dict[str, Any] = {
    "quotes_stand": _("quotes that stand"),
    "quotes_no_longer": _("quotes that no longer stand"),
    "quotes_unread": _("quotes that could not be read"),
}
"""What is counted as it is, and not as so many a day."""


_NUMBER: dict[str, Any] = {
    HOURS: Ceil(Extract(Avg(F("resolved_at") - F("raised_at"), output_field=DurationField()), "epoch") / 3600.0),
}
"""What is counted of a day instead of its rows."""


def _times(kind: str) -> tuple[QuerySet[Any], str]:
    """The rows of a kind, and the field that says when."""
    if kind == "rechecks":
        return Recheck.objects.all(), "raised_at"
    if kind == "publications":
        return ReviewVersion.objects.filter(review__origin=Review.Origin.OWN), "published_at"
    if kind == "changes":
        return Change.objects.all(), "detected_at"
    if kind == HOURS:
        return Recheck.objects.all(), "resolved_at"
    return Tip.objects.all(), "received_at"


def count_days(first: date, last: date) -> int:
    """Count these days anew, both included. Returns how many numbers were written."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    since, until = _midnight(first), _midnight(last + timedelta(days=1))
    rows = []
    for kind in KINDS:
        found, field = _times(kind)
        within = found.filter(**{f"{field}__gte": since, f"{field}__lt": until})
        by_day = within.annotate(_day=TruncDate(field, tzinfo=UTC)).order_by().values_list("_day")
        counts: Counter[date] = Counter(dict(by_day.annotate(_count=_NUMBER.get(kind, Count("pk")))))
        rows += [DailyCount(day=day, kind=kind, count=counts[day]) for day in days if day in counts or kind != HOURS]
    _write(rows)
    return len(rows)


def count_quotes(day: date) -> int:
    """Count how the quotes stand now, for this day. Returns how many numbers were written."""
    watched = Evidence.objects.watched()
    looks = dict(not_stood(watched).order_by().values_list("last_look").annotate(Count("pk")))
    unread = looks.get(LastLook.UNREAD.value, 0)
    no_longer = sum(looks.get(each.value, 0) for each in NO_LONGER)
    counts = {
        "quotes_stand": watched.count() - unread - no_longer,
        "quotes_no_longer": no_longer,
        "quotes_unread": unread,
    }
    _write([DailyCount(day=day, kind=kind, count=max(number, 0)) for kind, number in counts.items()])
    return len(counts)


def _write(rows: list[DailyCount]) -> None:
    with transaction.atomic():
        DailyCount.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day", "kind"], update_fields=["count"]
        )


def count() -> int:
    """Count today and every day since the last one that was counted. Returns how many numbers were written."""
    today = timezone.now().astimezone(UTC).date()
    counted = DailyCount.objects.aggregate(last=Max("day"))["last"]
    first = counted - timedelta(days=1) if counted else today - timedelta(days=FIRST_DAYS)
    return count_days(max(min(first, today), today - timedelta(days=MOST_DAYS)), today) + count_quotes(today)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
