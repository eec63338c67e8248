"""Recognise adjuncts: when, where and on what occasion something was said."""

from __future__ import annotations

from claims.statements.attribution.lexicon import (
    BE,
    DAYS,
    DETERMINERS,
    MONTHS,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    TIME_NOUNS,
    VENUES,
    words,
)
from claims.statements.attribution.parts_of_speech import is_adverb, is_finite_verb
from claims.statements.attribution.tokens import Token

TIME_LEADS = words(
    """
    last this next early late earlier later mid
    """
)

# A negation behind the cue belongs to what was said: "vowed not to go".
_NEVER_SKIPPED = words("that to not never hardly scarcely rarely seldom")


def is_time(tokens: list[Token], i: int) -> bool:
    word = tokens[i].lower
    if word.rstrip(".") in DAYS | {"mon", "tue", "tues", "wed", "thu", "thurs", "fri", "sat", "sun"}:
        return True
    if word in {
        "yesterday",
        "today",
        "tonight",
        "tomorrow",
        "recently",
        "ago",
        "earlier",
        "later",
        "a.m.",
        "p.m.",
    }:
        return True
    if word in MONTHS and tokens[i].is_name:
        return True
    if word in TIME_NOUNS and i > 0:
        before = tokens[i - 1].lower
        return before in TIME_LEADS | {"the", "a", "that", "same", "past", "previous"} or is_time(tokens, i - 1)
    if word in TIME_LEADS and i + 1 < len(tokens):
        after = tokens[i + 1].lower
        return after in TIME_NOUNS or after in MONTHS or after in {"on", "this", "in"} or after.isdigit()
    if word[0].isdigit() and i > 0:
        return tokens[i - 1].lower in MONTHS or (
            word.isdigit() and len(word) == 4 and tokens[i - 1].lower in {"in", ","}
        )
    return False


def is_adjunct(tokens: list[Token], i: int) -> bool:
    """Whether the preposition at `i` opens a time or occasion: "on Sunday", "in a statement", "at a rally in X"."""
    n = len(tokens)
    k = i + 1
    if k >= n:
        return False
    if is_time(tokens, k) or tokens[k].lower[0].isdigit():
        return True
    for j in range(k, min(n, k + 6)):
        word = tokens[j].lower
        if word in VENUES or (word in TIME_NOUNS and j > k):
            return True
        if not tokens[j].is_word or word in SUBORDINATORS or word in BE:
            return False
    return False


def skip_adjuncts(tokens: list[Token], i: int, *, commas: bool = False) -> int:
    """Position after any adverbs, times and occasions that begin at `i`."""
    n = len(tokens)
    while i < n:
        token = tokens[i]
        if token.lower in _NEVER_SKIPPED or token.quote:
            return i
        if is_time(tokens, i) or (token.is_word and is_adverb(token) and token.lower not in {"there", "all", "both"}):
            i += 1
        elif token.lower in PREPOSITIONS and is_adjunct(tokens, i):
            i = _prepositional_end(tokens, i)
        elif token.lower in {"this", "last", "next", "the"} and i + 1 < n and is_time(tokens, i + 1):
            i += 2
        elif token.text == "," and commas and i + 1 < n and is_adjunct_start(tokens, i + 1):
            i += 1
        else:
            return i
    return i


def is_adjunct_start(tokens: list[Token], i: int) -> bool:
    return is_time(tokens, i) or (tokens[i].lower in PREPOSITIONS and is_adjunct(tokens, i))


def _prepositional_end(tokens: list[Token], i: int) -> int:
    """End of the prepositional phrase at `i`: its object, with "of", "with", "in" phrases behind a venue."""
    n = len(tokens)
    k = i + 1
    if is_time(tokens, k) or tokens[k].lower[0].isdigit():
        while k < n and (is_time(tokens, k) or tokens[k].text[0].isdigit()):
            k += 1
        return k
    seen_noun = False
    while k < n:
        word = tokens[k].lower
        if tokens[k].quote or not tokens[k].is_word or word in SUBORDINATORS or word in PRONOUN_SUBJECTS:
            return k
        if word in VENUES or word in TIME_NOUNS:
            seen_noun = True
            k += 1
            continue
        if seen_noun and word not in PREPOSITIONS and tokens[k - 1].lower not in PREPOSITIONS:
            before = tokens[k - 1]
            if word in DETERMINERS and before.lower not in PREPOSITIONS:
                return k
            if not (tokens[k].is_name or before.lower in DETERMINERS or before.is_name):
                return k
            if tokens[k].is_name and not before.is_name and before.lower not in DETERMINERS | PREPOSITIONS:
                return k
        if seen_noun and is_finite_verb(tokens, k):
            return k
        if word == "to" and seen_noun:
            return k
        k += 1
    return k
