"""The snapshot store: bytes by the sha256 of their content, written once and never changed.

`FolderStore` keeps them gzipped under aa/bb/<sha256>.gz. A file is there whole or not at all: it is written
beside its place, synced, and renamed. Reading recomputes the hash, so rotten bytes are never taken for what
a page said.
"""

import gzip
import hashlib
import os
import re
import tempfile
import zlib
from pathlib import Path
from typing import Protocol


class StorageError(Exception):
    """The store cannot do what was asked. The message is a sentence that says what to do."""


class SnapshotMissing(StorageError):
    """No bytes under this name."""


class SnapshotCorrupt(StorageError):
    """There are bytes under this name, but not those that were put there."""


class SnapshotStore(Protocol):
    """What a place for snapshots must offer."""

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their sha256 in hex. Putting the same bytes again changes nothing."""

    def get(self, sha256: str) -> bytes:
        """The bytes of that name. Raises `SnapshotMissing` or `SnapshotCorrupt`."""

    def exists(self, sha256: str) -> bool: ...


class FolderStore:
    """A `SnapshotStore` in a folder of this machine, which is made when the first bytes are put."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def path(self, sha256: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"{sha256!r} is not a sha256 in hex.")
        return self.folder / sha256[:2] / sha256[2:4] / f"{sha256}.gz"

    def put(self, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self.path(sha256)
        if path.exists():
            return sha256
        # mtime 0: the same bytes give the same file, which keeps backups small.
        packed = gzip.compress(data, compresslevel=6, mtime=0)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, packed)
        except OSError as error:
            raise StorageError(
                f"The snapshot store {self.folder} cannot be written ({error.strerror}). "
                "Free space there or correct its permissions; nothing was half written."
            ) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        path = self.path(sha256)
        try:
            packed = path.read_bytes()
        except FileNotFoundError as error:
            raise SnapshotMissing(
                f"Snapshot {sha256} is not in {self.folder}. Restore the store from its backup."
            ) from error
        except OSError as error:
            raise StorageError(f"Snapshot {sha256} cannot be read from {self.folder} ({error.strerror}).") from error
        try:
            data = gzip.decompress(packed)
        except (OSError, EOFError, zlib.error) as error:
            raise self._corrupt(sha256) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise self._corrupt(sha256)
        return data

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def _corrupt(self, sha256: str) -> SnapshotCorrupt:
        return SnapshotCorrupt(
            f"Snapshot {sha256} in {self.folder} is damaged. Restore this file from the backup of the store; "
            "fetching the page again would not bring back what it said."
        )


def _write_whole(path: Path, data: bytes) -> None:
    """Write, sync, rename, sync the folder: after a crash the file is whole or absent."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
