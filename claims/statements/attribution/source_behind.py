"""The source behind a cue: "said Ida Moe, head of the water office", "according to the port".

Positions are those of the tokens of one sentence; ranges are half-open.
"""

from __future__ import annotations

from claims.statements.attribution.adjuncts import is_adjunct, is_time
from claims.statements.attribution.lexicon import (
    COORDINATORS,
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    SUBORDINATORS,
    VERB_FORMS,
    words,
)
from claims.statements.attribution.parts_of_speech import (
    is_adverb,
    is_common_noun,
    is_finite_verb,
    is_person_noun,
    is_possessive,
    is_verb_start,
)
from claims.statements.attribution.phrases import MAX_SOURCE_TOKENS, Range
from claims.statements.attribution.tokens import Token

_ARTICLES = words("the a an his her its their this these those")


def source_after(tokens: list[Token], start: int, *, opens: bool = False) -> Range | None:
    """The noun phrase that begins at `start` ("said X, a spokesman for Y, …"), apposition included.

    `opens`: the phrase opens its sentence ("According to X, …"), so that an apposition must be closed by a comma.
    """
    n = len(tokens)
    i = start
    if i >= n or not (tokens[i].is_word or tokens[i].quote):
        return None
    if tokens[i].lower in {"he", "she", "they", "it", "we", "i", "you"}:
        return (i, i + 1)
    while i < n and i - start < MAX_SOURCE_TOKENS:
        token = tokens[i]
        word = token.lower
        if token.text == ",":
            closing = _apposition_end(tokens, i)
            if closing is None or (opens and not _closes_apposition(tokens, closing)):
                break
            i = closing
            break
        if token.text == "(":
            closing = next((k for k in range(i, min(n, i + 8)) if tokens[k].text == ")"), -1)
            if closing < 0:
                break
            i = closing + 1
            continue
        if token.quote:
            if len(token.text) > 40 or tokens[i - 1].text == ",":
                break
        elif not token.is_word and token.text not in {"&", "/", "'", "’"}:
            break
        elif word in SUBORDINATORS or (word in COORDINATORS and word not in {"and", "or"}):
            if word in {"who", "whose"} and i > start:
                closing = next((k for k in range(i, n) if tokens[k].text in {",", ".", ";"} or tokens[k].quote), n)
                i = closing
            break
        elif word in {"and", "or"} and i + 1 < n and (is_verb_start(tokens, i + 1) or tokens[i + 1].quote):
            break
        elif word in PREPOSITIONS and word not in {"of", "for", "from", "at", "with", "by", "&"}:
            if word not in {"in", "on", "to"} or is_adjunct(tokens, i) or i + 1 >= n or word == "to":
                break
        elif is_time(tokens, i) and i > start and (word in DAYS or word in {"yesterday", "today"}):
            break
        elif word == "'s" and is_possessive(tokens, i):
            pass
        elif opens and i > start and word in _ARTICLES and is_common_noun(tokens, i - 1):
            break  # "According to residents the dam …"
        elif opens and i > start and tokens[i - 1].is_name and not token.is_name and _opens_clause(tokens, i):
            break  # "According to X prices have risen"
        elif (i > start and (is_finite_verb(tokens, i) or is_adverb(token))) or (
            i > start and word.endswith("ing") and word in VERB_FORMS and tokens[i - 1].lower not in DETERMINERS
        ):
            break
        i += 1
    while i > start and (tokens[i - 1].lower in PREPOSITIONS | {"and", "or"} or tokens[i - 1].text == ","):
        i -= 1
    return (start, i) if i > start else None


def _closes_apposition(tokens: list[Token], comma: int) -> bool:
    """Whether a comma closes an apposition, so that a clause follows: not ", but …", which would join two clauses."""
    if comma + 1 >= len(tokens) or tokens[comma].text != ",":
        return False
    return tokens[comma + 1].lower not in COORDINATORS | {"while", "although", "though", "because", "as"}


def _opens_clause(tokens: list[Token], i: int) -> bool:
    """Whether a clause begins at `i`: a finite verb before the next comma, and no comma before it."""
    if tokens[i].lower in PREPOSITIONS | {"and", "or"}:
        return False
    for k in range(i, min(len(tokens), i + 8)):
        if tokens[k].text == "," or tokens[k].quote:
            return False
        if k > i and is_finite_verb(tokens, k):
            return True
    return False


def _names_the_head(tokens: list[Token], comma: int) -> bool:
    """Whether a name behind the comma says who it is: "the mayor, Ida Moe", "his barrister, Tom Falk"."""
    if not is_person_noun(tokens[comma - 1].lower) or tokens[comma - 1].is_name:
        return False
    k = comma + 1
    while k < len(tokens) and tokens[k].is_name and tokens[k].is_word:
        k += 1
    return k > comma + 1 and (k >= len(tokens) or not is_verb_start(tokens, k))


def _apposition_end(tokens: list[Token], comma: int) -> int | None:
    """Where the apposition after `comma` ends, or None if none begins there."""
    n = len(tokens)
    if comma + 1 >= n:
        return None
    first = tokens[comma + 1]
    word = first.lower
    starts = (
        word in {"a", "an", "the", "his", "her", "its", "their", "who", "whose", "which", "one"}
        or (first.is_word and first.text[0].isdigit() and len(first.text) < 3)
        or (first.is_word and is_person_noun(word))
        or (first.is_name and comma + 2 < n and tokens[comma + 2].lower in {"of", "for"})
        or _names_the_head(tokens, comma)
    )
    if not starts:
        return None
    relative = word in {"who", "whose", "which"}
    i = comma + 1
    while i < n:
        token = tokens[i]
        if not relative and i > comma + 1 and is_finite_verb(tokens, i):
            return None  # "according to X, the dam holds, but …": a clause of its own
        if token.text in {",", ".", ";", ":", "?", "!"} or token.is_dash or (token.quote and tokens[i - 1].text == ","):
            return i
        if not relative and i > comma + 1 and token.lower in SUBORDINATORS - {"than", "as"}:
            if token.lower in {"who", "which", "whose", "that", "whom"}:
                relative = True
            else:
                return i
        i += 1
    return n
