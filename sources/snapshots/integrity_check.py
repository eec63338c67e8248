"""Scrubbing: read every blob of the snapshot store and say which are not as they were put.

Nothing is ever repaired from here: fetching a page again would bring what it says today, not what it said. A
scrub walks the blobs by sha256 and keeps its place in the database, so that one that was broken off goes on
where it stopped. It holds one step of one file in memory. All that it removes is what killed writers left half
written, under no name.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from sources.models import Blob, Scrub, ScrubFinding
from sources.snapshots import default_store
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing

_LOCK = 4_820_119  # one scrub at a time; any number will do
_AT_ONCE = 200
# A blob's row follows its bytes, and a store may be a moment behind itself.
_TOO_NEW = timedelta(minutes=1)


class ScrubRefused(Exception):
    """Another scrub is running. The message is a sentence."""


def scrub(
    *,
    afresh: bool = False,
    bytes_per_second: float | None = None,
    seconds: float | None = None,
    say: Callable[[str], object] = lambda sentence: None,
) -> Scrub:
    """Read on where the last scrub was broken off, or from the beginning; `say` hears each finding.

    Stops after `seconds`; then `finished_at` is empty. Raises `StorageError` if the store as a whole does not
    answer (what was read until then is kept) and `ScrubRefused`.
    """
    with _alone():
        row = None if afresh else Scrub.objects.filter(finished_at__isnull=True).order_by("-pk").first()
        store = default_store.store()
        if row is None:
            row = Scrub.objects.create()
            store.clear_abandoned()
        started, read = time.monotonic(), 0
        try:
            for blob in _blobs(row.reached):
                if seconds is not None and time.monotonic() - started >= seconds:
                    return row
                try:
                    size = store.verify(blob.sha256)
                    if size != blob.size:  # the hash is right, so it is the row that is wrong
                        raise SnapshotCorrupt(
                            f"Snapshot {blob.sha256} holds {size:,} bytes and its row in the database says "
                            f"{blob.size:,}. Compare the database with its backup."
                        )
                except (SnapshotMissing, SnapshotCorrupt) as error:
                    size = 0
                    missing = isinstance(error, SnapshotMissing)
                    kind = ScrubFinding.Kind.MISSING if missing else ScrubFinding.Kind.DAMAGED
                    ScrubFinding.objects.create(scrub=row, blob=blob, kind=kind, sentence=str(error)[:500])
                    say(str(error))
                row.reached = blob.sha256
                row.checked += 1
                row.size += size
                read += size
                if row.checked % _AT_ONCE == 0:
                    row.save()
                if bytes_per_second:
                    time.sleep(max(0.0, started + read / bytes_per_second - time.monotonic()))
            row.finished_at = timezone.now()
            return row
        finally:
            row.save()


def damaged() -> int:
    """How many blobs the last whole scrub, or one that began since, found missing or damaged."""
    last = Scrub.objects.filter(finished_at__isnull=False).order_by("-pk").values_list("pk", flat=True).first()
    found = ScrubFinding.objects.filter(Q(scrub__gte=last or 0))
    return found.values("blob").distinct().count()


def _blobs(after: str) -> Iterator[Blob]:
    new = timezone.now() - _TOO_NEW
    while True:
        some = list(Blob.objects.filter(sha256__gt=after, stored_at__lt=new).order_by("sha256")[:_AT_ONCE])
        if not some:
            return
        yield from some
        after = some[-1].sha256


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        (mine,) = cursor.fetchone()
    if not mine:
        raise ScrubRefused("Another scrub is running; wait for it, or end that process.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
