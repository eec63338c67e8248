"""Where a reported clause breaks off: another speaker's clause begins, or an aside of the text's own."""

from __future__ import annotations

from claims.statements.attribution.english.verbs import cue_verb, is_reporting
from claims.statements.attribution.lexicon import (
    ASIDE_NOUNS,
    AUXILIARIES,
    DETERMINERS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    VERB_FORMS,
    VerbForm,
    words,
)
from claims.statements.attribution.parts_of_speech import has_finite_verb, is_adverb, is_finite_verb
from claims.statements.attribution.tokens import Token

_JOINING = words("and but while whereas although though yet")
_LONGEST_SUBJECT = 25  # tokens
_LONGEST_ASIDE = 14
_DENIED = words("denied disputed rejected contested challenged refuted questioned dismissed")
_NO_ASIDE = words("well long soon far if though a an the one part early late")


def another_speaks(tokens: list[Token], n: int, start: int, k: int) -> bool:
    """Whether at `k`, inside content that began at `start`, the clause of another source and cue begins.

    `…, but Falk says it leaks`; `… while the council said it does not`. A subordinate clause that opens the content
    needs its main clause first, and "and that" goes on with what the first source said.
    """
    joined = False
    while k < n and (tokens[k].lower in _JOINING or is_adverb(tokens[k])):
        joined = joined or tokens[k].lower in _JOINING
        k += 1
    if k >= n or not tokens[k].is_word or tokens[k].lower in PRONOUN_SUBJECTS | SUBORDINATORS | AUXILIARIES | {"that"}:
        return False
    first = tokens[start].lower
    if not joined and first in SUBORDINATORS and sum(t.text == "," for t in tokens[start:k]) < 2:
        return False
    if not (tokens[k].is_name or tokens[k].lower in DETERMINERS or tokens[k].lower.endswith("s") or joined):
        return False
    aside = False
    for j in range(k, min(n, k + _LONGEST_SUBJECT)):
        token = tokens[j]
        if token.quote or token.text in {";", ":"} or token.is_dash:
            return False
        if token.text == ",":
            aside = not aside
            continue
        if aside:
            continue
        if token.lower == "to":
            return False
        form = cue_verb(tokens, j) if j > k else None
        if form is not None and not form.ing and is_reporting(form) and not _disagrees(tokens, j, form):
            return _says_something(tokens, n, j) or (not joined and j + 1 >= n and form.past)
        if token.lower in SUBORDINATORS:
            return False
        if is_finite_verb(tokens, j) and token.lower not in AUXILIARIES:
            return False
    return False


def _disagrees(tokens: list[Token], j: int, form: VerbForm) -> bool:
    """Whether a plural stands right before a third person singular: "protests demands"."""
    before = tokens[j - 1]
    return form.third and before.text.islower() and before.lower.endswith("s") and not before.lower.endswith("ss")


def _says_something(tokens: list[Token], n: int, cue: int) -> bool:
    """Whether something follows the cue that can be what was said, and no comma that makes it a parenthesis."""
    return cue + 1 < n and tokens[cue + 1].text not in {",", ")"}


def opens_aside(tokens: list[Token], n: int, k: int) -> bool:
    """Whether behind a comma or dash an aside on what was said begins: "a figure the White House disputes"."""
    if k >= n:
        return False
    first = tokens[k].lower
    rest = range(k, min(n, k + _LONGEST_ASIDE))
    if first in {"a", "an", "the", "something", "one"}:
        noun = next((j for j in range(k, min(n, k + 5)) if tokens[j].lower in ASIDE_NOUNS), None)
        if noun is None or noun + 1 >= n or tokens[noun + 1].lower in {"of", "for"}:
            return False
        behind = range(noun + 1, rest.stop)
        return any(is_finite_verb(tokens, j) or tokens[j].lower in _DENIED or _is_cue(tokens, j) for j in behind)
    if first in {"which", "though", "although"}:
        return any(tokens[j].lower in _DENIED or _is_denial(tokens[j].lower) for j in rest)
    if first == "as":
        follows = k + 1 < n and tokens[k + 1].lower not in _NO_ASIDE
        follows = follows and not any(tokens[j].lower == "as" for j in range(k + 1, min(n, k + 5)))
        return follows and has_finite_verb(tokens, k + 1, rest.stop)
    return False


def names_what_was_said(tokens: list[Token], start: int, cue: int) -> bool:
    """Whether the phrase before a verb is an aside with a clause of its own: "a promise nobody believes"."""
    if tokens[start].lower not in {"a", "an", "something", "one"}:
        return False
    noun = next((j for j in range(start, min(cue, start + 5)) if tokens[j].lower in ASIDE_NOUNS), None)
    if noun is None or noun + 1 >= cue:
        return False
    after = tokens[noun + 1]
    return after.is_name or after.lower in DETERMINERS | PRONOUN_SUBJECTS | {"nobody", "everybody", "everyone", "many"}


def _is_cue(tokens: list[Token], j: int) -> bool:
    form = VERB_FORMS.get(tokens[j].lower)
    return form is not None and (form.third or form.past)


def _is_denial(word: str) -> bool:
    form = VERB_FORMS.get(word)
    return form is not None and form.verb.lemma in {"deny", "dispute", "reject", "contest", "refute"}
