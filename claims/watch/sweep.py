"""Sweep page changes: check every quote of the changed pages, and raise re-checks for reviews whose quotes broke.

Nothing here changes a verdict: a broken quote raises a re-check, and people decide.
"""

import logging
from collections import Counter
from collections.abc import Sequence

from django.db import OperationalError

from claims.watch.sweep_affected import MAX_PAGES, sweep_affected
from claims.watch.sweep_unaffected import sweep_unaffected
from sources.database.locks import is_lock_failure
from sources.models import Change
from sources.snapshots.store import StorageError

logger = logging.getLogger(__name__)

MAX_FAILED = 20
"""Pages that may fail on a lock, or on the snapshot store, in one sweep. The next tick begins again, so that no worker
thread is stuck in one."""


def sweep(limit: int = 500) -> int:
    """Sweep up to `limit` unswept changes, oldest first. Returns the number swept.

    A crash loses nothing; a rerun or a second sweeper repeats nothing. A lock held elsewhere delays only the pages
    whose rows it covers.
    """
    swept = _sweep_unaffected(limit)
    unswept = Change.objects.filter(sweep__isnull=True).order_by("pk")
    remaining = Counter(unswept.values_list("page", flat=True)[:limit])
    failed: set[int] = set()
    while remaining and swept < limit and len(failed) < MAX_FAILED:
        pages = list(remaining)[: min(MAX_PAGES, limit - swept)]
        done, postponed = _sweep_group(pages, failed)
        swept += done
        for page in pages:
            remaining[page] -= page not in postponed
        for page in failed.intersection(pages):
            del remaining[page]  # its later changes must wait too
        remaining = +remaining
    return swept


def _sweep_unaffected(limit: int) -> int:
    try:
        return sweep_unaffected(limit)
    except OperationalError as error:
        if not is_lock_failure(error):
            raise
        return 0  # `sweep_affected` sweeps the same changes in small groups


def _sweep_group(pages: Sequence[int], failed: set[int]) -> tuple[int, list[int]]:
    """Sweep the pages in one transaction, or each apart if that waits too long for a lock; notes which still fail."""
    try:
        return sweep_affected(pages)
    except OperationalError as error:
        if not is_lock_failure(error):
            raise
    except StorageError:
        pass  # only those whose old bytes are needed have to wait
    swept, postponed = 0, []
    for page in pages:
        if len(failed) >= MAX_FAILED:
            break
        try:
            done, again = sweep_affected([page], patience=1)
        except OperationalError as error:
            if not is_lock_failure(error):
                raise
            logger.warning("The changes of page %s wait for a lock that another session holds", page)
            failed.add(page)
        except StorageError as error:
            logger.warning("The changes of page %s wait for the snapshot store: %s", page, error)
            failed.add(page)
        else:
            swept += done
            postponed += again
    return swept, postponed
