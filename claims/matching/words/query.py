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
from claims.matching.words.spelling import meant

WEIGHTS = {"stems": 1.0, "title_stems": 0.75, "words": 0.25, "about": 0.25}
"""How much a word counts in each field: measured on the train split of snopes-tweets."""
MOST_WORDS = 64  # of one text: the rarest
_COMMON = 0.1  # share of the claims that hold a word which is left out
_FAIRLY_COMMON = 0.01  # share of the claims that hold a word which is looked for in the text alone
_FEW = 2_000  # claims: in fewer no word is common
_CLAIMS_A_MISSPELLING = 200_000  # how often claims themselves hold one and the same misspelt word
_MOST_CORRECTED = 8  # words of one text
_CORRECTED_WEIGHT = 0.6  # of a word that may be meant
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
        self.parts = parts
        self.total = sum(part.size for part in parts)

    def holding(self, field: str, text: str) -> int:
        """The number of documents that hold `text` in `field`."""
        return sum(int(part.searcher.doc_freq(field, text)) for part in self.parts)

    def share(self, field: str, text: str) -> float:
        """The share of all documents that hold a term; 0 where there are too few to tell."""
        return self.holding(field, text) / self.total if self.total > _FEW else 0.0

    def is_rare(self, word: str) -> bool:
        """Whether hardly any claim holds a word, so that it may be misspelt."""
        return self.holding("words", word) <= self.total // _CLAIMS_A_MISSPELLING

    def idf(self, field: str, text: str) -> float:
        """The weight of a term in base and tail together."""
        return idf(self.total, self.holding(field, text))


def terms_of(text: str, languages: Sequence[str], frequencies: Frequencies) -> list[Term]:
    """The terms of a text, with stems of each language: its rarest words, and what misspelt ones may be meant for."""
    counted = Counter(words(text))
    rare: list[tuple[float, str, float]] = []
    common: list[tuple[float, str, float]] = []
    for word, times in counted.items():
        stemmed = max((frequencies.share("stems", each) for each in _stems(word, languages)), default=0.0)
        share = max(stemmed, frequencies.share("words", word))
        (common if share > _COMMON else rare).append((share, word, 1 + math.log(times)))
    chosen = sorted(rare or common)[:MOST_WORDS]
    corrected = [
        (share, meant_word, weight * _CORRECTED_WEIGHT)
        for share, word, weight in _misspelt(chosen, frequencies)
        for meant_word in meant(word, "words", frequencies.parts)
    ]
    return [term for share, word, weight in (*chosen, *corrected) for term in _terms(word, languages, share, weight)]


def _misspelt(chosen: list[tuple[float, str, float]], frequencies: Frequencies) -> list[tuple[float, str, float]]:
    return [each for each in chosen if frequencies.is_rare(each[1])][:_MOST_CORRECTED]


def _stems(word: str, languages: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(stem for language in languages for stem in stems([word], language)))


def _terms(word: str, languages: Sequence[str], share: float, weight: float) -> list[Term]:
    """The terms of one word; a fairly common one is looked for in the text alone, since other fields cost more."""
    stemmed = _stems(word, languages)
    in_stems = weight / max(1, len(stemmed) / max(1, len(languages)))
    fields = ("stems",) if share > _FAIRLY_COMMON and stemmed else tuple(WEIGHTS)
    return [
        Term(field, text, WEIGHTS[field] * (in_stems if field.endswith("stems") else weight))
        for field in fields
        for text in (stemmed if field.endswith("stems") else [word])
    ]


def candidate_query(terms: Iterable[Term], part: Part, frequencies: Frequencies) -> tantivy.Query:
    """The query that asks one part for documents with any of the terms."""
    should = []
    for field, text, weight in terms:
        if query := term_query(field, text, weight, part, frequencies):
            should.append((tantivy.Occur.Should, query))
    return tantivy.Query.boolean_query(should) if should else tantivy.Query.empty_query()


def term_query(field: str, text: str, weight: float, part: Part, frequencies: Frequencies) -> tantivy.Query | None:
    """The query for one term, weighed as in base and tail together; None where no document of the part holds it."""
    holding = part.searcher.doc_freq(field, text)
    if not holding:
        return None
    boost = weight * frequencies.idf(field, text) / idf(part.size, holding)
    return tantivy.Query.boost_query(tantivy.Query.term_query(SCHEMA, field, text, "freq"), boost)


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
