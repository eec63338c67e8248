"""Find where the content of an attribution starts and ends: before `…, X said`, after `X said …`, or on both sides."""

from __future__ import annotations

from claims.statements.attribution.adjuncts import is_adjunct, is_time, skip_adjuncts
from claims.statements.attribution.english.clause_breaks import another_speaks, opens_aside
from claims.statements.attribution.english.verbs import cue_verb, is_reporting, verb_group
from claims.statements.attribution.lexicon import (
    AUXILIARIES,
    BE,
    DETERMINERS,
    MONTHS,
    PREPOSITIONS,
    PRONOUN_SUBJECTS,
    SUBORDINATORS,
    VERB_FORMS,
    VerbForm,
    words,
)
from claims.statements.attribution.parts_of_speech import has_finite_verb, is_adverb, is_finite_verb
from claims.statements.attribution.phrases import Range
from claims.statements.attribution.source_behind import source_after
from claims.statements.attribution.tokens import Token
from claims.statements.sentences import Span

_DATELINE = 10  # tokens
_SEPARATORS = frozenset({",", ";", ":", "--", "—", "–"})
# What one acts according to, not what says so.
_NORMS = words("law laws constitution plan plans schedule rules need needs size age custom tradition")
_NOT_RESUMED = words("question call hold see show mean")
_GOING_ON = words("which that because if since until unless")
_NARROWING = words("only not also never merely just")
# Verbs that begin a clause of the text's own behind "and": "… and called the plan a mistake".
_PARTED = words("call urge accuse criticize criticise ask tell praise promise pledge vow blame condemn")
_ASIDES = words("and but while although though which who")
_AFTER_CUE = words("when while as after before who although though amid in at on during with by")


def spans(tokens: list[Token], start: int, end: int) -> list[Span]:
    """tokens[start:end] as one span, closing commas left off; empty if nothing is left."""
    while end > start and tokens[end - 1].text in _SEPARATORS:
        end -= 1
    return [Span(tokens[start].start, tokens[end - 1].end)] if end > start else []


def quotes_or_all(tokens: list[Token], start: int, end: int) -> list[Span]:
    """The quotations alone where nothing but they and punctuation stand there, else the whole stretch."""
    inside = tokens[start:end]
    if any(t.quote for t in inside) and not any(t.is_word for t in inside):
        return [Span(t.start, t.end) for t in inside if t.quote]
    return spans(tokens, start, end)


def content_before(tokens: list[Token], end: int) -> list[Span]:
    """What was said before a cue at `end`, from the start of the sentence without dateline and "But"."""
    start = 0
    for k in range(min(end, _DATELINE)):
        dash = tokens[k].is_dash or (tokens[k].text == "-" and k > 0 and tokens[k - 1].text == ")")
        if dash and all(not t.is_word or t.is_name or t.text.isdigit() or t.lower in MONTHS for t in tokens[:k]):
            start = k + 1  # "BERLIN (Agency) -- "
    while start < end and (tokens[start].lower in {"and", "but", "so"} or tokens[start].is_dash):
        start += 1
    return quotes_or_all(tokens, start, end)


def content_behind(tokens: list[Token], n: int, i: int, *, unfinished: bool) -> list[Span]:
    """What goes on behind `…, X said` from position `i`: the second half of a split quotation or clause.

    `unfinished`: what stood before the cue cannot stand alone ("If it rains, she said, the dam …").
    """
    i = skip_adjuncts(tokens, i, commas=not unfinished)
    while i < n and tokens[i].text not in {",", ";", ":"} and not tokens[i].is_dash:
        i += 1  # "when delivering a report", "to applause", "on “Morning Talk”"
    separator = tokens[i].text if i < n else ""
    while i < n and (tokens[i].text in {",", ":"} or tokens[i].is_dash):
        i += 1
    if i >= n:
        return []
    if tokens[i].quote:
        found = []
        while i < n and tokens[i].quote:
            found.append(Span(tokens[i].start, tokens[i].end))
            i += 2 if i + 1 < n and tokens[i + 1].text == "," else 1
        return found
    word = tokens[i].lower
    if separator != "," or opens_aside(tokens, n, i):
        return []
    if unfinished:
        return spans(tokens, i, clause_end(tokens, n, i))
    if word == "but" and i + 1 < n and (tokens[i + 1].lower in _NARROWING or not has_finite_verb(tokens, i + 1, n)):
        return spans(tokens, i, clause_end(tokens, n, i))
    if word in _AFTER_CUE or word in {"but", "and"}:
        quoted = i + 1 < n and tokens[i + 1].quote
        return [Span(tokens[i + 1].start, tokens[i + 1].end)] if quoted else []
    if word.endswith("ing"):
        return []
    if word in AUXILIARIES or is_finite_verb(tokens, i) or word in _GOING_ON:
        return spans(tokens, i, clause_end(tokens, n, i))
    return []


def is_clause(tokens: list[Token], end: int) -> bool:
    """Whether tokens[:end] has its own verb and is no mere adverbial ("On Sunday", "When it rains")."""
    lead = 0
    while lead + 1 < end and (is_adverb(tokens[lead]) or tokens[lead].lower in {"so", "and", "but"}):
        lead += 1
    first = tokens[lead].lower
    comma = any(t.text == "," for t in tokens[:end])
    if first in SUBORDINATORS - {"that", "what", "how", "where", "who"} and not comma:
        return False
    if first in PREPOSITIONS and not comma:
        return has_finite_verb(tokens, 1, end)
    if first.endswith("ing") and not any(t.lower in AUXILIARIES for t in tokens[:end]):
        return comma
    return has_finite_verb(tokens, 0, end) or end > 7


def clause_end(
    tokens: list[Token],
    n: int,
    start: int,
    *,
    subject: Range | None = None,
    cue: int | None = None,
    loose: bool = False,
) -> int:
    """Where the content that begins at `start` stops.

    `subject` and `cue` tell whether the cue stands in a relative or opening clause, which ends the content with it.
    `loose`: the content is a phrase rather than a clause, so that ", focusing on …" belongs to the cue.
    """
    depth = 0
    relative = subject is not None and cue is not None and subject[1] <= cue and _is_relative(tokens, subject[1], cue)
    opening = cue is not None and _in_opening_clause(tokens, cue)
    dashed = cue is not None and sum(t.is_dash for t in tokens[:cue]) % 2 == 1
    for k in range(start, n):
        word = tokens[k].lower
        if word == "(":
            depth += 1
        elif word == ")":
            if depth == 0:
                return k
            depth -= 1
        if depth:
            continue
        if word == ";" or (tokens[k].is_dash and (dashed or _resumes_cue(tokens, n, k + 1))):
            return k
        if word == "according" and k + 1 < n and tokens[k + 1].lower == "to" and not names_norm(tokens, k + 2):
            return k
        if k > start and word in {"and", "but", "while", "whereas"} and another_speaks(tokens, n, start, k):
            return k - 1 if tokens[k - 1].text == "," else k
        if k > start and tokens[k].is_dash and opens_aside(tokens, n, k + 1):
            return k
        if word in {"and", "but", "while"} and _coordinate_cue(tokens, n, k + 1):
            return k - 1 if tokens[k - 1].text == "," else k
        if loose and k > start and (tokens[k].is_dash or word == "during"):
            return k
        if loose and k > start and _leaves_phrase(tokens, n, start, k):
            return k
        if word != "," or k == start or k + 1 >= n:
            continue
        if relative and (is_finite_verb(tokens, k + 1) or is_adverb(tokens[k + 1])):
            return k
        if opening and (tokens[k + 1].lower in PRONOUN_SUBJECTS | DETERMINERS or tokens[k + 1].is_name):
            return k
        if tokens[k + 1].lower in {"though", "although"} and has_finite_verb(tokens, k + 2, n):
            return k
        if _resumes_cue(tokens, n, k + 1) or opens_aside(tokens, n, k + 1) or another_speaks(tokens, n, start, k + 1):
            return k
        if loose and tokens[k + 1].lower in _ASIDES and not _lists_on(tokens, n, k):
            return k
        if loose and tokens[k + 1].lower.endswith("ing") and len(tokens[k + 1].text) > 5:
            return k
    return n


def _leaves_phrase(tokens: list[Token], n: int, start: int, k: int) -> bool:
    """Whether at `k` the sentence turns from a phrase that was said back to its own account.

    `promised a veto and tried to …`; `blocked the bill because …`.
    """
    if tokens[k].lower in {"because", "although", "though", "whereas"}:
        return True
    if tokens[k].lower == "as" and (tokens[k + 1].is_name or tokens[k + 1].lower in DETERMINERS):
        return has_finite_verb(tokens, k + 2, min(n, k + 8))
    if tokens[k].lower not in {"and", "but"} or has_finite_verb(tokens, start, k):
        return False
    if k + 1 < n and tokens[k + 1].lower in AUXILIARIES:
        return True  # "denied theft but was convicted"
    after = k + 1
    while after < n and (is_adverb(tokens[after]) or tokens[after].lower in AUXILIARIES):
        after += 1
    return after < n and is_finite_verb(tokens, after) and tokens[after].lower not in BE


def without_closing_adjunct(tokens: list[Token], start: int, end: int) -> int:
    """`end` moved before a closing "on Friday", "in a statement": when or where it was said, not what."""
    for k in range(max(start + 1, end - 8), end):
        opens = tokens[k].lower in PREPOSITIONS and is_adjunct(tokens, k)
        if (opens or is_time(tokens, k)) and skip_adjuncts(tokens, k) >= end and tokens[k - 1].lower not in DETERMINERS:
            return k
    return end


def _lists_on(tokens: list[Token], n: int, comma: int) -> bool:
    """`roads, bridges, and rails`: the comma and "and" close a list rather than open a clause."""
    if tokens[comma + 1].lower != "and":
        return False
    return not has_finite_verb(tokens, comma + 2, min(n, comma + 9))


def names_norm(tokens: list[Token], k: int) -> bool:
    """Whether a law, plan or size stands at `k`: what one acts according to, not what says so."""
    source = source_after(tokens, k)
    return source is not None and tokens[source[1] - 1].lower in _NORMS


def _resumes_cue(tokens: list[Token], n: int, k: int) -> bool:
    """Whether after a comma at `k` another cue follows: ", adding that", ", according to", ", but she denied"."""
    while k < n and (is_adverb(tokens[k]) or tokens[k].lower in {"and", "but", "while", "by"}):
        k += 1
    if k >= n:
        return False
    if tokens[k].lower == "according":
        return not names_norm(tokens, k + 2)
    if tokens[k].lower in {"he", "she", "they"} and tokens[k - 1].lower in {"and", "but", "while"}:
        k += 1
        while k < n and (is_adverb(tokens[k]) or tokens[k].lower in AUXILIARIES - BE):
            k += 1
    form = VERB_FORMS.get(tokens[k].lower) if k < n else None
    if form is None or not form.verb.speech:
        return False
    if form.ing:
        return form.verb.lemma not in _NOT_RESUMED
    return (form.past or form.third) and not form.noun_like and cue_verb(tokens, k) is not None


def _coordinate_cue(tokens: list[Token], n: int, k: int) -> bool:
    """`… and said`: a second cue of the same subject."""
    while k < n and is_adverb(tokens[k]):
        k += 1
    form: VerbForm | None = VERB_FORMS.get(tokens[k].lower) if k < n else None
    if form is None or not (form.past or form.third) or form.noun_like or tokens[k].quote:
        return False
    return is_reporting(form) or form.verb.lemma in _PARTED


def _is_relative(tokens: list[Token], subject_end: int, cue: int) -> bool:
    first, _, _ = verb_group(tokens, cue)
    return any(tokens[k].lower in {"who", "which"} for k in range(subject_end, max(first, subject_end)))


def _in_opening_clause(tokens: list[Token], cue: int) -> bool:
    """`When X said …, the crowd cheered`: the cue stands in a clause that opens the sentence."""
    first = tokens[0].lower
    if first in {"and", "but", "so"} and len(tokens) > 1:
        first = tokens[1].lower
    opens = first in SUBORDINATORS - {"what", "that", "how", "who"}
    return opens and not any(t.text == "," for t in tokens[:cue])
