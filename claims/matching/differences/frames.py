"""Whether a text tells of something as not done, as no more than wanted or possible, or denies it in other words.

    failed to close, almost closed, was cleared of      against   closed            (not done, or undone)
    should close, if it closes, tried to close          against   closed            (no more than wanted or possible)
    rejects claims that it closed; It closed? Nope.     against   closed            (denied)

Verbs of the first kind are the implicatives of Karttunen (Language 47, 1971): `failed to` says that it was not done,
`managed to` that it was. What one side alone says so makes a match doubtful; a denial makes it another claim.

The phrases are data, a file of `frames/` for each language, in the format of `words/`: `undone`, `modal`, `future`,
`reporting` (verbs of denying) and `said` (what stands behind those that may deny something else), `verdict` (by
themselves beside a claim they deny it), `after` (only behind it), `empty` (words that may stand beside a verdict).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claims.matching.differences.reading import Reading, SentenceReading
from claims.matching.differences.senses import CLOSE
from claims.matching.differences.tokens import Token, alike, tokens
from claims.matching.differences.vocabulary import Marker, Vocabulary, phrases_of
from claims.matching.types import Why

_NOT_FAR = 0.35
"""Share of the claim's words in a text from which a denial is taken to be of it."""
_REACH = 5
"""Words behind a phrase within which one of the claim's must stand in a text that says other things as well."""
_SAID = 3
"""The same within which what is denied is named."""
_SHORT = 9
"""Words of a verdict, at most."""
_OPENING = frozenset({"se"})
"""Words that say `if` where they open a sentence and are pronouns elsewhere (Portuguese)."""
_BREAK = re.compile(r"([.!?…。！？؟।:：;；,،，\n]+(?=\s|$|[^\W\d])|\s-+\s)")
_ASKS = re.compile("[?？؟]")
_CROSSED = re.compile("^\\s*[❌🚫⛔]|[❌🚫⛔👎]\\s*$")
_UNSURE = ("modal", "future")
_KINDS = ("innocent", "undone", "modal", "future", "reporting", "said", "verdict", "after")

_Marked = tuple[Sequence[Token], Sequence[Marker]]


def differing_frames(
    own: Reading, mine: Sequence[SentenceReading], claim: Reading, *, close: float, long: bool
) -> list[Why]:
    """What a text of the claim's language says of the claim's sense by the phrases round it.

    `mine` are the sentences of the text that are about the claim, `close` the share of its words in them; `long` tells
    that the text says other things as well.
    """
    known, its = _frames(own.language), _frames(claim.language)
    told = [(each.words, _markers(known, each.words)) for each in mine]
    claimed = [(each.words, _markers(its, each.words)) for each in claim.sentences]
    words = frozenset(word for each in claim.sentences for word in each.content)
    sides = ((told, words), (claimed, frozenset(word for each in mine for word in each.content)))
    found: list[Why] = []
    if close >= _NOT_FAR:
        found += _denied(own, told, claimed, words, close=close, long=long)
    if close < CLOSE:
        return found
    denied = [any(m.kind == "negations" for each in side for m in each.markers) for side in (mine, claim.sentences)]
    undone = [_governing(side, ("undone",), words, long) for side, words in sides]
    if bool(undone[0]) != bool(undone[1]) and not (undone[0] and denied[1]) and not (undone[1] and denied[0]):
        found.append(_why("certainty", undone))
    if own.asked:
        return found
    unsure = [_governing(side, _UNSURE, words, long) for side, words in sides]
    planned = [any(m.kind == "plans" for each in side for m in each.markers) for side in (mine, claim.sentences)]
    if unsure[1] and not unsure[0]:  # a text may put into one sentence what a claim has with its condition
        unsure[1] = []
    if unsure[0] and not unsure[1] and not (unsure[0] and planned[1]):
        found.append(_why("certainty", unsure))
    return found


def _markers(known: Vocabulary, words: Sequence[Token]) -> list[Marker]:
    """The phrases of a sentence, with the auxiliaries that only their accents tell from others."""
    unsure = [
        Marker("modal", "", n, n + 1) for n, word in enumerate(words) if word.text.casefold() in known.auxiliaries
    ]
    found = [
        each for each in known.markers(words) if words[each.start].initial or words[each.start].folded not in _OPENING
    ]
    return [*found, *unsure]


def _why(code: str, sides: Sequence[Sequence[str]]) -> Why:
    return Why(code, ", ".join(sides[0]), ", ".join(sides[1]))


def _governing(side: Sequence[_Marked], kinds: Sequence[str], words: frozenset[str], long: bool) -> list[str]:
    """The phrases of these kinds, as written, but those with one of the other side's `words`.

    In a text that says other things as well, only those right before such words.

    A phrase beside a figure rounds it (`nearly 40`) or is a month (`May 3`).
    """
    found = []
    for at, markers in side:
        for each in markers:
            if each.kind not in kinds:
                continue
            behind = at[each.end : each.end + _REACH]
            before = at[each.start - 1 : each.start] if each.start else []
            if (behind and behind[0].number) or (before and before[0].number and each.kind == "modal"):
                continue
            own = [word.folded for word in at[each.start : each.end] if len(word.folded) > 1]
            if any(alike(word, other) for word in own for other in words):
                continue
            if not long or any(alike(word.folded, other) for word in behind for other in words):
                found.append(" ".join(word.text for word in at[each.start : each.end]))
    return found


def _denied(
    own: Reading,
    told: Sequence[_Marked],
    claimed: Sequence[_Marked],
    words: frozenset[str],
    *,
    close: float,
    long: bool,
) -> list[Why]:
    denying = {"reporting", "verdict"}
    if any(each.kind in denying for _, markers in claimed for each in markers):
        return []
    verdict = [] if own.asked else _verdict(own, words)
    if verdict:
        return [Why("negation", verdict[0], "")]
    for at, markers in told:
        for each in markers:
            if each.kind != "reporting" or any(alike(at[each.start].folded, word) for word in words):
                continue
            written = " ".join(word.text for word in at[each.start : each.end])
            if own.asked and each.start < 2:
                continue
            named = any(one.kind == "said" and each.start < one.start <= each.end + _SAID for one in markers)
            if named or (close >= CLOSE and not long):
                return [Why("negation" if named else "certainty", written, "")]
    return []


def _verdict(own: Reading, words: frozenset[str]) -> list[str]:
    """The parts of a text that do nothing but deny the claim beside them."""
    crossed = _CROSSED.search(own.text)
    found = [crossed[0].strip()] if crossed else []
    known = _frames(own.language)
    empty = known.function_words
    about = False
    parts = [*_BREAK.split(own.text), ""]
    for segment, end in zip(parts[::2], parts[1::2], strict=True):
        at = tokens(segment)
        shared = any(alike(word.folded, other) for word in at for other in words)
        markers = known.markers(at)
        tagged = [each for each in markers if each.kind == "verdict" and all(at[n].tag for n in _span(each))]
        if about and tagged:
            found.append(segment.strip())
        about = about or shared
        if shared or not at or len(at) > _SHORT or _ASKS.search(end):
            continue
        of = [each for each in markers if each.kind == "verdict" or (about and each.kind == "after")]
        covered = {n for each in of for n in _span(each)}
        if covered and all(n in covered or word.folded in empty for n, word in enumerate(at)):
            found.append(segment.strip())
    return found


def _span(marker: Marker) -> range:
    return range(marker.start, marker.end)


def _frames(language: str) -> Vocabulary:
    return phrases_of("frames", language, _KINDS)
