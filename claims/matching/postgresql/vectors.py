"""The leg by meaning in PostgreSQL: vectors by encoder and text, found by pgvector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from psycopg import sql

from claims.matching.leg import Candidate, Query
from claims.matching.postgresql.database import MatcherDatabase
from claims.matching.types import ClaimEntry
from claims.matching.vectors.encoder import Encoder

_EXPLORED = 400  # nearest texts that the graph of an index is searched for
_FIND = """
    WITH nearest AS MATERIALIZED (
        SELECT text_hash, vector <=> %(vector)s::vector AS distance FROM factcheck_matching.vector AS stored
        WHERE encoder = {encoder} AND EXISTS (
            SELECT FROM factcheck_matching.claim AS claim WHERE claim.text_hash = stored.text_hash
        )
        ORDER BY vector <=> %(vector)s::vector LIMIT %(limit)s
    )
    SELECT (SELECT min(id) FROM factcheck_matching.claim AS claim WHERE claim.text_hash = nearest.text_hash),
        1 - distance
    FROM nearest ORDER BY distance, text_hash
"""


class PostgresqlVectorLeg:
    """Candidates by one encoder, whose name the leg has.

    Claims come and go with `PostgresqlWordsLeg` of the same database, so `add` and `remove` have nothing to do here.
    `fill` computes vectors that are missing.
    """

    def __init__(self, database: MatcherDatabase, encoder: Encoder) -> None:
        """Make the encoder's index where it is missing; that locks the table."""
        self.name = encoder.name
        self._database = database
        self._encoder = encoder
        self._find = sql.SQL(_FIND).format(encoder=sql.Literal(encoder.name))
        index = sql.Identifier("vector_" + re.sub(r"\W", "_", encoder.name))
        with database.writing() as connection:
            connection.execute(
                sql.SQL(
                    "CREATE INDEX IF NOT EXISTS {} ON factcheck_matching.vector USING hnsw (vector vector_cosine_ops)"
                    " WHERE encoder = {}"
                ).format(index, sql.Literal(encoder.name))
            )
        database.commit()

    def add(self, entries: Iterable[ClaimEntry]) -> None:
        """See the class."""

    def remove(self, ids: Iterable[str]) -> None:
        """See the class."""

    def commit(self) -> None:
        """See `Leg`."""
        self._database.commit()

    def fill(self, most: int = 256) -> int:
        """Compute the vectors of some texts that have none, and commit them; returns how many came, 0 at the end."""
        with self._database.writing() as connection:
            rows = connection.execute(
                """
                SELECT DISTINCT ON (text_hash) text_hash, body FROM factcheck_matching.claim AS claim
                WHERE NOT EXISTS (
                    SELECT FROM factcheck_matching.vector AS stored
                    WHERE stored.encoder = %s AND stored.text_hash = claim.text_hash
                ) ORDER BY text_hash LIMIT %s
                """,
                [self.name, most],
            ).fetchall()
            vectors = self._encoder.encode_claims([body for _, body in rows]) if rows else ()
            with connection.cursor() as cursor:
                cursor.executemany(
                    "INSERT INTO factcheck_matching.vector VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
                    [
                        (self.name, text_hash, _written(vector))
                        for (text_hash, _), vector in zip(rows, vectors, strict=True)
                    ],
                )
            connection.commit()
        return len(rows)

    def delete_unused(self) -> int:
        """Delete the vectors of texts that no claim has any more, and commit; returns their number."""
        with self._database.writing() as connection:
            deleted = connection.execute(
                """
                DELETE FROM factcheck_matching.vector AS stored WHERE encoder = %s AND NOT EXISTS (
                    SELECT FROM factcheck_matching.claim AS claim WHERE claim.text_hash = stored.text_hash
                )
                """,
                [self.name],
            ).rowcount
            connection.commit()
        return deleted

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        """See `Leg`; the score is the cosine."""
        if not any(map(str.isalnum, query.text)):
            return []
        with self._database.reading() as connection, connection.transaction():
            connection.execute(f"SET LOCAL hnsw.ef_search = {_EXPLORED}".encode())
            found = connection.execute(self._find, {"vector": self._vector(query.text), "limit": limit}).fetchall()
        return [Candidate(claim, float(score)) for claim, score in found if claim is not None]

    def scores(self, query: Query, ids: Sequence[str]) -> list[float | None]:
        """See `Leg`."""
        if not ids or not any(map(str.isalnum, query.text)):
            return [None] * len(ids)
        with self._database.reading() as connection:
            found = connection.execute(
                """
                SELECT claim.id, 1 - (stored.vector <=> %s::vector) FROM factcheck_matching.claim AS claim
                JOIN factcheck_matching.vector AS stored ON stored.encoder = %s AND stored.text_hash = claim.text_hash
                WHERE claim.id = ANY(%s)
                """,
                [self._vector(query.text), self.name, list(ids)],
            ).fetchall()
        known = {claim: float(score) for claim, score in found}
        return [known.get(claim) for claim in ids]

    def state(self) -> Mapping[str, int]:
        """See `Leg`."""
        with self._database.reading() as connection:
            row = connection.execute(
                """
                SELECT count(stored.text_hash), count(*) - count(stored.text_hash)
                FROM factcheck_matching.claim AS claim LEFT JOIN factcheck_matching.vector AS stored
                    ON stored.encoder = %s AND stored.text_hash = claim.text_hash
                """,
                [self.name],
            ).fetchone()
        claims, pending = row or (0, 0)
        return {"claims": int(claims), "pending": int(pending)}

    def _vector(self, text: str) -> str:
        return _written(self._encoder.encode_queries([text])[0])


def _written(vector: Iterable[float]) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(f"{number:.6g}" for number in vector) + "]"
