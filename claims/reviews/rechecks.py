"""Decide on re-checks: mark as seen, confirm, dismiss, re-confirm the verdict, or start a correction.

A machine raises a re-check and people settle it. The states are drawn in claims/models/evidence.py.
"""

from datetime import UTC

from django.db import transaction
from django.utils import timezone

from claims.models import Claim, EvidenceCheck, Publication, Recheck, Review, ReviewVersion
from claims.models.publication import Audience
from claims.permissions import Refused, User, may_decide, require
from claims.publication import append
from claims.reviews import workflow
from sources.database.audit import acting

_REASONS = {
    Recheck.State.DISMISSED: "dismissed the re-check as a false alarm",
    Recheck.State.RECONFIRMED: "said that the verdict still stands",
}
_DECIDE = "You may not decide on re-checks; ask an administrator for the role of an editor."


def mark_seen(recheck: Recheck, *, actor: User) -> Recheck:
    """Record the first time that an editor opens the re-check, and append an event for newsrooms."""
    with acting(actor, reason="opened the re-check"), transaction.atomic():
        locked = _lock(recheck)
        if locked.seen_at is not None or not may_decide(actor) or locked.resolved_at is not None:
            return locked
        locked.seen_at = timezone.now()
        locked.seen_by = actor
        locked.save(update_fields=["seen_at", "seen_by"])
        _append(locked, Publication.Event.RECHECK_RAISED, Audience.NEWSROOMS)
        return locked


def confirm(recheck: Recheck, *, actor: User) -> Recheck:
    """Confirm that the page no longer has the quote. The public sees it from now on. Raises `Refused`."""
    require(may_decide(actor), _DECIDE)
    with acting(actor, reason="confirmed the re-check"), transaction.atomic():
        locked = _lock_open(recheck)
        if locked.state == Recheck.State.CONFIRMED:
            raise Refused("This re-check is confirmed already.")
        locked.state = Recheck.State.CONFIRMED
        locked.confirmed_at = timezone.now()
        _set_seen(locked, actor)
        locked.save(update_fields=["state", "confirmed_at", "seen_at", "seen_by"])
        _append(locked, Publication.Event.RECHECK_CONFIRMED, Audience.PUBLIC)
        return locked


def dismiss(recheck: Recheck, *, actor: User, note: str) -> Recheck:
    """Dismiss an unconfirmed re-check as a false alarm, with a note. The public never sees it. Raises `Refused`."""
    if recheck.state == Recheck.State.CONFIRMED:
        raise Refused("A confirmed re-check is public, so it cannot be dismissed; say that the verdict still stands.")
    return _settle(recheck, Recheck.State.DISMISSED, actor=actor, note=note)


def reconfirm(recheck: Recheck, *, actor: User, note: str) -> Recheck:
    """Uphold the verdict although the page changed, with a note (“Still stands” on screen). Raises `Refused`."""
    return _settle(recheck, Recheck.State.RECONFIRMED, actor=actor, note=note)


def proposed_note(recheck: Recheck) -> str:
    """A note that proposes to re-confirm, if every broken quote is back word for word; otherwise empty.

    Empty for a settled re-check too. An editor decides whether to re-confirm.
    """
    if recheck.resolved_at is not None:
        return ""
    broke = recheck.checks.filter(result__in=EvidenceCheck.BROKEN)
    quotes = set(broke.values_list("evidence__page", "evidence__exact"))
    # Of any re-check or none: the first check that misses a quote belongs to no re-check yet.
    checks = EvidenceCheck.objects.filter(evidence__version__review=recheck.review_id).select_related("snapshot")
    back = [checks.filter(evidence__page=page, evidence__exact=exact).latest("pk") for page, exact in quotes]
    # An unreadable page proves nothing, and an editor has to read a quote that moved in its new place.
    if not back or any(check.result != EvidenceCheck.Result.INTACT or check.snapshot is None for check in back):
        return ""
    since = max(check.snapshot.taken_at for check in back if check.snapshot is not None).astimezone(UTC)
    subject = "The quote is" if len(back) == 1 else f"The {len(back)} quotes are"
    return f"{subject} on the page again word for word, as read on {since:%-d %B %Y at %H:%M} UTC."


def correct(recheck: Recheck, *, actor: User, kind: str = ReviewVersion.Kind.CORRECTION) -> ReviewVersion:
    """Start the next version of the review, or return the open one. Publishing it settles the re-check.

    Raises `Refused`.
    """
    require(may_decide(actor), _DECIDE)
    with (
        acting(actor, reason="started a correction after the re-check"),
        transaction.atomic(),
    ):
        locked = _lock_open(recheck)
        _set_seen(locked, actor)
        locked.save(update_fields=["seen_at", "seen_by"])
        return locked.review.open_version() or workflow.start_version(locked.review, kind=kind, actor=actor)


def _settle(recheck: Recheck, state: Recheck.State, *, actor: User, note: str) -> Recheck:
    require(may_decide(actor), _DECIDE)
    if not note.strip():
        raise Refused("Say why in the note; colleagues will read it.")
    with acting(actor, reason=_REASONS[state]), transaction.atomic():
        locked = _lock_open(recheck)
        if state == Recheck.State.DISMISSED and locked.state == Recheck.State.CONFIRMED:
            raise Refused("A colleague has just confirmed it; say that the verdict still stands instead.")
        was_public = locked.state == Recheck.State.CONFIRMED
        locked.state = state
        locked.note = note.strip()
        locked.resolved_at = timezone.now()
        locked.resolved_by = actor
        _set_seen(locked, actor)
        locked.save(update_fields=["state", "note", "resolved_at", "resolved_by", "seen_at", "seen_by"])
        if state == Recheck.State.DISMISSED:
            _append(locked, Publication.Event.RECHECK_DISMISSED, Audience.NEWSROOMS)
        else:
            audience = Audience.PUBLIC if was_public else Audience.NEWSROOMS
            _append(locked, Publication.Event.RECONFIRMED, audience)
        return locked


def _set_seen(recheck: Recheck, actor: User) -> None:
    if recheck.seen_at is None:
        recheck.seen_at = timezone.now()
        recheck.seen_by = actor


def _lock(recheck: Recheck) -> Recheck:
    # Claim, review, re-check: publishing and the sweep lock in the same order.
    Claim.objects.select_for_update().get(reviews=recheck.review_id)
    Review.objects.select_for_update().get(pk=recheck.review_id)
    return Recheck.objects.select_for_update(of=("self",)).select_related("review__claim").get(pk=recheck.pk)


def _lock_open(recheck: Recheck) -> Recheck:
    locked = _lock(recheck)
    if locked.resolved_at is not None:
        raise Refused(f"This re-check is settled already ({locked.get_state_display()}).")
    return locked


def _append(recheck: Recheck, event: str, audience: str) -> None:
    append.append(recheck.review.claim, event=event, audience=audience, review=recheck.review)
