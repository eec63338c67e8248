"""What is said of the stance of a page toward a quoted sentence that still stands on it (`find_stance` says when)."""

from dataclasses import dataclass
from enum import StrEnum

Span = tuple[int, int]


class Stance(StrEnum):
    STANDS = "stands"
    DISOWNED = "disowned"
    REATTRIBUTED = "reattributed"
    REQUALIFIED = "requalified"


@dataclass(frozen=True)
class Reading:
    """What was read of a page at one time: its text, its headline, and its language."""

    text: str
    title: str = ""
    language: str = ""
    """BCP 47, as the page states it; empty if it does not."""


@dataclass(frozen=True)
class Finding:
    """What was found. `because` are the words that govern the sentence now, for editors."""

    stance: Stance
    at_once: bool = True
    """Whether the words are in the sentence's own frame. Otherwise a later poll must find the same first."""
    because: str = ""


STANDS = Finding(Stance.STANDS)
