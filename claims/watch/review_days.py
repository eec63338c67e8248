"""The day by which a published review is looked at again although no page of it changed.

A day is proposed from the claim's period, by few rules:

    the period ends in the future   the day after it ends
    it spans whole years            a year after the day for which the finding holds: the next figures may be out
    anything else                   none; editors set one where they want it
"""

from datetime import UTC, date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.models import Assignment, Review, ReviewBy
from claims.notices import notify
from claims.permissions import Refused, User, allowed, facts, require
from claims.visibility import visible
from sources.database.audit import acting, acting_as

_YEAR = timedelta(days=360)
"""Periods this long are taken for figures of whole years."""


def may_set(user: User, review: Review) -> bool:
    """Whether the user may set the day of this review."""
    return allowed("set a day of review", facts(user, claim=review.claim))


def proposed_day(review: Review, on: date | None = None) -> date | None:
    """The day that follows from the claim's period; None without one, or if it is over."""
    now = on or today()
    start, end = review.claim.period_start, review.claim.period_end
    if end is not None and end >= now:
        return end + timedelta(days=1)
    if start is not None and end is not None and end - start >= _YEAR:
        version = review.latest_published()
        if version is not None and version.published_at is not None:
            day = _a_year_after(version.true_as_of or version.published_at.astimezone(UTC).date())
            return day if day > now else None
    return None


def set_day(review: Review, *, actor: User, day: date, why: str = "") -> ReviewBy:
    """Set the day by which the review is looked at again, or change it. Raises `Refused`."""
    _require(actor, review)
    if day <= today():
        raise Refused(_("Choose a day in the future."))
    with acting(actor, reason="set a day of review"), transaction.atomic():
        locked = Review.objects.select_for_update().get(pk=review.pk)
        if locked.origin == Review.Origin.IMPORTED:
            raise Refused(_("An imported review is its publisher's; it is not watched here."))
        if locked.latest_published() is None or locked.withdrawn_at is not None:
            raise Refused(_("Only a review that is public is looked at again."))
        row, _made = ReviewBy.objects.update_or_create(
            review=locked,
            defaults={
                "day": day,
                "why": why.strip()[:300],
                "set_by": actor,
                "set_at": timezone.now(),
                "reminded_at": None,
            },
        )
        return row


def remove_day(review: Review, *, actor: User) -> None:
    """Take the day off again: somebody looked, or it is not needed. Raises `Refused`."""
    _require(actor, review)
    with acting(actor, reason="removed the day of review"), transaction.atomic():
        row = ReviewBy.objects.select_for_update().filter(review=review).first()
        if row is None:
            raise Refused(_("No day is set for this review."))
        row.delete()


def due(user: User, on: date | None = None) -> QuerySet[ReviewBy]:
    """The reviews whose day has come, as this person may see them, the longest overdue first."""
    rows = visible(ReviewBy.objects.filter(day__lte=on or today()), user)
    return rows.select_related("review__claim", "review__organisation", "set_by").order_by("day", "pk")


def remind(limit: int = 200) -> int:
    """Tell people of reviews whose day has come, once each. Returns the number told of."""
    late = ReviewBy.objects.filter(day__lte=today(), reminded_at__isnull=True)
    told = 0
    for key in late.order_by("day", "pk").values_list("pk", flat=True)[:limit]:
        with acting_as("reminders"), transaction.atomic():
            row = late.select_for_update(of=("self",), skip_locked=True).filter(pk=key).first()
            if row is None:
                continue
            row.reminded_at = timezone.now()
            row.save(update_fields=["reminded_at"])
            claim = row.review.claim
            people = [row.set_by]
            assigned = Assignment.objects.filter(claim=claim, assignee__isnull=False).select_related("assignee")
            people += [each.assignee for each in assigned if each.assignee is not None]
            notify(people, "review_due", claim=claim, path=reverse("desk:claim", args=[claim.pk]))
            told += 1
    return told


def today() -> date:
    """The day in UTC, by which days are due."""
    return timezone.now().astimezone(UTC).date()


def _a_year_after(day: date) -> date:
    # Of 29 February the 28th.
    return day.replace(year=day.year + 1) if (day.month, day.day) != (2, 29) else date(day.year + 1, 2, 28)


def _require(actor: User, review: Review) -> None:
    require(
        may_set(actor, review),
        _("You may not set days of review; ask an administrator for the role of an editor."),
    )
