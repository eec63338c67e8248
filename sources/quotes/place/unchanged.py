"""Find a quote again that stands in the same passage as before, letter for letter: a shortcut for pages that differ
elsewhere.

Pure: no network, no database.
"""

import re

from sources.quotes.nearest_sentence import lines_of
from sources.quotes.place.slot import Span, same_lines
from sources.quotes.surroundings import CONTEXT

_PASSAGE = 300
"""Characters of a passage on either side of the quote, at most."""
_BOUNDARY = re.compile(r"[.!?][\"'”’)]*\s|[。！？]|\n")


def same_passage(before: str, now: str, place: Span) -> Span | None:
    """Where the quote at `place` in `before` stands in `now` in the same passage, or None, which proves nothing.

    The words occur as often as before, and one occurrence is in the same passage, its whole sentence included, between
    the same lines of the page.
    """
    if before == now:
        return place
    start, end = place
    words = before[start:end]
    if before.count(words) != now.count(words):
        return None
    first, last = _passage(before, start, end)
    if first and not _BOUNDARY.search(before, first - 1, start):
        return None
    if last < len(before) and not _BOUNDARY.search(before, end - 1, last + 1):
        return None
    begin = now.find(before[first:last])
    if begin < 0 or before.count(before[first:last]) != now.count(before[first:last]):
        return None
    # Where the page began or ended with the passage, nothing new may stand there now, which could be what it became.
    after = begin + last - first
    if (not before[:first].strip() and now[:begin].strip()) or (not before[last:].strip() and now[after:].strip()):
        return None
    # Its neighbours stand there no more often either, as they do where a page keeps its old versions.
    sides = (
        *(before[max(0, start - CONTEXT) : start], before[end : end + CONTEXT]),
        *(before[first:start], before[end:last]),
    )
    if any(before.count(side) != now.count(side) for side in sides if side.strip()):
        return None
    if not _in_order(before, now, (first, last), (begin, after)):
        return None
    begin += start - first
    return begin, begin + end - start


def _passage(text: str, start: int, end: int) -> Span:
    """The lines of a place with the line before and the line after, but no more than some 300 characters on a side."""
    first = max(0, start - 2 * _PASSAGE)
    lines = lines_of(text[first : end + 2 * _PASSAGE])
    number, last = lines.at(start - first), lines.at(max(start, end - 1) - first)
    above = lines.starts[max(0, number - 1)]
    below = lines.span(min(len(lines.texts) - 1, last + 1))[1]
    return max(first + above, start - _PASSAGE), min(first + below, end + _PASSAGE)


def _in_order(before: str, now: str, was: Span, found: Span) -> bool:
    """Whether the lines nearest to a passage still stand on its two sides: it was not moved to another place."""
    left, right = same_lines(before, now, was)
    return all(each.now[0] <= found[0] for each in left) and all(each.now[0] >= found[0] for each in right)
