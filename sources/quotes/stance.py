"""The stance of a page toward a quoted sentence that still stands on it.

    stands         the page says it as it did when the quote was anchored
    disowned       the page takes it back: a notice, a bracket, a banner over the article
    reattributed   it is now somebody else's, for example a claimant's
    requalified    it is now conditional, denied by its frame, or under another period's heading

Pure: no network, no database.
"""

from enum import StrEnum


class Stance(StrEnum):
    STANDS = "stands"
    DISOWNED = "disowned"
    REATTRIBUTED = "reattributed"
    REQUALIFIED = "requalified"
