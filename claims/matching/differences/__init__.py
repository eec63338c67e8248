"""What tells a text and a checked claim apart although they are alike, and the tier that follows.

    differences("Unemployment in Norvale fell in 2021.", "Unemployment in Norvale rose in 2021.", language="en", …)
    -> (Why("direction", "fell", "rose"),)

Another year, place, name, figure or direction, a denial, and two who changed places make the claim another one. What
one side alone says, or says in a word that may be another thing, makes a match doubtful. What cannot be compared, as
most words across languages, is no difference; nor are a question, a headline, a slip of the pen, missing accents or
capitals.

Pure: no network, no database, no numpy.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from claims.matching.differences import (
    accounted,
    around,
    closed_classes,
    dates,
    frames,
    names,
    quantities,
    senses,
    wording,
)
from claims.matching.differences.quantities import Quantity
from claims.matching.differences.reading import Reading, SentenceReading
from claims.matching.differences.tier import CALIBRATED, tier, turns
from claims.matching.differences.tokens import fold, tokens
from claims.matching.types import Why

_ENOUGH = 0.45
"""Share of a claim's words below which a text must share a figure with it, where likelihood alone says little."""
_FEW = 2
"""Sentences from which more a text is a message that says other things as well."""
_COMMENTED = 4
"""Sentences of a text up to which one of them comments on the claim rather than on something else."""
_SIDE_BY_SIDE = 0.65
"""Share of a claim's words below which two words of a longer text stand at the same place by chance."""
_LONGER = 1.4
"""Times the claim's content words from which a text says more than the claim."""

__all__ = ["Reading", "differences", "tier", "turns"]


def differences(
    text: str | Reading,
    claim: str,
    *,
    language: str,
    claim_language: str,
    period: dates.Period = (None, None),
    place: str = "",
) -> tuple[Why, ...]:
    """The differences between a text and a claim, those first that make the claim another one.

    `language` and `claim_language` are BCP 47 tags, "" for one that is not known. `period` is the first and the last
    day that the claim is about, `place` its place: they count as its words. A text that is compared with many claims is
    read once if it comes as a `Reading`.
    """
    own = (text if isinstance(text, Reading) else Reading(text, language)).beside(claim_language)
    other = _claim(claim, claim_language or own.language)
    if own.breaks_off(other):
        return ()
    foreign = own.language != other.language
    mine, theirs = own.about(other), other.sentences
    # A longer sentence says more than the claim: what it alone names is then no difference.
    close = other.share_in(mine, place)
    long = len(own.sentences) > _FEW or sum(len(each.content) for each in mine) > _LONGER * sum(
        len(each.content) for each in theirs
    )
    found = [
        *dates.differing_dates(
            dates.together(each.dates for each in mine),
            dates.together(each.dates for each in theirs),
            period,
            copied=not long and close >= senses.NEARLY_ALL,
        ),
        *_numbers(mine, theirs, foreign=foreign, close=close),
        *_names(own, mine, other, place, foreign=foreign, close=close, long=long),
    ]
    if long or close < senses.CLOSE:
        found = [why for why in found if why.claim or why.code not in ("date", "number", "name")]
    if close < senses.NEARLY_ALL:  # a year more is news of the claim in what is nearly a copy of it alone
        found = [why for why in found if why.claim or why.code != "date"]
    if foreign:  # what one side alone has may stand on the other in words that are not compared
        found = [why for why in found if why.text and why.claim]
    told, claimed = ([(each.words, each.markers) for each in side] for side in (mine, theirs))
    found += senses.differing_directions(told, claimed)
    function_words = own.vocabulary.function_words | other.vocabulary.function_words
    found += senses.differing_negations(
        told, claimed, function_words, asked=own.asked, foreign=foreign, close=close, long=long
    )
    if not any(map(turns, found)):
        found += closed_classes.differing_terms(mine, theirs, long=long)
    if not foreign:
        found += frames.differing_frames(own, mine, other, close=close, long=long)
        if close >= senses.CLOSE:
            found += senses.differing_certainty(told, claimed, asked=own.asked)
        if close < _ENOUGH and own.language not in CALIBRATED and not _shares_figure(mine, theirs):
            found.append(Why("few_words"))
        if close >= senses.NEARLY_ALL and not found:
            found += _digits(mine, theirs)
        found += around.doubts_of_unknown_language(own, other)
        if close >= senses.NEARLY_ALL and len(own.sentences) <= _COMMENTED:
            found += around.doubts_around(own, mine, other)
        if not found:
            found += accounted.unaccounted(own, other, place)
        if not any(map(turns, found)) and (close >= _SIDE_BY_SIDE or not long):
            told, claimed = ([(each.words, each.senses) for each in side] for side in (mine, theirs))
            found += wording.differing_words(told, claimed, other.vocabulary)
    return tuple(sorted(dict.fromkeys(found), key=lambda why: not turns(why)))


@lru_cache(maxsize=4096)
def _claim(claim: str, language: str) -> Reading:
    return Reading(claim, language)


def _numbers(text: list[SentenceReading], claim: list[SentenceReading], *, foreign: bool, close: float) -> list[Why]:
    mine = [each for sentence in text for each in sentence.quantities]
    theirs = [each for sentence in claim for each in sentence.quantities]
    own = [each for each in mine if not any(quantities.same(each, other) for other in theirs)]
    others = [each for each in theirs if not any(quantities.same(each, other) for other in mine)]
    pairs = [(one, other) for one in own for other in others if quantities.comparable(one, other)]
    sure = [
        (one, other)
        for one, other in pairs
        if quantities.of_one_thing(one, other, foreign) and not quantities.near(one, other)
    ]
    if sure:
        return [Why("number", _written([one for one, _ in sure]), _written([other for _, other in sure]))]
    if own and (others or close >= senses.NEARLY_ALL):  # a figure more is no doubt but in what is nearly a copy
        return [Why("number", _written(own), "")]
    return []


def _digits(text: list[SentenceReading], claim: list[SentenceReading]) -> list[Why]:
    """Numbers that are no figures, such as those of chapters, flights and telephones."""
    mine, theirs = ([word.text for each in side for word in each.words if word.number] for side in (text, claim))
    if mine and theirs and not set(mine) & set(theirs) and not any(each.quantities for each in (*text, *claim)):
        return [Why("number", ", ".join(mine), ", ".join(theirs))]
    return []


def _shares_figure(text: list[SentenceReading], claim: list[SentenceReading]) -> bool:
    theirs = [each for sentence in claim for each in sentence.quantities]
    return any(quantities.same(each, other) for sentence in text for each in sentence.quantities for other in theirs)


def _written(figures: list[Quantity]) -> str:
    return ", ".join(dict.fromkeys(each.written for each in figures))


def _names(
    own: Reading, text: list[SentenceReading], claim: Reading, place: str, *, foreign: bool, close: float, long: bool
) -> list[Why]:
    mine = [name for sentence in text for name in sentence.names]
    theirs = [name for sentence in claim.sentences for name in sentence.names]
    here = {word.folded for sentence in own.sentences for word in sentence.words} | {*own.signature}
    there = {word.folded for sentence in claim.sentences for word in sentence.words}
    placed = tuple(word.folded for word in tokens(place)) if place else ()
    theirs = [replace(name, place=True) if set(placed) & set(name.words) else name for name in theirs]
    # A place that the claim's words name is a name of it however it is written: in German every noun has a capital.
    said = bool(placed) and set(placed) <= there
    if said and not any(set(placed) <= set(name.words) for name in theirs):
        theirs.append(names.Name(placed, place, True))
    if foreign:  # a name that the other language writes in its own way is none that differs
        mine, theirs = ([name for name in side if name.written.isascii()] for side in (mine, theirs))
    plain = claim.share_without_names(text, theirs)
    close = max(close, plain)
    found = names.differing_names(
        mine,
        theirs,
        here,
        there,
        text_countries={code: name for sentence in text for code, name in sentence.countries.items()},
        claim_countries={code: name for sentence in claim.sentences for code, name in sentence.countries.items()}
        | names.countries(tokens(place), claim.language),
        known=[fold(each) for each in placed],
        close=1.0 if foreign else close,
        long=long,
    )
    if not found and not foreign and not long and close >= senses.NEARLY_ALL:
        found = names.differing_words_of_names(mine, theirs, here, [*there, *placed])
    if placed and not said and not found:
        # The text may name a town of the country that the claim is about, or the place of something else.
        own_place = names.Name(placed, place, True)
        known = [*there, *placed]
        elsewhere = [each for each in mine if each.place and not names.is_present(each, [*theirs, own_place], known)]
        if elsewhere and not names.is_present(own_place, mine, list(here)):
            return [Why("place", ", ".join(each.written for each in elsewhere), "")]
    return found
