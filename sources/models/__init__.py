"""What a page says now, and what it said before.

    Source ──< Page ──1 Polling          when it is due, who has leased it, what the last poll found
                 │
                 ├──< Snapshot >── Blob   an observation; the bytes once per sha256, in the snapshot store
                 │        └────── Text    the extracted text once per sha256
                 └──< Change              append-only events, the durable queue that claims sweeps

A failure is an outcome of a poll, never a snapshot. A → B → A is three snapshots.
"""

from sources.models.page import Host, Outcome, Page, Polling, PollingPrice, Source
from sources.models.scrub import Scrub, ScrubFinding
from sources.models.snapshot import Blob, Change, Snapshot, Text

__all__ = [
    "Blob",
    "Change",
    "Host",
    "Outcome",
    "Page",
    "Polling",
    "PollingPrice",
    "Scrub",
    "ScrubFinding",
    "Snapshot",
    "Source",
    "Text",
]
