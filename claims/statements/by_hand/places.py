"""Where words stand in a text, and how spans lie to each other. Pure."""

import re
from collections.abc import Iterable

MOST_PLACES = 50

Span = tuple[int, int]


def places(text: str, words: str) -> list[Span]:
    """Where these words stand in the text, letter by letter but for the white space between them; at most 50 spans."""
    parts = words.split()
    if not parts:
        return []
    found = re.finditer(r"\s+".join(map(re.escape, parts)), text)
    return [match.span() for match, _ in zip(found, range(MOST_PLACES), strict=False)]


def trimmed(text: str, start: int, end: int) -> Span:
    """The span without the white space at its ends; empty at `start` if there is nothing else."""
    piece = text[start:end]
    if not piece.strip():
        return start, start
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def crosses(one: Span, other: Span) -> bool:
    """Whether two spans overlap and neither holds the other."""
    (a, b), (c, d) = sorted((one, other))
    return a < c < b < d


def clipped(spans: Iterable[Iterable[int]], within: Span) -> list[list[int]]:
    """The parts of the spans that lie within another, in order."""
    cut = [[max(start, within[0]), min(end, within[1])] for start, end in spans]
    return [span for span in cut if span[0] < span[1]]


def shared_words(one: str, other: str) -> int:
    """How many different words, whatever their case, two texts share."""
    return len(_words(one) & _words(other))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
