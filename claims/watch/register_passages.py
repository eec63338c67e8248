"""Give the quotes of earlier versions of this software their passages, so that polls can ask for them.

The sweep does so for each page that changes; this does it for those that do not.
"""

from collections.abc import Sequence
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef

from claims.models import Anchoring, Evidence
from claims.watch.sweep_unaffected import lock_pages
from claims.watch.watched_passages import anchor_again, sync_watched, watched_passages
from sources.database.audit import acting_as
from sources.database.locks import limit_lock_waits
from sources.passages import readings


def register_missing(limit: int = 200) -> int:
    """Register the passages of up to `limit` published quotes that have none. Returns the number registered."""
    anchored = Anchoring.objects.filter(passage__isnull=False)
    own, copied = (anchored.filter(evidence=OuterRef(name)) for name in ("pk", "copied_from"))
    missing = Evidence.objects.watched().filter(~Exists(own), ~Exists(copied), passage__isnull=True)
    # At random, so that those that cannot be registered never hold up the others.
    chosen = list(missing.order_by("?").values_list("pk", flat=True)[:limit])
    return readings.read_ahead(partial(_register, chosen)) if chosen else 0


def _register(chosen: Sequence[int]) -> int:
    with acting_as("sweep"), transaction.atomic():
        limit_lock_waits(3)
        rows = list(Evidence.objects.watched().filter(pk__in=chosen).select_related("snapshot__text"))
        free = set(lock_pages(sorted({row.page_id for row in rows if row.page_id is not None})))
        rows = [row for row in rows if row.page_id in free]
        found = watched_passages(rows, with_texts=True)
        without = [row for row in rows if found[row.pk].passage is None]
        stood = [(found[row.pk].anchoring or row).snapshot for row in without]
        readings.require(snapshot for snapshot in stood if snapshot is not None)
        registered = [row for row in without if anchor_again(row, found[row.pk]).passage is not None]
        sync_watched({row.page_id for row in registered if row.page_id is not None})
    return len(registered)
