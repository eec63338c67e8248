"""Lock the claim of a review, which every verb does first: claim, review, version."""

from claims.models import Claim


def lock_claim_of(review: int) -> Claim:
    """Lock the claim of the review with this key until commit, and return it. Raises `Claim.DoesNotExist`.

    A merge that is approved while this waits moves the review, and PostgreSQL then finds no row; so it is asked again.
    """
    rows = Claim.objects.select_for_update().filter(reviews=review)
    return next(iter(rows), None) or rows.all().get()
