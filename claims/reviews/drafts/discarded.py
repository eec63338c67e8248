"""Keep a discarded draft for 30 days, and restore it.

A restored version has the keys that it had, so that its audit goes on where it ended: whoever wrote a word or attached
a piece of evidence before is an author afterwards (claims/sql/factcheck_authors.sql). Whoever restores what somebody
else discarded decides on what leaves and may become an author too.
"""

from datetime import timedelta
from typing import Any

from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.json_object import Json
from claims.models import (
    Claim,
    Comment,
    DiscardedVersion,
    Review,
    ReviewVersion,
    SavedPage,
    Submission,
)
from claims.permissions import Refused, User, may_edit, require
from claims.reviews.claim_lock import lock_claim_of
from sources.database.audit import acting

KEPT = timedelta(days=30)


def keep(version: ReviewVersion, *, actor: User, takes_review: bool) -> DiscardedVersion:
    """Keep what the version holds, before it is deleted; `takes_review` if its review goes with it."""
    evidence = version.evidence.all()
    rows: list[Any] = [version, *evidence.order_by("pk")]
    rows += [*version.suggestions.order_by("pk"), *version.ticks.order_by("pk")]
    rows += SavedPage.objects.filter(evidence__in=evidence).order_by("pk")
    rows += Submission.objects.filter(evidence__in=evidence).order_by("pk")
    if takes_review:
        rows = [version.review, *rows, *Submission.objects.filter(review=version.review_id).order_by("pk")]
    content = {
        "rows": [_row(each) for each in rows],
        "comments": list(version.comments.values_list("pk", flat=True)),
        "version": version.pk,
    }
    return DiscardedVersion.objects.create(
        claim=version.review.claim,
        review=version.review,
        organisation=version.review.organisation,
        number=version.number,
        content=content,
        discarded_by=actor,
        delete_after=timezone.now() + KEPT,
    )


def restorable(claim: Claim) -> QuerySet[DiscardedVersion]:
    """The discarded drafts of the claim that can still be restored, the latest first."""
    return DiscardedVersion.objects.filter(
        claim=claim, restored_at__isnull=True, delete_after__gt=timezone.now()
    ).select_related("organisation", "discarded_by")


def restore(discarded: DiscardedVersion, *, actor: User) -> ReviewVersion:
    """Bring the draft back with its evidence, under the authors that it had. Raises `Refused`."""
    with acting(actor, reason="restored"), transaction.atomic():
        Claim.objects.select_for_update().get(pk=discarded.claim_id)
        row = DiscardedVersion.objects.select_for_update().get(pk=discarded.pk)
        require(may_edit(actor, row.claim), _("You may not restore drafts of this claim; ask an editor."))
        if row.restored_at is not None:
            raise Refused(_("This draft was restored already."))
        if row.delete_after <= timezone.now():
            raise Refused(_("This draft was discarded more than 30 days ago; only the history knows it."))
        if row.claim.merged_into_id is not None:
            raise Refused(_("The claim was merged into another since; nothing can be restored here."))
        _refuse_unless_it_fits(row)
        try:
            with transaction.atomic():
                version = _insert(row.content)
        except (DeserializationError, IntegrityError) as error:
            raise Refused(
                _("What it refers to is there no longer, so it cannot be restored. Its words stand in the history.")
            ) from error
        row.restored_at = timezone.now()
        row.save(update_fields=["restored_at"])
        return version


def delete_over() -> int:
    """Delete what was discarded too long ago, or was restored. Returns how many rows were deleted."""
    over = DiscardedVersion.objects.filter(delete_after__lte=timezone.now())
    count, _kinds = over.delete()
    return count


def fields(discarded: DiscardedVersion) -> Json:
    """The columns of the version as they were, to be shown."""
    return next(
        (dict(each["fields"]) for each in discarded.content["rows"] if each["model"] == "claims.reviewversion"), {}
    )


def _row(row: Any) -> Json:
    (made,) = serializers.serialize("python", [row])
    return {**made, "fields": {name: _plain(value) for name, value in made["fields"].items()}}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str | list | dict) else str(value)


def _refuse_unless_it_fits(row: DiscardedVersion) -> None:
    if row.review_id is None:
        return
    lock_claim_of(row.review_id)
    review = Review.objects.select_for_update().get(pk=row.review_id)
    if review.withdrawn_at is not None:
        raise Refused(_("The review was withdrawn since; start a new review of the claim."))
    if review.open_version() is not None:
        raise Refused(_("Another version of this review is open. Finish or discard that one first."))
    if review.versions.filter(number__gte=row.number).exists():
        raise Refused(_("A later version was published since. Start a new one, and copy from this what you need."))


def _insert(content: Json) -> ReviewVersion:
    for each in serializers.deserialize("python", content["rows"]):
        made = each.object
        if isinstance(made, Review):
            if Review.objects.filter(pk=made.pk).exists():
                continue
        elif isinstance(made, ReviewVersion):
            # Approvals and submissions do not come back: the words have to be read again.
            made.state = ReviewVersion.State.DRAFT
            made.approver, made.approved_at, made.approved_sha256, made.approved_words = None, None, "", None
        made.save_base(raw=True, force_insert=True)
    version = ReviewVersion.objects.get(pk=content["version"])
    Comment.objects.filter(pk__in=content["comments"], version__isnull=True).update(version=version)
    return version
