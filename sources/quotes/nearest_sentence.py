"""Split a text into sentences, and find the one most similar to a quote that is no longer in the text.

Sentences are split by line breaks and punctuation, in any language. A wrong split at an abbreviation is harmless, since
the quote is split in the same way and runs of sentences are compared.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from sources.quotes.normalization import CONTINUOUS, normal
from sources.quotes.word_diff import changed_kinds

WHOLE_PAGE = 400_000
"""Characters. On longer pages only the places that share rare words with the quote are looked at."""
_MANY = 200
LONG_SENTENCE = 1_500
"""Characters. What runs on longer than this without a mark is searched for the quote's best place in it."""

_CLOSING = "\"'”’»)\\]」』】"
_END = re.compile(
    rf"[.!?…]+[{_CLOSING}]*(?:\s+|$)(?=\W{{0,60}}(?:[^\W\d_]|\d|$))|[。！？｡．]+[{_CLOSING}]*|[؟۔।॥።፧։]+[{_CLOSING}]*(?:\s+|$)"
)
# Thai, Lao, Khmer and Burmese put spaces between clauses and no stop after a sentence.
_SPACED_CLAUSES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
NGRAM = re.compile(rf"[{CONTINUOUS}]{{3}}|\w{{4,}}")


@dataclass(frozen=True)
class Run:
    """Sentences that follow one another: where they stand in the text, and their normal form."""

    start: int
    end: int
    normal: str


@dataclass(frozen=True)
class Nearest:
    run: Run
    score: float
    """Likeness from 0 to 1."""
    whole: bool
    """Whether the run itself is like the quote, or only some place within it."""


@dataclass(frozen=True)
class Lines:
    """The lines that are not empty, without the white space around them."""

    starts: list[int]
    texts: list[str]
    once: dict[str, int]
    """The number of each line that occurs once; -1 for the others."""

    def span(self, number: int) -> tuple[int, int]:
        return self.starts[number], self.starts[number] + len(self.texts[number])

    def at(self, position: int) -> int:
        """The number of the line that holds a position, or of the last before it; -1 if there is none."""
        return bisect_right(self.starts, position) - 1


@lru_cache(maxsize=16)
def lines_of(text: str) -> Lines:
    starts: list[int] = []
    texts: list[str] = []
    once: dict[str, int] = {}
    for number, match in enumerate(_WORDS_OF_LINE.finditer(text)):
        words = match[0].rstrip()
        once[words] = -1 if words in once else number
        starts.append(match.start())
        texts.append(words)
    return Lines(starts, texts, once)


_WORDS_OF_LINE = re.compile(r"\S[^\n]*")


@lru_cache(maxsize=16)
def sentences(text: str) -> tuple[Run, ...]:
    """The sentences of a text in their order, without the empty ones."""
    return tuple(_sentences(text, 0, len(text)))


def cut(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where each sentence of `text[start:end]` begins and ends."""
    return [(run.start, run.end) for run in _sentences(text, start, end)]


def _sentences(text: str, start: int, end: int) -> Iterator[Run]:
    for line in _LINE.finditer(text[start:end]):
        at = start + line.start()
        for begin, stop, form in _cut(line[0]) if len(line[0]) <= _REMEMBERED else _cut.__wrapped__(line[0]):
            yield Run(at + begin, at + stop, form)


@lru_cache(maxsize=2_000)
def _cut(line: str) -> tuple[tuple[int, int, str], ...]:
    """Start, end and normal form of each sentence. Remembered, since most lines of a page stood there before."""
    ends = [match.end() for match in _END.finditer(line) if not line[match.end() : match.end() + 1].islower()]
    if _SPACED_CLAUSES.search(line):
        ends = sorted({*ends, *(match.end() for match in re.finditer(r"\s+", line))})
    found = []
    begin = 0
    for stop in [*ends, len(line)]:
        piece = line[begin:stop]
        if form := normal(piece):
            found.append((begin + len(piece) - len(piece.lstrip()), begin + len(piece.rstrip()), form))
        begin = stop
    return tuple(found)


_LINE = re.compile(r"[^\n]+")
_REMEMBERED = 2_000
"""Characters of the longest line that is remembered."""


def nearest(wording: str, text: str, *, before: str | None = None, new: float, anywhere: float) -> Nearest | None:
    """The run of sentences of `text` most like `wording` (in its normal form), or None if none is like it.

    Sentences that the page did not have `before` come first and need a likeness of `new`. If none of them has
    it, of several sentences those that stood there all along will do with a likeness of `anywhere`, as where one of
    them is gone; not if they have another number, name, date or negation, since then they speak of something else,
    unless a whole sentence of the wording is in them.
    """
    if before is None:
        return _best(wording, list(_anywhere(wording, text)), anywhere)
    if found := _best(wording, list(_new(wording, text, before)), new):
        return found
    if len(sentences(wording)) < 2:
        return None
    return _of_the_same(wording, _best(wording, list(_anywhere(wording, text)), anywhere))


def nearest_between(wording: str, text: str, start: int, end: int, before: str, least: float) -> Nearest | None:
    """The same within `text[start:end]`, where the wording belongs: what is new there comes first."""
    pieces = list(_sentences(text, start, end))
    fresh = _fresh(pieces, text, before)
    return _best(wording, list(_runs(wording, pieces, fresh)), least) or _of_the_same(
        wording, _best(wording, list(_runs(wording, pieces, list(range(len(pieces))))), least)
    )


def _of_the_same(wording: str, found: Nearest | None) -> Nearest | None:
    if (
        found is None
        or {run.normal for run in sentences(wording)} & {run.normal for run in sentences(found.run.normal)}
        or not changed_kinds(wording, found.run.normal)
    ):
        return found
    return None


def _fresh(pieces: list[Run], text: str, before: str) -> list[int]:
    """The numbers of those that do not stand in the text before; of too many to ask, all."""
    if len(pieces) > _MANY or len(before) > WHOLE_PAGE:
        return list(range(len(pieces)))
    return [number for number, piece in enumerate(pieces) if text[piece.start : piece.end] not in before]


def _new(wording: str, text: str, before: str) -> Iterator[Run]:
    """Runs with a sentence that is new, of lines that are new."""
    old, lines = lines_of(before).once, lines_of(text)
    numbers = [number for number, words in enumerate(lines.texts) if words not in old]
    if len(text) > WHOLE_PAGE:
        places = _places(wording, text)
        numbers = [
            each for each in numbers if any(a < lines.span(each)[1] and lines.starts[each] < b for a, b in places)
        ]
    for first, last in _blocks(numbers):
        pieces = list(_sentences(text, lines.starts[first], lines.span(last)[1]))
        yield from _runs(wording, pieces, _fresh(pieces, text, before))


def _blocks(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of numbers that follow one another."""
    first = 0
    for index, number in enumerate(numbers):
        if index + 1 == len(numbers) or numbers[index + 1] != number + 1:
            yield numbers[first], number
            first = index + 1


def _anywhere(wording: str, text: str) -> Iterator[Run]:
    for start, end in _places(wording, text):
        pieces = list(sentences(text) if (start, end) == (0, len(text)) else _sentences(text, start, end))
        yield from _runs(wording, pieces, list(range(len(pieces))))


_FEW = 10
"""Sentences of a place so small that runs of any number of them are compared."""


def _runs(wording: str, pieces: list[Run], fresh: list[int]) -> Iterator[Run]:
    """Runs about as long as the wording, and long sentences as they are, that hold one of the `fresh`."""
    count = max(1, len(sentences(wording)))
    sizes = {max(1, count - 1), count, count + 1}
    if len(pieces) <= _FEW:
        sizes |= set(range(1, len(pieces) + 1))
    for size in sorted(sizes):
        for first in _firsts(fresh, size, len(pieces)):
            last = first + size - 1
            length = pieces[last].end - pieces[first].start
            if size > 1 and not 0.4 * len(wording) <= length <= 2.5 * len(wording) + 40:
                continue
            words = " ".join(piece.normal for piece in pieces[first : last + 1])
            yield Run(pieces[first].start, pieces[last].end, words) if size > 1 else pieces[first]


def _firsts(fresh: list[int], size: int, count: int) -> Iterator[int]:
    """Where the runs of so many of `count` pieces begin that hold a fresh one, in order."""
    begun = 0
    for number in fresh:
        for first in range(max(begun, number - size + 1), min(number, count - size) + 1):
            yield first
            begun = first + 1


def _places(wording: str, text: str) -> list[tuple[int, int]]:
    if len(text) <= WHOLE_PAGE:
        return [(0, len(text))]
    counted = sorted((text.count(word), word) for word in set(NGRAM.findall(wording)))
    around = 2 * len(wording) + 300
    spans = []
    for count, word in counted[:8]:
        if 0 < count <= 60:
            spans += [
                (max(0, match.start() - around), min(len(text), match.end() + around))
                for match in re.finditer(re.escape(word), text)
            ]
    places: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def _best(wording: str, runs: list[Run], least: float) -> Nearest | None:
    """The run most like the wording; without regard to case if none is like it with, and either is in capitals."""
    words = [run.normal for run in runs]
    if found := _most_like(wording, runs, words, least):
        return found
    capitals = _CAPITALS.search(wording) is not None
    folded = [each.casefold() if capitals or _CAPITALS.search(each) else None for each in words]
    if any(folded) and (found := _most_like(wording.casefold(), runs, folded, least)):
        return found
    return _in_other_order(wording, runs)


def _in_other_order(wording: str, runs: list[Run]) -> Nearest | None:
    """The run that has all the words of the wording and no others, but for articles: `A sued B` for `B sued A`."""
    like = [run for run in runs if abs(len(run.normal) - len(wording)) <= _MARKS]
    wanted = _weighty(wording) if like else []
    if len(wanted) < _FEWEST:
        return None
    return next((Nearest(run, _REORDERED, whole=True) for run in like if _weighty(run.normal) == wanted), None)


def _weighty(wording: str) -> list[str]:
    """Its figures and longer words in the order of the alphabet; of scripts without spaces, its letters."""
    words = _PART.findall(wording.casefold())
    return sorted(each for each in words if len(each) > 3 or each[0].isdigit() or _DENSE.match(each))


_FEWEST = 3
_DENSE = re.compile(rf"[{CONTINUOUS}]")


_MARKS = 3
"""Characters by which two wordings of the same words may differ in length: commas, a stop."""
_REORDERED = 0.9
"""The likeness of a wording with the same words in another order, which letters do not show."""


_CAPITALS = re.compile(r"(?<!\w)[^\W\d_a-zß-öø-ÿа-я]{4,}\W+[^\W\d_a-zß-öø-ÿа-я]{2,}(?!\w)")
_PART = re.compile(rf"[{CONTINUOUS}]|(?:(?![{CONTINUOUS}])\w)+")


def _most_like(wording: str, runs: list[Run], words: Sequence[str | None], least: float) -> Nearest | None:
    short = [each if each and (len(each) <= LONG_SENTENCE or len(each) <= 2 * len(wording)) else None for each in words]
    found = process.extractOne(wording, short, scorer=fuzz.ratio, score_cutoff=least * 100)
    if found is not None:
        return Nearest(runs[found[2]], found[1] / 100, whole=True)
    # A part of a longer sentence: nearly all of the wording must stand there together. Most share few words with it,
    # which is far faster to see.
    parts = set(_PART.findall(wording))
    within = [
        each if each and len(each) > len(wording) and 2 * len(parts & set(_PART.findall(each))) >= len(parts) else None
        for each in words
    ]
    part = process.extractOne(wording, within, scorer=fuzz.partial_ratio, score_cutoff=max(least, 0.8) * 100)
    return Nearest(runs[part[2]], part[1] / 100, whole=False) if part is not None else None
