"""Ranked search over the index by words.

    "exact words"      a phrase that must stand in the text or a title
    -word, -"a b"      must not occur
    one or two         either; so does OR
    anything else      words: of up to six all must occur, common ones aside; a longer text is ranked by what it shares

A word finds its other forms (stems), spellings without accents, and, if hardly any claim holds it, words one or two
edits away. The last word may be the beginning of one. Where too few claims hold all words, those that hold some follow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import tantivy

from claims.matching.types import Hit
from claims.matching.words.analysis import stems, words
from claims.matching.words.folding import fold
from claims.matching.words.index import FILTERS, SCHEMA, Part
from claims.matching.words.query import (
    WEIGHTS,
    Frequencies,
    best,
    candidate_query,
    term_query,
    terms_of,
)
from claims.matching.words.spelling import meant

MOST_HITS = 1_000
_LOOSE_FROM = 7  # words: a text this long is ranked by what it shares
_MOST_PHRASES = 16
_SHORTEST_BEGINNING = 2  # characters
_MOST_COMPLETIONS = 12
_MOST_SCANNED = 4_000  # words with one beginning
_COMPLETED = 0.4  # weight of a word that the last one begins
_CORRECTED = 0.5  # weight of a word that may be meant
_IN_FULL = ("words", "titles", "about")  # fields of words in full
_WEIGHTS = {**WEIGHTS, "titles": WEIGHTS["title_stems"]}
_COMMON = 0.1  # share of the claims: a word in more may be missing
_FEW = 500  # claims: in fewer no word is common
_TOKEN = re.compile(r'(?P<minus>(?<!\S)-)?"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+)')
_QUOTES = str.maketrans("“”„‟«»＂", '"' * 7)
_LOOSE = 0.5  # factor of the score of a claim that holds some of the words alone


@dataclass(slots=True)
class Parsed:
    """What a search asks for: each of `wanted` is one word, or several of which one is enough."""

    phrases: list[list[str]] = field(default_factory=list)
    excluded: list[list[str]] = field(default_factory=list)
    wanted: list[list[str]] = field(default_factory=list)
    beginning: str = ""
    plain: str = ""


def parse(q: str) -> Parsed:
    """Read a search; nothing is an error."""
    parsed = Parsed()
    either = False
    q = q.translate(_QUOTES)
    for token in _TOKEN.finditer(q):
        if token["word"] is None:
            if phrase := words(token["phrase"]):
                (parsed.excluded if token["minus"] else parsed.phrases).append(phrase)
            continue
        word = token["word"]
        if word in {"or", "OR", "|"} and parsed.wanted:
            either = True
            continue
        excluded = len(word) > 1 and word[0] == "-" and not word[1:2].isdigit()
        found = words(word)
        if excluded:
            parsed.excluded += [found] if found else []
        elif found:
            if either:
                parsed.wanted[-1] += found
            else:
                parsed.wanted += [[each] for each in found]
            parsed.plain += f" {word}"
            is_last = token.end() == len(q)
            parsed.beginning = found[-1] if is_last and len(found[-1]) >= _SHORTEST_BEGINNING else ""
        either = False
    parsed.phrases, parsed.excluded = parsed.phrases[:_MOST_PHRASES], parsed.excluded[:_MOST_PHRASES]
    return parsed


def search(
    q: str, parts: Sequence[Part], languages: Sequence[str], limit: int, filters: Mapping[str, Sequence[str]]
) -> list[Hit]:
    """The best claims for a search, at most `limit` and 1,000; filters alone find nothing."""
    parsed = parse(q)
    if not (parsed.phrases or parsed.wanted):
        return []
    limit = min(limit, MOST_HITS)
    frequencies = Frequencies(parts)
    found: dict[str, float] = {}
    strict = len(parsed.wanted) < _LOOSE_FROM
    if strict:
        for part in parts:
            query = _within(_strict(parsed, part, frequencies, languages), parsed, filters)
            found.update((claim, score) for claim, score, _ in best(query, part, limit, distinct=False))
    if parsed.wanted and len(found) < limit:
        lowest = min(found.values(), default=None)
        loose = _loose(parsed, parts, frequencies, languages, limit, filters)
        most = max(loose.values(), default=1.0)
        for claim, score in loose.items():
            found.setdefault(claim, score if lowest is None else _LOOSE * lowest * score / most)
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return [Hit(claim, round(score, 4)) for claim, score in ordered[:limit]]


def _loose(
    parsed: Parsed,
    parts: Sequence[Part],
    frequencies: Frequencies,
    languages: Sequence[str],
    limit: int,
    filters: Mapping[str, Sequence[str]],
) -> dict[str, float]:
    """Claims that hold some of the words, and every phrase."""
    terms = terms_of(parsed.plain, languages, frequencies)
    return {
        claim: score
        for part in parts
        for claim, score, _ in best(
            _within(candidate_query(terms, part, frequencies), parsed, filters), part, limit, distinct=False
        )
    }


def _strict(parsed: Parsed, part: Part, frequencies: Frequencies, languages: Sequence[str]) -> tantivy.Query:
    """All words, each in one of its forms; common ones may be missing if others are there."""
    clauses = []
    for place, alternatives in enumerate(parsed.wanted):
        is_last = place == len(parsed.wanted) - 1
        forms = [
            form
            for word in alternatives
            for form in _forms(word, part, frequencies, languages, begins=is_last and word == parsed.beginning)
        ]
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, form) for form in forms])
        holding = max(frequencies.holding("words", word) for word in alternatives)
        is_common = frequencies.total > _FEW and holding > _COMMON * frequencies.total
        clauses.append((is_common, query))
    if all(is_common for is_common, _ in clauses):
        return _all([query for _, query in clauses])
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should if is_common else tantivy.Occur.Must, query) for is_common, query in clauses]
    )


def _forms(
    word: str, part: Part, frequencies: Frequencies, languages: Sequence[str], *, begins: bool
) -> list[tantivy.Query]:
    """Queries for one word: itself, its stems, words that it begins, and words that it may be meant for."""
    weighed = {("words", word): 1.0, ("titles", word): 1.0, ("about", word): 1.0}
    for stem in {stem for language in (*languages, "") for stem in stems([word], language)}:
        weighed |= {("stems", stem): 1.0, ("title_stems", stem): 1.0}
    for name in _IN_FULL:
        if begins:
            known = part.searcher.terms_with_prefix(name, word, limit=_MOST_SCANNED)
            for text, _ in sorted(known, key=lambda each: -each[1])[:_MOST_COMPLETIONS]:
                weighed.setdefault((name, text), _COMPLETED)
        if frequencies.is_rare(word):
            for text in meant(word, name, frequencies.parts):
                weighed.setdefault((name, text), _CORRECTED)
    queries = (
        term_query(name, text, weight * _WEIGHTS[name], part, frequencies) for (name, text), weight in weighed.items()
    )
    return [query for query in queries if query is not None]


def _within(query: tantivy.Query, parsed: Parsed, filters: Mapping[str, Sequence[str]]) -> tantivy.Query:
    """The query with the phrases it must hold, the words it must not, and the filters."""
    clauses = [(tantivy.Occur.Must, query)] if parsed.wanted else []
    clauses += [(tantivy.Occur.Must, _phrase(phrase)) for phrase in parsed.phrases]
    clauses += [(tantivy.Occur.MustNot, _phrase(phrase)) for phrase in parsed.excluded]
    for name, values in filters.items():
        if name not in FILTERS:
            raise ValueError(f"{name} is no filter of the search; there are {', '.join(FILTERS)}.")
        if values:
            folded = [fold(value) if name == "speaker" else value for value in values]
            folded = [value.lower() for value in folded] if name == "language" else folded
            one_of = tantivy.Query.term_set_query(SCHEMA, name, folded)
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(one_of, 0.0)))
    return clauses[0][1] if len(clauses) == 1 else tantivy.Query.boolean_query(clauses)


def _phrase(phrase: list[str]) -> tantivy.Query:
    if len(phrase) == 1:
        queries = [_term(name, phrase[0]) for name in _IN_FULL]
    else:
        queries = [tantivy.Query.phrase_query(SCHEMA, name, list(phrase)) for name in _IN_FULL]
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _term(name: str, text: str) -> tantivy.Query:
    return tantivy.Query.term_query(SCHEMA, name, text, "freq")


def _all(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])
