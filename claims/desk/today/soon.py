"""What is due: work, embargoes, answers of sources, and reviews that are to be looked at again."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.desk.lists.columns import one_line
from claims.models import Assignment, Claim, Complaint, PublicationTimer, Review, ReviewVersion, SourceRequest
from claims.permissions import User, rights
from claims.visibility import visible
from claims.watch.review_days import due

SHOWN = 10
AHEAD = timedelta(days=14)
_EACH = 6


@dataclass(frozen=True)
class Due:
    """One thing that is due. `day` where it has no hour."""

    at: datetime
    text: str
    language: str
    url: str
    sentence: str
    day: date | None = None
    is_over: bool = False


def soon(user: User) -> list[Due]:
    """What is overdue or due within two weeks, the first first."""
    now = timezone.now()
    return sorted(
        [*_work(user, now), *_timers(user), *_letters(user, now), *_days(user), *_complaints(user)],
        key=lambda each: each.at,
    )[:SHOWN]


def _work(user: User, now: datetime) -> list[Due]:
    rows = Assignment.objects.filter(assignee=user.pk, due_at__lt=now + AHEAD).select_related("claim")
    return [
        _due(each.due_at, each.claim, _("your work is due"), is_over=each.due_at < now)
        for each in visible(rows, user).order_by("due_at", "pk")[:_EACH]
        if each.due_at is not None
    ]


def _timers(user: User) -> list[Due]:
    rows = PublicationTimer.objects.filter(state=PublicationTimer.State.WAITING).select_related(
        "version__review__claim"
    )
    return [
        _due(each.at, each.version.review.claim, _("goes out by itself"))
        for each in visible(rows, user).order_by("at", "pk")[:_EACH]
    ]


def _letters(user: User, now: datetime) -> list[Due]:
    rows = SourceRequest.objects.filter(state=SourceRequest.State.SENT, deadline__lte=(now + AHEAD).date())
    rows = visible(rows.select_related("recheck__review__claim"), user).order_by("deadline", "pk")
    today = now.astimezone(UTC).date()
    return [
        _due_day(
            each.deadline,
            each.recheck.review.claim,
            _("answer of the source due"),
            reverse("desk:recheck", args=[each.recheck_id]),
            is_over=each.deadline < today,
        )
        for each in rows[:_EACH]
        if each.deadline is not None
    ]


def _days(user: User) -> list[Due]:
    today = timezone.now().astimezone(UTC).date()
    return [
        _due_day(each.day, each.review.claim, _("to be looked at again"), is_over=each.day < today)
        for each in due(user, today + AHEAD)[:_EACH]
    ]


def _complaints(user: User) -> list[Due]:
    """Those that this person may answer: her own and nobody's, but none about what she wrote."""
    if "claims.publish_review" not in rights(user):
        return []
    today = timezone.now().astimezone(UTC).date()
    published = ReviewVersion.objects.filter(author=user.pk, state=ReviewVersion.State.PUBLISHED)
    wrote = Exists(
        published.filter(
            Q(review__claim=OuterRef("claim")) | Q(review__claim=OuterRef("claim__merged_into")),
            review__origin=Review.Origin.OWN,
        )
    )
    rows = Complaint.objects.filter(Q(owner=user.pk) | Q(owner=None) & ~wrote, outcome="").select_related("claim")
    return [
        Due(
            datetime.combine(each.due_on, time.max, UTC),
            one_line(each.claim.text, 110) if each.claim else _("the site"),
            each.claim.language if each.claim and each.claim.language != "und" else "",
            reverse("desk:record_complaint", args=[each.pk]),
            _("complaint %(number)s to be answered") % {"number": each.number},
            day=each.due_on,
            is_over=each.due_on < today,
        )
        for each in visible(rows, user).order_by("due_on", "pk")[:_EACH]
    ]


def _due(at: datetime, claim: Claim, sentence: str, url: str = "", *, is_over: bool = False) -> Due:
    language = "" if claim.language == "und" else claim.language
    return Due(
        at,
        one_line(claim.text, 110),
        language,
        url or reverse("desk:claim", args=[claim.pk]),
        sentence,
        is_over=is_over,
    )


def _due_day(day: date, claim: Claim, sentence: str, url: str = "", *, is_over: bool = False) -> Due:
    language = "" if claim.language == "und" else claim.language
    at = datetime.combine(day, time.max, UTC)
    place = url or reverse("desk:claim", args=[claim.pk])
    return Due(at, one_line(claim.text, 110), language, place, sentence, day=day, is_over=is_over)
