"""The legs in PostgreSQL as one, for the tests of all legs."""

from collections.abc import Iterable, Mapping, Sequence

from claims.matching.leg import Candidate, Leg, Query
from claims.matching.postgresql.vectors import PostgresqlVectorLeg
from claims.matching.types import ClaimEntry


class FilledAtOnce:
    """The leg by meaning together with the one that writes its claims, with vectors at every commit."""

    def __init__(self, claims: Leg, vectors: PostgresqlVectorLeg) -> None:
        self.name = vectors.name
        self._claims = claims
        self._vectors = vectors

    def add(self, entries: Iterable[ClaimEntry]) -> None:
        self._claims.add(entries)

    def remove(self, ids: Iterable[str]) -> None:
        self._claims.remove(ids)

    def commit(self) -> None:
        self._claims.commit()
        while self._vectors.fill():
            pass

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        return self._vectors.candidates(query, limit)

    def scores(self, query: Query, ids: Sequence[str]) -> list[float | None]:
        return self._vectors.scores(query, ids)

    def state(self) -> Mapping[str, int]:
        return self._vectors.state()
