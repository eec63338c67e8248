"""Quotations whose verb is none of saying: `"It holds," beamed X`, `"It holds," she laughed, "and …"`."""

from __future__ import annotations

from claims.statements.attribution.english.backward import is_whole_quotation, quotations_behind
from claims.statements.attribution.english.extents import content_before
from claims.statements.attribution.english.sentence import Sentence
from claims.statements.attribution.lexicon import DETERMINERS, PREPOSITIONS
from claims.statements.attribution.parts_of_speech import is_finite_verb
from claims.statements.attribution.phrases import Range, subject_before
from claims.statements.attribution.source_behind import source_after

_LONGEST_SOURCE = 12  # tokens


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
