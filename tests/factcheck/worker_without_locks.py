"""Switch off leases, page locks, skipped claims and sweep rows in a worker that includes this; for control tests.

Other workers do not see its leases. It polls each page at most once, so that a page polled twice was polled by two
workers. It writes no `Sweep` row, takes no page locks and waits for claims that another sweep holds.
"""

from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from claims.models import Sweep
from claims.watch import sweep, sweep_affected
from sources.models import Host, Polling
from sources.polling import leases
from sources.polling.leases import LeasedPage

_lease_due = leases.lease_due
_had: set[int] = set()


def lease_due(limit: int, *, thorough: bool = True) -> list[LeasedPage]:
    leased = _lease_due(limit, thorough=thorough)
    Polling.objects.filter(page__in=[page.page_id for page in leased]).update(leased_until=None)
    Host.objects.filter(name__in=[page.host for page in leased]).update(ready_at=Now())
    new = [page for page in leased if page.page_id not in _had]
    _had.update(page.page_id for page in new)
    return new


def lock_pages(pages: list[int]) -> list[int]:
    return list(pages)


_select_for_update = QuerySet.select_for_update


def waiting(rows: Any, *arguments: Any, skip_locked: bool = False, **options: Any) -> Any:
    """Wait for the rows that another worker holds, as if there were nothing to skip."""
    return _select_for_update(rows, *arguments, **options)


QuerySet.select_for_update = waiting
leases.lease_due = lease_due
sweep_affected.lock_pages = lock_pages
sweep.sweep_unaffected = lambda limit: 0
Sweep.objects.bulk_create = lambda rows: list(rows)
