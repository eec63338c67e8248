"""The leg by words: a base on disk, written aside and renamed, and a tail in memory."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tantivy

from claims.matching.id_table import IdTable
from claims.matching.leg import Candidate, Query
from claims.matching.types import ClaimEntry, Hit
from claims.matching.words.index import Part, Tail, languages_of, write_index
from claims.matching.words.query import Frequencies, best, candidate_query, terms_of
from claims.matching.words.search import search


class WordsLeg:
    """Candidates by words. Without a folder the base is empty and all is in memory."""

    name = "words"

    def __init__(self, folder: Path | None = None) -> None:
        """Open the base that `write` put into `folder`."""
        self._lock = threading.Lock()
        self._ids = IdTable(folder) if folder is not None else None
        self._base = tantivy.Index.open(str(folder / "tantivy")).searcher() if folder is not None else None
        self._hidden = np.zeros(len(self._ids) if self._ids is not None else 0, dtype=np.bool_)
        self._hidden_count = 0
        self._tail = Tail()
        self._has_changed = False
        self._parts = self._seen(None)
        self._languages = languages_of(self._parts)

    @staticmethod
    def write(folder: Path, entries: Iterable[ClaimEntry]) -> None:
        """Write the base of entries with distinct ids into `folder`, which must not exist."""
        (folder / "tantivy").mkdir(parents=True)
        IdTable.write(folder, write_index(folder / "tantivy", entries))

    def add(self, entries: Iterable[ClaimEntry]) -> None:
        """See `Leg`."""
        with self._lock:
            for entry in entries:
                self._hide(entry.id)
                self._tail.add(entry)
                self._has_changed = True

    def remove(self, ids: Iterable[str]) -> None:
        """See `Leg`."""
        with self._lock:
            for claim in ids:
                self._hide(claim)
                self._tail.remove(claim)
                self._has_changed = True

    def commit(self) -> None:
        """See `Leg`."""
        with self._lock:
            if not self._has_changed:
                return
            self._has_changed = False
            self._parts = self._seen(self._tail.commit())
            self._languages = languages_of(self._parts)

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        """See `Leg`. The score is BM25 over text, titles, speakers and place, weighed."""
        parts = self._parts
        frequencies = Frequencies(parts)
        languages = (query.language,) if query.language else self._languages
        terms = terms_of(query.text, languages, frequencies)
        found = [
            hit for part in parts for hit in best(candidate_query(terms, part, frequencies), part, limit, distinct=True)
        ]
        found.sort(key=lambda hit: (-hit[1], hit[0]))
        distinct: dict[int, Candidate] = {}
        for claim, score, text_hash in found:
            distinct.setdefault(text_hash, Candidate(claim, score))
        return list(distinct.values())[:limit]

    def search(self, q: str, *, limit: int, filters: Mapping[str, Sequence[str]]) -> list[Hit]:
        """The claims that a ranked search finds, best first, at most 1,000, each once. See `search.py`.

        `filters` take one or more values of `language` (a range: `pt` finds `pt-BR`), `organisation`, `topic` and
        `speaker` (a name); one of each must be there. Raises ValueError for another filter.
        """
        return search(q, self._parts, self._languages, limit, filters)

    def scores(self, query: Query, ids: Sequence[str]) -> list[float | None]:
        """See `Leg`. This leg tells no score without a search."""
        return [None] * len(ids)

    def state(self) -> Mapping[str, int]:
        """See `Leg`; `tail` counts the claims in memory."""
        base = len(self._hidden) - self._hidden_count
        return {"claims": base + len(self._tail), "pending": 0, "tail": len(self._tail)}

    def _hide(self, claim: str) -> None:
        row = self._ids.row(claim) if self._ids is not None else None
        if row is not None and not self._hidden[row]:
            self._hidden[row] = True
            self._hidden_count += 1

    def _seen(self, tail: Part | None) -> tuple[Part, ...]:
        parts = [] if tail is None else [tail]
        if self._base is not None and self._ids is not None:
            hidden = self._hidden.copy()
            parts.insert(0, Part(self._base, self._ids.id, lambda row: bool(hidden[row])))
        return tuple(parts)
