"""Quotations whose verb is none of saying: `"It holds," beamed X`, `X hit back: "…"`, `X was blunter: "…"`."""

from __future__ import annotations

from claims.statements.attribution.english.backward import is_whole_quotation, quotations_behind
from claims.statements.attribution.english.extents import content_before
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.lexicon import BE, DETERMINERS, PREPOSITIONS, words
from claims.statements.attribution.parts_of_speech import has_finite_verb, is_finite_verb, is_person_noun
from claims.statements.attribution.phrases import Range, subject_before
from claims.statements.attribution.source_behind import source_after
from claims.statements.extracted import Polarity
from claims.statements.sentences import Span

_LONGEST_SOURCE = 12  # tokens
_LONGEST_RETORT = 6
_STRIKING = words("hit fired shot snapped clapped bit lashed struck piped chimed weighed cut came")
_OF_THINGS = words("clear simple plain short brief true explicit")
_BACK = words("back out in up")


def by_manner(s: Sentence) -> None:
    """Add the attribution of a quotation that opens its sentence, with a source and a verb in the past beside it."""
    k = 0
    while s.quote(k):
        k += 1
    if k == 0 or k >= s.n:
        return
    start = k + 1 if s.tokens[k].text == "," else k
    if not is_whole_quotation(s, start):
        return
    found = _verb_first(s, start) or _source_first(s, start)
    if found is None:
        return
    source, verb = found
    content = content_before(s.tokens, start) + quotations_behind(s, max(source[1], verb + 1))
    s.add(source, (verb, verb + 1), content, speech=True)


def by_retort(s: Sentence) -> None:
    """Add the attribution of a quotation that a colon ends its sentence with: `X hit back: "…"`, `X was blunter: "…"`.

    Only to a person or a body; what a thing "was" ("The rule is clear: “…”") nobody need have said.
    """
    colon = next((k for k in range(2, s.n - 1) if s.word(k) == ":"), None)
    if colon is None or not all(s.quote(k) for k in range(colon + 1, s.n)):
        return
    verb = next((k for k in range(1, colon) if s.word(k) in BE | _STRIKING and not s.tokens[k].is_name), None)
    if verb is None or colon - verb > _LONGEST_RETORT or has_finite_verb(s.tokens, verb + 1, colon):
        return
    strikes = s.word(verb) in _STRIKING and s.word(verb + 1) in _BACK
    judges = s.word(verb) in BE and all(t.is_word and t.text.islower() for t in s.tokens[verb + 1 : colon])
    judges = judges and colon - verb <= 3 and s.word(verb + 1) not in DETERMINERS | PREPOSITIONS | _OF_THINGS
    source = subject_before(s.tokens, verb)
    if source is None or source[0] > 1 or not (strikes or judges):
        return
    last = s.tokens[source[1] - 1]
    speaks = any(s.tokens[k].is_name for k in range(source[0] + 1, source[1])) or last.lower in {"he", "she", "they"}
    if not (speaks or (strikes and last.is_word) or is_person_noun(last.lower)):
        return
    content = [Span(t.start, t.end) for t in s.tokens[colon + 1 : s.n]]
    s.add(source, (verb, verb + 1 + strikes), content, speech=True, polarity=Polarity.ASSERTED)


def _is_past(s: Sentence, k: int) -> bool:
    token = s.tokens[k]
    return (
        token.is_word
        and token.text.islower()
        and len(token.text) > 3
        and (token.lower.endswith("ed") or token.lower in {"went", "began", "spoke"})
    )


def _verb_first(s: Sentence, k: int) -> tuple[Range, int] | None:
    """`beamed Ida Moe`, `fumed the 54-year-old`."""
    if k + 1 >= s.n or not _is_past(s, k):
        return None
    first = s.tokens[k + 1]
    if not (first.is_name or first.lower in DETERMINERS):
        return None
    source = source_after(s.tokens[: s.n], k + 1)
    return (source, k) if source is not None else None


def _source_first(s: Sentence, k: int) -> tuple[Range, int] | None:
    """`she laughed`, `Ida Moe went on`."""
    first = s.tokens[k]
    if not (first.is_name or first.lower in DETERMINERS | {"he", "she", "they"}):
        return None
    for j in range(k + 1, min(s.n, k + _LONGEST_SOURCE)):
        if _is_past(s, j):
            ends = j + 1 >= s.n or s.tokens[j + 1].text in {",", ":"} or s.word(j + 1) in PREPOSITIONS | {"on", "as"}
            source = subject_before(s.tokens, j)
            return (source, j) if ends and source is not None and source[0] == k else None
        if s.tokens[j].quote or is_finite_verb(s.tokens, j):
            return None
    return None
