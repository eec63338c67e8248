"""The leg by meaning: the claims whose vectors are nearest to that of a text, by one encoder.

A claim is found once its text has a vector in the store, which another process fills (`fill.py`); `commit` looks what
came. Of a claim only its id and the key of its text are kept, in arrays: 40 bytes, or 30 MB for 758,000 claims.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from claims.matching.leg import Candidate, Query
from claims.matching.normalization import normalize, text_sha256
from claims.matching.types import ClaimEntry
from claims.matching.vectors.encoder import Encoder, Int8Vectors, Vectors, as_int8
from claims.matching.vectors.indexed_claims import IndexedClaims
from claims.matching.vectors.scan import best, dot_products
from claims.matching.vectors.store import StoreReader, key_of


class _View(NamedTuple):
    """What readers see between two commits: the rows of the store, and one claim for each that has any."""

    vectors: Int8Vectors
    scales: Vectors
    claim_of_row: NDArray[np.int32]
    row_of_claim: NDArray[np.int32]
    unused: NDArray[np.intp]


@lru_cache(maxsize=4096)  # the legs of both encoders are given the same entries, one after the other
def text_key(text: str) -> int:
    """The key under which the store has the vector of a claim with this text."""
    return key_of(text_sha256(normalize(text)))


class VectorLeg:
    """Candidates by one encoder. `name` is the encoder's."""

    def __init__(self, encoder: Encoder, store: StoreReader, claims: IndexedClaims | None = None) -> None:
        """Legs that are told the same entries may share `claims`, which take 35 MB for 758,000."""
        self.name = encoder.name
        self._encoder = encoder
        self._store = store
        self._claims = IndexedClaims() if claims is None else claims
        self._asked = threading.local()
        self._view = self._look()

    def add(self, entries: Iterable[ClaimEntry]) -> None:
        """Add entries; one whose id is there already replaces it."""
        for entry in entries:
            self._claims.set(entry.id, text_key(entry.text))

    def remove(self, ids: Iterable[str]) -> None:
        """Remove claims; ids that are not there are ignored."""
        for each in ids:
            self._claims.remove(each)

    def commit(self) -> None:
        """Make what was added and removed, and vectors that came, visible to readers."""
        self._store.refresh()
        self._view = self._look()

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        """The best claims, one for each distinct text, with their cosines."""
        view = self._view
        if limit <= 0 or not len(view.vectors) or not any(map(str.isalnum, query.text)):
            return []
        vector, scale = self._vector(query.text)
        cosines = dot_products(vector, view.vectors)
        cosines *= view.scales
        cosines[view.unused] = -np.inf
        rows = best(cosines, limit)
        found = zip(view.claim_of_row[rows].tolist(), (cosines[rows] * scale).tolist(), strict=True)
        return [Candidate(self._claims.id(claim), score) for claim, score in found if score > -np.inf]

    def scores(self, query: Query, ids: Sequence[str]) -> list[float | None]:
        """The cosine of each claim; None where its text has no vector yet."""
        view = self._view
        claims = [self._claims.find(each) for each in ids]
        rows = [int(view.row_of_claim[each]) if 0 <= each < len(view.row_of_claim) else -1 for each in claims]
        known = [row for row in rows if row >= 0]
        if not known:
            return [None] * len(rows)
        vector, scale = self._vector(query.text)
        cosines = dot_products(vector, view.vectors[known]) * view.scales[known] * scale
        of_row = dict(zip(known, cosines.tolist(), strict=True))
        return [of_row.get(row) for row in rows]

    def state(self) -> Mapping[str, int]:
        """Counts: `claims` that are searchable, `pending` ones without a vector, `unused` vectors of no claim."""
        view = self._view
        searchable = int((view.row_of_claim >= 0).sum())
        return {"claims": searchable, "pending": len(self._claims) - searchable, "unused": len(view.unused)}

    def _look(self) -> _View:
        store, keys = self._store, self._claims.keys()
        rows = store.rows(keys)
        rows[~self._claims.present()] = -1
        found = np.flatnonzero(rows >= 0)
        claim_of_row = np.full(len(store), -1, np.int32)
        claim_of_row[rows[found]] = found
        return _View(store.vectors, store.scales, claim_of_row, rows, np.flatnonzero(claim_of_row < 0))

    def _vector(self, text: str) -> tuple[Int8Vectors, np.float32]:
        """The vector of a text and its scale. `scores` follows `candidates` for the same text, so the last is kept."""
        if getattr(self._asked, "text", None) != text:
            vectors, scales = as_int8(self._encoder.encode_queries([text]))
            self._asked.text, self._asked.vector = text, (vectors[0], scales[0])
        vector: tuple[Int8Vectors, np.float32] = self._asked.vector
        return vector
