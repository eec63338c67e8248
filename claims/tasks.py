"""Celery tasks of claims: each calls one function."""

from celery import shared_task

from claims import tips
from claims.exports import dumps
from claims.statements import proposals
from claims.watch import archive_copies
from claims.watch import sweep as watch


@shared_task
def sweep() -> int:
    """Sweep changes of pages into evidence checks. Returns how many changes were swept."""
    return watch.sweep()


@shared_task
def propose() -> int:
    """Propose what is new in feeds to the desk. Returns how many items were looked at."""
    return proposals.propose()


@shared_task
def want_copies() -> int:
    """Want a copy at the archive of each page that published reviews quote. Returns how many are new."""
    return archive_copies.want_copies()


@shared_task
def keep_copies() -> int:
    """Go on with the copies that are wanted at the archive. Returns how many were gone on with; 0 when off."""
    return archive_copies.work()


@shared_task
def forget_contacts() -> int:
    """Delete how to reach those who sent tips, where the time for it is over. Returns how many."""
    return tips.forget_contacts()


@shared_task
def dump() -> str | None:
    """Write today's dump if there is none. Returns its folder; None if nothing was to be done."""
    made = dumps.daily()
    return None if made is None else str(made)
