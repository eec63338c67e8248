"""Copy the blobs of a snapshot store to another place and verify them; files that are there already are left alone.

Blobs are named by the sha256 of their bytes and never change, so a file with the name and the right size is the same.
Both places have the same files (sources/snapshots/store.py), which are copied without being compressed again.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import groupby, islice
from typing import Any, NamedTuple

from factcheck.backup.places import PARALLEL, BackupError, Place
from sources.snapshots.store import DamagedFile, key, unpack

_AT_ONCE = 256  # copies that are queued
_LISTED_AT_ONCE = 200_000  # files


class Blob(NamedTuple):
    """A blob: its sha256, its bytes, and the bytes of its file; 0 for one that is damaged or missing."""

    sha256: str
    size: int
    packed: int

    @property
    def line(self) -> bytes:
        return f"{self.sha256} {self.size} {self.packed}\n".encode()


class Copied(NamedTuple):
    """What became of the blobs of a backup."""

    blobs: list[Blob]
    new: int
    new_bytes: int
    damaged: list[str]


def read_lines(lines: Iterable[bytes]) -> Iterator[Blob]:
    """The blobs of a set's list. Raises `BackupError`."""
    try:
        for line in b"".join(lines).decode().splitlines():
            sha256, size, packed = line.split(" ")
            key(sha256)
            yield Blob(sha256, int(size), int(packed))
    except ValueError as error:
        raise BackupError("The list of blobs of this set is damaged. Use another set of the backup.") from error


def _sizes(place: Place, prefix: str) -> dict[str, int]:
    """Sizes of the files of a store by sha256, of those whose name begins with these two digits, or of all."""
    return {file.name[6:-3]: file.size for file in place.files(prefix and f"{prefix}/")}


def _together(rows: Sequence[tuple[Any, ...]]) -> Callable[[tuple[Any, ...]], str]:
    """By what blobs are grouped, so that a listing has few enough files for memory, and few listings are made."""
    digits = 0 if len(rows) < _LISTED_AT_ONCE else 2
    return lambda row: str(row[0])[:digits]


def count_missing(wanted: Sequence[tuple[str, int]], source: Place, target: Place) -> int:
    """Bytes that a copy would write."""
    total = 0
    for prefix, group in groupby(wanted, key=_together(wanted)):
        here, there = _sizes(source, prefix), _sizes(target, prefix)
        total += sum(here.get(sha256, 0) for sha256, _ in group if there.get(sha256) != here.get(sha256))
    return total


def copy(wanted: Sequence[tuple[str, int]], source: Place, target: Place) -> Copied:
    """Copy what the target lacks, each verified on the way.

    A blob that the source has lost or that is damaged there is no reason to stop: it is named, and kept if the target
    still has it whole.
    """
    found: list[Blob] = []
    damaged: list[str] = []
    new = new_bytes = 0
    copy_one = partial(_copy_one, source=source, target=target)
    with ThreadPoolExecutor(PARALLEL) as pool:
        for prefix, group in groupby(wanted, key=_together(wanted)):
            here, there = _sizes(source, prefix), _sizes(target, prefix)
            rows = list(group)
            lacking = [(sha256, size) for sha256, size in rows if not _same(sha256, here, there)]
            found += [Blob(sha256, size, there[sha256]) for sha256, size in rows if _same(sha256, here, there)]
            for part in _parts(lacking):
                for blob, written in pool.map(copy_one, part):
                    new, new_bytes = new + written, new_bytes + (blob.packed if written else 0)
                    (found.append(blob) if blob.packed else damaged.append(blob.sha256))
    return Copied(sorted(found), new, new_bytes, sorted(damaged))


def _same(sha256: str, here: dict[str, int], there: dict[str, int]) -> bool:
    return sha256 in there and there[sha256] == here.get(sha256)


def _parts(rows: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    left = iter(rows)
    while part := list(islice(left, _AT_ONCE)):
        yield part


def _copy_one(row: tuple[str, int], *, source: Place, target: Place) -> tuple[Blob, bool]:
    """Copy a blob whole or not at all. Returns it, and whether it was written."""
    sha256, size = row
    packed = whole(sha256, size, source)
    if packed is not None:
        target.write(key(sha256), packed)
        return Blob(sha256, size, len(packed)), True
    kept = whole(sha256, size, target)  # an earlier set copied it before it was damaged
    return Blob(sha256, size, len(kept or b"")), False


def whole(sha256: str, size: int, place: Place) -> bytes | None:
    """The file of a blob, if its bytes have this hash and size; None if it is missing or damaged."""
    pieces: list[bytes] = []

    def kept() -> Iterator[bytes]:
        for piece in place.read(key(sha256)):
            pieces.append(piece)
            yield piece

    try:
        if sum(map(len, unpack(kept(), sha256))) == size:
            return b"".join(pieces)
    except (FileNotFoundError, DamagedFile):
        pass
    return None


class WrongBlob(NamedTuple):
    """A blob that is missing, cut off or changed, and a sentence that says so."""

    sha256: str
    sentence: str


def find_wrong(wanted: Sequence[Blob], place: Place) -> list[WrongBlob]:
    """Read every blob; returns those that are not as they should be."""
    wrong: list[WrongBlob] = []
    lock = threading.Lock()

    def check(blob: Blob, size: int | None) -> None:
        if size is None:
            sentence = "is missing"
        elif blob.packed and size != blob.packed:
            sentence = f"has {size:,} bytes instead of {blob.packed:,}"
        elif whole(blob.sha256, blob.size, place) is None:
            sentence = "is damaged: its bytes do not have the hash of its name"
        else:
            return
        with lock:
            wrong.append(WrongBlob(blob.sha256, f"{place}/{key(blob.sha256)} {sentence}."))

    with ThreadPoolExecutor(PARALLEL) as pool:
        for prefix, group in groupby(wanted, key=_together(wanted)):
            sizes, rows = _sizes(place, prefix), list(group)
            list(pool.map(check, rows, [sizes.get(blob.sha256) for blob in rows]))
    return sorted(wrong)
