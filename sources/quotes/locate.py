"""Check whether a quote is still on a page: search one text for it, and classify it as intact, moved, altered or gone.

    intact   the text contains the words, ignoring typography (sources/quotes/normalization.py)
    moved    it contains them, but nothing of what was around them
    altered  it does not contain them, but a similar sentence
    gone     it contains neither

Similarity alone never makes a quote intact: one digit or one `not` is an alteration. An empty text proves nothing, so
callers without a text report *unverifiable* themselves.

Quotes are W3C Web Annotation TextQuoteSelectors: `exact` words with some of what stands before and after.
Pure: no network, no database.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from sources.quotes.correction_notice import NOTICE
from sources.quotes.exact_match import (
    LETTER,
    TextQuote,
    find_exact,
    find_interrupted,
    find_unspaced,
    find_with_omissions,
)
from sources.quotes.grade import Grade
from sources.quotes.nearest_sentence import nearest, sentences
from sources.quotes.normalization import normal, original_span
from sources.quotes.word_diff import Diff, Kind, changed_kinds, diff, negations

CONTEXT = 64
"""Characters of prefix and of suffix that a new quote keeps."""
LONGEST = 5_000
"""Characters of the longest quote."""
LIKE_NEW = 0.62
"""Likeness from which a sentence that the page did not have before is the altered quote."""
LIKE_ANY = 0.68
"""The same for a sentence that may have stood there all along."""


class Result(StrEnum):
    INTACT = "intact"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"


class QuoteNotFound(ValueError):
    """The words do not stand on the page, or it is not clear which of several places is meant."""


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


def select(exact: str, text: str, prefix: str = "", suffix: str = "") -> TextQuote:
    """Make a quote of words that stand in `text`, with what stands before and after them.

    The words are kept as the page has them, spaces and line breaks made single spaces. Raises `QuoteNotFound`
    if they do not stand there, or are short and stand in several places that `prefix` and `suffix` do not tell
    apart.
    """
    wanted = " ".join(exact.split())
    if len(normal(wanted)) < 3:
        raise QuoteNotFound("Quote at least three characters.")
    if len(wanted) > LONGEST:
        raise QuoteNotFound(f"Quote at most {LONGEST:,} characters; take the sentences that matter.")
    quote = TextQuote(wanted, prefix, suffix)
    places = list(find_exact(quote, text)) or find_unspaced(wanted, text)
    if not places:
        if spans := find_with_omissions(quote, text):
            return TextQuote(wanted, *_context(text, spans[0][0], spans[-1][1]))
        raise QuoteNotFound(
            "These words do not stand on the page as we read it. Copy them from the saved text; a sentence that "
            "only a browser's scripts put there cannot be watched."
        )
    if len(places) > 1 and len(wanted) < 40 and not (prefix or suffix):
        around = {tuple(part.strip() for part in _context(text, *place, around=32)) for place in places}
        if len(around) > 1:
            raise QuoteNotFound(
                f"These words stand in {len(places)} places on the page. Quote the whole sentence that is meant."
            )
    start, end = max(places, key=lambda place: _likeness_around(quote, text, *place))
    return TextQuote(" ".join(text[start:end].split()), *_context(text, start, end))


def locate(quote: TextQuote, text: str, before: str | None = None) -> QuoteCheck:
    """Look for a quote in a text.

    `before` is the text in which it stood last, if it is at hand: it tells new sentences from old ones and
    where on the page the quote belongs.
    """
    places = list(find_exact(quote, text))
    if places:
        weighed = [(_likeness_around(quote, text, *place), place) for place in places]
        likeness, (start, end) = max(weighed, key=lambda each: (each[0], -each[1][0]))
        if turned := _turned(quote, text, start, end, before):
            return turned
        if likeness < 0.5 and (repeated := _only_repeated(quote, text, start, end, before)):
            return repeated
        moved = likeness < 0.5 and not _same_neighbours(quote, text, start, end, before)
        return _found(Result.MOVED if moved else Result.INTACT, text, start, end)
    if spans := find_interrupted(quote, text) or find_with_omissions(quote, text):
        return _found(Result.INTACT, text, spans[0][0], spans[-1][1])
    return _altered(quote, text, before) or QuoteCheck(Result.GONE)


def find_unchanged(quote: TextQuote, before: str, now: str) -> str | None:
    """Return the surroundings of a quote that is in the same passage of `now` as of `before`, or None.

    A shortcut for two texts that differ elsewhere, with the result that `locate` would have: the words occur as often
    as before, and one occurrence is in the same passage, letter for letter, its whole sentence included. None proves
    nothing; then call `locate`.
    """
    words = quote.exact
    place = before.find(words)
    if place < 0 or before.count(words) != now.count(words):
        return None
    if quote.prefix and not before[:place].endswith(quote.prefix):
        return None
    first, last = max(0, place - _PASSAGE), place + len(words) + _PASSAGE
    if first and not _BOUNDARY.search(before, first, place):
        return None
    if last < len(before) and not _BOUNDARY.search(before, place + len(words) - 1, last):
        return None
    start = now.find(before[first:last])
    if start < 0:
        return None
    start += min(place, _PASSAGE)
    return surroundings(now, start, start + len(words))


_PASSAGE = 300
_BOUNDARY = re.compile(r"[.!?][\"'”’)]*\s|[。！？]|\n")


def surroundings(text: str, start: int, end: int, around: int = 200) -> str:
    """`text[start:end]` with about `around` characters on either side, cut between words, on one line."""
    first, last = max(0, start - around), min(len(text), end + around)
    if first > 0:
        first = min(start, first + len(re.match(r"\S{0,30}\s?", text[first:])[0]))  # type: ignore[index]
    if last < len(text):
        last = max(end, last - len(re.search(r"\s?\S{0,30}$", text[:last][-31:])[0]))  # type: ignore[index]
    words = " ".join(text[first:last].split())
    return ("… " if first > 0 else "") + words + (" …" if last < len(text) else "")


def _found(result: Result, text: str, start: int, end: int) -> QuoteCheck:
    return QuoteCheck(result, text[start:end], start, end, 1.0, surroundings=surroundings(text, start, end))


def _context(text: str, start: int, end: int, around: int = CONTEXT) -> tuple[str, str]:
    return text[max(0, start - around) : start], text[end : end + around]


def _likeness_around(quote: TextQuote, text: str, start: int, end: int) -> float:
    """How like the quote's prefix and suffix are to what stands around this place: the better of the two."""
    prefix, suffix = normal(quote.prefix), normal(quote.suffix)
    if not prefix and not suffix:
        return 1.0
    left = normal(text[max(0, start - len(quote.prefix) - 20) : start])[-len(prefix) :] if prefix else ""
    right = normal(text[end : end + len(quote.suffix) + 20])[: len(suffix)] if suffix else ""
    scores = [fuzz.ratio(old, now) / 100 for old, now in ((prefix, left), (suffix, right)) if old]
    # Both count, so that of two equal sentences the one with both neighbours is taken.
    return max(scores) + 0.01 * min(scores)


def _same_neighbours(quote: TextQuote, text: str, start: int, end: int, before: str | None) -> bool:
    """Whether any sentence that stood near the quote before stands near it now."""
    if before is None:
        return False
    now = normal(text[max(0, start - 3_000) : end + 3_000])
    for first, last in find_exact(quote, before):
        left, right = before[max(0, first - 600) : first], before[last : last + 600]
        near = [run.normal for run in (*sentences(left)[1:], *sentences(right)[:-1])]
        if any(len(words) >= 20 and words in now for words in near):
            return True
    return False


# Not found exactly.


def _altered(quote: TextQuote, text: str, before: str | None) -> QuoteCheck | None:
    wording = normal(quote.exact)
    if not wording:
        return None
    like = nearest(wording, text, before=before, new=LIKE_NEW, anywhere=LIKE_ANY)
    if like is None:
        return None
    start, end = like.run.start, like.run.end
    if not like.whole:
        start, end = _part_like(wording, text, start, end)
    return _alteration(quote.exact, text, start, end, like.score)


def _alteration(exact: str, text: str, start: int, end: int, score: float) -> QuoteCheck:
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


def _turned(quote: TextQuote, text: str, start: int, end: int, before: str | None) -> QuoteCheck | None:
    """The quote stands, but the rest of its sentence now negates it, or no longer does.

    `It is safe` stands in `No one says it is safe`. Only with `before` can that be told from a sentence that
    always read so.
    """
    if before is None or not (now := _sentence_around(text, start, end)):
        return None
    if not (place := next(find_exact(quote, before), None)) or not (was := _sentence_around(before, *place)):
        return None
    if negations(now.rest) == negations(was.rest):
        return None
    if was.rest.strip() and fuzz.ratio(normal(now.rest), normal(was.rest)) < 60:
        return None  # another sentence: moved, perhaps, but not turned
    sentence = before[was.start : was.end]
    likeness = fuzz.ratio(normal(sentence), normal(text[now.start : now.end])) / 100
    return _alteration(sentence, text, now.start, now.end, likeness) if likeness > 0.5 else None


# What opens a reader's words below an article.
_READERS = re.compile(
    r"^\s*(?:comments?(?: \(\d+\)|:|$)|\d+ (?:comments|replies)\b|(?:@?\w+ ){1,3}(?:wrote|replied|commented|says):)",
    re.IGNORECASE | re.MULTILINE,
)
_NEAR = 300
"""Characters before a quote in which a notice or a reader's name makes it theirs."""


def _only_repeated(quote: TextQuote, text: str, start: int, end: int, before: str | None) -> QuoteCheck | None:
    """The quote, away from its place, stands in a notice of a correction or in a reader's words, as it did not before.

    `Correction: we wrote that it is safe` repeats what the page no longer says.
    """
    opened = _opening(text, start)
    if opened is None:
        return None
    if before is not None and any(_opening(before, first) is not None for first, _ in find_exact(quote, before)):
        return None
    return _alteration(quote.exact, text, opened, end, 0.9)


def _opening(text: str, start: int) -> int | None:
    """Where the notice or the reader's words begin in which this place is, if it is in any."""
    # From a line's start, so that the words that must open a line are not the rest of one.
    at = text.rfind("\n", 0, max(0, start - _NEAR)) + 1 if start > _NEAR else 0
    head = text[max(at, start - 2 * _NEAR) : start].rpartition("\n\n\n")[2]
    found = [*NOTICE.finditer(head), *_READERS.finditer(head)]
    return start - len(head) + max(match.start() for match in found) if found else None


@dataclass(frozen=True)
class _Sentence:
    start: int
    end: int
    rest: str
    """What it says beside the quote."""


def _sentence_around(text: str, start: int, end: int) -> _Sentence | None:
    """The one sentence that a quote is, or is a part of. None if the quote is more than one."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if line_end - line_start > 5_000:
        return None
    for run in sentences(text[line_start:line_end]):
        first, last = line_start + run.start, line_start + run.end
        if first <= start and end <= last:
            return _Sentence(first, last, text[first:start] + " " + text[end:last])
    return None
