"""The verification status of a claim, derived from its reviews and their re-checks."""

from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from claims.models.claim import Claim
from claims.models.review import Review
from claims.models.watch.recheck import Recheck


class Verification(models.TextChoices):
    """The public status of a claim's checking. Independent of the rating, and always derived."""

    UNCHECKED = "unchecked", "unchecked"
    BEING_CHECKED = "being_checked", "being checked"
    CHECKED = "checked", "checked"
    NEEDS_RECHECK = "needs_recheck", "needs re-check"
    SUSPENDED = "suspended", "under review"
    WITHDRAWN = "withdrawn", "withdrawn"
    MERGED = "merged", "part of another claim"


def with_verification(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Annotate `verification`, one of `Verification`, from the reviews and their re-checks."""
    reviews = Review.objects.filter(claim=OuterRef("pk"))
    standing = reviews.published().filter(withdrawn_at__isnull=True)
    return claims.annotate(
        verification=models.Case(
            models.When(merged_into__isnull=False, then=models.Value(Verification.MERGED.value)),
            # The stronger caution of the two: a claim with a suspended review may need a re-check besides.
            models.When(
                Exists(reviews.filter(suspended_at__isnull=False)),
                then=models.Value(Verification.SUSPENDED.value),
            ),
            models.When(
                Exists(Recheck.objects.open().filter(review__claim=OuterRef("pk"))),
                then=models.Value(Verification.NEEDS_RECHECK.value),
            ),
            models.When(Exists(standing), then=models.Value(Verification.CHECKED.value)),
            models.When(
                Exists(reviews.filter(withdrawn_at__isnull=False)),
                then=models.Value(Verification.WITHDRAWN.value),
            ),
            models.When(Exists(reviews), then=models.Value(Verification.BEING_CHECKED.value)),
            default=models.Value(Verification.UNCHECKED.value),
            output_field=models.CharField(),
        )
    )
