"""Find a quote that one extractor read in what another reads in the same bytes. Pure: no database, no network."""

import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz

from sources.quotes.exact_match import TextQuote
from sources.quotes.grade import Grade
from sources.quotes.locate import Result, locate
from sources.quotes.normalization import normal

SAME_NEIGHBOURS = 60.0
"""Likeness (0 to 100) of what stands on each side, from which words read otherwise are in the same place."""
_SHORTEST = 0.5
"""Share of a quote's characters that a new extractor must still read in its place."""


@dataclass(frozen=True)
class Place:
    """Where a quote stands, and its words there."""

    start: int
    end: int
    exact: str


def place_again(quote: TextQuote, was: str, now: str) -> Place | None:
    """Where a quote that stands in `was` stands in `now`, another extractor's reading of the same bytes.

    Other words are taken only if one reading merely has what the other leaves out, such as a footnote's mark, and the
    same stands on both sides: the sentence beside a struck one is another sentence.
    """
    found = locate(quote, now, was)
    if found.start is None or found.end is None:
        return None
    if found.result in (Result.INTACT, Result.MOVED):
        return Place(found.start, found.end, quote.exact)
    words = " ".join(now[found.start : found.end].split())
    same = found.grade is Grade.COSMETIC or _leaves_out(quote.exact, words)
    if not same or not _same_neighbours(quote, now, found.start, found.end):
        return None
    return Place(found.start, found.end, words)


def _leaves_out(first: str, second: str) -> bool:
    """Whether one of two readings is the other without some of its characters.

    A superscript is the same character in both: one extractor reads m2 where the next reads m².
    """
    short, long = sorted((_letters(first), _letters(second)), key=len)
    if len(short) < _SHORTEST * len(long):
        return False
    rest = iter(long)
    return all(character in rest for character in short)


def _letters(words: str) -> str:
    return unicodedata.normalize("NFKC", normal(words)).replace(" ", "")


def _same_neighbours(quote: TextQuote, text: str, start: int, end: int) -> bool:
    left = normal(text[max(0, start - len(quote.prefix)) : start])
    right = normal(text[end : end + len(quote.suffix)])
    pairs = ((normal(quote.prefix), left), (normal(quote.suffix), right))
    return all(not old or fuzz.ratio(old, new) >= SAME_NEIGHBOURS for old, new in pairs)
