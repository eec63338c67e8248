"""Read a snapshot with the extractor of this version: its stored text, or its stored bytes read again.

Texts of different extractors must not be compared: a footnote mark that a new one leaves out is no edit.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from sources.extraction import full_text, sandbox
from sources.extraction.browser import BY_BROWSER
from sources.extraction.full_text import PageText
from sources.models import Snapshot
from sources.quotes.stance.findings import Reading
from sources.snapshots.default_store import store
from sources.snapshots.store import SnapshotCorrupt, SnapshotMissing

# The current extractor of each family of formats, as far as this process knows it.
_current = {full_text.EXTRACTOR.partition("-")[0]: full_text.EXTRACTOR}


class Unreadable(Exception):
    """The bytes of a snapshot are missing, damaged, or give no text any more. The message says which."""


@dataclass(frozen=True)
class SnapshotReading:
    """The text of one snapshot as one extractor reads it."""

    reading: Reading
    extractor: str

    @property
    def text(self) -> str:
        return self.reading.text


def is_current(extractor: str) -> bool:
    """Whether texts of this extractor can be compared with those that are read now."""
    name = extractor.removesuffix(BY_BROWSER)
    return _current.get(name.partition("-")[0]) == name


def read(snapshot: Snapshot) -> SnapshotReading:
    """The snapshot as the extractor of this version reads it.

    Raises `Unreadable` if that is impossible, and another `StorageError` while the snapshot store is down.
    """
    if is_current(snapshot.extractor):
        return stored(snapshot)
    memory = _memory.get()
    now = memory.get(snapshot.pk) if memory is not None else None
    if now is None:
        now = _attempt(snapshot)
        if memory is not None:
            memory[snapshot.pk] = now
    if isinstance(now, Unreadable):
        raise now
    return stored(snapshot) if now.extractor == snapshot.extractor else now


def _attempt(snapshot: Snapshot) -> "SnapshotReading | Unreadable":
    try:
        return from_bytes(snapshot)
    except Unreadable as error:
        return error


# What was read of the bytes of snapshots (ids). Neither bytes nor extractor change while a process runs.
_memory: ContextVar["dict[int, SnapshotReading | Unreadable] | None"] = ContextVar("readings", default=None)
_Answer = TypeVar("_Answer")
_MOST_TRIES = 5


class NotReadYet(Exception):
    """These snapshots are needed, and have to be read from their bytes, which takes too long under a lock."""

    def __init__(self, snapshots: list[Snapshot]) -> None:
        super().__init__(f"{len(snapshots)} snapshots have to be read from their bytes first")
        self.snapshots = snapshots


def read_ahead(act: Callable[[], _Answer]) -> _Answer:
    """Run `act`, a transaction that calls `require`, again after what it needs was read without its locks.

    Within it each snapshot is read once. What pages need may change between two tries, so the last reads by itself.
    """
    with _remembered():
        for _ in range(_MOST_TRIES):
            try:
                return act()
            except NotReadYet as missing:
                for snapshot in missing.snapshots:
                    with suppress(Unreadable):  # `act` finds the same, and knows what it means
                        read(snapshot)
    return act()


def require(snapshots: Iterable[Snapshot]) -> None:
    """Raise `NotReadYet`, within `read_ahead`, if some of these would have to be read from their bytes now."""
    memory = _memory.get()
    if memory is None:
        return
    missing = {each.pk: each for each in snapshots if not is_current(each.extractor) and each.pk not in memory}
    if missing:
        raise NotReadYet(list(missing.values()))


@contextmanager
def _remembered() -> Iterator[None]:
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def from_bytes(snapshot: Snapshot) -> SnapshotReading:
    """The snapshot's stored bytes, read now. Raises as `read` does."""
    try:
        page = sandbox.extract(store().get(snapshot.blob_id), snapshot.content_type)
    except (SnapshotMissing, SnapshotCorrupt, full_text.UnsupportedMedia) as error:
        raise Unreadable(str(error)) from error
    if page.limited or not page.text.strip():
        raise Unreadable("This version reads no text in these bytes.")
    _current[page.extractor_version.partition("-")[0]] = page.extractor_version
    suffix = BY_BROWSER if snapshot.extractor.endswith(BY_BROWSER) else ""
    return SnapshotReading(reading_of(page), page.extractor_version + suffix)


def reading_of(page: PageText) -> Reading:
    """What was read of a page now, with title and language as snapshots keep them."""
    return Reading(page.text, page.title[:500], (page.language or "")[:35])


def stored(snapshot: Snapshot) -> SnapshotReading:
    """The snapshot as it was read when it was taken."""
    return SnapshotReading(Reading(snapshot.text.text, snapshot.title, snapshot.language), snapshot.extractor)
