"""Sweep page changes: check every quote of the changed pages, and raise re-checks for reviews whose quotes broke.

Nothing here changes a verdict: a broken quote raises a re-check, and people decide.
"""

from collections import Counter

from claims.watch.sweep_affected import MAX_PAGES, sweep_affected
from claims.watch.sweep_unaffected import sweep_unaffected
from sources.models import Change


def sweep(limit: int = 500) -> int:
    """Sweep up to `limit` unswept changes, oldest first. Returns the number swept.

    A crash loses nothing; a rerun or a second sweeper repeats nothing.
    """
    swept = sweep_unaffected(limit)
    unswept = Change.objects.filter(sweep__isnull=True).order_by("pk")
    remaining = Counter(unswept.values_list("page", flat=True)[:limit])
    while remaining and swept < limit:
        pages = list(remaining)[: min(MAX_PAGES, limit - swept)]
        done, postponed = sweep_affected(pages)
        swept += done
        for page in pages:
            remaining[page] -= page not in postponed
        remaining = +remaining
    return swept
