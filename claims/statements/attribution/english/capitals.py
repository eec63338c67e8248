"""Write words small that a headline or a line in capitals writes large, so that verbs are not taken for names."""

from __future__ import annotations

from claims.statements.attribution.lexicon import (
    ADVERBS,
    AUXILIARIES,
    COMMON_VERBS,
    COORDINATORS,
    DETERMINERS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    TIME_NOUNS,
    VERB_FORMS,
)
from claims.statements.attribution.tokens import Token

_FEWEST_WORDS, _HEADLINE = 4, 0.8  # words of four letters and more, and how many of them have capitals in a headline
_FEWEST_CAPITALS, _SHOUTED = 3, 0.75
_SMALL = (
    ADVERBS
    | AUXILIARIES
    | COMMON_VERBS
    | COORDINATORS
    | DETERMINERS
    | POSSESSIVES
    | PREPOSITIONS
    | PRONOUN_SUBJECTS
    | SUBORDINATORS
    | TIME_NOUNS
)


def write_small(tokens: list[Token]) -> None:
    """Change the text of tokens in `Mayor Says Dam Holds` and `MAYOR SAYS DAM HOLDS` to what prose would write."""
    long_words = [t for t in tokens if t.is_word and len(t.text) > 3 and t.text[0].isalpha()]
    shouted = sum(t.text.isupper() for t in long_words)
    if len(long_words) >= _FEWEST_CAPITALS and shouted >= _SHOUTED * len(long_words):
        _lower(tokens, shouted=True)
        return
    capitals = sum(t.is_name and not t.text.isupper() for t in long_words)
    if len(long_words) >= _FEWEST_WORDS and capitals >= _HEADLINE * len(long_words):
        _lower(tokens, shouted=False)


def _lower(tokens: list[Token], *, shouted: bool) -> None:
    for token in tokens if shouted else tokens[1:]:
        form = VERB_FORMS.get(token.lower)
        verb = form is not None and (shouted or form.third or form.past)
        if token.is_word and (verb or (shouted and token.lower in _SMALL)) and (shouted or not token.text.isupper()):
            token.text = token.text.lower()
