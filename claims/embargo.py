"""Publish versions when their timers are due: at the second, by the database's clock, once, and never before.

A worker looks each second, and waits for a timer that is due before it looks again. What fell due while no worker ran
is published by the first look. Each timer is one transaction: claim, review, version and timer are locked, the version
is published by the same function and with the same checks as by hand, and the timer ends. A worker that is killed
leaves the timer as it was, so another look publishes it; two workers wait for each other's locks, and the second finds
it done.

What `publish` refuses ends the timer, and people are told. So does an edit that voids the approval. From an hour before
its time a timer is watched, and people are told once when it could not go out.
"""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, InternalError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from claims.authorship import authors, contributions
from claims.models import Claim, PublicationTimer, ReviewVersion
from claims.permissions import Refused
from claims.reviews.claim_lock import lock_claim_of
from claims.reviews.publish import publish, why_not
from claims.teamwork.timers import end, tell
from sources.database import clock
from sources.database.audit import acting_as, noted
from sources.database.clock import ClockTimestamp
from sources.faults import point

logger = logging.getLogger(__name__)
WARN_BEFORE = timedelta(hours=1)
LOOK_EVERY = 1.0  # seconds between two looks
State = PublicationTimer.State


def run(may_continue: Callable[[], bool] = lambda: True, wait: float = 2 * LOOK_EVERY) -> int:
    """End timers whose approval is void, publish what is due within `wait` seconds. Returns the number published.

    One query while no timer is set, as it is most of the time.
    """
    if not PublicationTimer.objects.filter(state=State.WAITING).exists():
        return 0
    end_void()
    published = publish_due(may_continue)
    while may_continue() and (seconds := _seconds_to_next()) is not None and seconds < wait:
        time.sleep(max(seconds, 0.0))
        published += publish_due(may_continue)
        wait -= max(seconds, 0.01)
    return published


def publish_due(may_continue: Callable[[], bool] = lambda: True) -> int:
    """Publish each version whose timer is due, in the order of their times. Returns the number published."""
    published, tried = 0, set[int]()
    while may_continue():
        timer = _waiting().filter(at__lte=ClockTimestamp()).exclude(pk__in=tried).order_by("at", "pk").first()
        if timer is None:
            break
        tried.add(timer.pk)
        try:
            published += _fire(timer)
        except OperationalError:  # a deadlock or a lost connection: nothing was written, and the next look tries again
            logger.exception("The timer %s could not fire; it is tried again.", timer.pk)
    return published


def _fire(found: PublicationTimer) -> bool:
    with transaction.atomic():
        try:
            lock_claim_of(found.version.review_id)
        except Claim.DoesNotExist:
            return False
        version = ReviewVersion.objects.select_for_update().filter(pk=found.version_id).first()
        timer = _waiting().select_for_update(of=("self",)).filter(pk=found.pk, at__lte=ClockTimestamp()).first()
        if version is None or timer is None:
            return False  # another worker published it, or somebody took it back or discarded it
        point("timer locked")
        why = _approval_is_void(timer, version) or _published(timer, version)
        if why:
            _refuse(timer, version, why)
            return False
        with acting_as("timer", reason="published by a timer"):
            end(timer, State.PUBLISHED)
        tell(version, [*authors(contributions(version.pk)), *_people(version, timer)], "timer_published")
        point("timer before commit")
    point("timer committed")
    return True


def _published(timer: PublicationTimer, version: ReviewVersion) -> str:
    """Publish as whoever set the timer. Returns why that was refused; empty if it is published."""
    try:
        with transaction.atomic(), noted(timer=timer.pk):
            publish(version, actor=timer.set_by, told=False)
            _check_deferred()
            return ""
    except Refused as refusal:
        return str(refusal)
    except (IntegrityError, InternalError) as error:
        logger.exception("The database refused what the timer %s publishes.", timer.pk)
        return _("The database refused it: %(why)s") % {"why": str(error).splitlines()[0]}
    except OperationalError:
        raise
    except Exception:
        logger.exception("The timer %s failed.", timer.pk)
        return _("The program failed; an administrator finds the reason in its log. Publish it by hand.")


def _check_deferred() -> None:
    """Let the database check now what it otherwise checks at the commit, so that a refusal is one of this version."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _refuse(timer: PublicationTimer, version: ReviewVersion, why: str) -> None:
    with acting_as("timer", reason="refused a timer"):
        end(timer, State.REFUSED, why)
    tell(version, _people(version, timer), "timer_refused", why=why)


def _people(version: ReviewVersion, timer: PublicationTimer) -> list[Any]:
    """Who is told of what becomes of a timer."""
    return [version.author, version.approver, timer.set_by]


def _approval_is_void(timer: PublicationTimer, version: ReviewVersion) -> str:
    if version.state == ReviewVersion.State.APPROVED and version.approved_at == timer.approved_at:
        return ""
    return _("The approval on which it rested is void, because the version was edited or sent back.")


def end_void() -> int:
    """End the timers whose approval is void, or whose version was published by hand. Returns their number."""
    holds = Q(version__state=ReviewVersion.State.APPROVED, version__approved_at=F("approved_at"))
    ended = 0
    for found in _waiting().exclude(holds):
        with transaction.atomic():
            version = ReviewVersion.objects.select_for_update().filter(pk=found.version_id).first()
            timer = _waiting().select_for_update(of=("self",)).filter(pk=found.pk).first()
            if version is None or timer is None:
                continue
            if version.state == ReviewVersion.State.PUBLISHED:
                with acting_as("timer", reason="ended a timer"):
                    end(timer, State.TAKEN_BACK, _("It was published by hand before."))
            elif why := _approval_is_void(timer, version):
                _refuse(timer, version, why)
            ended += 1
    return ended


def warn(limit: int = 100) -> int:
    """Tell people once of each timer within the hour that could not publish as things are. Returns their number."""
    now = clock.now()
    soon = _waiting().filter(at__gt=now, at__lte=now + WARN_BEFORE, warned_at__isnull=True)
    warned = 0
    for found in soon[:limit]:
        why = why_not(found.version, actor=found.set_by, at=found.at)
        if why is None:
            continue
        with acting_as("timer", reason="warned"), transaction.atomic():
            timer = _waiting().select_for_update(of=("self",)).filter(pk=found.pk, warned_at__isnull=True).first()
            if timer is None:
                continue
            timer.warned_at = clock.now()
            timer.save(update_fields=["warned_at"])
            tell(timer.version, _people(timer.version, timer), "timer_warned", why=why)
            warned += 1
    return warned


def _waiting() -> QuerySet[PublicationTimer]:
    rows = PublicationTimer.objects.filter(state=State.WAITING)
    return rows.select_related("version__review__claim", "version__author", "version__approver", "set_by")


def _seconds_to_next() -> float | None:
    """Seconds until the next timer is due, by the database's clock; None if none is set."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM min(at) - clock_timestamp())::float8 FROM claims_publicationtimer"
            " WHERE state = 'waiting' AND at > clock_timestamp()"
        )
        seconds: float | None = cursor.fetchone()[0]
        return seconds
