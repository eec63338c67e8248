"""Look for a watched quote in what a page says now: whether its words stand, and whether the page stands by them.

Pure: no network, no database.
"""

from dataclasses import dataclass

from sources.quotes.exact_match import TextQuote
from sources.quotes.locate import QuoteCheck, Result, find_unchanged, locate
from sources.quotes.stance import Stance


@dataclass(frozen=True)
class Reading:
    """What was read of a page at one time."""

    text: str
    title: str = ""
    language: str = ""
    """BCP 47, as the page states it; empty if it does not."""


@dataclass(frozen=True)
class Look:
    """The answer. `stance` is that of the page now; it says something only where the words stand."""

    check: QuoteCheck
    stance: Stance = Stance.STANDS
    needs_second_look: bool = False
    """Whether a later poll must find the same before anybody is told."""


def look(quote: TextQuote, now: Reading, before: Reading | None = None) -> Look:
    """Look for the quote. `before` is the last reading in which it stood, with the same extractor."""
    check = locate(quote, now.text, before.text if before else None)
    return Look(check, needs_second_look=check.result is Result.GONE)


def untouched(quote: TextQuote, now: Reading, before: Reading) -> bool:
    """Whether nothing that concerns the quote differs between two readings, so that nobody needs to look.

    True only where `look` would say that the quote is intact and the page stands by it.
    """
    return now.title == before.title and find_unchanged(quote, before.text, now.text) is not None
