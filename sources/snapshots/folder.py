"""A snapshot store in a local folder, with one gzip file per snapshot at aa/bb/<sha256>.gz."""

import ctypes
import errno
import hashlib
import os
import platform
import re
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from sources.faults import point
from sources.snapshots.store import STEP, DamagedFile, SnapshotCorrupt, SnapshotMissing, StorageError, key, pack, unpack

MIN_FREE_BYTES = 50_000_000  # with less free disk space the store reports itself down
_PART = ".part"  # suffix of a file that is being written
_ABANDONED_SECONDS = 86_400  # after this time no process still writes the file


class FolderStore:
    """A `SnapshotStore` in a local folder, which the first write creates."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def path(self, sha256: str) -> Path:
        return self.folder / key(sha256)

    def put(self, data: bytes) -> str:
        return self.put_many([data])[0]

    def put_many(self, blobs: Sequence[bytes], names: Sequence[str] = ()) -> list[str]:
        names = names or [hashlib.sha256(data).hexdigest() for data in blobs]
        new = {self.path(name): data for name, data in zip(names, blobs, strict=True)}
        new = {path: data for path, data in new.items() if not path.exists()}
        try:
            _write_atomically({path: pack(data) for path, data in new.items()}, self.folder)
        except OSError as error:
            raise StorageError(
                f"The snapshot store {self.folder} cannot be written ({error.strerror}). "
                "Free space there or correct its permissions; no file was partly written."
            ) from error
        return list(names)

    def get(self, sha256: str) -> bytes:
        return b"".join(self._read(sha256))

    def verify(self, sha256: str) -> int:
        if not self.folder.is_dir():
            raise StorageError(f"The snapshot store {self.folder} does not exist. Mount it, or correct SNAPSHOT_STORE.")
        return sum(map(len, self._read(sha256)))

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def remove(self, sha256: str) -> None:
        try:
            self.path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"Snapshot {sha256} cannot be removed from {self.folder} ({error.strerror}).") from error

    def state(self) -> str:
        folder = self.folder
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.W_OK):
            return "down: the folder is not writable"
        if shutil.disk_usage(folder).free < MIN_FREE_BYTES:
            return f"down: less than {MIN_FREE_BYTES // 1_000_000} MB of disk left"
        return "ok"

    def remove_abandoned(self) -> None:
        last = time.time() - _ABANDONED_SECONDS
        for part in self.folder.glob(f"*/*/.*{_PART}"):
            with suppress(OSError):  # another check removed it, or this user lacks the permission
                if part.stat().st_mtime < last:
                    part.unlink()

    def _read(self, sha256: str) -> Iterator[bytes]:
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                yield from unpack(iter(lambda: file.read(STEP), b""), sha256)
        except FileNotFoundError as error:
            raise SnapshotMissing(
                f"Snapshot {sha256} is not in {self.folder}. Restore the store from its backup."
            ) from error
        except DamagedFile as error:
            raise self._corrupt(sha256) from error
        except OSError as error:
            if error.errno == errno.EIO:  # the disk can no longer read these bytes
                raise self._corrupt(sha256) from error
            raise StorageError(f"Snapshot {sha256} cannot be read from {self.folder} ({error.strerror}).") from error

    def _corrupt(self, sha256: str) -> SnapshotCorrupt:
        return SnapshotCorrupt(
            f"Snapshot {sha256} in {self.folder} is damaged. Restore this file from the backup of the store; "
            "fetching the page again would not recover its earlier content."
        )


def _write_atomically(files: dict[Path, bytes], folder: Path) -> None:
    """Write, sync, rename and sync again, so that after a crash each file is complete or absent."""
    if not files:
        return
    suffix = f"{os.getpid()}-{secrets.token_hex(8)}{_PART}"
    parts = {path: path.with_name(f".{number}-{suffix}") for number, path in enumerate(files)}
    handles: list[int] = []
    try:
        for path, data in files.items():
            handles.append(_create(parts[path]))
            _write_all(handles[-1], data)
        _sync(handles, folder)
        point("bytes synced")
        for path, part in parts.items():
            part.replace(path)
    except BaseException:
        for part in parts.values():
            part.unlink(missing_ok=True)
        raise
    finally:
        for handle in handles:
            os.close(handle)
    folders = [os.open(parent, os.O_RDONLY) for parent in {path.parent for path in files}]
    try:
        _sync(folders, folder)
    finally:
        for handle in folders:
            os.close(handle)


def _create(path: Path) -> int:
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)


def _write_all(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync(handles: Sequence[int], folder: Path) -> None:
    """Flush these files to disk. From `_SYNCFS_FROM` on, one call for the whole file system costs a tenth."""
    if len(handles) < _SYNCFS_FROM or _syncfs is None:
        for handle in handles:
            os.fsync(handle)
    elif _syncfs(handles[0]) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(folder))


def _find_syncfs() -> Callable[[int], int] | None:
    """Return Linux's syncfs(2), which reports write errors since 5.8; None elsewhere."""
    release = [int(part) for part in re.findall(r"\d+", platform.release())[:2]]
    if sys.platform != "linux" or release < [5, 8]:
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


_SYNCFS_FROM = 4
_syncfs = _find_syncfs()
