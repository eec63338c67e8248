"""The interface, errors and file format of a snapshot store, which keeps page bytes under their sha256.

The stores in `sources.snapshots.folder` and `sources.snapshots.s3` write the same gzip files, aa/bb/<sha256>.gz, so one
can be copied to the other. Files are written once, completely or not at all, and never changed; a thinning alone
removes them. Reading recomputes the hash, so damaged bytes are never mistaken for the content of a page.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from isal import igzip

STEP = 65_536


class StorageError(Exception):
    """A request to the store failed. The message is a sentence that says what to do."""


class SnapshotMissing(StorageError):
    """The store has no bytes for this sha256."""


class SnapshotCorrupt(StorageError):
    """The bytes stored for this sha256 do not match it."""


class SnapshotStore(Protocol):
    """The interface of a snapshot store. Names are sha256 digests in hex."""

    def put(self, data: bytes) -> str:
        """Store the bytes and return their sha256. Storing the same bytes again changes nothing."""

    def put_many(self, blobs: Sequence[bytes], names: Sequence[str] = ()) -> list[str]:
        """Store several blobs and return their sha256s. After an error some may have been stored.

        `names` are the sha256s, if the caller has computed them already.
        """

    def get(self, sha256: str) -> bytes:
        """Return the bytes. Raises `SnapshotMissing`, `SnapshotCorrupt`, or `StorageError` if the store is down."""

    def exists(self, sha256: str) -> bool: ...

    def verify(self, sha256: str) -> int:
        """Read the bytes in small steps and return their number. Raises as `get` does."""

    def remove(self, sha256: str) -> None:
        """Remove the bytes, if they are there. For a thinning, which holds the row of their blob."""

    def state(self) -> str:
        """Return `ok`, or a few words about the problem, within seconds."""

    def remove_abandoned(self) -> None:
        """Delete the unfinished files of killed writers after a day. Finished files are never touched."""


def key(sha256: str) -> str:
    """Return the path of a blob within a store. Raises `ValueError` for anything but a sha256 in hex."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError(f"{sha256!r} is not a sha256 in hex.")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}.gz"


def pack(data: bytes) -> bytes:
    """Compress bytes to a stored file. The same bytes always give the same file, which keeps backups small."""
    return igzip.compress(data, compresslevel=2, mtime=0)


class DamagedFile(Exception):
    """A stored file does not match its name. Stores convert it to `SnapshotCorrupt`."""


def unpack(packed: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    """Decompress a stored file in pieces of at most 64 KB. Raises `DamagedFile`, possibly after the last piece."""
    inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
    digest = hashlib.sha256()
    try:
        for chunk in packed:
            rest = bytes(chunk)
            while rest:
                if inflate.eof:
                    raise DamagedFile
                piece = inflate.decompress(rest, STEP)
                digest.update(piece)
                yield piece
                rest = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
        piece = inflate.flush()
    except zlib.error as error:
        raise DamagedFile from error
    digest.update(piece)
    yield piece
    if not inflate.eof or digest.hexdigest() != sha256:
        raise DamagedFile
