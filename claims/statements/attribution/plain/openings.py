"""What stands before the sentence itself: a dateline, or the question that somebody was asked."""

from __future__ import annotations

from claims.statements.attribution.plain.words import PlainWords
from claims.statements.attribution.tokens import Token

_DATELINE = 16  # tokens
_LONGEST_QUESTION = 40


def behind_dateline(tokens: list[Token], n: int) -> int:
    """Where the sentence begins behind "BERLIN, 3 mayo (Agencia).- " or "Berlin – "."""
    for k in range(1, min(n, _DATELINE)):
        token = tokens[k]
        hyphen = token.text in {"-", ".-"} and tokens[k - 1].text in {".", ")"}
        if (token.is_dash or hyphen) and not any(t.quote for t in tokens[:k]):
            capitals = [t for t in tokens[:k] if t.is_word and len(t.text) > 1 and t.text[0].isalpha()]
            if capitals and (hyphen or all(t.is_name for t in capitals)):
                return k + 1
    return 0


def behind_question(tokens: list[Token], start: int, n: int, words: PlainWords) -> int:
    """Where the sentence begins behind "Preguntada por si …," or "Auf die Frage, ob …,"; `start` without either.

    What was asked is nobody's assertion, and its words ("si", "ob") do not govern the answer.
    """
    opened = any(
        [t.lower for t in tokens[start : start + len(phrase)]] == list(phrase) for phrase in words.asked_phrases
    )
    if not opened:
        return start
    comma = None
    for k in range(start + 1, min(n, start + _LONGEST_QUESTION)):
        if tokens[k].quote and k > start + 6:
            break
        if tokens[k].text == "," and not (k + 1 < n and tokens[k + 1].lower in words.whether | words.that | words.what):
            comma = k
            break
    return comma + 1 if comma is not None else start
