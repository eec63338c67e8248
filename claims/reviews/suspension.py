"""Suspend a published review at once, and resume it by two people. The states are drawn in claims/models/suspension.py.

A suspension is laid over the published JSON: the words of the review stay as they were approved.
"""

from datetime import UTC, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.accounts import why_not_approve
from claims.models import Claim, Publication, Review, ReviewVersion, Suspension
from claims.models.publication import Audience
from claims.notices import notify, settled
from claims.people import name_of
from claims.permissions import Refused, User, may_resume, may_suspend, require
from claims.publication.append import append, words_now
from claims.publication.suspended import preview
from claims.reviews.claim_lock import lock_claim_of
from sources.database.audit import acting

_SUSPEND = gettext_noop("You may not suspend reviews; ask an administrator for the role of an editor.")
_RESUME = gettext_noop(
    "You may not resume reviews, because you may not approve them; ask an administrator for the role of an editor."
)


def suspend(review: Review, *, actor: User, reason: str) -> Suspension:
    """Put a published review under review: readers are told so from now on, and shown no rating. Raises `Refused`.

    One editor is enough. `reason` is for colleagues.
    """
    require(may_suspend(actor, review.claim), _SUSPEND)
    if not reason.strip():
        raise Refused(_("Say why; colleagues will read it, readers will not."))
    with acting(actor, reason="suspended the review"), transaction.atomic():
        claim, locked = _lock(review)
        if (refusal := why_not(locked)) is not None:
            raise Refused(refusal)
        suspension = Suspension.objects.create(
            review=locked, reason=reason.strip(), suspended_at=timezone.now(), suspended_by=actor
        )
        locked.refresh_from_db(fields=["suspended_at"])
        _tell(locked, "suspended", actor)
        append(claim, event=Publication.Event.SUSPENDED, audience=Audience.PUBLIC, review=locked)
        return suspension


def why_not(review: Review) -> str | None:
    """Why the review cannot be suspended, as a sentence; None if it can."""
    if review.origin == Review.Origin.IMPORTED:
        return (
            "An imported review is its publisher's; suspend reviews of your own, and tell its publisher of your doubt."
        )
    if review.withdrawn_at is not None:
        return "This review is withdrawn, so there is no verdict to suspend."
    if review.suspended_at is not None:
        return "This review is suspended already."
    if review.latest_published() is None:
        return "Nothing of this review is published yet, so there is nothing to suspend."
    return None


def shown_to_readers(review: Review, *, at: datetime | None = None) -> str:
    """The sentence that readers would get in place of the rating if the review were suspended now."""
    own = next(each for each in words_now(review.claim)["reviews"] if each["id"] == review.public_id)
    return preview(own, at or timezone.now().astimezone(UTC))


def request_resume(review: Review, *, actor: User, note: str) -> Suspension:
    """Ask a colleague to let the verdict stand again, with a note for colleagues. Raises `Refused`."""
    require(may_suspend(actor, review.claim), _SUSPEND)
    if not note.strip():
        raise Refused(_("Say why the verdict may stand again; the colleague who resumes it will read it."))
    with acting(actor, reason="asked to resume the review"), transaction.atomic():
        _claim, locked = _lock(review)
        suspension = _open(locked)
        if suspension.resume_requested_by is not None:
            raise Refused(
                _("%(resume_requested_by)s has asked for that already; resume it, or keep it suspended.")
                % {"resume_requested_by": name_of(suspension.resume_requested_by)}
            )
        suspension.resume_requested_at = timezone.now()
        suspension.resume_requested_by = actor
        suspension.resume_note = note.strip()
        suspension.save(update_fields=["resume_requested_at", "resume_requested_by", "resume_note"])
        _tell(locked, "resume_asked", actor)
        return suspension


def keep_suspended(review: Review, *, actor: User) -> Suspension:
    """Take a request to resume off again: by whoever asked, or by a colleague who disagrees. Raises `Refused`."""
    require(may_suspend(actor, review.claim), _SUSPEND)
    with acting(actor, reason="kept the review suspended"), transaction.atomic():
        claim, locked = _lock(review)
        suspension = _open(locked)
        asked = suspension.resume_requested_by
        if asked is None:
            raise Refused(_("Nobody has asked to resume this review."))
        suspension.resume_requested_at = suspension.resume_requested_by = None
        suspension.resume_note = ""
        suspension.save(update_fields=["resume_requested_at", "resume_requested_by", "resume_note"])
        _take_back_request(locked)
        notify([asked], "kept_suspended", claim=claim, by=actor, path=_address(locked))
        return suspension


def resume(review: Review, *, actor: User) -> Suspension:
    """Let the verdict stand again, as a second person who agrees with the one who asked. Raises `Refused`."""
    require(may_resume(actor, review.claim), _RESUME)
    with acting(actor, reason="resumed the review"), transaction.atomic():
        claim, locked = _lock(review)
        suspension = _open(locked)
        if suspension.resume_requested_by is None:
            raise Refused(_("Resuming takes two: ask for it first, and a colleague resumes it."))
        if suspension.resume_requested_by.pk == actor.pk:
            raise Refused(_("You asked to resume this review, so somebody else has to agree. Ask a colleague."))
        if (reason := why_not_approve(actor, [suspension.resume_requested_by.pk])) is not None:
            raise Refused(reason)
        suspension.resumed_by = actor
        suspension.ended_at = timezone.now()
        suspension.save(update_fields=["resumed_by", "ended_at"])
        locked.refresh_from_db(fields=["suspended_at"])
        _take_back_request(locked)
        _tell(locked, "resumed", actor)
        append(claim, event=Publication.Event.RESUMED, audience=Audience.PUBLIC, review=locked)
        return suspension


def require_approved_since(review: Review, version: ReviewVersion) -> None:
    """Raise `Refused` if the review was suspended after the version was approved: publishing would resume it."""
    if review.suspended_at is not None and (version.approved_at is None or version.approved_at <= review.suspended_at):
        raise Refused(
            _(
                "The review was suspended after this version was approved, and publishing ends the suspension. "
                "Send the version back, and have it approved again by somebody who knows that."
            )
        )


def end_by(version: ReviewVersion, review: Review) -> None:
    """End the suspension of the review, if there is one, by a version that was just published.

    Two people have approved what it says; call it within the transaction that publishes.
    """
    suspension = Suspension.objects.select_for_update().filter(review=review, ended_at__isnull=True).first()
    if suspension is not None:
        suspension.ended_by_version = version
        suspension.ended_at = timezone.now()
        suspension.save(update_fields=["ended_by_version", "ended_at"])
        _take_back_request(review)
        review.refresh_from_db(fields=["suspended_at"])


def open_suspension(review: Review) -> Suspension | None:
    """The suspension that has not ended."""
    rows = Suspension.objects.select_related("suspended_by", "resume_requested_by")
    return rows.filter(review=review, ended_at__isnull=True).first()


def _lock(review: Review) -> tuple[Claim, Review]:
    # Claim, review, suspension: publishing and the sweep lock in the same order.
    claim = lock_claim_of(review.pk)
    return claim, Review.objects.select_for_update().get(pk=review.pk)


def _open(review: Review) -> Suspension:
    suspension = (
        Suspension.objects.select_for_update(of=("self",))
        .select_related("resume_requested_by")
        .filter(review=review, ended_at__isnull=True)
        .first()
    )
    if suspension is None:
        raise Refused(_("This review is not suspended."))
    return suspension


def _tell(review: Review, what: str, actor: User) -> None:
    """Tell those who answer for the review: author and approver of what is published, and whoever suspended it."""
    published = review.versions.select_related("author", "approver").filter(state=ReviewVersion.State.PUBLISHED).last()
    suspension = open_suspension(review)
    people = [published.author, published.approver] if published is not None else []
    people.append(suspension.suspended_by if suspension is not None else None)
    notify(people, what, claim=review.claim, by=actor, path=_address(review))


def _take_back_request(review: Review) -> None:
    """Nobody is asked to resume it any more, so the notices that ask for it are settled."""
    settled("resume_asked", review.claim, path=_address(review), before="asks for a colleague to resume")


def _address(review: Review) -> str:
    return reverse("desk:review", args=[review.pk])
