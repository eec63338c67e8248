"""Set and take back the timer that publishes an approved version. claims/embargo.py fires it.

A timer rests on one approval: an edit or a sending back that voids the approval ends it, and a new approval needs a
new timer. People are told of each end that they did not bring about themselves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims.models import PublicationTimer, ReviewVersion
from claims.notices import notify
from claims.permissions import Refused, User, may_set_timer, require
from claims.teamwork.colleagues import path_of
from sources.database import clock
from sources.database.audit import acting
from sources.timestamp import timestamp

LONGEST = timedelta(days=366)
State = PublicationTimer.State


def waiting(version: ReviewVersion) -> PublicationTimer | None:
    """The timer that is set for the version, or None."""
    return version.timers.filter(state=State.WAITING).select_related("set_by").first()


def set_timer(version: ReviewVersion, *, at: datetime, actor: User) -> PublicationTimer:
    """Let the version be published at this time, by the database's clock and as the actor. Raises `Refused`.

    Whoever sets it needs the right to publish now and at that moment.
    """
    with acting(actor, reason="set a timer"), transaction.atomic():
        rows = ReviewVersion.objects.select_for_update(of=("self",)).select_related("review__claim")
        locked = rows.get(pk=version.pk)
        if locked.state != ReviewVersion.State.APPROVED or locked.approved_at is None:
            raise Refused(
                _("This version is %(state)s; a timer publishes what is approved.")
                % {"state": locked.get_state_display()}
            )
        require(
            may_set_timer(actor, locked),
            _("You may not set a timer, because you may not publish; ask an administrator for the role of an editor."),
        )
        now = clock.now()
        if at <= now:
            raise Refused(_("This time is over. Choose a time to come, or publish it now."))
        if at > now + LONGEST:
            raise Refused(_("A timer can be set for a year at most."))
        if locked.embargo_until is not None and at < locked.embargo_until:
            raise Refused(
                _("The approved embargo ends at %(end)s, so the timer cannot be set for an earlier time.")
                % {"end": timestamp(locked.embargo_until)}
            )
        if waiting(locked) is not None:
            raise Refused(_("A timer is set for this version already; take it back first."))
        return PublicationTimer.objects.create(version=locked, at=at, approved_at=locked.approved_at, set_by=actor)


def take_back(timer: PublicationTimer, *, actor: User) -> PublicationTimer:
    """Take the timer back, so that nothing is published by it. Raises `Refused`, also if it has ended already."""
    with acting(actor, reason="took a timer back"), transaction.atomic():
        # Version, then timer: the order in which it fires.
        version = ReviewVersion.objects.select_for_update().get(pk=timer.version_id)
        locked = PublicationTimer.objects.select_for_update(of=("self",)).select_related("set_by").get(pk=timer.pk)
        require(
            locked.set_by_id == actor.pk or may_set_timer(actor, version),
            _("You may not take this timer back; ask whoever set it, or an editor."),
        )
        if locked.state != State.WAITING:
            raise Refused(_("This timer has ended: %(state)s.") % {"state": locked.get_state_display()})
        end(locked, State.TAKEN_BACK)
        tell(version, [locked.set_by], "timer_taken_back", by=actor)
        return locked


def end(timer: PublicationTimer, state: str, detail: str = "") -> None:
    """Write that a locked timer has ended, and why."""
    timer.state, timer.detail, timer.ended_at = state, detail, clock.now()
    timer.save(update_fields=["state", "detail", "ended_at"])


def tell(
    version: ReviewVersion, people: Iterable[Any], what: str, *, by: User | None = None, **parameters: str
) -> None:
    """Put a notice about a timer on the home of these people."""
    claim = version.review.claim
    notify(people, what, claim=claim, by=by, path=path_of(claim), **parameters)


def tell_discarded(version: ReviewVersion, *, actor: User) -> None:
    """Tell whoever set a timer for a version that it is about to be deleted, and its timer with it."""
    timer = waiting(version)
    if timer is not None:
        tell(version, [timer.set_by], "timer_discarded", by=actor)
