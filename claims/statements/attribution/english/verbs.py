"""Recognise cue verbs in a sentence, with the auxiliaries, negation and adverbs that belong to them."""

from __future__ import annotations

from claims.statements.attribution.lexicon import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    FINDINGS,
    MENTAL,
    ORGANISATION_HEADS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    VERB_FORMS,
    Frame,
    VerbForm,
    words,
)
from claims.statements.attribution.parts_of_speech import is_adverb, is_finite_verb, is_person_noun, is_possessive
from claims.statements.attribution.tokens import Token

_PRONOMINAL = words("all both many some several most few other each neither either one that this")
# Words without -s that take a plural verb
_PLURAL = words("people police who that and many some most others women men")
_SHORT_WORDS = words("his its this as is was has does always perhaps sometimes")
_INVERTED = words("do does did will would can could should may might")
_LONGEST_SUBJECT = 10  # tokens
_AFTER_THIRD = DETERMINERS | {"that", "how", "whether", "to", "for", "what", "why"}


def cue_verb(tokens: list[Token], i: int) -> VerbForm | None:
    """The cue verb at `i`, if the word is there and is used as a verb."""
    token = tokens[i]
    form = VERB_FORMS.get(token.lower)
    if form is None or (token.is_name and i > 0 and not tokens[i - 1].quote):
        return None
    k = i - 1
    while k >= 0 and is_adverb(tokens[k]):
        k -= 1
    if k >= 0 and _closes_aside(tokens, k):
        k -= 3
    before = tokens[k].lower if k >= 0 else ""
    if before in POSSESSIVES or before in DETERMINERS - _PRONOMINAL:
        return None
    if form.ing:
        return form if before not in DETERMINERS | {"worth"} else None
    if before in PREPOSITIONS - {"to"}:
        return None
    if form.noun_like and form.base and _modifies(tokens, i):
        return None
    if form.base and not form.past:
        return form if _takes_base(tokens, k, form) or _is_inverted(tokens, k) else None
    if form.third and form.noun_like and not _is_third(tokens, i, k):
        return None
    return form


def _modifies(tokens: list[Token], i: int) -> bool:
    """Whether the word at `i` stands before its noun: "some state officials", "and state offices"."""
    if i + 1 >= len(tokens) or i == 0 or tokens[i - 1].lower in PRONOUN_SUBJECTS | AUXILIARIES | {"to"}:
        return False
    after = tokens[i + 1]
    return after.is_word and after.text.islower() and after.lower.endswith("s") and after.lower not in _SHORT_WORDS


def _takes_base(tokens: list[Token], k: int, form: VerbForm) -> bool:
    """Whether the word at `k` lets a base form follow: "to", an auxiliary, a plural subject."""
    if k < 0:
        return False
    before = tokens[k].lower
    if before == "to":
        return not (form.noun_like and k > 0 and tokens[k - 1].lower in {"due", "thanks", "according", "response"})
    if before in AUXILIARIES - BE:
        return not before.startswith("ha")
    if before in {"let", "please"}:
        return False
    if before in PRONOUN_SUBJECTS:
        return True
    if not tokens[k].is_word or before == "'s":
        return False
    if before.endswith("s") or before in _PLURAL:
        return True
    if form.noun_like or before in PREPOSITIONS:
        return False
    # "advisers to Mr. Moe say", "Ida Moe and Tom Falk say": a plural further back
    for j in range(k - 1, max(-1, k - 8), -1):
        word = tokens[j].lower
        if not tokens[j].is_word or (is_finite_verb(tokens, j) and word not in {"and"}):
            return False
        if word == "and" or word in _PLURAL or word in {"those", "of"} or (word.endswith("s") and len(word) > 3):
            return word != "of"
    return False


def _is_inverted(tokens: list[Token], k: int) -> bool:
    """Whether the subject that ends at `k` stands behind its auxiliary, which opens the clause: "Did X say that"."""
    for j in range(k, max(-1, k - _LONGEST_SUBJECT), -1):
        if tokens[j].lower in _INVERTED and (j == 0 or tokens[j - 1].text in {",", ";"} or j == 1):
            return j < k or tokens[k].lower not in _INVERTED
        if not (tokens[j].is_word or tokens[j].text == ",") or is_finite_verb(tokens, j):
            return False
    return False


def _is_third(tokens: list[Token], i: int, k: int) -> bool:
    """Whether "claims", "reports", "plans" at `i` is a verb: a subject before it or an object after it."""
    if k < 0 or (tokens[k].lower == "'s" and is_possessive(tokens, k)):
        return False
    if tokens[k].is_name and i + 1 < len(tokens) and is_finite_verb(tokens, i + 1):
        return False  # "the Berg claims were": a noun
    if tokens[k].lower in PRONOUN_SUBJECTS | {"that", "which", "and", "but"}:
        return True
    if tokens[k].is_name or tokens[k].quote or tokens[k].text in {",", ")"}:
        return True
    if tokens[i].lower == "shows" and any(t.lower in FINDINGS for t in tokens[max(0, k - 14) : k + 1]):
        return True
    if not tokens[k].is_word:
        return False
    if i + 1 >= len(tokens) or tokens[i + 1].text in {".", "!"}:
        return any(t.text == "," or t.quote for t in tokens[max(0, k - 8) : k])  # "…, the ministry estimates."
    after = tokens[i + 1]
    speaks = is_person_noun(tokens[k].lower) or tokens[k].lower in ORGANISATION_HEADS
    return (
        after.lower in _AFTER_THIRD or (speaks and after.lower in PRONOUN_SUBJECTS) or after.quote or after.text == ","
    )


def is_reporting(form: VerbForm) -> bool:
    """Whether the verb reports a clause that somebody put in words: "said", "denied", not "knew", "called"."""
    verb = form.verb
    return verb.speech and verb.lemma not in MENTAL and bool(verb.frames & (Frame.CLAUSE | Frame.THAT))


def verb_group(tokens: list[Token], i: int) -> tuple[int, bool, bool]:
    """(first word of the verb group that ends at `i`, whether it holds a form of "be", whether "to" leads it)."""
    first, be = i, False
    k = i - 1
    while k >= 0:
        word = tokens[k].lower
        if word == "'s" and is_possessive(tokens, k):
            break
        if word in AUXILIARIES:
            be = be or word in BE - {"'s"} or (word == "'s" and tokens[i].lower.endswith("ing"))
            first = k
        elif _closes_aside(tokens, k):
            k -= 2
        elif word == "to":
            return k, be, True
        elif not is_adverb(tokens[k]):
            break
        k -= 1
    return (k + 1 if first == i else min(first, k + 1)), be, False


def _closes_aside(tokens: list[Token], comma: int) -> bool:
    """`X, meanwhile, said`."""
    return comma >= 3 and tokens[comma].text == "," and is_adverb(tokens[comma - 1]) and tokens[comma - 2].text == ","


def is_passive(tokens: list[Token], i: int, form: VerbForm) -> bool:
    if not form.participle or form.ing:
        return False
    k = i - 1
    while k >= 0 and (is_adverb(tokens[k]) or tokens[k].lower in AUXILIARIES):
        if tokens[k].lower in BE - {"'s"}:
            return True
        k -= 1
    return False
