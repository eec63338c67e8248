"""The leg by words in PostgreSQL: terms of `claims/matching/words/analysis.py` in arrays with a GIN index.

A claim's score is BM25 with one occurrence a term; how many claims hold a term stands in a table, since counting them
takes longer than the search. Only terms that are not too common are looked up; all of them count.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from psycopg import Connection

from claims.matching.leg import Candidate, Query
from claims.matching.normalization import text_hash
from claims.matching.postgresql.database import MatcherDatabase, signed
from claims.matching.types import ClaimEntry
from claims.matching.words.analysis import stems, words

_AT_ONCE = 1_000  # entries
_MOST_TERMS = 64  # of a text: the rarest
_COMMON = 0.05  # share of the claims that hold a term by which none is looked up
_FEW = 2_000  # claims: in fewer no term is common
_MOST_MISSPELT = 4  # words of a text
_LENGTH = 12  # terms of a usual claim
_OTHERS = 0.4  # weight of a term that stands in a title, or names a speaker or the place
_SHORTEST = 4  # characters of a word that may be misspelt
_FIND = """
    WITH asked AS (SELECT * FROM unnest(%(terms)s::text[], %(weights)s::float8[]) AS asked(term, weight)),
    scored AS (
        SELECT claim.id, claim.text_hash, (
            SELECT sum(asked.weight * CASE
                WHEN asked.term = ANY(claim.text_terms)
                    THEN 2.2 / (1 + 1.2 * (0.25 + 0.75 * cardinality(claim.text_terms) / %(length)s))
                WHEN asked.term = ANY(claim.other_terms) THEN %(others)s
                ELSE 0 END)
            FROM asked
        ) AS score
        FROM factcheck_matching.claim AS claim
        WHERE (claim.text_terms || claim.other_terms) && %(rare)s::text[]
    ),
    distinct_texts AS (SELECT DISTINCT ON (text_hash) id, score FROM scored ORDER BY text_hash, score DESC, id)
    SELECT id, score FROM distinct_texts ORDER BY score DESC, id LIMIT %(limit)s
"""
_MEANT = """
    SELECT term FROM factcheck_matching.term
    WHERE term %% %(word)s AND claims > 0 AND abs(length(term) - length(%(word)s)) <= 2
    ORDER BY similarity(term, %(word)s) DESC, claims DESC LIMIT 2
"""


class PostgresqlWordsLeg:
    """Candidates by words. Claims stay in the database from one process to the next."""

    name = "words"

    def __init__(self, database: MatcherDatabase) -> None:
        self._database = database

    def add(self, entries: Iterable[ClaimEntry]) -> None:
        """See `Leg`."""
        rest = iter(entries)
        while some := {entry.id: entry for entry in islice(rest, _AT_ONCE)}:
            with self._database.writing() as connection:
                _remove(connection, list(some))
                _insert(connection, list(some.values()))

    def remove(self, ids: Iterable[str]) -> None:
        """See `Leg`."""
        with self._database.writing() as connection:
            _remove(connection, list(ids))

    def commit(self) -> None:
        """See `Leg`."""
        self._database.commit()

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        """See `Leg`."""
        asked = words(query.text)
        terms = list(dict.fromkeys([*asked, *stems(asked, query.language)]))
        if not terms:
            return []
        with self._database.reading() as connection:
            total = _total(connection)
            holding = _holding(connection, terms)
            for word in _misspelt(asked, holding):
                meant = [each[0] for each in connection.execute(_MEANT, {"word": word})]
                holding |= _holding(connection, meant)
            chosen = sorted(holding, key=lambda term: holding[term])[:_MOST_TERMS]
            rare = [term for term in chosen if total < _FEW or holding[term] <= _COMMON * total] or chosen[:3]
            found = connection.execute(
                _FIND,
                {
                    "terms": chosen,
                    "weights": [math.log(1 + (total - holding[term] + 0.5) / (holding[term] + 0.5)) for term in chosen],
                    "rare": rare,
                    "length": _LENGTH,
                    "others": _OTHERS,
                    "limit": limit,
                },
            ).fetchall()
        return [Candidate(claim, float(score)) for claim, score in found]

    def scores(self, query: Query, ids: Sequence[str]) -> list[float | None]:
        """See `Leg`. This leg tells no score without a search."""
        return [None] * len(ids)

    def state(self) -> Mapping[str, int]:
        """See `Leg`."""
        with self._database.reading() as connection:
            return {"claims": _total(connection), "pending": 0}


def _insert(connection: Connection, entries: Sequence[ClaimEntry]) -> None:
    rows = []
    counted: Counter[str] = Counter()
    for entry in entries:
        in_text = _terms(entry.text, entry.language)
        others: set[str] = set()
        for text in (*entry.titles, *entry.speakers, entry.place):
            others |= _terms(text, entry.language)
        others -= in_text
        counted.update(in_text | others)
        rows.append((entry.id, signed(text_hash(entry.text)), entry.text, sorted(in_text), sorted(others)))
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO factcheck_matching.claim VALUES (%s, %s, %s, %s, %s)", rows)
    _count(connection, counted)


def _remove(connection: Connection, ids: list[str]) -> None:
    ids = [each for each in ids if each.isprintable()]
    gone = connection.execute(
        "DELETE FROM factcheck_matching.claim WHERE id = ANY(%s) RETURNING text_terms || other_terms", [ids]
    )
    counted: Counter[str] = Counter()
    for (terms,) in gone:
        counted.subtract(set(terms))
    _count(connection, counted)


def _count(connection: Connection, counted: Counter[str]) -> None:
    """Add to the numbers of claims that hold each term."""
    if counted:
        ordered = sorted(counted.items())  # the same order everywhere, so that no two wait for each other
        connection.execute(
            """
            INSERT INTO factcheck_matching.term SELECT * FROM unnest(%s::text[], %s::bigint[])
            ON CONFLICT (term) DO UPDATE SET claims = term.claims + excluded.claims
            """,
            [[term for term, _ in ordered], [claims for _, claims in ordered]],
        )


def _terms(text: str, language: str) -> set[str]:
    found = words(text)
    return {*found, *stems(found, language)}


def _total(connection: Connection) -> int:
    row = connection.execute("SELECT count(*) FROM factcheck_matching.claim").fetchone()
    return int(row[0]) if row else 0


def _holding(connection: Connection, terms: Sequence[str]) -> dict[str, int]:
    """How many claims hold each term; terms that none holds are left out."""
    found = connection.execute(
        "SELECT term, claims FROM factcheck_matching.term WHERE term = ANY(%s) AND claims > 0", [list(terms)]
    )
    return {term: int(claims) for term, claims in found}


def _misspelt(asked: Iterable[str], holding: Mapping[str, int]) -> list[str]:
    distinct = dict.fromkeys(asked)
    unknown = [word for word in distinct if word not in holding and len(word) >= _SHORTEST and word.isalpha()]
    return unknown[:_MOST_MISSPELT]
