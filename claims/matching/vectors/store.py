"""Keep vectors by the sha256 of the normalised text: one append-only file for an encoder, mapped by who reads it.

    header  64 bytes: a magic number and the encoder's name
    record  32 bytes of sha256, the scale as float32, the CRC-32 of all the rest, 384 bytes of int8 vector
    record  …

One process writes under a lock, any number read. A writer that is killed leaves at most a part of a record, which the
next one writes over; what a power cut leaves of the last records is told by their CRC. The file is never cut short,
since readers have it mapped: a compacted one is written aside and renamed, and they change over with `refresh`.
"""

import fcntl
import mmap
import os
import secrets
import zlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from claims.matching.vectors.encoder import DIMENSIONS, Int8Vectors, Vectors, as_int8

Keys = NDArray[np.uint64]
"""The first eight bytes of each sha256. Two of a million texts share them once in a hundred million indexes."""

_RECORD = np.dtype([("sha256", "u1", 32), ("scale", "<f4"), ("crc", "<u4"), ("vector", "i1", DIMENSIONS)])
_HEADER_BYTES = 64
_MAGIC = b"factcheck vectors 1\n"
_UNSURE = 4_096  # records at the end that a power cut may have left unwritten: more than any append writes


class StoreBusy(Exception):
    """Another process writes into the store."""


def key_of(sha256: str) -> int:
    """The key of a text, by its sha256 in hexadecimal."""
    return int.from_bytes(bytes.fromhex(sha256[:16]), "little")


class StoreReader:
    """The vectors that a file held at the last `refresh`. A file that is missing, or of another encoder, has none."""

    def __init__(self, file: Path, encoder: str) -> None:
        self._file = file
        self._header = _header(encoder)
        self._identity: tuple[int, int] = (0, 0)
        self._use(np.empty(0, _RECORD))

    def refresh(self) -> bool:
        """Map the file anew if it grew or was replaced; tells whether it did."""
        try:
            with self._file.open("rb") as file:
                status = os.fstat(file.fileno())
                count = max(0, status.st_size - _HEADER_BYTES) // _RECORD.itemsize
                identity = (status.st_ino, count)
                if identity == self._identity:
                    return False
                if not count or file.read(_HEADER_BYTES) != self._header:
                    records = np.empty(0, _RECORD)
                else:
                    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
                    records = np.frombuffer(mapped, _RECORD, count, _HEADER_BYTES)
        except FileNotFoundError:
            identity, records = (0, 0), np.empty(0, _RECORD)
            if self._identity == identity:
                return False
        self._use(records[: _sound(records)])
        self._identity = (identity[0], len(self.records))  # looked at again while the last are damaged
        return True

    def _use(self, records: NDArray[np.void]) -> None:
        self.records = records
        self.vectors: Int8Vectors = records["vector"]
        self.scales: Vectors = records["scale"].copy()
        keys = np.ascontiguousarray(records["sha256"][:, :8]).view("<u8").reshape(-1)
        self._order = np.argsort(keys).astype(np.int32)
        self._sorted = keys[self._order]

    def __len__(self) -> int:
        return len(self.records)

    def rows(self, keys: Keys) -> NDArray[np.int32]:
        """The row of each key; -1 where the store has none."""
        if not len(self._sorted):
            return np.full(len(keys), -1, np.int32)
        places = np.minimum(np.searchsorted(self._sorted, keys), len(self._sorted) - 1)
        return np.where(self._sorted[places] == keys, self._order[places], np.int32(-1)).astype(np.int32)


class StoreWriter:
    """Append to a store, or compact it; a context manager. Raises `StoreBusy` while another process writes."""

    def __init__(self, file: Path, encoder: str) -> None:
        self._file = file
        self._encoder = encoder

    def __enter__(self) -> Self:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise StoreBusy(f"Another process writes into {self._file}.") from error
        for left in self._file.parent.glob(f".{self._file.name}-*"):
            left.unlink(missing_ok=True)  # of a compaction that was killed
        self.reader = StoreReader(self._file, self._encoder)
        self.reader.refresh()
        if not len(self.reader):
            self._replace(self.reader.records)
        self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._descriptor)
        os.close(self._lock)

    def append(self, sha256s: Sequence[str], vectors: Vectors) -> None:
        """Write vectors of texts that the store does not have, and see that they are on the disk."""
        records = np.zeros(len(sha256s), _RECORD)
        records["sha256"] = np.frombuffer(bytes.fromhex("".join(sha256s)), np.uint8).reshape(-1, 32)
        records["vector"], records["scale"] = as_int8(vectors)
        records["crc"] = _checksums(records)
        written = 0
        content = memoryview(records.tobytes())
        while written < len(content):
            written += os.pwrite(self._descriptor, content[written:], self._end + written)
        os.fsync(self._descriptor)
        self._end += len(content)

    def compact(self, keys: Keys) -> int:
        """Keep the vectors of these texts alone; returns how many others were deleted."""
        self.reader.refresh()
        rows = self.reader.rows(np.unique(keys))
        kept = np.sort(rows[rows >= 0])
        deleted = len(self.reader) - len(kept)
        if deleted:
            self._replace(self.reader.records[kept])
            os.close(self._descriptor)
            self._open()
            self.reader.refresh()
        return deleted

    def _open(self) -> None:
        self._descriptor = os.open(self._file, os.O_RDWR)
        self.reader.refresh()
        self._end = _HEADER_BYTES + len(self.reader) * _RECORD.itemsize

    def _replace(self, records: NDArray[np.void]) -> None:
        fresh = self._file.with_name(f".{self._file.name}-{secrets.token_hex(4)}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_header(self._encoder))
            records.tofile(file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file)
        folder = os.open(self._file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _header(encoder: str) -> bytes:
    return (_MAGIC + encoder.encode()).ljust(_HEADER_BYTES, b"\0")


def _checksums(records: NDArray[np.void]) -> list[int]:
    """The CRC-32 of the records, each without its own."""
    return [zlib.crc32(each["vector"].tobytes(), zlib.crc32(each.tobytes()[:36])) for each in records]


def _sound(records: NDArray[np.void]) -> int:
    """How many records from the first on are whole."""
    start = max(0, len(records) - _UNSURE)
    last = records[start:]
    wrong = np.flatnonzero(last["crc"] != np.array(_checksums(last), np.uint32))
    return start + int(wrong[0]) if len(wrong) else len(records)
