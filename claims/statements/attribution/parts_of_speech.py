"""Tell what a word is used as, by closed word classes instead of a parser."""

from __future__ import annotations

from claims.statements.attribution.lexicon import (
    ADVERBS,
    AUXILIARIES,
    COMMON_VERBS,
    COORDINATORS,
    DETERMINERS,
    PERSON_NOUN_ENDINGS,
    PERSON_NOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    TITLES,
    VERB_FORMS,
    words,
)
from claims.statements.attribution.tokens import Token

_NOT_VERBS_IN_ED = words(
    """
    united hundred indeed need speed seed feed bed red shed breed weed sacred naked
    """
)
_NOT_ADVERBS_IN_LY = words(
    """
    family assembly ally july italy reply supply monopoly early daily only weekly
    """
)


def is_adverb(token: Token) -> bool:
    return token.lower in ADVERBS or (
        token.lower.endswith("ly") and token.lower not in _NOT_ADVERBS_IN_LY and token.text[0].islower()
    )


def is_person_noun(word: str) -> bool:
    word = word.rstrip(".")
    return word in PERSON_NOUNS or word in TITLES or (len(word) > 5 and word.endswith(PERSON_NOUN_ENDINGS))


def is_finite_verb(tokens: list[Token], i: int) -> bool:
    """Whether the word reads as a finite verb (auxiliaries count); participles after a noun may slip in."""
    token = tokens[i]
    if not token.is_word:
        return False
    word = token.lower
    if word in AUXILIARIES:
        return not (word == "'s" and is_possessive(tokens, i))
    if token.is_name and i > 0:
        return False
    before = tokens[i - 1].lower if i else ""
    if before in DETERMINERS or before in PREPOSITIONS - {"to"} or (before == "to"):
        return False
    if word in COMMON_VERBS:
        return True
    form = VERB_FORMS.get(word)
    if form is not None and not form.ing:
        if form.base and not form.past:
            return before in PRONOUN_SUBJECTS
        if form.noun_like:
            if before in PRONOUN_SUBJECTS:
                return True
            if i == 0 or not tokens[i - 1].is_name or is_adverb(tokens[i - 1]) or before in DETERMINERS:
                return False
            return not (i + 1 < len(tokens) and is_finite_verb(tokens, i + 1))  # "Recent reports said": a noun
        return True
    if i == 0 or not tokens[i - 1].is_word:
        return False  # "retired general Lloyd Aas": an adjective
    past = word.endswith("ed") and len(word) > 3 and word not in _NOT_VERBS_IN_ED and token.text[0].islower()
    return past and not (i + 1 < len(tokens) and tokens[i + 1].lower == "by")  # "research done by X": a participle


def is_possessive(tokens: list[Token], i: int) -> bool:
    """Whether "'s" is a genitive, not "is" or "has": a noun follows and no verb, adverb or article."""
    if i + 1 >= len(tokens) or i == 0 or tokens[i - 1].lower in PRONOUN_SUBJECTS | {"there", "that", "what"}:
        return False
    after = tokens[i + 1]
    if after.quote:
        return True
    if not after.is_word or after.lower in DETERMINERS - {"own", "two", "three", "four", "five", "first"}:
        return False
    if tokens[i - 1].is_name and after.lower in {"only", "own", "most", "very", "first", "long", "then", "once"}:
        return True
    form = VERB_FORMS.get(after.lower)
    if form is not None and (form.ing or (form.participle and after.text[0].islower())):
        return False
    return not is_adverb(after) and after.lower not in PREPOSITIONS | AUXILIARIES


def has_finite_verb(tokens: list[Token], start: int, end: int) -> bool:
    return any(is_finite_verb(tokens, i) for i in range(start, end))


def is_verb_start(tokens: list[Token], i: int) -> bool:
    k = i
    while k < len(tokens) and is_adverb(tokens[k]):
        k += 1
    return k < len(tokens) and (is_finite_verb(tokens, k) or (tokens[k].lower in VERB_FORMS and not tokens[k].is_name))


def is_common_noun(tokens: list[Token], k: int) -> bool:
    """Whether the word at `k` reads as a noun behind which an article opens another phrase."""
    token = tokens[k]
    joins = PREPOSITIONS | DETERMINERS | COORDINATORS | SUBORDINATORS | PRONOUN_SUBJECTS | POSSESSIVES | {"'s", "&"}
    return token.is_word and token.lower not in joins and not is_adverb(token)
