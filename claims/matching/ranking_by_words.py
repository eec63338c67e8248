"""The ranker that needs no vectors: the share of words that a text and a claim have in common."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from claims.matching.candidates import Found
from claims.matching.differences.tier import MATCH_FROM
from claims.matching.leg import Query
from claims.matching.normalization import normalize
from claims.matching.words.analysis import stems, words

_SAME_TEXT = 0.99
_MOST = MATCH_FROM - 0.01  # words alone never make a match


class WordsRanker:
    """Orders by the leg by words; the probability is capped below that of a match unless the texts are equal."""

    def weighs(self, legs: Collection[str]) -> int | None:
        """See `Ranker`."""
        return None

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        """See `Ranker`."""
        normalized = normalize(query.text)
        asked = set(stems(words(query.text), query.language))
        most = max((each.scores.get("words", 0.0) for each in found), default=0.0) or 1.0
        return [
            _SAME_TEXT if normalize(each.entry.text) == normalized else _MOST * self._share(asked, each, most)
            for each in found
        ]

    def _share(self, asked: set[str], found: Found, most: float) -> float:
        held = set(stems(words(found.entry.text), found.entry.language))
        overlap = len(asked & held) / max(1, min(len(asked), len(held)))
        return overlap * found.scores.get("words", 0.0) / most
