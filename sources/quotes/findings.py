"""What is said of the stance of a page toward a quoted sentence that still stands on it.

stands         the page says it as it did when the quote was anchored
disowned       the page takes it back: a notice, a bracket, a banner over the article
reattributed   it is now somebody else's, for example a claimant's
requalified    it is now conditional, denied by its frame, or under another period's heading
"""

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]


class Stance(StrEnum):
    STANDS = "stands"
    DISOWNED = "disowned"
    REATTRIBUTED = "reattributed"
    REQUALIFIED = "requalified"


@dataclass(frozen=True)
class Page:
    """The text of a page, its headline and its language (BCP 47; empty if the page does not state it)."""

    text: str
    title: str = ""
    language: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found. `because` are the words that govern the sentence now, for editors."""

    stance: Stance
    at_once: bool = True
    """Whether the words are in the sentence's own frame. Otherwise a later poll must find the same first."""
    because: str = ""


STANDS = Finding(Stance.STANDS)
