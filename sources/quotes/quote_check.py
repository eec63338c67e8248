"""The answer to a search for a quote, and how it is put together from a place in the text.

Pure: no network, no database.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from sources.quotes.exact_match import LETTER, TextQuote
from sources.quotes.grade import Grade, grade
from sources.quotes.nearest_sentence import Nearest
from sources.quotes.normalization import normal, original_span
from sources.quotes.surroundings import surroundings
from sources.quotes.word_diff import Diff, Kind, changed_kinds, diff


class Result(StrEnum):
    INTACT = "intact"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"


@dataclass(frozen=True)
class QuoteCheck:
    """The answer. `found`, `start` and `end` are of the text as given: the quote, or the sentence it became.

    `score` is the likeness of what was found, from 0 to 1. `diff`, `changes` say what an alteration changed.
    `surroundings` are the words found with some 200 characters on either side.
    """

    result: Result
    found: str | None = None
    start: int | None = None
    end: int | None = None
    score: float = 0.0
    diff: Diff = ()
    changes: frozenset[Kind] = frozenset()
    surroundings: str | None = None
    grade: Grade | None = None
    """How much an alteration changes; None for every other result."""
    needs_second_look: bool = False
    """Whether a later poll must find the same before anybody is told: the sentence, or most of the page, is gone."""


GONE = QuoteCheck(Result.GONE, needs_second_look=True)


def found_at(result: Result, text: str, start: int, end: int) -> QuoteCheck:
    return QuoteCheck(result, text[start:end], start, end, 1.0, surroundings=surroundings(text, start, end))


def like_quote(quote: TextQuote, text: str, like: Nearest) -> QuoteCheck:
    start, end = like.run.start, like.run.end
    if not like.whole:
        start, end = _part_like(normal(quote.exact), text, start, end)
    return alteration(quote.exact, text, start, end, like.score)


def alteration(exact: str, text: str, start: int, end: int, score: float) -> QuoteCheck:
    found = text[start:end]
    return QuoteCheck(
        Result.ALTERED,
        found,
        start,
        end,
        round(min(score, 0.999), 3),
        diff(exact, " ".join(found.split())),
        changed_kinds(exact, found),
        surroundings(text, start, end),
        grade(exact, found),
    )


def _part_like(wording: str, text: str, start: int, end: int) -> tuple[int, int]:
    """The part of `text[start:end]` that is like the wording, in whole words."""
    piece = text[start:end]
    page = normal(piece)
    place = fuzz.partial_ratio_alignment(wording, page)
    if place is None:
        return start, end
    first, last = original_span(piece, page, place.dest_start, max(place.dest_end, place.dest_start + 1))
    while first > 0 and re.match(rf"{LETTER}{{2}}", piece[first - 1 : first + 1]):
        first -= 1
    while last < len(piece) and re.match(rf"{LETTER}{{2}}", piece[last - 1 : last + 1]):
        last += 1
    while first < last and piece[first].isspace():
        first += 1
    while last > first and piece[last - 1].isspace():
        last -= 1
    return start + first, start + last
