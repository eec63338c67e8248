"""Change a published review, as two people of the desk do."""

from claims.models import Publication, Rating, Review, ReviewVersion
from claims.reviews import publish, workflow
from sources.database.audit import acting
from tests import factories


def again(review: Review, kind: str, *, rating: str = "", **options: str) -> Publication:
    """Publish the next version; with `rating` under another step of the scale."""
    author = factories.editor()
    version = workflow.start_version(review, kind=kind, actor=author, **options)
    if rating:
        with acting(author, reason="test"):
            step = Rating.objects.get(scale=version.rating.scale, label=rating)
            ReviewVersion.objects.filter(pk=version.pk).update(rating=step)
    version = factories.approved(ReviewVersion.objects.get(pk=version.pk))
    publish.publish(version, actor=version.approver)
    return review.claim.publications.latest("sequence")


def corrected(review: Review, **options: str) -> Publication:
    given = {"correction_kind": "substantive", "public_note": "The figure was of another year.", **options}
    return again(review, "correction", **given)
