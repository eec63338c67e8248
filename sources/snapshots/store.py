"""The snapshot store: bytes by the sha256 of their content, written once and never changed.

`FolderStore` keeps them gzipped under aa/bb/<sha256>.gz; `sources.snapshots.s3.BucketStore` keeps the same files in
an S3-compatible store, so that one can be copied to the other as it is. A file is there whole or not at all: it
is written beside its place, synced, and renamed. Reading recomputes the hash, so rotten bytes are never taken
for what a page said.
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from isal import igzip

STEP = 65_536


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
                piece = inflate.decompress(rest, STEP)
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
