"""Find the slot of a quote: the place on the page now that corresponds to where the quote stood before.

The same words may stand in a pull quote, a teaser, a notice or under another year's heading. Whether *this* sentence
still stands can only be said at its own place. That is bounded by the nearest lines, then by the nearest sentences,
that occur once in both texts: as in patience diff, but around one place, so that only its neighbourhood is compared.

Pure: no network, no database.
"""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sources.quotes.nearest_sentence import WHOLE_PAGE, cut, lines_of
from sources.quotes.normalization import extent

Span = tuple[int, int]

_NEIGHBOURS = 6
"""Anchors on either side that say where the slot is. Several, since a neighbour may itself have moved."""
_NEAR = 1_000
"""Characters between the quote and an anchor beyond which the anchor bounds a part of the page, not a slot."""
_PROSE = 60
"""Characters from which a line is running text."""
_LOOKED_FOR = 30
"""Lines that are looked for in a huge text."""
_LONGEST = 20_000
"""Characters of the longest slot."""
_AROUND = 1_000
"""Characters on either side of the quote that are cut into sentences."""
_SHORTEST = 8
"""Characters of the shortest sentence, or part of one, that is an anchor."""


@dataclass(frozen=True)
class Slot:
    """Where the slot was in the text before and is in the text now, its bounds left out."""

    was: Span
    now: Span
    firm: bool
    """Whether the bounds are near enough to the quote that what stands between them stands in its place."""
    left_behind: Span | None = None
    """Where other neighbours say that it would be now, if its nearest ones were moved along with it."""


@dataclass(frozen=True)
class Anchor:
    """Words that occur once in both texts: where they were, and where they are."""

    was: Span
    now: Span


Sides = tuple[list[Anchor], list[Anchor]]


def find_slot(before: str, now: str, place: Span) -> Slot:
    """The slot in `now` of the quote that stood at `place` in `before`."""
    words = before[slice(*place)]
    lines = same_lines(before, now, place)
    was, found = _between(lines, now, words, (0, len(before)), (0, len(now)))
    left_behind = _left_behind(lines, found)
    was, found = _between(_same_sentences(before, now, place, was, found), now, words, was, found)
    left, right = place[0] - was[0], was[1] - place[1]
    bounded = (was[0] > 0 and found[0] > 0) or (was[1] < len(before) and found[1] < len(now))
    firm = bounded and max(left, right) <= _NEAR and found[1] - found[0] <= _LONGEST
    return Slot(was, found, firm, left_behind)


def same_lines(before: str, now: str, place: Span) -> Sides:
    """The nearest lines above and below a place that stand once in both texts."""
    if max(len(before), len(now)) > WHOLE_PAGE:
        return _same_lines_of_huge(before, now, place)
    old, new = lines_of(before), lines_of(now)
    first, last = old.at(place[0]), old.at(max(place[0], place[1] - 1))

    def anchors(numbers: Iterable[int]) -> Iterator[Anchor]:
        for number in numbers:
            words = old.texts[number]
            if old.once[words] >= 0 and (other := new.once.get(words, -1)) >= 0:
                yield Anchor(old.span(number), new.span(other))

    left, right = anchors(range(first - 1, -1, -1)), anchors(range(last + 1, len(old.texts)))
    return list(islice(left, _NEIGHBOURS)), list(islice(right, _NEIGHBOURS))


def _same_lines_of_huge(before: str, now: str, place: Span) -> Sides:
    """The same without cutting the texts into lines: of those right beside the place only."""
    first, last = before.rfind("\n", 0, place[0]) + 1, before.find("\n", place[1])
    last = len(before) if last < 0 else last
    sides: Sides = ([], [])
    for side, start, end in ((0, max(0, first - _NEAR), first), (1, last, min(len(before), last + _NEAR))):
        lines = lines_of(before[start:end])
        numbers = range(len(lines.texts))
        for number in islice(reversed(numbers) if side == 0 else numbers, _NEIGHBOURS):
            at = start + lines.starts[number]
            was, words = (at, at + len(lines.texts[number])), lines.texts[number]
            if _only(before, words) >= 0 and (begin := _only(now, words)) >= 0:
                sides[side].append(Anchor(was, (begin, begin + len(words))))
    return sides


def _only(text: str, words: str) -> int:
    """Where words stand that stand once; -1 for others."""
    at = text.find(words)
    return at if at >= 0 and text.find(words, at + 1) < 0 else -1


def _same_sentences(before: str, now: str, place: Span, was: Span, found: Span) -> Sides:
    """The same by sentences within the slot, which the lines bound: a line may hold a whole article."""
    if before[slice(*was)] == now[slice(*found)]:
        return [], []

    def anchors(spans: Iterable[Span]) -> Iterator[Anchor]:
        for start, end in spans:
            words = before[start:end]
            if len(words) < _SHORTEST or before.find(words, was[0], was[1]) != start:
                continue
            at = now.find(words, *found)
            if at < 0 or now.find(words, at + 1, found[1]) >= 0 or before.find(words, start + 1, was[1]) >= 0:
                continue
            yield Anchor((start, end), (at, at + len(words)))

    left = cut(before, max(was[0], place[0] - _AROUND), place[0])
    right = cut(before, place[1], min(was[1], place[1] + _AROUND))
    return list(islice(anchors(reversed(left)), _NEIGHBOURS)), list(islice(anchors(right), _NEIGHBOURS))


def _between(sides: Sides, text: str, words: str, was: Span, now: Span) -> tuple[Span, Span]:
    """The bounds of the slot before and now, by the anchors.

    Where these contradict each other, the nearer and the more count. Where they contradict each other equally, as
    when two paragraphs changed places, the slot that holds the words is taken.
    """
    left, right = sides

    def agreement(cut: int) -> float:
        return sum(1 / (rank + 1) for rank, each in enumerate(left) if each.now[1] <= cut) + sum(
            1 / (rank + 1) for rank, each in enumerate(right) if each.now[0] >= cut
        )

    def bounds(cut: int) -> tuple[Span, Span]:
        lefts = [each for each in left if each.now[1] <= cut]
        rights = [each for each in right if each.now[0] >= cut]
        return (
            (
                max((each.was[1] for each in lefts), default=was[0]),
                min((each.was[0] for each in rights), default=was[1]),
            ),
            (
                max((each.now[1] for each in lefts), default=now[0]),
                min((each.now[0] for each in rights), default=now[1]),
            ),
        )

    cuts = {cut: agreement(cut) for cut in [*(each.now[1] for each in left), *(each.now[0] for each in right)]}
    if not cuts:
        return was, now
    best = max(cuts.values())
    slots = [bounds(cut) for cut, agreed in cuts.items() if agreed == best]
    return next((slot for slot in slots if text.find(words, *slot[1]) >= 0), slots[0])


def _left_behind(sides: Sides, found: Span) -> Span | None:
    """What stands between the neighbours that are on the wrong side of the slot and those of the other side."""
    left, right = sides
    if late := [each for each in right if each.now[1] <= found[0]]:
        end = min(each.now[0] for each in late)
        starts = [each.now[1] for each in left if each.now[1] <= end]
        span = max(starts, default=end), end
    else:
        early = [each for each in left if each.now[0] >= found[1]]
        start = max((each.now[1] for each in early), default=0)
        ends = [each.now[0] for each in right if each.now[0] >= start]
        span = start, min(ends, default=start) if early else start
    return span if 0 < span[1] - span[0] <= _LONGEST else None


def mostly_missing(before: str, now: str, place: Span) -> bool:
    """Whether most of the running text around the quote is not there now: this may be another page, or half of it."""
    old = lines_of(before)
    first, last = old.at(place[0]), old.at(max(place[0], place[1] - 1))
    lines = [line for number, line in enumerate(old.texts) if not first <= number <= last and len(line) >= _PROSE // 3]
    if len(now) > WHOLE_PAGE:
        lines = sorted(lines, key=len, reverse=True)[:_LOOKED_FOR]
    known: Container[str] = now if len(now) > WHOLE_PAGE else lines_of(now).once
    there = missing = 0
    for line in lines:
        length = extent(line)
        if length >= _PROSE and line in known:
            there += length
        elif length >= _PROSE:
            missing += length
    return missing > 2 * there and missing > _NEAR
