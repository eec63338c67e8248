"""Publish an approved version of a review: check, lock, settle its re-check, watch its pages, append to the log."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from claims.authorship import authors, contributions
from claims.models import Claim, DraftEvent, Publication, Recheck, Review, ReviewVersion
from claims.models.publication import Audience
from claims.notices import notify
from claims.permissions import Refused, User, authorship_refusal, may_publish, require
from claims.publication.append import EVENTS, append
from claims.publication.words import Leaving, differences, is_as_approved, leaving, sentence
from claims.reviews import draft_events, suspension
from claims.reviews.claim_lock import lock_claim_of
from claims.reviews.evidence import check_before_publishing, update_page_weights
from claims.reviews.workflow import require_own
from claims.teamwork.colleagues import path_of
from claims.watch.quotes_now import objections
from sources.database import clock
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


def publish(version: ReviewVersion, *, actor: User, told: bool = True) -> Publication:
    """Publish an approved version: lock its text, settle its re-check, watch its pages, append to the log.

    One transaction. Raises `Refused` if the actor may not publish, the words are not those that were approved, the
    version is under embargo, or, on first publication, a quote is no longer on its page. The authors are told, unless
    the caller tells them (not `told`).
    """
    with acting(actor, reason="published"), transaction.atomic():
        # 1. Lock in the order that every action uses: claim, review, version, then pages.
        claim = lock_claim_of(version.review_id)
        review = Review.objects.select_for_update().get(pk=version.review_id)
        locked = ReviewVersion.objects.select_for_update().get(pk=version.pk)

        # 2. The review is ours, unchanged since the approval, and not under embargo.
        now = clock.now()
        words = _require_publishable(locked, review, claim, actor=actor, at=now)

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

        # 6. Its authors hear of it.
        if told:
            notify(authors(contributions(locked.pk)), "published", claim=claim, by=actor, path=path_of(claim))

        # 7. The log, last but for the newsroom that sent the draft, which is told.
        event = EVENTS[ReviewVersion.Kind(locked.kind)]
        publication = append(claim, event=event, audience=Audience.PUBLIC, review=review, words=words.words)
        draft_events.record(locked, DraftEvent.Kind.PUBLISHED)
        return publication


def why_not(version: ReviewVersion, *, actor: User, at: datetime) -> str | None:
    """Why the actor could not publish the version at that time, as far as is known now. Locks and writes nothing."""
    version = ReviewVersion.objects.select_related("review__claim").get(pk=version.pk)
    try:
        _require_publishable(version, version.review, version.review.claim, actor=actor, at=at)
    except Refused as refusal:
        return str(refusal)
    return next(iter(objections(version)), None)


def _require_publishable(version: ReviewVersion, review: Review, claim: Claim, *, actor: User, at: datetime) -> Leaving:
    """The words that leave. Raises `Refused` for all that keeps the version from publication, but for its quotes."""
    require_own(review)
    if version.state != ReviewVersion.State.APPROVED:
        raise Refused(
            _("This version is %(state)s; it has to be approved first.") % {"state": version.get_state_display()}
        )
    require(may_publish(actor, version), _("You may not publish; ask an administrator for the role of an editor."))
    words = leaving(version, at=at)
    if not is_as_approved(words, version):
        changed = sentence(differences(version.approved_words or {}, words.approved))
        raise Refused(
            _("The words changed after the approval; send it back and approve it again. %(changed)s")
            % {"changed": changed}
        )
    if (reason := authorship_refusal(version.approver, contributions(version.pk))) is not None:
        raise Refused(
            _("It cannot stand as approved by %(approver)s; send it back. To the approver: %(reason)s")
            % {"approver": version.approver, "reason": reason}
        )
    if claim.merged_into_id is not None:
        raise Refused(_("This claim was merged into another; publish the review there."))
    if version.embargo_until is not None and version.embargo_until > at:
        raise Refused(
            _("Under embargo until %(timestamp)s; publish it then.") % {"timestamp": timestamp(version.embargo_until)}
        )
    suspension.require_approved_since(review, version)
    return words
