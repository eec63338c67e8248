"""Tell the newsroom that sent a draft what came of it: sent back, with the editor's reason, or published.

The event goes to whoever sent the draft and to nobody else: by `GET /api/v1/desk/reviews/{id}/` and by its webhooks. It
holds what is published and the words that an editor wrote for the newsroom, and nothing of what the desk does between.
"""

from django.db.models import Max
from django.utils import timezone

from claims.models import DraftEvent, ReviewVersion, Submission
from sources.database.locks import Lock, lock_until_commit


def record(version: ReviewVersion, kind: DraftEvent.Kind, *, reason: str = "") -> DraftEvent | None:
    """Record the event in the caller's transaction, last; None if no newsroom sent the review.

    Of a later version, which the desk writes, no newsroom is told here.
    """
    if version.number != 1:
        return None
    sent = Submission.objects.filter(review=version.review_id).select_related("sender").order_by("pk").first()
    if sent is None:
        return None
    lock_until_commit(Lock.DRAFT_EVENTS)
    last = DraftEvent.objects.aggregate(last=Max("sequence"))["last"] or 0
    return DraftEvent.objects.create(
        sequence=last + 1,
        kind=kind,
        sender=sent.sender,
        key=sent.key,
        review=version.review.public_id,
        claim=version.review.claim.public_id,
        reason=reason,
        at=timezone.now(),
    )
