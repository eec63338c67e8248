"""Find whose verb a cue is: the subject of a finite verb, of an infinitive, of a participle."""

from __future__ import annotations

from claims.statements.attribution.adjuncts import skip_adjuncts
from claims.statements.attribution.english.forward import addressee_end
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.english.verbs import is_reporting, verb_group
from claims.statements.attribution.lexicon import (
    COMMON_VERBS,
    COORDINATORS,
    PREPOSITIONS,
    SUBORDINATORS,
    VERB_FORMS,
    Frame,
    VerbForm,
)
from claims.statements.attribution.parts_of_speech import is_adverb, is_finite_verb
from claims.statements.attribution.phrases import Range, subject_before


def subject_of_cue(s: Sentence, i: int, group: int, form: VerbForm, *, be: bool, infinitive: bool) -> Range | None:
    k = group - 1
    word = s.word(k)
    if infinitive:
        return subject_of_infinitive(s, group, i)
    if form.ing and not be:
        return subject_of_participle(s, group)
    if word in {"and", "but", "or", "then"} or (word == "," and s.word(k - 1) in {"and", "but"}):
        reaches = s.subject is not None and s.subject[1] <= k
        return s.subject if reaches else main_subject(s, group)
    if word in {"who", "which", "that"} and k > 0:
        end = k - 1 if s.tokens[k - 1].text == "," else k
        itself = (k, k + 1) if word == "who" else None
        if end <= 0 or not s.tokens[end - 1].is_word:
            return itself
        return subject_before(s.tokens, end) or itself
    if word == "as" or k < 0:
        return None
    return subject_before(s.tokens, group) or antecedent_over_adjunct(s, group)


def antecedent_over_adjunct(s: Sentence, group: int) -> Range | None:
    """`Ida Moe, who in 2010 said`."""
    for k in range(group - 2, max(0, group - 8), -1):
        if s.word(k) in {"who", "which"}:
            if skip_adjuncts(s.tokens[:group], k + 1) < group:
                return None
            end = k - 1 if s.tokens[k - 1].text == "," else k
            return subject_before(s.tokens, end)
    return None


def _unsaid(s: Sentence, governor: int, i: int) -> Range | None:
    """The subject of "refused to say that", "is expected to say that": a clause that was not said, or not yet.

    Only where a clause follows the cue at `i` or when it will be said; else the governing verb is a cue itself.
    """
    form = VERB_FORMS.get(s.word(i))
    told = form is not None and form.verb.lemma == "tell"
    behind = skip_adjuncts(s.tokens, addressee_end(s, i + 1) if told else i + 1)
    clause = s.word(behind) in {"that", "whether", "if", "how", "why", "when", "who", "what"}
    if form is None or not is_reporting(form) or not clause:
        return None
    first, _, infinitive = verb_group(s.tokens, governor)
    return None if infinitive else subject_before(s.tokens, first)


def subject_of_infinitive(s: Sentence, group: int, i: int) -> Range | None:
    """`X went on to say`; where the governing verb is a cue itself ("refused to say"), only with a clause."""
    j = group - 1
    while j >= 0 and is_adverb(s.tokens[j]):
        j -= 1
    if j < 0:
        return None
    governor = VERB_FORMS.get(s.word(j))
    if governor is not None and Frame.TO in governor.verb.frames:
        return _unsaid(s, j, i)
    if not is_finite_verb(s.tokens, j) and s.word(j) not in COMMON_VERBS | {"on", "forward", "going"}:
        return None
    while j > 0 and not is_finite_verb(s.tokens, j) and j > group - 4:
        j -= 1
    first, _, _ = verb_group(s.tokens, j)
    return subject_before(s.tokens, first) or s.subject


def subject_of_participle(s: Sentence, group: int) -> Range | None:
    """`…, saying`: the source of the last attribution or subject of the sentence; `an ad urging`: the noun."""
    k = group - 1
    word = s.word(k)
    if k >= 0 and s.tokens[k].is_word and word not in PREPOSITIONS | SUBORDINATORS | COORDINATORS:
        if is_finite_verb(s.tokens, k):
            return None
        noun = subject_before(s.tokens, group)
        if noun is None:
            return None
        of = max((j + 1 for j in range(*noun) if s.word(j) in PREPOSITIONS), default=noun[0])
        return (of, noun[1]) if of < noun[1] else noun
    return s.subject or main_subject(s, group)


def main_subject(s: Sentence, before: int) -> Range | None:
    """Subject of the first finite verb of the sentence, for "…, citing" and "went … and said"."""
    for k in range(min(before, s.n)):
        if s.tokens[k].is_word and is_finite_verb(s.tokens, k):
            first, _, _ = verb_group(s.tokens, k)
            if first == 0:
                return None
            found = subject_before(s.tokens, _before_ticker(s, first))
            if found is not None and s.word(found[0]) not in {"who", "which", "that"}:
                return found
    return None


def _before_ticker(s: Sentence, end: int) -> int:
    """The position before a ticker symbol that ends at `end`: `ULA MILLS <ULA.X> CUT`; `end` itself without one."""
    if s.word(end - 1) != ">":
        return end
    return next((k for k in range(end - 2, max(-1, end - 8), -1) if s.word(k) == "<"), end)
