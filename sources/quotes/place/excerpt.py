"""Cut a huge text down to the parts of it that can say anything of a quote, so that no page takes long to look at.

The parts are those around its words, the rarest of its words, and its neighbours. A page may be made to hold a million
lines like the quote: of each only so many places are taken.

Pure: no network, no database.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from sources.quotes.exact_match import TextQuote
from sources.quotes.nearest_sentence import NGRAM, WHOLE_PAGE, cut, lines_of
from sources.quotes.normalization import normal
from sources.quotes.place.slot import Span
from sources.quotes.quote_check import QuoteCheck

_MOST = 300_000
"""Characters of the longest excerpt."""
_COPIES = 20
"""Places of the quote's own words."""
_RARE = 60
"""Places of a word beyond which it is not rare."""
_WORDS = 16
"""Words of a quote that are counted."""
_RAREST = 6
"""Of these, words around which is read."""
_NEIGHBOURS = 4
"""Lines, and sentences, on either side of the quote around which is read."""
_TWICE = 2
"""Places of a neighbour: it is one only if it stands once."""
_SLOT = 10_000
_COPY = 2_000
_ENDS = 20_000
_BREAK = "\n\n\n"
_SHORTEST = 8


@dataclass(frozen=True)
class Excerpt:
    """Parts of a text, and where they stand in it."""

    text: str
    parts: tuple[Span, ...]
    starts: tuple[int, ...]
    """Where each part begins in the excerpt."""

    def outward(self, position: int) -> int:
        """The position in the whole text."""
        number = max(0, bisect_right(self.starts, position) - 1)
        start, end = self.parts[number]
        return min(start + position - self.starts[number], end)

    def inward(self, position: int) -> int | None:
        """The position in the excerpt; None if its part was left out."""
        for (start, end), begin in zip(self.parts, self.starts, strict=True):
            if start <= position < end:
                return begin + position - start
        return None

    def span(self, start: int, end: int) -> Span:
        return self.outward(start), self.outward(max(start, end - 1)) + min(1, end - start)

    def check(self, found: QuoteCheck) -> QuoteCheck:
        """The answer with its places in the whole text."""
        if found.start is None or found.end is None:
            return found
        start, end = self.span(found.start, found.end)
        return replace(found, start=start, end=end)


def is_huge(*texts: str) -> bool:
    return any(len(text) > WHOLE_PAGE for text in texts)


def excerpt(text: str, parts: Iterable[Span]) -> Excerpt:
    """The excerpt of these parts, the first ones first if they are too much, with both ends of the text."""
    taken: list[Span] = []
    length = 0
    for start, end in (*parts, (0, _ENDS), (len(text) - _ENDS, len(text))):
        if (length := length + end - start) > _MOST and taken:
            break
        taken.append((max(0, start), min(len(text), end)))
    joined: list[Span] = []
    for start, end in sorted(taken):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    starts, at = [], 0
    for start, end in joined:
        starts.append(at)
        at += end - start + len(_BREAK)
    return Excerpt(_BREAK.join(text[start:end] for start, end in joined), tuple(joined), tuple(starts))


def around_words(quote: TextQuote, text: str) -> Iterator[Span]:
    """The places of the quote's words, and of the rarest of them."""
    if quote.start is not None:
        yield quote.start - _SLOT, quote.start + len(quote.exact) + _SLOT
    yield from _around(quote.exact, text, _COPY, _COPIES)
    wording = normal(quote.exact)
    words = sorted(set(NGRAM.findall(wording)), key=lambda word: (-len(word), word))
    chosen = words[:: max(1, len(words) // _WORDS)] if words and len(words[0]) <= 3 else words
    counted = sorted((text.count(word), word) for word in chosen[:_WORDS])
    rare = [each for each in counted if each[0]][:_RAREST]
    for number, (count, word) in enumerate(rare):
        if count <= _RARE or number == 0:
            yield from _around(word, text, 2 * len(wording) + 300, min(count, _RARE))


def around_neighbours(before: str, place: Span, text: str) -> Iterator[Span]:
    """Where the lines and sentences around the place in `before` stand in `text`, and the place itself in `before`."""
    start, end = place
    if text is before:
        yield start - 2 * _SLOT, end + 2 * _SLOT
        return
    for left, right in ((before[max(0, start - _SLOT) : start], before[end : end + _SLOT]),):
        above, below = lines_of(left).texts[-_NEIGHBOURS - 1 :], lines_of(right).texts[: _NEIGHBOURS + 1]
        lines = [each for pair in zip(reversed(above), below, strict=False) for each in pair] or [*above, *below]
        ends = left[-1_000:], right[:1_000]
        near = [side[a:b] for side in ends for a, b in cut(side, 0, len(side))]
        for words in dict.fromkeys([*lines, *near[: 2 * _NEIGHBOURS]]):
            if len(words) >= _SHORTEST:
                yield from _around(words, text, _SLOT, _TWICE)


def _around(words: str, text: str, reach: int, most: int) -> Iterator[Span]:
    places = islice(re.finditer(re.escape(words), text), most) if words else ()
    for match in places:
        yield match.start() - reach, match.end() + reach
