"""The cue verbs of one sentence in a language that is read in its plain forms."""

from __future__ import annotations

from dataclasses import dataclass

from claims.statements.attribution.plain.phrases import clause_start
from claims.statements.attribution.plain.words import PlainWords
from claims.statements.attribution.tokens import Token

_MOST = 24  # cues of one sentence: more make a list, and the time of a sentence must stay bounded


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue verb at `at`; its clause's verb group lies in [first, last)."""

    at: int
    first: int
    last: int


def cues(tokens: list[Token], floor: int, n: int, words: PlainWords) -> list[Cue]:
    """Finite cue verbs, and participles and infinitives with the auxiliary of their clause."""
    found: list[Cue] = []
    for i in range(floor, n):
        token = tokens[i]
        word = token.lower.lstrip("—–")
        if not token.is_word or (token.is_name and i > floor):
            continue
        if len(found) >= _MOST:
            break
        start = clause_start(tokens, floor, i)
        helper = None
        if word in words.participles or word in words.infinitives:
            helper = _helper(tokens, start, i, words)
            if helper is None and word not in words.finite and i + 1 < n and tokens[i + 1].lower in words.auxiliaries:
                helper = i  # "ob er gesagt hat"
        if helper is None and word in words.finite:
            helper, start = i, floor
        if helper is not None:
            found.append(Cue(i, _with_clitics(tokens, start, helper, words), i + 1))
    return found


def _helper(tokens: list[Token], start: int, i: int, words: PlainWords) -> int | None:
    """The verb that governs the participle or infinitive at `i`; "sagen" may be a plural too, which "haben" tells."""
    governing = words.auxiliaries | words.modals | words.governors
    if tokens[i].lower in words.finite:
        governing -= words.perfect
    for k in range(i - 1, start - 1, -1):
        if tokens[k].lower in governing:
            return k
        if tokens[i].lower in words.finite and tokens[k].lower in words.and_:
            return None
    return None


def _with_clitics(tokens: list[Token], start: int, first: int, words: PlainWords) -> int:
    while first > start and tokens[first - 1].lower in words.clitics:
        first -= 1
    return first
