"""Read every blob of the snapshot store and record which are missing or damaged; `manage.py scrub` runs it.

It repairs nothing, because fetching a page again returns its present content, not its earlier one. A check visits
the blobs in the order of their sha256 and stores its position, so an interrupted check resumes where it stopped. It
holds one step of one file in memory, and deletes only the unfinished files of killed writers.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from sources.database.locks import Lock, held
from sources.models import Blob, Scrub, ScrubFinding
from sources.snapshots import default_store
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing

_BATCH = 200
# Some stores show a new object only after a moment.
_MIN_AGE = timedelta(minutes=1)


class CheckAlreadyRunning(Exception):
    """Another integrity check is running. The message is a sentence."""


def check_snapshots(
    *,
    afresh: bool = False,
    bytes_per_second: float | None = None,
    seconds: float | None = None,
    report: Callable[[str], object] = lambda sentence: None,
) -> Scrub:
    """Resume the interrupted check, if any, or start a new one (`afresh`: always); `report` receives each finding.

    Stops after `seconds` and then leaves `finished_at` empty. Raises `StorageError` if the store as a whole does not
    respond (progress is kept), and `CheckAlreadyRunning`.
    """
    with _alone():
        row = None if afresh else Scrub.objects.filter(finished_at__isnull=True).order_by("-pk").first()
        store = default_store.store()
        if row is None:
            row = Scrub.objects.create()
            store.remove_abandoned()
        started, read = time.monotonic(), 0
        try:
            for blob in _blobs(row.reached):
                if seconds is not None and time.monotonic() - started >= seconds:
                    return row
                try:
                    size = store.verify(blob.sha256)
                    if size != blob.size:  # the hash is right, so the row is wrong
                        raise SnapshotCorrupt(
                            f"Snapshot {blob.sha256} holds {size:,} bytes and its row in the database says "
                            f"{blob.size:,}. Compare the database with its backup."
                        )
                except (SnapshotMissing, SnapshotCorrupt) as error:
                    size = 0
                    missing = isinstance(error, SnapshotMissing)
                    kind = ScrubFinding.Kind.MISSING if missing else ScrubFinding.Kind.DAMAGED
                    ScrubFinding.objects.create(scrub=row, blob=blob, kind=kind, sentence=str(error)[:500])
                    report(str(error))
                row.reached = blob.sha256
                row.checked += 1
                row.size += size
                read += size
                if row.checked % _BATCH == 0:
                    row.save()
                if bytes_per_second:
                    time.sleep(max(0.0, started + read / bytes_per_second - time.monotonic()))
            row.finished_at = timezone.now()
            return row
        finally:
            row.save()


def count_damaged() -> int:
    """Count the blobs that the last completed check, or one started since, found missing or damaged."""
    last = Scrub.objects.filter(finished_at__isnull=False).order_by("-pk").values_list("pk", flat=True).first()
    return ScrubFinding.objects.filter(scrub__gte=last or 0).values("blob").distinct().count()


def _blobs(after: str) -> Iterator[Blob]:
    """Without those that nothing refers to, of which a thinning removes the files."""
    before = timezone.now() - _MIN_AGE
    while batch := list(
        Blob.objects.filter(sha256__gt=after, stored_at__lt=before, unused_since=None).order_by("sha256")[:_BATCH]
    ):
        yield from batch
        after = batch[-1].sha256


@contextmanager
def _alone() -> Iterator[None]:
    with held(Lock.INTEGRITY_CHECK) as alone:
        if not alone:
            raise CheckAlreadyRunning("Another integrity check is running; wait for it, or end that process.")
        yield
