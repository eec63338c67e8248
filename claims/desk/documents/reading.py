"""Cut a document's text into parts, paragraphs and pieces, each piece within one statement or none. Pure.

Offsets count characters (code points) of the document's text. Statements may nest; a piece belongs to the innermost.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from sources.reordered import shown

PART = 20_000
"""Characters of a part of a long document, about."""
_BREAK = re.compile(r"\n[ \t]*\n\s*|\n")
_INVISIBLE = re.compile("([\u202a-\u202e\u2066-\u2069])")
_ENDS = (".", "!", "?", "”", '"', "。", "؟", "।", "…", ":", ",", ";", "»")
_HEADING = 90  # characters of a line that can be a heading


class Spanned(Protocol):
    """What has a place in the text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True)
class Part:
    """A stretch of the text; `number` counts from 1."""

    number: int
    start: int
    end: int


@dataclass(frozen=True)
class Character:
    """A run of text as it is shown, and how many characters of the document it stands for."""

    shown: str
    length: int
    is_mark: bool = False  # a character that is written out because it would reorder the text


@dataclass(frozen=True)
class Piece:
    """A run of text within one statement, or within none. `is_first` of the pieces of its statement."""

    start: int
    runs: tuple[Character, ...]
    statement: Any = None
    is_first: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as its pieces. `is_heading` where the line looks like one."""

    start: int
    pieces: tuple[Piece, ...]
    is_heading: bool = False


def parts(text: str) -> list[Part]:
    """The parts of a text, cut between paragraphs where that is near, else at white space."""
    found: list[Part] = []
    start = 0
    while len(text) - start > PART * 1.25:
        end = _cut(text, start)
        found.append(Part(len(found) + 1, start, end))
        start = end
    found.append(Part(len(found) + 1, start, len(text)))
    return found


def _cut(text: str, start: int) -> int:
    for mark in ("\n\n", "\n", ". ", " "):
        at = text.rfind(mark, start + PART // 2, start + PART)
        if at >= 0:
            return at + len(mark)
    return start + PART


def part_of(found: Sequence[Part], offset: int) -> Part:
    """The part that holds the character at this offset."""
    return next((part for part in found if part.start <= offset < part.end), found[-1])


def paragraphs(text: str, part: Part, statements: Sequence[Spanned]) -> list[Paragraph]:
    """The paragraphs of a part; `statements` are those that overlap it."""
    seen: set[int] = set()
    return [
        Paragraph(start, tuple(_pieces(text, start, end, statements, seen)), _is_heading(text, start, end))
        for start, end in _blocks(text, part)
    ]


def _blocks(text: str, part: Part) -> Iterator[tuple[int, int]]:
    start = part.start
    for found in _BREAK.finditer(text, part.start, part.end):
        if text[start : found.start()].strip():
            yield start, found.start()
        start = found.end()
    if text[start : part.end].strip():
        yield start, part.end


def _is_heading(text: str, start: int, end: int) -> bool:
    line = text[start:end].strip()
    return start > 0 and len(line) <= _HEADING and not line.endswith(_ENDS)


def _pieces(text: str, start: int, end: int, statements: Sequence[Spanned], seen: set[int]) -> Iterator[Piece]:
    here = [each for each in statements if each.start < end and each.end > start]
    cuts = {start, end}
    for each in here:
        cuts |= {max(each.start, start), min(each.end, end)}
    for one, other in pairwise(sorted(cuts)):
        around = [each for each in here if each.start <= one and other <= each.end]
        inside = min(around, key=lambda each: each.end - each.start, default=None)
        yield Piece(one, _runs(text[one:other]), inside, is_first=inside is not None and id(inside) not in seen)
        if inside is not None:
            seen.add(id(inside))


def _runs(text: str) -> tuple[Character, ...]:
    return tuple(
        Character(shown(run), len(run), is_mark=bool(_INVISIBLE.fullmatch(run)))
        for run in _INVISIBLE.split(text)
        if run
    )
