"""Match texts with published claims, and search them.

text ─┬─ whole ──┐             ┌─ words ───┐
      └─ parts ──┴─ each asks ─┤           ├─ candidates ─ ranker ─ one answer a claim text ─ differences ─ tier
                               └─ vectors ─┘
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from claims.matching import entries as entry_files
from claims.matching.answers import Asked, Group, answer
from claims.matching.candidates import Found, Ranker, nearness
from claims.matching.entries import Entries
from claims.matching.language import language_of
from claims.matching.leg import Candidate, Leg, Query
from claims.matching.normalization import text_hash
from claims.matching.parts import LONG, LONGEST, parts
from claims.matching.ranking.ranker import TrainedRanker
from claims.matching.types import ClaimEntry, Hit, Match
from claims.matching.words import analysis
from claims.matching.words.leg import WordsLeg
from claims.matching.words.posts import is_address
from claims.matching.words.shared_terms import SharedTerms

VERSION = f"{entry_files.FORMAT}.{analysis.VERSION}"
"""The version of what `write` writes: an engine opens no base of another one."""
CANDIDATES = 200  # of each leg, for a whole text
CANDIDATES_OF_PART = 50  # of each leg, for a sentence of a long text
_WITH_TERMS = 50  # hits of a search
_OF_PART = 0.7  # weight of what a sentence alone says: it is said with less context
_OF_WHOLE = (
    0.6  # weight of what a text says as a whole, where one of its sentences may be named as the one that says it
)


class Engine:
    """The index of published claims. One thread calls `apply`; any number of threads ask meanwhile.

    `folder` is a base that `write` filled, None for an empty one. `legs` are those beside the one by words; the engine
    feeds them in `apply`, not with what the base holds. Without a `ranker`, the trained one orders the answers.
    """

    def __init__(self, folder: Path | None = None, *, legs: Sequence[Leg] = (), ranker: Ranker | None = None) -> None:
        self.entries = Entries(folder / "entries" if folder is not None else None)
        self._words = WordsLeg(folder / "words" if folder is not None else None)
        self._legs: tuple[Leg, ...] = (self._words, *legs)
        self._ranker: Ranker = ranker or TrainedRanker()

    def with_legs(self, legs: Sequence[Leg], *, ranker: Ranker | None = None) -> Engine:
        """An engine over the same index that asks these legs beside the one by words; the legs hold its entries.

        Only one of the two may be told changes from now on.
        """
        other = copy(self)
        other._legs = (self._words, *legs)
        other._ranker = ranker or self._ranker
        return other

    @staticmethod
    def write(folder: Path, entries: Iterable[ClaimEntry]) -> int:
        """Fill a folder with the base of entries with distinct ids; returns their number.

        Takes a minute of CPU and 350 MB of memory for 758,000 claims.
        """
        Entries.write(folder / "entries", entries)
        written = Entries(folder / "entries")
        WordsLeg.write(folder / "words", written)
        return len(written)

    def apply(self, entries: Sequence[ClaimEntry], removed_ids: Sequence[str]) -> None:
        """Add entries, in place of those with their ids, and remove claims. Answers hold it from now on."""
        self.entries.apply(entries, removed_ids)
        for leg in self._legs:
            leg.add(entries)
            leg.remove(removed_ids)
            leg.commit()

    def match(self, texts: Sequence[str], language: str = "", limit: int = 5) -> list[list[Match]]:
        """The claims that each text makes, best first: one `Match` for each distinct claim text.

        `language` is a language tag, "" if it is not known. The first 10,000 characters of a text are read.
        """
        return [self._match(_readable(text), language, limit) for text in texts]

    def search(self, q: str, *, limit: int, filters: Mapping[str, Sequence[str]]) -> list[Hit]:
        """The claims that a search finds, best first; `claims/matching/words/search.py` has the language of `q`."""
        q = _readable(q)
        hits = self._words.search(q, limit=limit, filters=filters)
        shared = SharedTerms(q, "")
        known = {each.entry.id: each.entry for each in self.entries.get([hit.claim for hit in hits[:_WITH_TERMS]])}
        return [
            replace(hit, terms=shared.with_claim(entry.text, entry.language))
            if (entry := known.get(hit.claim))
            else hit
            for hit in hits
        ]

    def sequences(self) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
        """The ids of all claims in the order of their bytes, and the sequence that each entry was read from."""
        return self.entries.sequences()

    def state(self) -> dict[str, Any]:
        """The number of claims, of those in memory (`later`), and the state of each leg."""
        return {
            "claims": len(self.entries),
            "later": self.entries.later,
            "legs": {leg.name: dict(leg.state()) for leg in self._legs},
        }

    def _match(self, text: str, language: str, limit: int) -> list[Match]:
        if is_address(text):
            return []  # its words say nothing
        told, language = language, language_of(text, language)
        is_told = bool(told) and told == language
        whole = Asked(Query(text, language), is_told=is_told)
        groups = {
            key: Group(each.entry, each.titles, probability, whole, self._by_meaning(each))
            for key, each, probability in self._ranked(whole.query, CANDIDATES)
        }
        among = [group.entry.id for group in groups.values()] if len(text) <= LONG else None
        for part in parts(text, language):
            asked = Asked(Query(part, language), is_part=True, is_told=is_told)
            for key, each, probability in self._ranked(asked.query, CANDIDATES_OF_PART, among):
                group = groups.setdefault(key, Group(each.entry, each.titles, 0.0, asked, self._by_meaning(each)))
                if probability * _OF_PART > group.probability:  # else the whole text is compared, whatever else it says
                    group.probability, group.asked = probability * _OF_PART, asked
                if probability * _OF_PART > max(group.probability * _OF_WHOLE, group.of_part):
                    group.of_part, group.part = probability * _OF_PART, part
        return answer(list(groups.values()), self.entries.of_text, limit)

    def _by_meaning(self, found: Found) -> bool:
        return any(leg != self._words.name for leg in found.scores)

    def _ranked(self, query: Query, limit: int, among: Sequence[str] | None = None) -> list[tuple[int, Found, float]]:
        """What the legs find, with the hash of its text and its probability."""
        found = self._found(query, limit, among)
        probabilities = self._ranker.probabilities(query, list(found.values()))
        return [(key, each, probability) for (key, each), probability in zip(found.items(), probabilities, strict=True)]

    def _found(self, query: Query, limit: int, among: Sequence[str] | None = None) -> dict[int, Found]:
        """What the legs find, and the claims of the very text, by the hash of their texts.

        Entries are read of those alone that the ranker looks at. With `among`, the legs beside the one by words look at
        these claims and at those that it finds, not at all: a sentence of a short text means little that the text does
        not, and to look at all of 758,000 claims takes half the time.
        """
        gathered: dict[int, _Gathered] = {}
        for entry in self.entries.of_text(query.text)[:1]:
            gathered[text_hash(entry.text)] = _Gathered([entry.id])
        very_text = next(iter(gathered), None)
        legs = []
        for leg in self._legs:
            if among is None or leg is self._words:
                candidates = leg.candidates(query, limit)
            else:
                candidates = _best(
                    leg, query, [*among, *(claim for each in gathered.values() for claim in each.claims)], limit
                )
            legs += [leg.name] if candidates else []
            hashes = self.entries.hashes([each.id for each in candidates])
            for rank, (candidate, key) in enumerate(zip(candidates, hashes, strict=True)):
                if key is not None:
                    at = gathered.setdefault(key, _Gathered())
                    at.claims.append(candidate.id)
                    at.scores.setdefault(leg.name, candidate.score)
                    at.ranks.setdefault(leg.name, rank)
        most = self._ranker.weighs(legs)
        if most is not None and len(gathered) > most:
            order = sorted(gathered, key=lambda key: (key != very_text, -nearness(gathered[key].ranks)))
            gathered = {key: gathered[key] for key in order[:most]}
        for leg in self._legs:
            missing = [each for each in gathered.values() if leg.name not in each.scores]
            scores = leg.scores(query, [each.claims[0] for each in missing])
            for each, score in zip(missing, scores, strict=True):
                if score is not None:
                    each.scores[leg.name] = score
        return self._with_entries(gathered)

    def _with_entries(self, gathered: Mapping[int, _Gathered]) -> dict[int, Found]:
        claims = [claim for each in gathered.values() for claim in dict.fromkeys(each.claims)]
        entries: dict[int, list[ClaimEntry]] = {}
        for entry, key in self.entries.get(claims):
            entries.setdefault(key, []).append(entry)
        return {
            key: Found(its[0], tuple(dict.fromkeys(t for entry in its for t in entry.titles)), each.scores, each.ranks)
            for key, each in gathered.items()
            if (its := entries.get(key))  # none for a claim that went meanwhile
        }


@dataclass(slots=True)
class _Gathered:
    """Candidates of one text, the first found first, with the score and the rank of each leg."""

    claims: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)


def _best(leg: Leg, query: Query, ids: Iterable[str], limit: int) -> list[Candidate]:
    """The best of these claims by a leg."""
    distinct = list(dict.fromkeys(ids))
    scores = zip(distinct, leg.scores(query, distinct), strict=True)
    found = [Candidate(claim, score) for claim, score in scores if score is not None]
    return sorted(found, key=lambda each: -each.score)[:limit]


def _readable(text: str) -> str:
    """The text without what no claim holds: control characters and halves of surrogate pairs."""
    text = text[:LONGEST].encode("utf-8", "replace").decode()
    return "".join(each if each.isprintable() or each in "\n\t\u200c\u200d" else " " for each in text)
