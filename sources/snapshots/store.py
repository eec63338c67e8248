"""The snapshot store: bytes by the sha256 of their content, written once and never changed.

`FolderStore` keeps them gzipped under aa/bb/<sha256>.gz; `sources.snapshots.s3.BucketStore` keeps the same files in
an S3-compatible store, so that one can be copied to the other as it is. A file is there whole or not at all: it
is written beside its place, synced, and renamed. Reading recomputes the hash, so rotten bytes are never taken
for what a page said.
"""

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
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from isal import igzip

from sources.faults import point

LEAST_DISK = 50_000_000  # bytes that must be free for a folder to count as well
_STEP = 65_536
_PART = ".part"  # the end of a file that is being written
_ABANDONED = 86_400  # seconds after which nobody is writing a file any more


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

    def put_many(self, several: Sequence[bytes], names: Sequence[str] = ()) -> list[str]:
        """The same for several; if that fails, some may have been kept.

        `names` are their sha256 in hex, for a caller that has reckoned them already.
        """

    def get(self, sha256: str) -> bytes:
        """The bytes of that name. Raises `SnapshotMissing` or `SnapshotCorrupt`."""

    def exists(self, sha256: str) -> bool: ...

    def verify(self, sha256: str) -> int:
        """Read all of it in small steps and return its size in bytes. Raises as `get` does.

        A plain `StorageError` says that the store as a whole does not answer, which says nothing of this name.
        """

    def state(self) -> str:
        """`ok`, or in a few words what is wrong; answers within seconds."""

    def clear_abandoned(self) -> None:
        """Remove what writers that were killed left half written, a day later. What has its name is never touched."""


@lru_cache(maxsize=4)
def open_store(place: str, access_key: str = "", secret_key: str = "") -> SnapshotStore:
    """The store at a folder or at `s3://bucket/prefix?endpoint=https://…&region=…`, the same one each time.

    Raises `StorageError` if the place cannot be understood.
    """
    if "://" not in place:
        return FolderStore(place)
    from sources.snapshots.s3 import BucketStore  # only those who use it pay for loading it

    return BucketStore(place, access_key, secret_key)


def key(sha256: str) -> str:
    """Where in a store the bytes of that name lie. Raises `ValueError` for anything but a sha256 in hex."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256!r} is not a sha256 in hex.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"


def pack(data: bytes) -> bytes:
    """The file that keeps the bytes. The same bytes give the same file, which keeps backups small."""
    return igzip.compress(data, compresslevel=2, mtime=0)


class Damaged(Exception):
    """A packed file does not hold what its name says. Stores raise `SnapshotCorrupt` for it."""


def unpack(packed: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """What a packed file holds, in steps of at most 64 KB; raises `Damaged`, at the latest at its end."""
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    digest = hashlib.sha256()
    try:
        for chunk in packed:
            rest = bytes(chunk)
            while rest:
                if inflate.eof:
                    raise Damaged
                piece = inflate.decompress(rest, _STEP)
                digest.update(piece)
                yield piece
                rest = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        piece = inflate.flush()
    except zlib.error as error:
        raise Damaged from error
    digest.update(piece)
    yield piece
    if not inflate.eof or digest.hexdigest() != sha256:
        raise Damaged


class FolderStore:
    """A `SnapshotStore` in a folder of this machine, which is made when the first bytes are put."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def path(self, sha256: str) -> Path:
        return self.folder / key(sha256)

    def put(self, data: bytes) -> str:
        return self.put_many([data])[0]

    def put_many(self, several: Sequence[bytes], names: Sequence[str] = ()) -> list[str]:
        names = names or [hashlib.sha256(data).hexdigest() for data in several]
        new = {self.path(name): data for name, data in zip(names, several, strict=True)}
        new = {path: data for path, data in new.items() if not path.exists()}
        try:
            _write_whole({path: pack(data) for path, data in new.items()}, self.folder)
        except OSError as error:
            raise StorageError(
                f"The snapshot store {self.folder} cannot be written ({error.strerror}). "
                "Free space there or correct its permissions; nothing was half written."
            ) from error
        return list(names)

    def get(self, sha256: str) -> bytes:
        return b"".join(self._read(sha256))

    def verify(self, sha256: str) -> int:
        if not self.folder.is_dir():
            raise StorageError(f"The snapshot store {self.folder} is not there. Mount it, or correct SNAPSHOT_STORE.")
        return sum(map(len, self._read(sha256)))

    def exists(self, sha256: str) -> bool:
        return self.path(sha256).exists()

    def state(self) -> str:
        folder = self.folder
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.W_OK):
            return "down: the folder is not writable"
        if shutil.disk_usage(folder).free < LEAST_DISK:
            return f"down: less than {LEAST_DISK // 1_000_000} MB of disk left"
        return "ok"

    def clear_abandoned(self) -> None:
        last = time.time() - _ABANDONED
        for part in self.folder.glob(f"*/*/.*{_PART}"):
            with suppress(OSError):  # another scrub's, or one that this user may not touch
                if part.stat().st_mtime < last:
                    part.unlink()

    def _read(self, sha256: str) -> Iterator[bytes]:
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                yield from unpack(iter(lambda: file.read(_STEP), b""), sha256)
        except FileNotFoundError as error:
            raise SnapshotMissing(
                f"Snapshot {sha256} is not in {self.folder}. Restore the store from its backup."
            ) from error
        except Damaged as error:
            raise self._corrupt(sha256) from error
        except OSError as error:
            if error.errno == errno.EIO:  # the disk itself cannot read these bytes any more
                raise self._corrupt(sha256) from error
            raise StorageError(f"Snapshot {sha256} cannot be read from {self.folder} ({error.strerror}).") from error

    def _corrupt(self, sha256: str) -> SnapshotCorrupt:
        return SnapshotCorrupt(
            f"Snapshot {sha256} in {self.folder} is damaged. Restore this file from the backup of the store; "
            "fetching the page again would not bring back what it said."
        )


def _write_whole(files: dict[Path, bytes], folder: Path) -> None:
    """Write, sync, rename, sync again: after a crash each file is whole or absent."""
    if not files:
        return
    mark = f"{os.getpid()}-{secrets.token_hex(8)}{_PART}"
    parts = {path: path.with_name(f".{number}-{mark}") for number, path in enumerate(files)}
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
    folders = [os.open(place, os.O_RDONLY) for place in {path.parent for path in files}]
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
    """Have all of these on the disk. Many are synced with one call for their file system, which costs a tenth."""
    if len(handles) < _MANY or _syncfs is None:
        for handle in handles:
            os.fsync(handle)
    elif _syncfs(handles[0]) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error), str(folder))


def _find_syncfs() -> Callable[[int], int] | None:
    """Linux has it, and says since 5.8 whether what was written did arrive."""
    release = [int(part) for part in re.findall(r"\d+", platform.release())[:2]]
    if sys.platform != "linux" or release < [5, 8]:
        return None
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)


_MANY = 4
_syncfs = _find_syncfs()
