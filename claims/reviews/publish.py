"""Publish an approved version of a review: check, lock, settle its re-check, watch its pages, append to the log."""

from django.db import transaction
from django.utils import timezone

from claims.authorship import contributions
from claims.models import DraftEvent, Publication, Recheck, Review, ReviewVersion
from claims.models.publication import Audience
from claims.permissions import Refused, User, authorship_refusal, may_publish, require
from claims.publication.append import EVENTS, append
from claims.publication.words import differences, is_as_approved, leaving, sentence
from claims.reviews import draft_events, suspension
from claims.reviews.claim_lock import lock_claim_of
from claims.reviews.evidence import check_before_publishing, update_page_weights
from claims.reviews.workflow import require_own
from sources.database.audit import acting
from sources.models import Page
from sources.polling import poller
from sources.timestamp import timestamp

_RESOLUTIONS = {
    ReviewVersion.Kind.UPDATE: Recheck.State.UPDATED,
    ReviewVersion.Kind.CLARIFICATION: Recheck.State.RECONFIRMED,
    ReviewVersion.Kind.CORRECTION: Recheck.State.CORRECTED,
    ReviewVersion.Kind.WITHDRAWAL: Recheck.State.WITHDRAWN,
}


def publish(version: ReviewVersion, *, actor: User) -> Publication:
    """Publish an approved version: lock its text, settle its re-check, watch its pages, append to the log.

    One transaction. Raises `Refused` if the actor may not publish, the words are not those that were approved, the
    version is under embargo, or, on first publication, a quote is no longer on its page.
    """
    with acting(actor, reason="published"), transaction.atomic():
        # 1. Lock in the order that every action uses: claim, review, version, then pages.
        claim = lock_claim_of(version.review_id)
        review = Review.objects.select_for_update().get(pk=version.review_id)
        locked = ReviewVersion.objects.select_for_update().get(pk=version.pk)

        # 2. The review is ours, unchanged since the approval, and not under embargo.
        require_own(review)
        if locked.state != ReviewVersion.State.APPROVED:
            raise Refused(f"This version is {locked.get_state_display()}; it has to be approved first.")
        require(may_publish(actor, locked), "You may not publish; ask an administrator for the role of an editor.")
        now = timezone.now()
        words = leaving(locked, at=now)
        if not is_as_approved(words, locked):
            changed = sentence(differences(locked.approved_words or {}, words.approved))
            raise Refused(f"The words changed after the approval; send it back and approve it again. {changed}")
        if (reason := authorship_refusal(locked.approver, contributions(locked.pk))) is not None:
            raise Refused(f"It cannot stand as approved by {locked.approver}; send it back. To the approver: {reason}")
        if claim.merged_into_id is not None:
            raise Refused("This claim was merged into another; publish the review there.")
        if locked.embargo_until is not None and locked.embargo_until > now:
            raise Refused(f"Under embargo until {timestamp(locked.embargo_until)}; publish it then.")
        suspension.require_approved_since(review, locked)

        # 3. Every quote is on its page as last read. The page's lock keeps polls out until the commit.
        recheck = Recheck.objects.open().filter(review=review).first()
        check_before_publishing(locked, recheck=recheck)

        # 4. The version is published, ends a suspension, and settles the open re-check.
        locked.state = ReviewVersion.State.PUBLISHED
        locked.published_at = now
        locked.save(update_fields=["state", "published_at"])
        suspension.end_by(locked, review)
        if locked.kind == ReviewVersion.Kind.WITHDRAWAL:
            review.withdrawn_at = now
            review.save(update_fields=["withdrawn_at"])
        if recheck is not None and locked.kind in _RESOLUTIONS:
            recheck.state = _RESOLUTIONS[ReviewVersion.Kind(locked.kind)]
            recheck.resolved_at = now
            recheck.resolved_by = actor
            recheck.save(update_fields=["state", "resolved_at", "resolved_by"])

        # 5. Its pages are watched from now on.
        if locked.kind != ReviewVersion.Kind.WITHDRAWAL:
            pages = locked.evidence.filter(page__isnull=False).values("page")
            poller.start_watching(*Page.objects.filter(pk__in=pages).order_by("pk"))
        update_page_weights(review)

        # 6. The log, last but for the newsroom that sent the draft, which is told.
        event = EVENTS[ReviewVersion.Kind(locked.kind)]
        publication = append(claim, event=event, audience=Audience.PUBLIC, review=review, words=words.words)
        draft_events.record(locked, DraftEvent.Kind.PUBLISHED)
        return publication
