"""Open the snapshot store that the settings name: a folder or an S3-compatible bucket."""

from functools import lru_cache

from django.conf import settings

from sources.snapshots.folder import FolderStore
from sources.snapshots.s3 import BucketStore
from sources.snapshots.store import SnapshotStore


@lru_cache(maxsize=4)
def open_store(place: str, access_key: str = "", secret_key: str = "") -> SnapshotStore:
    """Return the store at a folder path or at `s3://bucket/prefix?endpoint=https://…&region=…`; stores are cached.

    Raises `StorageError` if the address is malformed.
    """
    if "://" not in place:
        return FolderStore(place)
    return BucketStore(place, access_key, secret_key)


def store() -> SnapshotStore:
    """Return the snapshot store that the settings name."""
    return open_store(settings.SNAPSHOT_STORE, settings.SNAPSHOT_STORE_ACCESS_KEY, settings.SNAPSHOT_STORE_SECRET_KEY)


def removing_store() -> SnapshotStore:
    """Return the same store with the keys that may remove, which web and worker do not need."""
    keys = settings.SNAPSHOT_STORE_REMOVE_ACCESS_KEY, settings.SNAPSHOT_STORE_REMOVE_SECRET_KEY
    return open_store(settings.SNAPSHOT_STORE, *keys)
