"""Split a text into sentences, and find the one most similar to a quote that is no longer in the text.

Sentences are split by line breaks and punctuation, in any language. A wrong split at an abbreviation is harmless, since
the quote is split in the same way and runs of sentences are compared.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from sources.quotes.normalization import CONTINUOUS, normal
from sources.quotes.word_diff import changed_kinds

WHOLE_PAGE = 400_000
"""Characters. On longer pages only the places that share rare words with the quote are looked at."""
LONG_SENTENCE = 1_500
"""Characters. What runs on longer than this without a mark is searched for the quote's best place in it."""

_CLOSING = "\"'”’»)\\]」』】"
_END = re.compile(
    rf"[.!?…]+[{_CLOSING}]*(?:\s+|$)(?=\W*(?:[^\W\d_]|\d|$))|[。！？｡．]+[{_CLOSING}]*|[؟۔।॥።፧։]+[{_CLOSING}]*(?:\s+|$)"
)
# Thai, Lao, Khmer and Burmese put spaces between clauses and no stop after a sentence.
_SPACED_CLAUSES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_NGRAM = re.compile(rf"[{CONTINUOUS}]{{3}}|\w{{4,}}")


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


@lru_cache(maxsize=16)
def sentences(text: str) -> tuple[Run, ...]:
    """The sentences of a text in their order, without the empty ones."""
    return tuple(_sentences(text, 0, len(text)))


@lru_cache(maxsize=16)
def _wordings(text: str) -> frozenset[str]:
    return frozenset(sentence.normal for sentence in sentences(text))


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
    it, one that stood there all along will do with a likeness of `anywhere`, as where two sentences became
    one; not if it has another number, name, date or negation, since then it speaks of something else, unless a
    whole sentence of the wording is in it.
    """
    known = _wordings(before) if before is not None and len(before) <= WHOLE_PAGE else frozenset()
    if known and (found := _best(wording, list(_candidates(wording, text, known)), new)):
        return found
    found = _best(wording, list(_candidates(wording, text)), anywhere)
    if (
        found
        and known
        and not _wordings(wording) & _wordings(found.run.normal)
        and changed_kinds(wording, found.run.normal)
    ):
        return None
    return found


def _candidates(wording: str, text: str, known: frozenset[str] = frozenset()) -> Iterator[Run]:
    """Runs about as long as the wording, and long sentences as they are; none in which all sentences are known."""
    count = max(1, len(sentences(wording)))
    for start, end in _places(wording, text):
        pieces = list(sentences(text) if (start, end) == (0, len(text)) else _sentences(text, start, end))
        fresh = [number for number, piece in enumerate(pieces) if piece.normal not in known]
        for size in sorted({max(1, count - 1), count, count + 1}):
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
    counted = sorted((text.count(word), word) for word in set(_NGRAM.findall(wording)))
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
    short = [run for run in runs if len(run.normal) <= LONG_SENTENCE or len(run.normal) <= 2 * len(wording)]
    found = process.extractOne(wording, [run.normal for run in short], scorer=fuzz.ratio, score_cutoff=least * 100)
    if found is not None:
        return Nearest(short[found[2]], found[1] / 100, whole=True)
    # A part of a longer sentence: nearly all of the wording must stand there together.
    within = [run for run in runs if len(run.normal) > len(wording)]
    part = process.extractOne(
        wording, [run.normal for run in within], scorer=fuzz.partial_ratio, score_cutoff=max(least, 0.8) * 100
    )
    return Nearest(within[part[2]], part[1] / 100, whole=False) if part is not None else None
