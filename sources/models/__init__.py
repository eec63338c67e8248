"""Django models of source pages: publishers, pages, polling state, snapshots, changes, feeds, archive copies.

    Source ──< Page ──1 Polling          when it is due, who holds the lease, the outcome of the last poll
                 │
                 ├──< Snapshot >── Blob   an observation; bytes are kept once per sha256, in the snapshot store
                 │        └────── Text    the extracted text once per sha256
                 ├──< Change              append-only events, the durable queue that claims sweeps
                 ├──< Passage             words at one place of one snapshot that another app watches
                 │
                 └──1 Feed ──1 FeedReading, ──< FeedItem      the items, if the page is a feed or sitemap

A failure is an outcome of a poll, never a snapshot. A → B → A is three snapshots.
"""

from sources.models.archive import ArchiveCopy, ArchiveService
from sources.models.feed import Feed, FeedItem, FeedReading
from sources.models.page import Host, Page, Polling, PollingPrice, Source
from sources.models.passage import Passage
from sources.models.scrub import Scrub, ScrubFinding
from sources.models.snapshot import Blob, Change, Snapshot, Text
from sources.outcome import Outcome

__all__ = [
    "ArchiveCopy",
    "ArchiveService",
    "Blob",
    "Change",
    "Feed",
    "FeedItem",
    "FeedReading",
    "Host",
    "Outcome",
    "Page",
    "Passage",
    "Polling",
    "PollingPrice",
    "Scrub",
    "ScrubFinding",
    "Snapshot",
    "Source",
    "Text",
]
