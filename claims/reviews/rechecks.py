"""What editors do with a re-check that a machine raised. The states are drawn in claims/models/evidence.py."""

from datetime import UTC

import pghistory
from django.db import transaction
from django.utils import timezone

from claims.models import Claim, EvidenceCheck, Publication, Recheck, Review, ReviewVersion
from claims.models.publication import Audience
from claims.permissions import Refused, User, may_decide, require
from claims.publication import append
from claims.reviews import workflow

_DECIDE = "You may not decide on re-checks; ask an administrator for the group Editors."


def mark_seen(recheck: Recheck, *, actor: User) -> Recheck:
    """Note that an editor has opened it, and tell newsrooms so. Only the first time counts."""
    with pghistory.context(actor=actor.username, reason="seen"), transaction.atomic():
        locked = _locked(recheck)
        if locked.seen_at is not None or not may_decide(actor) or locked.resolved_at is not None:
            return locked
        locked.seen_at = timezone.now()
        locked.seen_by = actor
        locked.save(update_fields=["seen_at", "seen_by"])
        _append(locked, Publication.Event.RECHECK_RAISED, Audience.NEWSROOMS)
        return locked


def confirm(recheck: Recheck, *, actor: User) -> Recheck:
    """Say that the page really no longer has the quote. The public sees it from now on. Raises `Refused`."""
    require(may_decide(actor), _DECIDE)
    with pghistory.context(actor=actor.username, reason="confirm re-check"), transaction.atomic():
        locked = _open(recheck)
        if locked.state == Recheck.State.CONFIRMED:
            raise Refused("This re-check is confirmed already.")
        locked.state = Recheck.State.CONFIRMED
        locked.confirmed_at = timezone.now()
        _see(locked, actor)
        locked.save(update_fields=["state", "confirmed_at", "seen_at", "seen_by"])
        _append(locked, Publication.Event.RECHECK_CONFIRMED, Audience.PUBLIC)
        return locked


def dismiss(recheck: Recheck, *, actor: User, note: str) -> Recheck:
    """Say that it was a false alarm, and why. The public never hears of it. Raises `Refused`."""
    if recheck.state == Recheck.State.CONFIRMED:
        raise Refused("A confirmed re-check is public, so it cannot be dismissed; say that the verdict still stands.")
    return _settle(recheck, Recheck.State.DISMISSED, actor=actor, note=note)


def still_stands(recheck: Recheck, *, actor: User, note: str) -> Recheck:
    """Say that the verdict stands although the page changed, and why. Raises `Refused`."""
    return _settle(recheck, Recheck.State.RECONFIRMED, actor=actor, note=note)


def proposed_note(recheck: Recheck) -> str:
    """The note with which re-confirming is proposed: every quote that broke stands again. Empty: nothing is proposed.

    Proposed only while the re-check is open; it is an editor who re-confirms.
    """
    if recheck.resolved_at is not None:
        return ""
    broke = recheck.checks.filter(result__in=(EvidenceCheck.Result.ALTERED, EvidenceCheck.Result.GONE))
    quotes = set(broke.values_list("evidence__page", "evidence__exact"))
    # Whatever they belong to: a first look that misses a quote belongs to no re-check yet.
    looks = EvidenceCheck.objects.filter(evidence__version__review=recheck.review_id).select_related("snapshot")
    back = [looks.filter(evidence__page=page, evidence__exact=exact).latest("pk") for page, exact in quotes]
    # "Could not look" says nothing of the quote, and one that only moved wants to be read where it stands now.
    if not back or any(check.result != EvidenceCheck.Result.INTACT or check.snapshot is None for check in back):
        return ""
    since = max(check.snapshot.taken_at for check in back if check.snapshot is not None).astimezone(UTC)
    what = "The quote is" if len(back) == 1 else f"The {len(back)} quotes are"
    return f"{what} on the page again word for word, as read on {since:%-d %B %Y at %H:%M} UTC."


def correct(recheck: Recheck, *, actor: User, kind: str = ReviewVersion.Kind.CORRECTION) -> ReviewVersion:
    """Open the next version of the review. Publishing it settles the re-check. Raises `Refused`."""
    require(may_decide(actor), _DECIDE)
    with pghistory.context(actor=actor.username, reason="correct after re-check"), transaction.atomic():
        locked = _open(recheck)
        _see(locked, actor)
        locked.save(update_fields=["seen_at", "seen_by"])
        return locked.review.open_version() or workflow.start_version(locked.review, kind=kind, actor=actor)


def _settle(recheck: Recheck, state: Recheck.State, *, actor: User, note: str) -> Recheck:
    require(may_decide(actor), _DECIDE)
    if not note.strip():
        raise Refused("Say why in the note; colleagues will read it.")
    with pghistory.context(actor=actor.username, reason=f"re-check {state.label}"), transaction.atomic():
        locked = _open(recheck)
        if state == Recheck.State.DISMISSED and locked.state == Recheck.State.CONFIRMED:
            raise Refused("A colleague has just confirmed it; say that the verdict still stands instead.")
        was_public = locked.state == Recheck.State.CONFIRMED
        locked.state = state
        locked.note = note.strip()
        locked.resolved_at = timezone.now()
        locked.resolved_by = actor
        _see(locked, actor)
        locked.save(update_fields=["state", "note", "resolved_at", "resolved_by", "seen_at", "seen_by"])
        if state == Recheck.State.DISMISSED:
            _append(locked, Publication.Event.RECHECK_DISMISSED, Audience.NEWSROOMS)
        else:
            audience = Audience.PUBLIC if was_public else Audience.NEWSROOMS
            _append(locked, Publication.Event.RECONFIRMED, audience)
        return locked


def _see(recheck: Recheck, actor: User) -> None:
    if recheck.seen_at is None:
        recheck.seen_at = timezone.now()
        recheck.seen_by = actor


def _locked(recheck: Recheck) -> Recheck:
    # Claim, review, re-check: the order in which publishing and the sweep lock them.
    Claim.objects.select_for_update().get(reviews=recheck.review_id)
    Review.objects.select_for_update().get(pk=recheck.review_id)
    return Recheck.objects.select_for_update(of=("self",)).select_related("review__claim").get(pk=recheck.pk)


def _open(recheck: Recheck) -> Recheck:
    locked = _locked(recheck)
    if locked.resolved_at is not None:
        raise Refused(f"This re-check is settled already ({locked.get_state_display()}).")
    return locked


def _append(recheck: Recheck, event: str, audience: str) -> None:
    append.append(recheck.review.claim, event=event, audience=audience, review=recheck.review)
