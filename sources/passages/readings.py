"""Read a snapshot with the extractor of this version: its stored text, or its stored bytes read again.

Texts of different extractors must not be compared: a footnote mark that a new one leaves out is no edit.
"""

from dataclasses import dataclass

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
    now = from_bytes(snapshot)
    return stored(snapshot) if now.extractor == snapshot.extractor else now


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
