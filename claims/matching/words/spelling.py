"""Words of the index that a word which hardly any claim holds may be meant for.

The index is asked for its words that begin alike, and those one edit away (two for a long word; two neighbouring
letters swapped are one edit) are taken, the commonest first. So each is a word like any other to the query: an index
walks through fuzzy queries ten times slower. A wrong letter at the very beginning is not looked for.
"""

from __future__ import annotations

from collections.abc import Sequence

import tantivy
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from claims.matching.words.index import Part

SHORTEST = 4  # characters; a shorter word has too many neighbours
_LONG = 8  # characters; such a word may have two wrong
_MOST_SCANNED = 20_000  # words with one beginning
_MOST = 3
_COMMONER = 4  # times: what is meant is held by so many more claims


def meant(word: str, field: str, parts: Sequence[Part]) -> list[str]:
    """Up to three words of the index near this one; empty for a number or a short word."""
    if len(word) < SHORTEST or not word[0].isalpha():
        return []
    known: dict[str, int] = {}
    for part in parts:
        for beginning in _beginnings(word):
            for text, holding in _words(part.searcher, field, beginning):
                known[text] = known.get(text, 0) + holding
    least = _COMMONER * known.pop(word, 0)
    edits = 1 if len(word) < _LONG else 2
    near = extract(word, known.keys(), scorer=OSA.distance, score_cutoff=edits, limit=50)
    found = [(distance, -known[text], text) for text, distance, _ in near if known[text] >= least]
    return [text for _, _, text in sorted(found)[:_MOST]]


def _beginnings(word: str) -> set[str]:
    """How words begin that are one edit away at the second letter or later, or begin with two letters swapped."""
    return {word[:2], word[1] + word[0], word[1:3], word[0] + word[2]}


def _words(searcher: tantivy.Searcher, field: str, beginning: str) -> list[tuple[str, int]]:
    return list(searcher.terms_with_prefix(field, beginning, limit=_MOST_SCANNED))
