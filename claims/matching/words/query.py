"""Weigh the words of a text and ask an index for them.

tantivy weighs a word by how rare it is in one index (BM25). The tail holds a few claims, in which every word looks
common; so each word is weighed by how rare it is in base and tail together, and its weight in one part is set right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, cast

import tantivy

from claims.matching.words.analysis import stems, words
from claims.matching.words.index import SCHEMA, Part

WEIGHTS = {"stems": 1.0, "words": 0.5, "title_stems": 0.35, "about": 0.25}
"""How much a word counts in each field: measured on the train split of snopes-tweets, in steps of 0.05 to 0.25."""
MOST_TERMS = 48  # of one text: the rarest; 200 candidates of a whole post are the same with 96
_FUZZY_LENGTH = 4  # characters; shorter words have too many neighbours
_MOST_FUZZY = 6  # of one text; each costs a walk over all terms
_CLAIMS_A_MISSPELLING = 200_000  # how often claims themselves hold one and the same misspelt word
_FUZZY_WEIGHT = 0.6  # of the weight that a word of one claim has
_LIMIT_OF_HIDDEN = 4_096  # documents


class Term(NamedTuple):
    """A word to look for in one field; `weight` multiplies its BM25 of base and tail together."""

    field: str
    text: str
    weight: float


def idf(total: int, holding: int) -> float:
    """The weight of a term that `holding` of `total` documents hold, as tantivy's BM25 has it."""
    return math.log(1 + (total - holding + 0.5) / (holding + 0.5))


class Frequencies:
    """How many documents of all parts hold a term."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts
        self.total = sum(part.size for part in parts)

    def holding(self, field: str, text: str) -> int:
        """The number of documents that hold `text` in `field`."""
        return sum(int(part.searcher.doc_freq(field, text)) for part in self._parts)

    def idf(self, field: str, text: str) -> float:
        """The weight of a term in base and tail together."""
        return idf(self.total, self.holding(field, text))


def terms_of(text: str, languages: Sequence[str], frequencies: Frequencies) -> list[Term]:
    """The terms to look for, the rarest of a long text; its stems are those of each language."""
    counted = Counter(words(text))
    weighed = []
    for word, times in counted.items():
        stem = tuple(dict.fromkeys(each for language in languages for each in stems([word], language)))
        rarity = min((frequencies.idf("stems", each) for each in stem), default=0.0)
        weighed.append((rarity * (1 + math.log(times)), word, stem, 1 + math.log(times)))
    weighed.sort(key=lambda each: -each[0])
    return [
        Term(field, term, weight * often / (len(stem) if field.endswith("stems") else 1))
        for _, word, stem, often in weighed[:MOST_TERMS]
        for field, weight in WEIGHTS.items()
        for term in (stem if field.endswith("stems") else [word])
    ]


def unknown_words(text: str, frequencies: Frequencies) -> list[str]:
    """Words that hardly any claim holds, so that they may be misspelt: the first few, each once."""
    found = []
    most = frequencies.total // _CLAIMS_A_MISSPELLING
    for word in dict.fromkeys(words(text)):
        if len(word) >= _FUZZY_LENGTH and word[0].isalpha() and frequencies.holding("words", word) <= most:
            found.append(word)
            if len(found) == _MOST_FUZZY:
                break
    return found


def candidate_query(terms: Iterable[Term], fuzzy: Iterable[str], part: Part, frequencies: Frequencies) -> tantivy.Query:
    """The query that asks one part for documents with any of the terms."""
    should = []
    for field, text, weight in terms:
        if holding := part.searcher.doc_freq(field, text):
            boost = weight * frequencies.idf(field, text) / idf(part.size, holding)
            term = tantivy.Query.term_query(SCHEMA, field, text, "freq")
            should.append((tantivy.Occur.Should, tantivy.Query.boost_query(term, boost)))
    rare = idf(frequencies.total, 1) * _FUZZY_WEIGHT
    for word in fuzzy:
        query = fuzzy_query("words", word)
        should.append((tantivy.Occur.Should, tantivy.Query.const_score_query(query, rare)))
    return tantivy.Query.boolean_query(should) if should else tantivy.Query.empty_query()


def fuzzy_query(field: str, word: str, *, prefix: bool = False) -> tantivy.Query:
    """Documents with a word one edit away, two for a long word; two neighbouring letters swapped are one edit."""
    return tantivy.Query.fuzzy_term_query(
        SCHEMA, field, word, distance=1 if len(word) < 8 else 2, transposition_cost_one=True, prefix=prefix
    )


def best(query: tantivy.Query, part: Part, limit: int, *, distinct: bool) -> list[tuple[str, float, int]]:
    """The best documents of a part that are not hidden, as (id, score, hash of the words).

    With `distinct`, one for each text: as many as need be are fetched, up to eight times the limit.
    """
    fetched = limit + 20
    while True:
        hits = part.searcher.search(query, fetched, count=False).hits
        addresses = [address for _, address in hits]
        rows = cast("list[int]", part.searcher.fast_field_values("row", addresses))
        hashes = cast("list[int]", part.searcher.fast_field_values("text_hash", addresses))
        found: dict[int, tuple[str, float, int]] = {}
        for (score, _), row, text_hash in zip(hits, rows, hashes, strict=True):
            if not part.is_hidden(row):
                found.setdefault(text_hash if distinct else row, (part.id(row), score, text_hash))
        if len(found) >= limit or len(hits) < fetched or fetched >= 8 * limit + _LIMIT_OF_HIDDEN:
            return list(found.values())[:limit]
        fetched *= 4
