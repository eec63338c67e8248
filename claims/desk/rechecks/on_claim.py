"""What is open on a claim, for its workbench: re-checks, letters to sources, days of review."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch

from claims.desk.rechecks import words
from claims.models import Claim, EvidenceCheck, Recheck, Review, SourceRequest
from claims.watch import review_days


@dataclass(frozen=True)
class OpenRecheck:
    """An open re-check in a line."""

    recheck: Recheck
    cause: str
    grade: str
    state: str
    letters: list[SourceRequest]
    """That wait for an answer."""


@dataclass(frozen=True)
class DayOfReview:
    """The day by which a public review is looked at again, and what may be done about it."""

    review: Review
    day: date | None
    why: str
    is_due: bool
    proposed: date | None
    may_set: bool


def on_claim(claim: Claim, user: Any) -> dict[str, Any]:
    """The context of `desk/rechecks/on_claim.html`. Four queries, and two for each public review."""
    broken = EvidenceCheck.objects.broken().order_by("-pk")
    letters = SourceRequest.objects.filter(state=SourceRequest.State.SENT).select_related("page")
    rechecks = Recheck.objects.open().filter(review__claim=claim).select_related("review__organisation")
    rows = rechecks.prefetch_related(
        Prefetch("checks", queryset=broken, to_attr="broken"),
        Prefetch("source_requests", queryset=letters, to_attr="waiting"),
    ).order_by("raised_at", "pk")
    return {"open_rechecks": [_open(row) for row in rows], "review_days": review_days_of(claim, user)}


def review_days_of(claim: Claim, user: Any) -> list[DayOfReview]:
    """The days of the claim's own public reviews."""
    own = claim.reviews.filter(origin=Review.Origin.OWN, withdrawn_at__isnull=True)
    public = own.filter(versions__state="published").select_related("review_by", "claim", "organisation").distinct()
    found = []
    for review in public.order_by("pk"):
        row = getattr(review, "review_by", None)
        found.append(
            DayOfReview(
                review=review,
                day=row.day if row else None,
                why=row.why if row else "",
                is_due=row is not None and row.day <= review_days.today(),
                proposed=None if row else review_days.proposed_day(review),
                may_set=review_days.may_set(user, review),
            )
        )
    return found


def _open(row: Any) -> OpenRecheck:
    worst = next((check for check in row.broken if check.why == row.cause), None)
    return OpenRecheck(row, words.cause(row.cause, worst), words.grade(row.grade), words.state(row), row.waiting)
