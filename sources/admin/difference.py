"""Compute a word diff of two texts for display, in bounded time. Templates escape the result."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\s+|[^\s\w]|\w+")
_MAX_CELLS = 400_000_000  # words before × words after; the comparison keeps a bit for each: 50 MB
_CONTEXT = 40  # tokens of unchanged text shown either side of a change


@dataclass(frozen=True)
class Piece:
    """A run of text: `same`, `removed`, `added`, or `skipped` (unchanged text that is left out)."""

    kind: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """Return the pieces that turn `before` into `after`. Texts too long to compare are one removal and one addition."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    pieces = [Piece("same", "".join(old[:head]))]
    if len(middle_old) * len(middle_new) > _MAX_CELLS:
        pieces += [Piece("removed", "".join(middle_old)), Piece("added", "".join(middle_new))]
    else:
        for operation in Indel.opcodes(middle_old, middle_new):
            removed = "".join(middle_old[operation.src_start : operation.src_end])
            added = "".join(middle_new[operation.dest_start : operation.dest_end])
            if operation.tag == "equal":
                pieces.append(Piece("same", removed))
            else:
                pieces += [Piece("removed", removed), Piece("added", added)]
    pieces.append(Piece("same", "".join(old[len(old) - tail :])))
    return _tidy([piece for piece in pieces if piece.text])


def with_context(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces with long unchanged runs reduced to the context of the changes."""
    short: list[Piece] = []
    for position, piece in enumerate(pieces):
        tokens = _TOKEN.findall(piece.text)
        first, last = position == 0, position == len(pieces) - 1
        room = _CONTEXT * (1 if first or last else 2)
        if piece.kind != "same" or len(tokens) <= room + 10:
            short.append(piece)
            continue
        if not first:
            short.append(Piece("same", "".join(tokens[:_CONTEXT])))
        short.append(Piece("skipped", "…"))
        if not last:
            short.append(Piece("same", "".join(tokens[-_CONTEXT:])))
    return short


def _tidy(pieces: list[Piece]) -> list[Piece]:
    """Join changes that only white space separates, so that sentences are readable."""
    joined: list[Piece] = []
    removed = added = ""

    def flush() -> None:
        nonlocal removed, added
        joined.extend(piece for piece in (Piece("removed", removed), Piece("added", added)) if piece.text)
        removed = added = ""

    for position, piece in enumerate(pieces):
        between = 0 < position < len(pieces) - 1 and (removed or added)
        if piece.kind == "removed":
            removed += piece.text
        elif piece.kind == "added":
            added += piece.text
        elif between and not piece.text.strip() and len(piece.text) < 3:
            removed += piece.text
            added += piece.text
        else:
            flush()
            joined.append(piece)
    flush()
    return joined


def _common(one: list[str], other: list[str]) -> int:
    """How many tokens the two start with in common."""
    for position, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return position
    return min(len(one), len(other))
