"""Words of closed classes that exclude one another: `closed in October`, `closed in November`.

A class is a set of terms (`terms.py`), of which two different ones cannot both be meant in the same place. A term that
both sides have is no difference, nor is one that only one side has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from claims.matching.differences.reading import SentenceReading
from claims.matching.differences.terms import Term
from claims.matching.differences.tokens import alike, fold
from claims.matching.types import Why

_CODES: Mapping[str, str] = (
    dict.fromkeys(("month", "weekday", "season", "part_of_day", "day", "year", "week", "this_month"), "date")
    | dict.fromkeys(("compass", "continent", "nationality"), "place")
    | dict.fromkeys(("ordinal", "unit", "currency", "share", "scale", "frequency", "quantity"), "number")
    | dict.fromkeys(("case", "law", "trial", "modality", "appointment"), "certainty")
)
"""The code of a class's difference; `term` for all others. Stages of one thing are told loosely: `certainty`."""
_BESIDE = frozenset({"quantity", "ordinal", "colour", "sex", "nationality", "institution", "compass"})
"""Classes of words that a sentence holds of several things: the two must stand beside the same word."""
_SURE = 0.6
"""Share of the claim's other words in the text from which the place of a term need not be the same."""
_LIKE = 0.4
"""The same from which two terms beside the same word exclude each other."""


def differing_terms(text: Sequence[SentenceReading], claim: Sequence[SentenceReading], *, long: bool) -> list[Why]:
    """Terms that exclude each other in the like place of a text and a claim, one of each class.

    Across languages the same values are compared, where the words around them cannot be. `long`: the text says other
    things as well, so that only terms beside the same word are of the same thing.
    """
    mine, theirs = _terms(text), _terms(claim)
    if not mine or not theirs:
        return []
    found = []
    share: float | None = None
    for kind in mine.keys() & theirs.keys():
        own = [each for each in mine[kind] if each.value not in {other.value for other in theirs[kind]}]
        others = [each for each in theirs[kind] if each.value not in {other.value for other in mine[kind]}]
        if not own or not others:
            continue
        if share is None:
            share = _share(text, claim)
        pairs = [(one, other) for one in own for other in others if _beside_one_word(one, other)]
        if not pairs and kind not in _BESIDE and not long and share >= _SURE:
            pairs = [(own[0], others[0])]
        if pairs and share >= _LIKE:
            code = _CODES.get(kind, "term")
            found.append(Why(code, pairs[0][0].written, pairs[0][1].written))
    return sorted(found, key=lambda why: (why.code, why.text, why.claim))


def _terms(sentences: Sequence[SentenceReading]) -> dict[str, list[Term]]:
    found: dict[str, list[Term]] = {}
    for sentence in sentences:
        for each in sentence.terms:
            found.setdefault(each.kind, []).append(each)
    return found


def _beside_one_word(one: Term, other: Term) -> bool:
    return any(alike(a, b) for a in one.around for b in other.around)


def _share(text: Sequence[SentenceReading], claim: Sequence[SentenceReading]) -> float:
    """The share of the claim's content words, its terms and figures aside, that the text has."""
    terms = {word for sentence in claim for each in sentence.terms for word in fold(each.written).split()}
    words = {word for sentence in claim for word in sentence.content if not word[0].isdigit()} - terms
    there = {word.folded for sentence in text for word in sentence.words}
    if not words:
        return 1.0
    return sum(word in there or any(alike(word, other) for other in there) for word in words) / len(words)
