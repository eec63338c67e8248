"""Attributions whose cue is passive or names no speaker: `it was said by X that`, `the jury heard that`."""

from __future__ import annotations

from claims.statements.attribution.adjuncts import skip_adjuncts
from claims.statements.attribution.english.extents import clause_end, content_before, spans
from claims.statements.attribution.english.polarity import verb_polarity
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.english.verbs import is_reporting, verb_group
from claims.statements.attribution.lexicon import PREPOSITIONS, VerbForm, words
from claims.statements.attribution.phrases import Range, subject_before
from claims.statements.attribution.source_behind import source_after

_HEARERS = words(
    "jury jurors court inquest inquiry tribunal hearing trial committee magistrates panel coroner commission"
)


def passive(s: Sentence, i: int, form: VerbForm) -> None:
    """`It was claimed by X that …`, `…, it was said in mitigation`, `the jury was told that …`."""
    if not is_reporting(form):
        return
    group, _, infinitive = verb_group(s.tokens, i)
    if infinitive or group == 0:
        return
    subject = subject_before(s.tokens, group)
    if subject is None:
        return
    impersonal = s.word(subject[1] - 1) == "it"
    heard = form.verb.lemma == "tell" and head_of(s, subject) in _HEARERS
    if impersonal or heard:
        without_agent(s, i, subject)


def by_hearing(s: Sentence, i: int) -> None:
    """`The jury heard that …`, `…, a court has heard`."""
    group, _, infinitive = verb_group(s.tokens, i)
    subject = None if infinitive or group == 0 else subject_before(s.tokens, group)
    if subject is not None:
        heard(s, i, subject)


def heard(s: Sentence, i: int, subject: Range) -> bool:
    """`The jury heard that …`, `…, jury told`: who spoke is not said."""
    if s.word(i) not in {"heard", "hears", "told"} or head_of(s, subject) not in _HEARERS:
        return False
    if s.word(i) == "told" and i + 1 < s.n:
        return False
    return without_agent(s, i, subject)


def without_agent(s: Sentence, i: int, subject: Range) -> bool:
    """Add the attribution of a cue at `i` to whom "by" names, else to nobody. Whether one was found."""
    polarity = verb_polarity(s.tokens[: s.n], i, subject, question=s.question)
    p = i + 1
    source: Range | None = None
    if s.word(p) == "by":
        source = source_after(s.tokens[: s.n], p + 1)
        p = source[1] if source is not None else p
    p = skip_adjuncts(s.tokens, p)
    if s.word(p) in {"that", "how", "whether"}:
        start = p + (s.word(p) == "that")
        content = spans(s.tokens, start, clause_end(s.tokens, s.n, start, cue=i))
    elif subject[0] > 1 and s.tokens[subject[0] - 1].text == "," and (p >= s.n or s.word(p) in PREPOSITIONS | {","}):
        content = content_before(s.tokens, subject[0])
    else:
        return False
    s.add(source, (i, i + 1), content, speech=True, main=source is not None, polarity=polarity)
    return True


def head_of(s: Sentence, phrase: Range) -> str:
    """The head noun of a phrase in lower case: the last word before a preposition or comma."""
    head = ""
    for k in range(*phrase):
        word = s.word(k)
        if head and (word in PREPOSITIONS or word in {",", "who", "which", "that"}):
            break
        head = word
    return head
