"""Whether a text denies what a claim says, or says the opposite: negations, and words of opposite senses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from claims.matching.differences.tokens import Token, alike
from claims.matching.differences.vocabulary import Marker
from claims.matching.types import Why

Sentence = tuple[Sequence[Token], Sequence[Marker]]
"""The words of a sentence and the phrases of the vocabulary among them."""
NO_AXES = frozenset(
    {
        *(
            "innocent",
            "negations",
            "denials",
            "irony",
            "lexical",
            "plans",
            "approximate",
        ),
        *("places", "before", "titles", "passive", "factor", "synonym"),
    }
)
"""Kinds of phrases that are on no axis."""
CLOSE = 0.5
"""Share of a claim's words in a text from which the text is taken to be about the same."""
NEARLY_ALL = 0.75
"""The same for a text that says hardly anything else."""
_SOMETHING = 0.2
"""The same below which nothing is said of its negations."""
_NOT_FAR = 0.35
"""The same for a denial, which may have few words of the claim."""
_CONTRADICTORY = frozenset({"permission", "acceptance", "obligation", "safety", "strength", "life", "guilt"})
"""Axes on which what is not the one is the other; who does not cause does not cure."""
_REACH = 2
"""Words after a negation within which it denies a word with an opposite."""
_GOVERNED = 3
"""Content words behind a negation, one of which it denies; one before it counts as well (`macht nicht krank`)."""


def differing_negations(
    text: Sequence[Sentence],
    claim: Sequence[Sentence],
    function_words: frozenset[str],
    *,
    asked: bool,
    foreign: bool,
    close: float,
    long: bool,
) -> list[Why]:
    """A negation of the one side that nothing on the other side matches; `claim` or `text` is "" where there is none.

    A word that negates in itself (`banned`) may stand for a negation on the other side (`not allowed`), unless both
    have it. `asked`: the text is a question, in which `Isn't it …` says the same as `Is it …`. `close` is the share of
    the claim's words in the text: in one that shares few, or is much longer (`long`), a negation is of something else.
    """
    mine = [] if _is_opposite_denied(text, claim) else _negations(text, asked)
    theirs = [] if _is_opposite_denied(claim, text) else _negations(claim, False)
    denials = [each for each in _written(text, "denials") if not asked]
    if denials and close >= _NOT_FAR and not _written(claim, "denials") and not theirs:
        return [Why("negation", ", ".join(denials), "")]
    if bool(mine) == bool(theirs):
        # In what is nearly a copy, one that was added or left out turns the sense of its part.
        if close < NEARLY_ALL or long or foreign or len(mine) == len(theirs):
            return []
        return [Why("negation", *(", ".join(word for word, _ in side) for side in (mine, theirs)))]
    own, other = (text, claim) if mine else (claim, text)
    if _stands_for_negation(own, other):
        return []
    written = ", ".join(dict.fromkeys(word for word, _ in mine or theirs))
    governed = [word for _, words in mine or theirs for word in words if word not in function_words]
    shared = [word for word in governed if any(alike(word, each.folded) for words, _ in other for each in words)]
    # Without a word in common under the negation, it may be of something else that the other side does not say.
    if (not shared and (close < CLOSE or long)) or (close < _NOT_FAR and (long or close < _SOMETHING)):
        return []
    code = "negation" if shared and not foreign and close >= _NOT_FAR else "word"
    return [Why(code, written, "") if mine else Why(code, "", written)]


def _negations(sentences: Sequence[Sentence], asked: bool) -> list[tuple[str, list[str]]]:
    """Each negation as written, with the folded words that it may deny."""
    found: list[tuple[str, list[str]]] = []
    for words, markers in sentences:
        for each in markers:
            if each.kind != "negations" or (asked and each.start < 2) or _is_in_axis(each, markers):
                continue
            if _is_in_tag(each, words):
                continue
            behind = [word.folded for word in words[each.end :] if not word.number]
            before = [word.folded for word in words[: each.start] if not word.number]
            found.append((_text(words, each), before[-2:] + behind[: 2 * _GOVERNED]))
    return found


def _is_opposite_denied(own: Sequence[Sentence], other: Sequence[Sentence]) -> bool:
    """Whether one side denies the opposite of what the other says: `is not strong`, `is weak`."""
    there = _poles(other)
    return any(
        each.kind in there and each.pole not in there[each.kind]
        for _, markers in own
        for each in markers
        if each.kind in _CONTRADICTORY and _is_denied(each, markers)
    )


def _is_denied(marker: Marker, markers: Sequence[Marker]) -> bool:
    """Whether a negation stands right before a phrase."""
    return any(
        each.kind == "negations" and 0 <= marker.start - each.end < _REACH and not _is_in_axis(each, markers)
        for each in markers
    )


def _is_in_tag(marker: Marker, words: Sequence[Token]) -> bool:
    """Whether a phrase is a part of a hashtag, which denies what it says itself: `#NeverForget`."""
    beside = (*words[max(0, marker.start - 1) : marker.start], *words[marker.end : marker.end + 1])
    return words[marker.start].tag and any(word.tag for word in beside)


def _is_in_axis(negation: Marker, markers: Sequence[Marker]) -> bool:
    """Whether a negation is a part of a phrase with a sense of its own: `not allowed`, `said no to`."""
    return any(
        each.kind not in NO_AXES
        and each.end - each.start > negation.end - negation.start
        and each.start <= negation.start
        and negation.end <= each.end
        for each in markers
    )


def differing_directions(text: Sequence[Sentence], claim: Sequence[Sentence]) -> list[Why]:
    """Words of the text whose opposites stand in the claim, on each axis on which both say one thing alone."""
    mine, theirs = _poles(text), _poles(claim)
    found = []
    for axis in mine.keys() & theirs.keys():
        one, other = mine[axis], theirs[axis]
        if not one.keys() & other.keys():
            found.append(Why("direction", _first(one), _first(other)))
    return sorted(found, key=lambda why: (why.text, why.claim))[:1]


def _poles(sentences: Sequence[Sentence]) -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for words, markers in sentences:
        for each in markers:
            if each.kind not in NO_AXES and not _is_denied(each, markers):
                found[each.kind][each.pole].append(_text(words, each))
    return found


def _first(poles: dict[str, list[str]]) -> str:
    return ", ".join(dict.fromkeys(chain.from_iterable(poles.values())))


def differing_certainty(text: Sequence[Sentence], claim: Sequence[Sentence], *, asked: bool) -> list[Why]:
    """A plan on the one side that is done on the other: `plans to ban`, `has banned`."""
    mine, theirs = _written(text, "plans"), _written(claim, "plans")
    if bool(mine) == bool(theirs) or (asked and mine):
        return []
    return [Why("certainty", ", ".join(mine), ", ".join(theirs))]


def _written(sentences: Sequence[Sentence], kind: str) -> list[str]:
    return [_text(words, each) for words, markers in sentences for each in markers if each.kind == kind]


def _stands_for_negation(own: Sequence[Sentence], other: Sequence[Sentence]) -> bool:
    """Whether the other side has a word that negates in itself, and this one has none of its sense."""
    mine = {words[each.start].folded[:4] for words, markers in own for each in markers if each.kind == "lexical"}
    senses = {(each.kind, each.pole) for _, markers in own for each in markers if each.kind not in NO_AXES}
    found = False
    for words, markers in other:
        for each in markers:
            if each.kind != "lexical":
                continue
            at_it = {(one.kind, one.pole) for one in markers if one.start <= each.start < one.end}
            if words[each.start].folded[:4] in mine or at_it & senses:
                return False
            found = True
    return found


def _text(words: Sequence[Token], marker: Marker) -> str:
    return " ".join(word.text for word in words[marker.start : marker.end])
