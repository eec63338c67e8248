"""Sweep changes of pages into evidence checks, and raise re-checks for quotes that broke.

Nothing here changes a verdict: a broken quote raises a re-check, and people decide.
"""

from collections import Counter

from claims.watch.sweep_affected import AT_ONCE, sweep_disturbed
from claims.watch.sweep_unaffected import sweep_quiet
from sources.models import Change


def sweep(limit: int = 500) -> int:
    """Pull changes that were not swept yet, oldest first, and look for every quote that rests on their pages.

    Returns how many changes were swept. A crash loses nothing, a rerun or a second sweeper doubles nothing.
    """
    swept = sweep_quiet(limit)
    unswept = Change.objects.filter(sweep__isnull=True).order_by("pk")
    left = Counter(unswept.values_list("page", flat=True)[:limit])
    while left and swept < limit:
        pages = list(left)[: min(AT_ONCE, limit - swept)]
        done, put_off = sweep_disturbed(pages)
        swept += done
        for page in pages:
            left[page] -= page not in put_off
        left = +left
    return swept
