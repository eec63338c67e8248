"""Remove old sets of a backup, and the blobs that no set names any more."""

from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from factcheck.backup import blobs
from factcheck.backup.manifest import BLOB_LIST, BLOBS, SETS, Sets, read, time_of
from factcheck.backup.places import BackupError, Place
from factcheck.backup.postgresql import inflate

# Nothing younger is removed: another process may be about to name it.
MIN_AGE = timedelta(hours=24)


def prune(place: Place, *, keep: int) -> str:
    """Remove all but the newest `keep` finished sets, and what no set needs. Returns a sentence's end, or nothing.

    The caller holds the lock of backups. Unfinished sets and unnamed blobs stay for a day.
    """
    sets = Sets.at(place)
    old = sets.finished[:-keep] if keep else []
    abandoned = [name for name in sets.unfinished if time_of(name) < timezone.now() - MIN_AGE]
    for name in [*old, *abandoned]:
        files = place.under(f"{SETS}/{name}")
        # The manifest goes first, so that an interrupted removal leaves an unfinished set.
        names = sorted((file.name for file in files.files()), key=lambda each: not each.startswith("manifest"))
        files.delete(names[:1])
        files.delete(names[1:])
    place.remove_unfinished()
    count = _remove_unnamed(place, [*sets.finished[len(old) :], *sets.future]) if old else 0
    parts = [
        *([f"{len(old)} old sets"] if old else []),
        *([f"{len(abandoned)} unfinished sets"] if abandoned else []),
        *([f"{count} saved pages that no set names"] if count else []),
    ]
    return ", ".join(parts)


def _remove_unnamed(place: Place, kept: list[str]) -> int:
    """Delete blobs that no kept set names. A list that cannot be read names everything."""
    named: set[bytes] = set()
    for name in kept:
        try:
            if not read(place, name).snapshots:
                listed = inflate(place.read(f"{SETS}/{name}/{BLOB_LIST}"))
                named |= {bytes.fromhex(blob.sha256) for blob in blobs.read_lines(listed)}
        except (BackupError, FileNotFoundError):
            return 0
    store, before, removed = place.under(BLOBS), timezone.now() - MIN_AGE, 0
    for _, group in groupby(store.files(), key=lambda file: file.name[:2]):
        unnamed = [file.name for file in group if file.modified < before and not _is_named(file.name, named)]
        store.delete(unnamed)
        removed += len(unnamed)
    return removed


def _is_named(name: str, named: set[bytes]) -> bool:
    try:
        return bytes.fromhex(name.rpartition("/")[2].removesuffix(".gz")) in named
    except ValueError:
        return True  # not ours
