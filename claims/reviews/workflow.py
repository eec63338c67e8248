"""Move a review version through its workflow: start, submit, send back, approve, discard, start the next version.

The states are drawn in claims/models/review.py. Publishing is in claims/reviews/publish.py.
"""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.accounts import why_not_approve
from claims.authorship import contributions
from claims.models import (
    Article,
    Claim,
    DraftEvent,
    Evidence,
    Organisation,
    Rating,
    Review,
    ReviewVersion,
    Submission,
)
from claims.notices import notify, settled
from claims.permissions import (
    Refused,
    User,
    authorship_refusal,
    is_newsroom,
    may_approve,
    may_create,
    may_discard,
    may_edit,
    may_send_back,
    may_submit,
    require,
)
from claims.publication.words import leaving
from claims.reviews import draft_events
from claims.reviews.claim_lock import lock_claim_of
from claims.reviews.drafts import discarded, right_of_reply
from claims.reviews.drafts.days import is_to_come
from claims.teamwork import checklists, timers
from claims.teamwork.approvers import approvers
from claims.teamwork.colleagues import path_of
from claims.visible_text import unreadable
from sources.database.audit import acting

LONGEST_REASON = 2_000  # characters of why a version is sent back
_EDIT = gettext_noop("You may not write reviews; ask an administrator for the role of a reporter or an editor.")
_A_KIND = {
    ReviewVersion.Kind.UPDATE.value: "an update",
    ReviewVersion.Kind.CLARIFICATION.value: "a clarification",
    ReviewVersion.Kind.CORRECTION.value: "a correction",
    ReviewVersion.Kind.WITHDRAWAL.value: "a withdrawal",
}
_CorrectionKind = ReviewVersion.CorrectionKind
_TEXT_FIELDS = ("rating_id", "summary", "body", "true_as_of", *right_of_reply.FIELDS)
_APPROVAL = ("approver", "approved_at", "approved_sha256", "approved_words")
_EVIDENCE_FIELDS = tuple(
    field.attname
    for field in Evidence._meta.concrete_fields
    if field.name not in {"id", "public_id", "version", "copied_from", "created_at"}
)


def start_review(
    *, claim: Claim, organisation: Organisation, author: User, article: Article | None = None
) -> ReviewVersion:
    """Start a review of the claim with an empty draft as version 1. Raises `Refused`."""
    require(may_create(author, claim), _EDIT)
    if claim.merged_into_id is not None:
        raise Refused(_("This claim was merged into another; review that one."))
    with acting(author, reason="started a review"), transaction.atomic():
        review = Review.objects.create(claim=claim, organisation=organisation, article=article)
        return ReviewVersion.objects.create(review=review, number=1, author=author)


def submit(version: ReviewVersion, *, actor: User) -> ReviewVersion:
    """Submit a draft for approval by a colleague. Raises `Refused` with everything that is missing.

    An editor who submits a newsroom's draft takes it over.
    """
    with acting(actor, reason="submitted for approval"), transaction.atomic():
        locked = _lock(version, ReviewVersion.State.DRAFT, "submit")
        require(may_submit(actor, locked), _EDIT)
        # A newsroom sets no ticks: those of its drafts are asked for at the approval.
        lacking = [*missing(locked), *([] if is_newsroom(actor) else checklists.missing(locked))]
        if lacking:
            raise Refused(_("Before you submit: %(missing)s.") % {"missing": "; ".join(lacking)})
        _take_over(locked, actor=actor)
        locked.state = ReviewVersion.State.IN_REVIEW
        locked.save(update_fields=["state"])
        _ask_for_approval(locked, actor=actor)
        return locked


def _ask_for_approval(version: ReviewVersion, *, actor: User) -> None:
    """Tell everybody who may approve the version as it was submitted."""
    claim = version.review.claim
    may = approvers(version, contributions(version.pk))
    settled("submitted", claim)
    notify(may, "submitted", claim=claim, by=actor, path=path_of(claim))


def send_back(version: ReviewVersion, *, actor: User, reason: str = "") -> ReviewVersion:
    """Return a submitted or approved version to its author as a draft. Raises `Refused`.

    `reason` is told to the author as it is written: to a colleague by a notice, to the newsroom that sent the draft by
    an event.
    """
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refused(
            _("Write the reason in %(longest_reason)s characters or fewer.") % {"longest_reason": f"{LONGEST_REASON:,}"}
        )
    if reason and (why := unreadable(reason)):
        raise Refused(_("The author could not read the reason as it stands. %(why)s") % {"why": why})
    # The history and the author's draft show the reason from the audit.
    with acting(actor, reason="sent back", **({"note": reason} if reason else {})), transaction.atomic():
        locked = _lock(version, (ReviewVersion.State.IN_REVIEW, ReviewVersion.State.APPROVED), "send back")
        require(may_send_back(actor, locked), _("You may not send back this version; ask its author or an editor."))
        locked.state = ReviewVersion.State.DRAFT
        locked.approver = None
        locked.approved_at = None
        locked.approved_sha256 = ""
        locked.approved_words = None
        locked.save(update_fields=["state", *_APPROVAL])
        settled("submitted", locked.review.claim)
        author = locked.author
        if author is not None and is_newsroom(author):
            draft_events.record(locked, DraftEvent.Kind.SENT_BACK, reason=reason)
        elif reason:
            claim = locked.review.claim
            notify([author], "sent_back", claim=claim, by=actor, path=path_of(claim), reason=reason)
        return locked


def take_over(version: ReviewVersion, *, actor: User) -> None:
    """Make the person who works on a newsroom's version its author, so that somebody else has to approve it.

    Call it after every change to a version or its evidence. Does nothing to a version that a person wrote.
    """
    with acting(actor, reason="took over from a newsroom"), transaction.atomic():
        locked = ReviewVersion.objects.select_for_update(of=("self",)).select_related("author").get(pk=version.pk)
        _take_over(locked, actor=actor)


def approve(version: ReviewVersion, *, actor: User, shown: str) -> ReviewVersion:
    """Approve the words that leave when this version is published. Any later edit voids the approval.

    `shown` is the hash of the words that the approver was shown (`words.leaving(version).sha256`). Raises `Refused`,
    also if they are others by now.
    """
    with acting(actor, reason="approved"), transaction.atomic():
        locked = _lock(version, ReviewVersion.State.IN_REVIEW, "approve")
        if not may_approve(actor, locked):
            _refuse_author(actor, locked)
            raise Refused(_("You may not approve reviews; ask an administrator for the role of an editor."))
        lacking = [*missing(locked), *(checklists.missing(locked) if is_newsroom(locked.author) else [])]
        if lacking:
            raise Refused(
                _("Not ready for approval: %(missing)s. Send it back to its author.") % {"missing": "; ".join(lacking)}
            )
        now = leaving(locked)
        if now.sha256 != shown:
            raise Refused(_("The words are not those that you were shown: somebody edited them. Read them once more."))
        locked.state = ReviewVersion.State.APPROVED
        locked.approver = actor
        locked.approved_at = timezone.now()
        locked.approved_sha256 = now.sha256
        locked.approved_words = now.approved
        locked.save(update_fields=["state", *_APPROVAL])
        settled("submitted", locked.review.claim)
        return locked


def start_version(
    review: Review, *, kind: str, actor: User, correction_kind: str = "", public_note: str = ""
) -> ReviewVersion:
    """Start the next version of a published review, with copies of its text and evidence.

    `kind` is update, clarification, correction or withdrawal. Raises `Refused` if a version is already
    open, or nothing is published yet.
    """
    require(may_edit(actor, review.claim), _EDIT)
    if kind not in _A_KIND:
        raise Refused(_("Say what the new version is: an update, a clarification, a correction or a withdrawal."))
    with acting(actor, reason=f"started {_A_KIND[kind]}"), transaction.atomic():
        locked = Review.objects.select_for_update().get(pk=review.pk)
        require_own(locked)
        if locked.withdrawn_at is not None:
            raise Refused(_("This review is withdrawn; start a new review of the claim."))
        published = locked.latest_published()
        if published is None:
            raise Refused(_("Nothing of this review is published yet; edit its draft."))
        if locked.open_version() is not None:
            raise Refused(_("A version of this review is already open; finish that one first."))
        number = (locked.versions.aggregate(last=Max("number"))["last"] or 0) + 1
        version = ReviewVersion.objects.create(
            review=locked,
            number=number,
            kind=kind,
            correction_kind=correction_kind,
            public_note=public_note,
            author=actor,
            **{name: getattr(published, name) for name in _TEXT_FIELDS},
        )
        for evidence in published.evidence.order_by("pk"):
            Evidence.objects.create(
                version=version,
                copied_from=evidence,
                **{name: getattr(evidence, name) for name in _EVIDENCE_FIELDS},
            )
        return version


def discard(version: ReviewVersion, *, actor: User) -> None:
    """Delete an unpublished version and its evidence; for 30 days it can be restored.

    Deletes the review too if it has no other version. What a newsroom deletes of its own is not kept. Raises `Refused`
    if the version is published.
    """
    with acting(actor, reason="discarded"), transaction.atomic():
        review = Review.objects.select_for_update().get(pk=version.review_id)
        locked = ReviewVersion.objects.select_for_update().get(pk=version.pk)
        require_own(review)
        if locked.state == ReviewVersion.State.PUBLISHED:
            raise Refused(_("This version is published; withdraw the review by a new version."))
        require(may_discard(actor, locked), _("You may not discard this version; ask its author or an editor."))
        takes_review = not review.versions.exclude(pk=locked.pk).exists()
        if not is_newsroom(actor):
            discarded.keep(locked, actor=actor, takes_review=takes_review)
        timers.tell_discarded(locked, actor=actor)
        locked.evidence.all().delete()
        locked.delete()
        if takes_review:
            review.delete()


def require_own(review: Review) -> None:
    """Raise `Refused` for an imported review."""
    if review.origin == Review.Origin.IMPORTED:
        raise Refused(_("An imported review is read-only; its publisher corrects it, and the next import brings that."))


def _take_over(locked: ReviewVersion, *, actor: User) -> None:
    """The same for a version that the transaction has locked."""
    if locked.author_id == actor.pk or is_newsroom(actor) or not is_newsroom(locked.author):
        return
    with acting(actor, reason="took over from a newsroom"):
        locked.author = actor
        locked.save(update_fields=["author"])
        Submission.objects.filter(review=locked.review_id, taken_at__isnull=True).update(taken_at=timezone.now())


def _refuse_author(actor: User, version: ReviewVersion) -> None:
    changes = contributions(version.pk)
    wrote = {change.user_id for change in changes if change.user_id is not None}
    reason = authorship_refusal(actor, changes) or why_not_approve(actor, [version.author_id, *wrote])
    if reason is not None:
        raise Refused(reason)


def _lock(
    version: ReviewVersion, states: ReviewVersion.State | tuple[ReviewVersion.State, ...], verb: str
) -> ReviewVersion:
    """The version, locked until commit. Raises `Refused` unless it is ours and in one of the states."""
    allowed = states if isinstance(states, tuple) else (states,)
    # Claim, review, version: the order in which every verb locks.
    lock_claim_of(version.review_id)
    rows = ReviewVersion.objects.select_for_update(of=("self",)).select_related("review__claim")
    locked = rows.get(pk=version.pk)
    require_own(locked.review)
    if locked.state not in allowed:
        raise Refused(
            _("This version is %(state)s, so you cannot %(verb)s it. Reload the page to see it as it is.")
            % {"state": locked.get_state_display(), "verb": verb}
        )
    return locked


def missing(version: ReviewVersion) -> list[str]:
    """What has to be done before the version can be submitted, each as an instruction."""
    lacking = []
    if version.kind != ReviewVersion.Kind.ORIGINAL and not version.public_note.strip():
        lacking.append(_("write the public note that says what changed and why"))
    if version.kind == ReviewVersion.Kind.CORRECTION and not version.correction_kind:
        lacking.append(_("say what kind of correction it is"))
    if _hides_a_changed_rating(version):
        lacking.append(_("make it a correction of the rating or an update, since the rating changes"))
    if version.kind == ReviewVersion.Kind.WITHDRAWAL:
        return lacking
    if version.rating_id is None:
        lacking.append(_("choose a rating"))
    elif not Rating.objects.filter(pk=version.rating_id, scale__organisation=version.review.organisation_id).exists():
        lacking.append(_("choose a rating of the review's own organisation"))
    if not version.summary.strip():
        lacking.append(_("write the summary"))
    elif unreadable(version.summary):
        lacking.append(_("write the summary in words that can be read, without control and invisible characters"))
    if version.true_as_of is None:
        lacking.append(_("say the day for which the finding holds"))
    elif is_to_come(version.true_as_of):
        lacking.append(_("say a day that has been as the one for which the finding holds"))
    lacking += right_of_reply.missing(version)
    if not version.evidence.exists():
        lacking.append(_("attach at least one piece of evidence"))
    return lacking


def _hides_a_changed_rating(version: ReviewVersion) -> bool:
    """Whether the rating is not the published one, and what the version is called says that no finding changes."""
    if version.kind != ReviewVersion.Kind.CLARIFICATION and version.correction_kind != _CorrectionKind.TYPO:
        return False
    published = version.review.latest_published()
    labels = [each.rating.label for each in (version, published) if each is not None and each.rating is not None]
    return len(set(labels)) > 1
