"""Decide between the words of a quote that stand in its place and a new sentence that may be what they became.

Pure: no network, no database.
"""

import re

from rapidfuzz import fuzz

from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.nearest_sentence import Nearest, lines_of, nearest_between
from sources.quotes.normalization import normal
from sources.quotes.place.seat import at_its_neighbour, in_its_line
from sources.quotes.place.series import labelled, other_entry
from sources.quotes.place.slot import Slot, Span
from sources.quotes.quote_check import QuoteCheck, alteration
from sources.quotes.surroundings import CONTEXT, opening, whole_sentences
from sources.quotes.words.figure_edge import edge_changed
from sources.quotes.words.modality import modals
from sources.quotes.words.negations import negations

LIKE_RIVAL = 0.75
"""Likeness from which a new sentence in a quote's own place may be what it became while its words stand there too."""
_LABEL = 60
"""Characters of the longest line, as `Share this`, over a copy."""
_AROUND = 1_500
"""Characters on either side in which the other entries of a series stand."""


def exactly_between(quote: TextQuote, text: str, start: int, end: int) -> list[Span]:
    """Where the quote's words stand in `text[start:end]`."""
    first = max(0, start - CONTEXT)
    found = find_exact(quote, text[first : end + CONTEXT])
    return [(first + a, first + b) for a, b in found if start <= first + a and first + b <= end]


def rival(
    quote: TextQuote, text: str, before: str, place: Span, slot: Slot, standing: list[Span], chosen: Span
) -> QuoteCheck | None:
    """The words stand in the slot, but a new sentence stands there as theirs stood: they are only repeated beside it.

    As in a pull quote of the words as they were, or a notice of it. A new entry of a series is no rival.
    """
    old, now = whole_sentences(before, *place), whole_sentences(text, *chosen)
    was, says = normal(before[slice(*old)]), normal(text[slice(*now)])
    best = _like(quote, text, before, old, [(slot.now[0], now[0]), (now[1], slot.now[1])])
    if slot.left_behind:
        left = _like(quote, text, before, old, [slot.left_behind])
        best = best or left
    if best is None:
        return None
    new = best.run.start, best.run.end
    standing = [each for each in standing if not new[0] <= each[0] < new[1]]
    copies = exactly_between(quote, before, *slot.was)
    if len(copies) > len(standing):  # one of equal sentences became the new one: which, their order says
        order = sorted([*standing, new])
        if len(order) != len(copies) or order[copies.index(place)] in standing:
            return None
    elif _core(was) in says:
        if not _is_edit(text, before, slot, old, now, new):
            return None
    elif fuzz.ratio(was, says) / 100 >= best.score:
        return None
    return alteration(before[slice(*old)], text, *new, best.score)


def _like(quote: TextQuote, text: str, before: str, old: Span, spans: list[Span]) -> Nearest | None:
    """The new sentence most like theirs that does not hold the words, as a reader's does, or hedges or denies them."""
    was = normal(before[slice(*old)])
    likes = [
        nearest_between(was, text, first, last, before, LIKE_RIVAL) for first, last in spans if text[first:last].strip()
    ]
    fresh = [
        each
        for each in likes
        if each
        and each.whole
        and text[each.run.start : each.run.end] not in before
        and _says_otherwise(quote, each.run.normal, was)
    ]
    return max(fresh, key=lambda each: each.score, default=None)


def _says_otherwise(quote: TextQuote, new: str, was: str) -> bool:
    """Whether a sentence lacks the words, or has words beside them that limit, hedge or deny them."""
    at = new.find(words := normal(quote.exact))
    if at < 0:
        return True
    if negations(new) != negations(was) or modals(new) != modals(was):
        return True
    own = was.find(words)
    beside = (was[:own], was[own + len(words) :]) if own >= 0 else ("", "")
    return edge_changed(quote.exact, beside, (new[:at], new[at + len(words) :]))


def framed_beside(quote: TextQuote, text: str, before: str, chosen: Span) -> Span | None:
    """Where the words stand in a new sentence of the line above or below that puts others before them.

    A pull quote of what stood there, beside `Nobody has proved that …`. What somebody says in quotation marks is left
    to itself: an article often repeats in them what it says.
    """
    if text.count(quote.exact) < 2:
        return None
    lines = lines_of(text)
    first, last = lines.at(chosen[0]), lines.at(max(chosen[0], chosen[1] - 1))
    for number in (first - 1, last + 1):
        if not 0 <= number < len(lines.texts):
            continue
        for start, end in exactly_between(quote, text, *lines.span(number)):
            whole = whole_sentences(text, start, end)
            lead = text[whole[0] : start].rstrip()
            if lead and lead[-1:] not in _OPENING_MARKS and text[slice(*whole)] not in before:
                return start, end
    return None


_OPENING_MARKS = "\"'“”„«»‘’「『"


def _core(sentence: str) -> str:
    """A sentence without quotation marks around it, which a pull quote adds."""
    return sentence.strip("\"' ")


def _is_edit(text: str, before: str, slot: Slot, old: Span, now: Span, new: Span) -> bool:
    """Whether the new sentence is the old one edited, and the sentence at `now` a copy of what it was."""
    theirs, of_copy = in_its_line(text, before, slot, old, new), in_its_line(text, before, slot, old, now)
    if theirs is not of_copy:
        return theirs
    readers, copied = opening(text, new[0]) is not None, opening(text, now[0]) is not None
    if readers is not copied:
        return copied
    if is_entry(text, before, old, new) or _is_of_series(before, old, normal(text[slice(*new)])):
        return False
    apart = (text[new[1] : now[0]] if new[1] <= now[0] else text[now[1] : new[0]]).strip()
    if len(apart) <= _LABEL and "\n" not in apart:
        return True  # right beside it, or below a label of its own
    return not at_its_neighbour(text, before, slot, old, now) or at_its_neighbour(text, before, slot, old, new)


def is_entry(text: str, before: str, old: Span, new: Span) -> bool:
    """Whether the new sentence is another entry of the series of the old one."""
    return other_entry(labelled(before, *old), labelled(text, *new))


def _is_of_series(before: str, old: Span, new: str) -> bool:
    """Whether sentences like it stood around it, and the new one differs from it where they do."""
    was = normal(before[slice(*old)])
    around = before[max(0, old[0] - _AROUND) : old[0]] + "\n" + before[old[1] : old[1] + _AROUND]
    sibling = nearest_between(was, around, 0, len(around), "", LIKE_RIVAL)
    return sibling is not None and _shared(was, new) <= _shared(was, sibling.run.normal)


def _shared(one: str, other: str) -> int:
    """The number of words with which both begin."""
    count = 0
    for first, second in zip(_TOKEN.findall(one), _TOKEN.findall(other), strict=False):
        if first != second:
            break
        count += 1
    return count


_TOKEN = re.compile(r"\d+|[^\W\d]|\S")
