"""Check whether a quote is still on a page: search one text for it, and classify it as intact, moved, altered or gone.

    intact   its words stand in its place (sources/quotes/place/slot.py), ignoring typography (normalization.py)
    moved    they stand with their whole sentence elsewhere, or where nothing is left of what was around them
    altered  they do not, but a similar sentence stands in their place, or is new on the page
    gone     neither

Where it is not known where the quote belongs, the whole page is its place. Similarity alone never makes a quote
intact: one digit or one `not` is an alteration. An empty text proves nothing, so callers without a text report
*unverifiable* themselves.

Quotes are W3C Web Annotation TextQuoteSelectors: `exact` words with some of what stands before and after.
Pure: no network, no database.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from rapidfuzz import fuzz

from sources.quotes.exact_match import (
    TextQuote,
    find_exact,
    find_interrupted,
    find_with_omissions,
    marks_omission,
)
from sources.quotes.grade import Grade, grade
from sources.quotes.nearest_sentence import Nearest, nearest, nearest_between
from sources.quotes.normalization import normal
from sources.quotes.place.excerpt import around_neighbours, around_words, excerpt, is_huge
from sources.quotes.place.rivals import exactly_between, is_entry, rival
from sources.quotes.place.seat import is_moved, keeps_its_seat
from sources.quotes.place.slot import Slot, Span, find_slot, mostly_missing
from sources.quotes.place.unchanged import same_passage
from sources.quotes.quote_check import GONE, QuoteCheck, Result, alteration, found_at, like_quote
from sources.quotes.selection import LONGEST, QuoteNotFound, select
from sources.quotes.surroundings import (
    CONTEXT,
    context,
    likeness_around,
    opening,
    prose_around,
    same_neighbours,
    sentence_around,
    whole_sentences,
)
from sources.quotes.words.figure_edge import edge_changed
from sources.quotes.words.negations import negations

LIKE_NEW = 0.62
"""Likeness from which a sentence that the page did not have before is the altered quote."""
LIKE_THERE = LIKE_NEW
"""The same for a sentence in the quote's own place."""
LIKE_ANY = 0.68
"""The same for a sentence that may have stood there all along."""
_COPIES = 20
"""Places at which the words stand that are weighed against each other; further ones change nothing."""


__all__ = ["LONGEST", "QuoteCheck", "QuoteNotFound", "Result", "find_unchanged", "locate", "place_in", "select"]


def locate(quote: TextQuote, text: str, before: str | None = None, *, turned: bool = True) -> QuoteCheck:
    """Look for a quote in a text.

    `before` is the text in which it stood last, if it is at hand: it says where on the page the quote belongs, and
    which sentences are new. A negation that the rest of its sentence gained or lost alters it, unless `turned` is
    False: the caller asks for the stance of the page, which tells whose negation it is.
    """
    place = place_in(quote, before) if before is not None else None
    if before is None or place is None:  # `before` says nothing of it
        if not is_huge(text):
            return _on_page(quote, text)
        part = excerpt(text, around_words(quote, text))
        return part.check(_on_page(quote, part.text))
    if (same := same_passage(before, text, place)) is not None:
        return found_at(Result.INTACT, text, *same)
    if is_huge(text, before):
        return _in_excerpts(quote, text, before, place, turned)
    return _or_later(_compared(quote, text, before, place, turned), text, before, place)


def _compared(quote: TextQuote, text: str, before: str, place: Span, turned: bool) -> QuoteCheck:
    slot = find_slot(before, text, place)
    if slot.firm:
        return _in_slot(quote, text, before, place, slot, turned)
    return _on_page(quote, text, before, place, turned)


def _or_later(check: QuoteCheck, text: str, before: str, place: Span) -> QuoteCheck:
    """The answer, which waits for a second look if most of the page is missing."""
    if check.result is Result.ALTERED and mostly_missing(before, text, place):
        return replace(check, needs_second_look=True)
    return check


def _in_excerpts(quote: TextQuote, text: str, before: str, place: Span, turned: bool) -> QuoteCheck:
    """The answer for huge texts, by the parts of them that can say anything of the quote."""
    was = list(around_neighbours(before, place, before)) + list(around_words(quote, before))
    new = excerpt(text, [*around_neighbours(before, place, text), *around_words(replace(quote, start=None), text)])
    check = GONE
    for _ in range(_AGAIN):
        old = excerpt(before, was)
        start = old.inward(place[0])
        if start is None:
            return GONE
        there = start, start + place[1] - place[0]
        check = _or_later(_compared(quote, new.text, old.text, there, turned), text, old.text, there)
        found = check.found or ""
        known = before.find(found) if check.result is Result.ALTERED else -1
        if known < 0 or found in old.text:
            break
        was.insert(1, (known - CONTEXT, known + len(found) + CONTEXT))  # not new, but left out
    return new.check(check)


_AGAIN = 4


def place_in(quote: TextQuote, before: str) -> Span | None:
    """Where the quote stood in the text before: of several places the one with its neighbours, then the nearest."""
    at = before.find(quote.exact)
    if at >= 0 and _in_context(quote, before, at) and before.find(quote.exact, at + 1) < 0:
        return at, at + len(quote.exact)  # the usual case
    if is_huge(before):
        part = excerpt(before, around_words(quote, before))
        inner = replace(quote, start=part.inward(quote.start) if quote.start is not None else None)
        span = _place_in(inner, part.text)
        return part.span(*span) if span else None
    return _place_in(quote, before)


def _place_in(quote: TextQuote, before: str) -> Span | None:
    if places := list(find_exact(quote, before)):
        if chosen := next((each for each in places if each[0] == quote.start), None):
            return chosen
        own = quote.start if quote.start is not None else places[0][0]
        return max(places, key=lambda place: (round(likeness_around(quote, before, *place), 2), -abs(place[0] - own)))
    spans = _in_parts(quote, before, omission=True)
    return (spans[0][0], spans[-1][1]) if spans else None


def _in_parts(quote: TextQuote, text: str, *, omission: bool) -> list[Span]:
    return find_interrupted(quote, text) or (find_with_omissions(quote, text) if omission else [])


def _in_slot(quote: TextQuote, text: str, before: str, place: Span, slot: Slot, turned: bool) -> QuoteCheck:
    """The answer where it is known where the quote belongs."""
    start, end = slot.now
    own = TextQuote(quote.exact, *context(before, *place), omission=quote.omission)
    standing = exactly_between(own, text, start, end)
    if standing and slot.left_behind and (kept := exactly_between(own, text, *slot.left_behind)):
        # It was copied with its neighbours, as into a list of older versions, and still stands in its own place.
        slot, standing = replace(slot, now=slot.left_behind, left_behind=None), kept
    if chosen := _seated(own, text, before, place, standing):
        return (
            rival(own, text, before, place, slot, standing, chosen)
            or _reframed(own, text, before, place, chosen, turned)
            or found_at(Result.INTACT, text, *chosen)
        )
    if not standing:
        omitted = _omitted(quote, before[slice(*slot.was)])
        if spans := _in_parts(own, text[start:end], omission=omitted is not None):
            found = found_at(Result.INTACT, text, start + spans[0][0], start + spans[-1][1])
            if omitted is None or grade(omitted, _between(text[start:end], spans)) is not Grade.SUBSTANCE:
                return found
            return alteration(before[slice(*place)], text, found.start or 0, found.end or 0, 0.9)
    wording = normal(quote.exact)
    like = nearest_between(wording, text, start, end, before, LIKE_THERE)
    if like and not _holds(like, standing):
        old = whole_sentences(before, *place)
        new = whole_sentences(text, like.run.start, like.run.end)
        entry = is_entry(text, before, old, new)
        return (_elsewhere(own, text, before, place, slot) if entry else None) or like_quote(quote, text, like)
    if replaced := _replaced(quote, text, before, place, slot):
        return replaced
    return _elsewhere(own, text, before, place, slot) or _altered(quote, text, before) or GONE


def _seated(quote: TextQuote, text: str, before: str, place: Span, standing: list[Span]) -> Span | None:
    """Of the places at which the words stand the one most like theirs, without those at which they are copies."""
    likeness = {each: likeness_around(quote, text, *each) for each in standing}
    old = whole_sentences(before, *place)
    likely = sorted(standing, key=lambda each: -likeness[each])[:_COPIES]
    return next((each for each in likely if keeps_its_seat(text, before, old, whole_sentences(text, *each))), None)


def _reframed(quote: TextQuote, text: str, before: str, place: Span, chosen: Span, turned: bool) -> QuoteCheck | None:
    """The words stand, but what stands beside them turns them: a denial, another unit of the figure they end at."""
    if turned and (negated := _turned(text, *chosen, before, place)):
        return negated
    if not edge_changed(quote.exact, (quote.prefix, quote.suffix), context(text, *chosen)):
        return None
    old, now = whole_sentences(before, *place), whole_sentences(text, *chosen)
    return alteration(before[slice(*old)], text, *now, fuzz.ratio(before[slice(*old)], text[slice(*now)]) / 100)


def _omitted(quote: TextQuote, before: str) -> str | None:
    """What the editor left out, as it was. None if the dots of the quote are the page's own."""
    if not quote.omission and not marks_omission(quote.exact) and next(find_exact(quote, before), None):
        return None
    spans = find_with_omissions(quote, before)
    return _between(before, spans) if spans else None


def _between(text: str, spans: list[Span]) -> str:
    return " ".join(text[end:start] for (_, end), (start, _) in pairwise(spans))


def _replaced(quote: TextQuote, text: str, before: str, place: Span, slot: Slot) -> QuoteCheck | None:
    """What stands within the same sentence in place of words too short to be like anything."""
    if slot.was[0] < place[0] - 3 or slot.was[1] > place[1] + 3:
        return None
    line = text[slice(*slot.now)]
    within = "\n" not in before[place[0] - 3 : place[0]] or "\n" not in before[place[1] : place[1] + 3]
    if not within or "\n" in line or not line.strip() or len(line) > 2 * len(quote.exact) + 40:
        return None
    start = slot.now[0] + len(line) - len(line.lstrip())
    return alteration(quote.exact, text, start, start + len(line.strip()), 0.5)


def _elsewhere(quote: TextQuote, text: str, before: str, place: Span, slot: Slot) -> QuoteCheck | None:
    """The words, with their whole sentence, at another place: they were moved.

    It must be one at which they did not stand before, or in the running text, where nothing tells which of two copies
    was the pull quote. A standfirst or a teaser that was there all along does not stand in for them, nor does a copy
    that stands as a line of its own where they were a sentence of a paragraph.
    """
    others = [each for each in find_exact(quote, text) if not slot.now[0] <= each[0] <= slot.now[1]]
    copies = len(list(find_exact(quote, before)))
    if not others or copies > _COPIES:
        return None
    more = len(others) >= copies
    old = whole_sentences(before, *place)
    sentence = normal(before[slice(*old)])
    for start, end in others[:_COPIES]:
        now = whole_sentences(text, start, end)
        if normal(text[slice(*now)]) != sentence or opening(text, start) is not None:
            continue
        new = more and _only_at(before, old, text[max(0, now[0] - CONTEXT) : now[1] + CONTEXT])
        if (new or prose_around(text, start, end)[1]) and is_moved(text, before, old, now):
            return found_at(Result.MOVED, text, start, end)
    return None


def _only_at(before: str, place: Span, words: str) -> bool:
    """Whether words stand nowhere in the text before but around a place, as where its paragraph is moved."""
    at = before.find(words)
    return at < 0 or (at <= place[0] and place[1] <= at + len(words) and before.find(words, at + 1) < 0)


def _on_page(
    quote: TextQuote, text: str, before: str | None = None, place: Span | None = None, turned: bool = True
) -> QuoteCheck:
    """The answer where only the quote's prefix and suffix say where it belongs."""
    places = list(find_exact(quote, text))
    if places and before is not None and place is not None:
        own = TextQuote(quote.exact, *context(before, *place))
        if _seated(own, text, before, place, places) is None:
            return _altered(quote, text, before) or GONE
    if places:
        weighed = [(likeness_around(quote, text, *each), each) for each in places]
        likeness, (start, end) = max(weighed, key=lambda each: (each[0], -each[1][0]))
        if before is not None and place is not None:
            own = TextQuote(quote.exact, *context(before, *place))
            if reframed := _reframed(own, text, before, place, (start, end), turned):
                return reframed
        elif likeness >= 0.5 and edge_changed(quote.exact, (quote.prefix, quote.suffix), context(text, start, end)):
            first, last = whole_sentences(text, start, end)
            return alteration(quote.exact, text, first, last, 0.9)
        if likeness < 0.5:
            if repeated := _only_repeated(quote, text, start, end, before):
                return repeated
            if before is None and (beside := _beside_context(quote, text)):
                return beside
        moved = likeness < 0.5 and not same_neighbours(quote, text, start, end, before)
        return found_at(Result.MOVED if moved else Result.INTACT, text, start, end)
    omission = quote.omission or quote.start is None or marks_omission(quote.exact)
    if spans := _in_parts(quote, text, omission=omission):
        return found_at(Result.INTACT, text, spans[0][0], spans[-1][1])
    return _altered(quote, text, before) or GONE


def _beside_context(quote: TextQuote, text: str) -> QuoteCheck | None:
    """A sentence like the quote that stands where the quote's own prefix ends or suffix begins."""
    wording = normal(quote.exact)
    for words, after in ((quote.prefix.strip().split("\n")[-1], True), (quote.suffix.strip().split("\n")[0], False)):
        at = text.find(words) if len(words.strip()) >= 20 else -1
        if at < 0 or text.find(words, at + 1) >= 0:
            continue
        reach = 2 * len(quote.exact) + 40
        start, end = (at + len(words), at + len(words) + reach) if after else (at - reach, at)
        if like := nearest_between(wording, text, max(0, start), min(len(text), end), "", LIKE_ANY):
            return like_quote(quote, text, like)
    return None


def find_unchanged(quote: TextQuote, before: str, now: str) -> Span | None:
    """Where a quote stands in `now` that is in the same passage as in `before`, or None.

    A shortcut for two texts that differ elsewhere; `locate` takes it too: the words occur as often as before, and one
    occurrence is in the same passage, letter for letter, its whole sentence included. None proves nothing.
    """
    place = place_in(quote, before)
    return same_passage(before, now, place) if place else None


def _in_context(quote: TextQuote, text: str, at: int) -> bool:
    return text.endswith(quote.prefix, 0, at) and text.startswith(quote.suffix, at + len(quote.exact))


def _altered(quote: TextQuote, text: str, before: str | None) -> QuoteCheck | None:
    like = nearest(normal(quote.exact), text, before=before, new=LIKE_NEW, anywhere=LIKE_ANY)
    if like is None:
        return None
    copies = (each for each in find_exact(quote, text) if opening(text, each[0]) is None)
    return None if _holds(like, copies) else like_quote(quote, text, like)


def _holds(like: Nearest, copies: Iterable[Span]) -> bool:
    """Whether what is like the quote only holds a copy of its words."""
    return any(start < like.run.end and like.run.start < end for start, end in copies)


def _turned(text: str, start: int, end: int, before: str, place: Span) -> QuoteCheck | None:
    """The quote stands, but the rest of its sentence now negates it, or no longer does.

    `It is safe` stands in `No one says it is safe`. Only with `before` can that be told from a sentence that
    always read so.
    """
    if not (now := sentence_around(text, start, end)) or not (was := sentence_around(before, *place)):
        return None
    if negations(now.rest) == negations(was.rest):
        return None
    sentence = before[was.start : was.end]
    likeness = fuzz.ratio(normal(sentence), normal(text[now.start : now.end])) / 100
    mostly_quote = end - start > now.end - now.start - (end - start)
    if not mostly_quote and _WORD.search(was.rest) and fuzz.ratio(normal(now.rest), normal(was.rest)) < 60:
        return None  # another sentence: moved, perhaps, but not turned
    return alteration(sentence, text, now.start, now.end, likeness) if likeness > 0.5 else None


_WORD = re.compile(r"\w")


def _only_repeated(quote: TextQuote, text: str, start: int, end: int, before: str | None) -> QuoteCheck | None:
    """The quote, away from its place, stands in a notice of a correction or in a reader's words, as it did not before.

    `Correction: we wrote that it is safe` repeats what the page no longer says.
    """
    opened = opening(text, start)
    if opened is None:
        return None
    if before is not None and any(opening(before, first) is not None for first, _ in find_exact(quote, before)):
        return None
    return alteration(quote.exact, text, opened, end, 0.9)
