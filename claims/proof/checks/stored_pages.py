"""Read stored page bytes and texts again, all or a sample, and compare them with their sha256."""

import secrets
from collections.abc import Iterator
from typing import Literal

from django.db import connection

from claims.proof.finding import Finding
from sources.models import Blob, Text
from sources.snapshots import default_store
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing, StorageError

Share = float | Literal["all"]
LEAST = 1_000
"""A sample has at least so many, or all there are."""
_BATCH = 500
_WRONG_TEXT = """
    SELECT sha256 FROM sources_text
    WHERE sha256 = ANY (%s) AND encode(sha256(convert_to(text, 'UTF8')), 'hex') <> sha256
"""


def stored(share: Share) -> Iterator[Finding]:
    """Read so much of all blobs and texts: a share of 1, at least `LEAST`, or `all`."""
    store = default_store.store()
    for batch in _sample(Blob, share):
        sizes = dict(Blob.objects.filter(sha256__in=batch, unused_since=None).values_list("sha256", "size"))
        for sha256, size in sizes.items():
            try:
                found = store.verify(sha256)
            except (SnapshotMissing, SnapshotCorrupt) as error:
                yield Finding("blobs", str(error))
            except StorageError as error:
                yield Finding("blobs", f"The stored pages could not be read: {error}")
                return
            else:
                if found != size:
                    yield Finding("blobs", f"Snapshot {sha256} has {found:,} bytes, and its row says {size:,}.")
    for batch in _sample(Text, share):
        with connection.cursor() as cursor:
            cursor.execute(_WRONG_TEXT, [batch])
            for (sha256,) in cursor.fetchall():
                yield Finding("blobs", f"The stored text {sha256} was changed: it has another hash than its name.")


def _sample(model: type[Blob] | type[Text], share: Share) -> Iterator[list[str]]:
    """Names in batches. Hashes are spread evenly, so that a run of them from a random one is a random sample."""
    rows = model._default_manager.order_by("sha256").values_list("sha256", flat=True)
    total = rows.count()
    left = total if share == "all" else min(total, max(LEAST, round(total * share)))
    after = "" if share == "all" else secrets.token_hex(32)
    while left > 0:
        batch = list(rows.filter(sha256__gt=after)[: min(_BATCH, left)])
        yield batch
        left -= len(batch)
        after = batch[-1] if len(batch) == _BATCH else ""
