"""Read and write named files in a folder or an S3-compatible bucket, by one interface.

An administrator names the place, so requests to a bucket bypass `sources.http.guard`, as those of the snapshot store
do. A file appears under its name complete or not at all.
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import obstore
from django.conf import settings
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore

from sources.snapshots.s3 import Bucket
from sources.snapshots.store import StorageError

PARALLEL = 8  # requests, or files
_STEP = 1_000_000
_MISSING = (FileNotFoundError, NotFoundError)
# What object_store adds to the name of a file that it is still writing.
_UNFINISHED = re.compile(r"#\d+$")
_DAY = 86_400


class BackupError(Exception):
    """A backup or a restore cannot go on. The message says what to do."""


class File(NamedTuple):
    """A file of a place; `modified` is by the place's clock."""

    name: str
    size: int
    modified: datetime


class Place:
    """Files under names with slashes. Errors are `BackupError` with a sentence. Thread-safe."""

    def __init__(self, store: Any, address: str, *, folder: Path | None = None, prefix: str = "") -> None:
        self._store = store
        self.address = address
        self.folder = folder
        self._prefix = f"{prefix}/" if prefix else ""

    def __str__(self) -> str:
        return self.address

    def under(self, prefix: str) -> "Place":
        """The part of the place below a prefix."""
        folder = self.folder / prefix if self.folder else None
        return Place(self._store, f"{self.address}/{prefix}", folder=folder, prefix=f"{self._prefix}{prefix}")

    def files(self, prefix: str = "") -> Iterator[File]:
        """Every file below a prefix, which ends where a folder's name does."""
        try:
            for part in obstore.list(self._store, f"{self._prefix}{prefix}".rstrip("/") or None, chunk_size=1_000):
                for each in part:
                    yield File(each["path"][len(self._prefix) :], each["size"], each["last_modified"])
        except _MISSING:
            return
        except (BaseError, OSError) as error:
            raise self._failed("read", error) from error

    def folders(self, prefix: str) -> list[str]:
        """The names of the folders in a folder, sorted."""
        try:
            listed = obstore.list_with_delimiter(self._store, f"{self._prefix}{prefix}")
        except _MISSING:
            return []
        except (BaseError, OSError) as error:
            raise self._failed("read", error) from error
        return sorted(each.rstrip("/").rpartition("/")[2] for each in listed["common_prefixes"])

    def read(self, name: str) -> Iterator[bytes]:
        """The file in pieces. Raises FileNotFoundError."""
        try:
            for chunk in obstore.get(self._store, self._prefix + name).stream(min_chunk_size=_STEP):
                yield bytes(chunk)
        except _MISSING as error:
            raise FileNotFoundError(name) from error
        except (BaseError, OSError) as error:
            raise self._failed(f"read ({name})", error) from error

    def write(self, name: str, data: bytes | Iterable[bytes]) -> None:
        """Write or replace the file."""
        try:
            if isinstance(data, bytes):
                obstore.put(self._store, self._prefix + name, data, use_multipart=False)
            else:
                obstore.put(self._store, self._prefix + name, iter(data))
        except (BaseError, OSError) as error:
            raise self._failed("written", error) from error

    def delete(self, names: Iterable[str]) -> None:
        """Delete files; one that is missing is no error."""

        def one(name: str) -> None:
            with suppress(*_MISSING):
                obstore.delete(self._store, self._prefix + name)

        try:
            with ThreadPoolExecutor(PARALLEL) as pool:
                list(pool.map(one, names))
        except (BaseError, OSError) as error:
            raise self._failed("written", error) from error

    def check_writable(self) -> None:
        """Write and delete a small file, so that a wrong address or right is found before the work begins."""
        self.write("write-test", b"a backup can be written here\n")
        with suppress(BackupError):  # a bucket may give no right to delete
            self.delete(["write-test"])

    def free_bytes(self) -> int | None:
        """Free disk space; None if a bucket has no such bound."""
        if self.folder is None:
            return None
        folder = self.folder
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def flush(self, name: str = "") -> None:
        """Return once everything, or one file, has reached the disk. A bucket has stored what it acknowledged."""
        if self.folder is None:
            return
        if not name:
            os.sync()
            return
        for path in (self.folder / name, self.folder):
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    def remove_unfinished(self) -> None:
        """Delete what writers that were killed left in a folder more than a day ago."""
        if self.folder is None:
            return
        for folder, _, names in os.walk(self.folder):
            for path in (Path(folder, name) for name in names if _UNFINISHED.search(name)):
                with suppress(OSError):
                    if path.stat().st_mtime < time.time() - _DAY:
                        path.unlink()

    def _failed(self, done: str, error: Exception) -> BackupError:
        return BackupError(f"{self.address} cannot be {done}: {_reason(error)}")


def _reason(error: Exception) -> str:
    """A sentence on an error of the library, whose own message has many lines."""
    first = str(error).split("\n", 1)[0]
    if "No space left" in first or "os error 28" in first or "os error 122" in first:
        return "the disk is full. Free space there, or use another place, and repeat the command."
    if "Permission denied" in first or "os error 13" in first:
        return "this user lacks the permission. Correct it, or use another place."
    if "Read-only file system" in first:
        return "it is mounted read-only."
    kind = type(error).__name__.removesuffix("Error")
    plain = re.sub(r"^Generic \S+ error: ", "", first)
    return f"{plain[:300]} ({kind})." if kind != "Generic" else f"{plain[:300]}."


def open_place(address: str, access_key: str = "", secret_key: str = "", *, setting: str = "") -> Place:
    """The place at a folder path or at `s3://bucket/prefix?endpoint=…&region=…`. Raises `BackupError`.

    A missing folder appears with the first write.
    """
    try:
        if "://" in address:
            bucket = Bucket.of(address, access_key, secret_key, setting=setting or "FACTCHECK_BACKUP_TO")
            shown = f"s3://{bucket.name}/{bucket.prefix}".rstrip("/")
            return Place(bucket.connect(seconds=60, retries=4), shown, prefix=bucket.prefix)
    except StorageError as error:
        raise BackupError(str(error)) from error
    if re.match(r"[a-z][a-z0-9]*:", address):
        raise BackupError(
            f"{address} is neither a folder nor a bucket. A bucket is s3://bucket/prefix?endpoint=…&region=…; write "
            f"./{address} for a folder of this name."
        )
    folder = Path(address).expanduser().resolve()
    return Place(LocalStore(automatic_cleanup=True), str(folder), folder=folder, prefix=str(folder).strip("/"))


def backup_place(address: str) -> Place:
    """The place of backups at this address, with the keys of the settings for a bucket."""
    return open_place(address, settings.BACKUP_ACCESS_KEY, settings.BACKUP_SECRET_KEY)


def snapshot_place(address: str = "") -> Place:
    """The files of the snapshot store that the settings name, or of another at this address."""
    return open_place(
        address or settings.SNAPSHOT_STORE,
        settings.SNAPSHOT_STORE_ACCESS_KEY,
        settings.SNAPSHOT_STORE_SECRET_KEY,
        setting="SNAPSHOT_STORE",
    )


class Digest:
    """The sha256 and the size of bytes that pass through."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.size = 0

    def through(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        for piece in pieces:
            self._sha256.update(piece)
            self.size += len(piece)
            yield piece

    @property
    def sha256(self) -> str:
        return self._sha256.hexdigest()
