"""Merge two texts that were made of one: word by word, where their changes do not touch."""

import re

from rapidfuzz.distance import Indel

_TOKEN = re.compile(r"\s+|[^\s\w]|\w+")
_MAX_CELLS = 100_000_000  # words of the one × words of the other; more take too long for a page

Change = tuple[int, int, tuple[str, ...]]
"""From which word of the common text to which, and what stands there instead."""


def merge(base: str, theirs: str, mine: str) -> str | None:
    """The text with the changes of both; None if they touch, so that somebody has to choose."""
    if theirs == mine or mine == base:
        return theirs
    if theirs == base:
        return mine
    words = _TOKEN.findall(base)
    ours, others = _changes(words, mine), _changes(words, theirs)
    if ours is None or others is None or any(_touch(one, other) for one in ours for other in others):
        return None
    merged = list(words)
    for start, end, instead in sorted({*ours, *others}, reverse=True):
        merged[start:end] = instead
    return "".join(merged)


def _changes(words: list[str], text: str) -> list[Change] | None:
    new = _TOKEN.findall(text)
    if len(words) * len(new) > _MAX_CELLS:
        return None
    found: list[Change] = []
    for step in Indel.opcodes(words, new):
        if step.tag == "equal":
            continue
        instead = tuple(new[step.dest_start : step.dest_end])
        if found and found[-1][1] == step.src_start:
            start, _end, before = found.pop()
            found.append((start, step.src_end, before + instead))
        else:
            found.append((step.src_start, step.src_end, instead))
    return found


def _touch(one: Change, other: Change) -> bool:
    """Whether two changes meet; the same change on both sides is one change, and nobody has to choose."""
    return one != other and one[0] <= other[1] and other[0] <= one[1]
