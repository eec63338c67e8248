"""Does the quote still stand? One quote is looked for in one text of a page.

    intact   the words stand there, up to typography (sources/typography.py)
    moved    so they do, but nothing that stood around them does
    altered  they do not; a sentence like them does
    gone     they do not, and none is like them

Likeness alone never makes a quote intact: one digit or one `not` is an alteration. A page without text says
nothing, so callers who have none say *unverifiable* themselves.

Quotes are W3C Web Annotation TextQuoteSelectors: `exact` words with some of what stands before and after.
Pure: no network, no database.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from sources.sentences import nearest, sentences
from sources.typography import CONTINUOUS, normal, normal_page, original_span, tight, tight_page
from sources.wording import Diff, Kind, diff, kinds, negations, numbers

CONTEXT = 64
"""Characters of prefix and of suffix that a new quote keeps."""
LONGEST = 5_000
"""Characters of the longest quote."""
LIKE_NEW = 0.62
"""Likeness from which a sentence that the page did not have before is the altered quote."""
LIKE_ANY = 0.68
"""The same for a sentence that may have stood there all along."""
_ENOUGH = 200
"""Occurrences of one quote that are weighed against each other; further ones change nothing."""
_BREAK = 200
"""Characters of a foreign block (an advertisement, a box) that may stand between two parts of a quote."""
_OMITTED = 3_000
"""Characters that an editor's “[…]” may stand for."""


class Result(StrEnum):
    INTACT = "intact"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"


class QuoteNotFound(ValueError):
    """The words do not stand on the page, or it is not clear which of several places is meant."""


@dataclass(frozen=True)
class TextQuote:
    exact: str
    prefix: str = ""
    suffix: str = ""


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
    places = list(_standing(quote, text)) or _standing_unspaced(wanted, text)
    if not places:
        if spans := _with_omissions(quote, text):
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
    places = list(_standing(quote, text))
    if places:
        weighed = [(_likeness_around(quote, text, *place), place) for place in places]
        likeness, (start, end) = max(weighed, key=lambda each: (each[0], -each[1][0]))
        if turned := _turned(quote, text, start, end, before):
            return turned
        moved = likeness < 0.5 and not _same_neighbours(quote, text, start, end, before)
        return _found(Result.MOVED if moved else Result.INTACT, text, start, end)
    if spans := _interrupted(quote, text) or _with_omissions(quote, text):
        return _found(Result.INTACT, text, spans[0][0], spans[-1][1])
    return _altered(quote, text, before) or QuoteCheck(Result.GONE)


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


# Standing as it is.


def _standing(quote: TextQuote, text: str) -> Iterator[tuple[int, int]]:
    """Where the words stand in the text, up to typography, as whole words and numbers."""
    found = False
    page = normal_page(text)
    words = normal(quote.exact)
    for start, end in _whole(words, page, quote):
        found = True
        yield original_span(text, page, start, end)
    if found:
        return
    page = tight_page(text)
    for start, end in _whole(tight(words), page, quote):
        found = True
        yield original_span(text, page, start, end)
    if not found and (stem := re.sub(r"\s*[.,;:。，；：、]$", "", tight(words))) != tight(words):
        for start, end in _whole(stem, page, quote):
            span = original_span(text, page, start, end)
            if _ends_here(text, span[1], sentence=words[-1] in ".。"):
                yield span


def _standing_unspaced(words: str, text: str) -> list[tuple[int, int]]:
    """Where the words stand whatever spaces are between them: what was copied may lack those between blocks.

    For making a quote only, which then has the page's own spaces.
    """
    page = normal_page(text).replace(" ", "")
    at = page.find(wanted := normal(words).replace(" ", ""))
    if at < 0 or len(wanted) < 20:
        return []
    start, end = original_span(text, page, at, at + len(wanted))
    cut = re.search(rf"{_LETTER}{{2}}", text[max(0, start - 1) : start + 1]) or re.match(
        rf"{_LETTER}{{2}}", text[end - 1 : end + 1]
    )
    return [] if cut else [(start, end)]


def _ends_here(text: str, end: int, *, sentence: bool) -> bool:
    """Whether what was read up to `end` ends there: at a line break or a mark. A full stop that became a comma
    is no end, since the sentence goes on and may take back what it said."""
    rest = text[end : end + 20].lstrip(" \t\xa0")
    return not rest or rest[0] in ("\n.。" if sentence else "\n.。,;:，；：、")


def _whole(words: str, page: str, quote: TextQuote) -> Iterator[tuple[int, int]]:
    before, after = normal(quote.prefix)[-1:], normal(quote.suffix)[:1]
    at = page.find(words) if words else -1
    count = 0
    while at >= 0 and count < _ENOUGH:
        end = at + len(words)
        left, right = page[max(0, at - 3) : at], page[end : end + 5]
        if (not _runs_on_left(left, words) or (before and left[-1:] == before)) and (
            not _runs_on_right(words, right) or (after and right[:1] == after)
        ):
            count += 1
            yield at, end
        at = page.find(words, at + 1)


_LETTER = rf"(?:(?![{CONTINUOUS}_])\w)"
_LEFT = re.compile(rf"(?:{_LETTER}|{_LETTER}['’-]|(?<!\w)[-+]|\d[.,])$")
_RIGHT = re.compile(rf"{_LETTER}|['’]{_LETTER}|[.,]\d|-{_LETTER}| \d{{3}}(?!\d)")


def _runs_on_left(left: str, words: str) -> bool:
    """Whether the page's word or number begins before the quote does: `150` is not `50`, `-5` is not `5`."""
    if not re.match(_LETTER, words):
        return False
    if left[-1:] in "-+":
        return words[0].isdigit() or bool(re.search(rf"{_LETTER}-$", left))
    if left[-1:] in ".,":
        return words[0].isdigit() and left[-2:-1].isdigit()
    return bool(_LEFT.search(left))


def _runs_on_right(words: str, right: str) -> bool:
    """The same at the end: `50` is not `500`, `5` is not `5.3`, `can` is not `can't`."""
    if not re.search(rf"{_LETTER}$", words):
        return False
    if right[:1] in {".", ",", " "} and not words[-1].isdigit():
        return False
    return bool(_RIGHT.match(right))


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
    for first, last in _standing(quote, before):
        left, right = before[max(0, first - 600) : first], before[last : last + 600]
        near = [run.normal for run in (*sentences(left)[1:], *sentences(right)[:-1])]
        if any(len(words) >= 20 and words in now for words in near):
            return True
    return False


# Standing in parts.


def _interrupted(quote: TextQuote, text: str) -> list[tuple[int, int]]:
    """The two parts of a quote that a foreign block has come between, as an advertisement does.

    The block must be lines of its own, short, and itself no sentence, negation or number.
    """
    words, page = normal(quote.exact), normal_page(text)
    low, high = 0, len(words)
    while low < high:  # the longest beginning that stands on the page
        middle = (low + high + 1) // 2
        low, high = (middle, high) if words[:middle] in page else (low, middle - 1)
    while 0 < low < len(words) and not re.match(rf" |[{CONTINUOUS}]", words[low:]):
        low -= 1
    head, tail = words[:low].rstrip(), words[low:].strip()
    if len(head) < 8 or len(tail) < 8:
        return []
    for start, end in _whole(head, page, TextQuote(head)):
        at = page.find(tail, end, end + _BREAK + len(tail) + 2)
        if at < 0 or _runs_on_right(tail, page[at + len(tail) : at + len(tail) + 5]):
            continue
        first = original_span(text, page, start, end)
        second = original_span(text, page, at, at + len(tail))
        between = text[first[1] : second[0]]
        block = between.strip()
        own_lines = "\n" in between[: len(between) - len(between.lstrip())] and "\n" in between[len(between.rstrip()) :]
        if own_lines and not _says_something(block):
            return [first, second]
    return []


def _says_something(block: str) -> bool:
    reads_on = any(re.search(r"[.!?。！？।؟]$", run.normal) and len(run.normal) > 40 for run in sentences(block))
    return reads_on or bool(numbers(block)) or bool(negations(block))


def _omissions(exact: str) -> list[str]:
    """The parts of a quote around the “[…]” or “…” that an editor typed; one part if there is none."""
    parts = re.split(r"\s*(?:[\[(]\s*(?:\.{3}|…)\s*[\])]|\.{3,}|…)\s*", exact)
    return [part for part in parts if len(normal(part)) >= 3]


def _with_omissions(quote: TextQuote, text: str) -> list[tuple[int, int]]:
    parts = _omissions(quote.exact)
    if len(parts) < 2 and parts == [quote.exact]:
        return []
    page = normal_page(text)
    for first in _whole(normal(parts[0]), page, TextQuote(parts[0], quote.prefix)) if parts else ():
        spans = [first]
        for part in parts[1:]:
            wanted = normal(part)
            here = page[spans[-1][1] : spans[-1][1] + _OMITTED + len(wanted)]
            place = next(_whole(wanted, here, TextQuote(part, "", quote.suffix if part == parts[-1] else "")), None)
            if place is None:
                break
            spans.append((spans[-1][1] + place[0], spans[-1][1] + place[1]))
        else:
            return [original_span(text, page, *span) for span in spans]
    return []


# No longer standing.


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
        kinds(exact, found),
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
    while first > 0 and re.match(rf"{_LETTER}{{2}}", piece[first - 1 : first + 1]):
        first -= 1
    while last < len(piece) and re.match(rf"{_LETTER}{{2}}", piece[last - 1 : last + 1]):
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
    now_rest = _rest_of_sentence(text, start, end) if before is not None else None
    was = next(_standing(quote, before), None) if before is not None and now_rest is not None else None
    if before is None or now_rest is None or was is None:
        return None
    was_rest = _rest_of_sentence(before, *was)
    if was_rest is None or negations(now_rest[0]) == negations(was_rest[0]):
        return None
    if fuzz.ratio(normal(now_rest[0]), normal(was_rest[0])) < 60:
        return None  # another sentence: moved, perhaps, but not turned
    _, first, last = now_rest
    sentence = before[was_rest[1] : was_rest[2]]
    return _alteration(sentence, text, first, last, fuzz.ratio(normal(sentence), normal(text[first:last])) / 100)


def _rest_of_sentence(text: str, start: int, end: int) -> tuple[str, int, int] | None:
    """What else the sentence around this place says, and where that sentence begins and ends. None if it is
    the quote alone or the quote is more than one sentence."""
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end)
    line_end = len(text) if line_end < 0 else line_end
    if line_end - line_start > 5_000:
        return None
    for run in sentences(text[line_start:line_end]):
        first, last = line_start + run.start, line_start + run.end
        if first <= start and end <= last:
            rest = text[first:start] + " " + text[end:last]
            return (rest, first, last) if re.search(r"\w", rest) else None
    return None
