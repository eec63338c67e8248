"""Count what happened on each day (UTC) for the desk's charts, from the logs themselves, into `DailyCount`.

A run counts the days anew from the last one that was counted, so that days on which nothing ran are filled and a day
that was counted before its end is put right. Counting twice gives the same.
"""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import DailyCount, Recheck, Review, ReviewVersion, Tip

FIRST_DAYS = 90
"""Days that the first run counts."""
MOST_DAYS = 400
KINDS: dict[str, Any] = {
    "rechecks": _("re-checks raised"),
    "publications": _("versions published"),
    "tips": _("tips received"),
}
"""Each kind of count with its name."""


def _times(kind: str) -> tuple[QuerySet[Any], str]:
    """The rows of a kind, and the field that says when."""
    if kind == "rechecks":
        return Recheck.objects.all(), "raised_at"
    if kind == "publications":
        return ReviewVersion.objects.filter(review__origin=Review.Origin.OWN), "published_at"
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
        counts: Counter[date] = Counter(dict(by_day.annotate(_count=Count("pk"))))
        rows += [DailyCount(day=day, kind=kind, count=counts[day]) for day in days]
    with transaction.atomic():
        DailyCount.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["day", "kind"], update_fields=["count"]
        )
    return len(rows)


def count() -> int:
    """Count today and every day since the last one that was counted. Returns how many numbers were written."""
    today = timezone.now().astimezone(UTC).date()
    counted = DailyCount.objects.aggregate(last=Max("day"))["last"]
    first = counted - timedelta(days=1) if counted else today - timedelta(days=FIRST_DAYS)
    return count_days(max(min(first, today), today - timedelta(days=MOST_DAYS)), today)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
