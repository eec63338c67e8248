"""Stored bodies by one statement that is put together as text: what every newsroom asks all day.

Building and compiling the same question with the ORM takes several times as long as PostgreSQL takes to answer it.
`StoredBodies` stands in for the queryset there: filters and pages narrow it in the same words. What it does not
understand raises `Beyond`, and the queryset answers.
"""

import functools
import hashlib
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self

from django.db.models import Q
from django.db.models.expressions import RawSQL

from claims.models import ClaimVersion
from claims.models.publication import Audience, visible_to_sql
from sources.database import prepared_reads

NEWEST = 2_000  # versions that are looked through first for what PostgreSQL cannot guess
_COMMON = {"verdicts", "ratings"}  # most of their values are in many claims
# A version whose body was redacted is in no list. To look for the body of each version that a filter finds costs as
# much again as finding them, so it is done only where a page turned out to hold such a one.
_ANY = ""
_WITH_BODY = " AND EXISTS (SELECT FROM claims_publicationbody WHERE publication_id = version.publication_id)"
_OPERATORS = {"exact": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_OF_ARRAYS = {"contains": "@>", "overlap": "&&"}  # the same, where one text is looked for
_COLUMNS = {field.name: field.column for field in ClaimVersion._meta.concrete_fields}
_ONE = {
    audience: prepared_reads.PreparedStatement(
        f"claims_stored_body_{audience}",
        f"""
        SELECT body.json, convert_to(publication.body_sha256, 'UTF8'),
            convert_to(extract(epoch FROM version.changed_at)::text, 'UTF8')
        FROM claims_claimversion version
        JOIN claims_publication publication ON publication.sequence = version.publication_id
        JOIN claims_publicationbody body ON body.publication_id = version.publication_id
        WHERE version.claim_public_id = $1 AND {visible_to_sql(audience, table="version")}
            AND version.sequence_to IS NULL
        """,  # noqa: S608 - no value is put in
    )
    for audience in Audience.values
}
_WITH_TOPIC = prepared_reads.PreparedStatement(
    "claims_with_topic",
    "SELECT bodies::text FROM claims_mention WHERE audience = $1 AND kind = 'topic' AND name = $2",
)


class Beyond(Exception):
    """The question needs the ORM."""


def stored_body(claim: str, audience: str) -> tuple[bytes, str, datetime] | None:
    """The body that answers for the claim now, its sha256, and when it changed. One query."""
    try:
        found = _ONE[audience].rows(claim.encode(), binary=True)
    except UnicodeEncodeError:
        return None
    if not found:
        return None
    body, sha256, changed_at = (value or b"" for value in found[0])
    return body, sha256.decode(), datetime.fromtimestamp(float(changed_at), UTC)


class StoredBodies:
    """Rows `{"sequence_from", "publication__body__json"}` of the versions that answer an audience now."""

    model = ClaimVersion

    def __init__(self, audience: str) -> None:
        self._audience = audience
        self._values: list[bytes] = []
        self._place = [visible_to_sql(audience, table="version"), "version.sequence_to IS NULL"]  # and where in the log
        self._filters: list[str] = []
        self._few = False  # whether one of them is known to leave few
        self._common = False

    def filter(self, *conditions: Q, **equal: Any) -> Self:
        """Narrow by columns: equal, compared, or an array that contains one text."""
        for name, value in (*_plain(conditions), *equal.items()):
            column, _, lookup = name.partition("__")
            if column not in _COLUMNS:
                raise Beyond(name)
            if lookup in _OF_ARRAYS and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
                condition = f"version.{_COLUMNS[column]} {_OF_ARRAYS[lookup]} ARRAY[{self._value(value[0])}]::varchar[]"
                self._few |= column == "contained_ids" or (column == "topics" and self._in_few(value[0]))
            elif (lookup or "exact") in _OPERATORS:
                condition = f"version.{_COLUMNS[column]} {_OPERATORS[lookup or 'exact']} {self._value(value)}"
            else:
                raise Beyond(name)
            self._common |= column in _COMMON
            (self._place if column == "sequence_from" else self._filters).append(condition)
        return self

    def order_by(self, *columns: str) -> Self:
        if columns != ("-sequence_from",):
            raise Beyond(str(columns))
        return self

    def __getitem__(self, rows: slice) -> list[dict[str, Any]]:
        if not isinstance(rows, slice) or rows.start or rows.stop is None:
            raise Beyond("only the first so many")
        limit = int(rows.stop)
        found = self._first(limit, _ANY)
        if any(row["publication__body__json"] is None for row in found):
            return self._first(limit, _WITH_BODY)
        return found

    def _first(self, limit: int, which: str) -> list[dict[str, Any]]:
        place, filters = " AND ".join(self._place), " AND ".join(self._filters)
        if not filters:
            # For pages of the whole list one plan is best; for a filter it depends on the value.
            statement = _whole_list(_page(f"claims_claimversion version WHERE {place}{which}", limit))
            return _told(statement, self._values)
        # How many claims have a value that its statistics do not name, or share two, PostgreSQL can only guess. If it
        # guesses many where there are few it goes down the whole list. So it is made to look by the filters' own
        # indexes; unless they are known to leave few, after a look among the newest.
        every = f"claims_claimversion version WHERE {place} AND {filters}{which}"
        if not self._few:
            if not self._common and len(self._filters) == 1:
                return _told(_page(every, limit), self._values)
            newest = f"""(
                SELECT * FROM claims_claimversion version WHERE {place} ORDER BY sequence_from DESC LIMIT {NEWEST}
            ) AS version WHERE {filters}{which}"""  # noqa: S608 - see below
            found = _told(_page(newest, limit), self._values)
            if len(found) == limit:
                return found
        return _told(_page(every, limit, order="version.sequence_from + 0"), self._values)

    def _in_few(self, topic: str) -> bool:
        """Whether so few claims have the topic that all of them may be looked at."""
        found = _WITH_TOPIC.rows(self._audience.encode(), topic.encode())
        return not found or int(found[0][0] or 0) <= NEWEST

    def _value(self, value: Any) -> str:
        """Its place among the values of the statement, or a query of its own."""
        if isinstance(value, RawSQL):
            pieces = value.sql.split("%s")
            given = [self._value(parameter) for parameter in value.params]
            return f"({''.join(itertools.chain(*itertools.zip_longest(pieces, given, fillvalue='')))})"
        if isinstance(value, datetime):
            value = value.isoformat()
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Beyond(str(value))
        try:
            self._values.append(str(value).encode())
        except UnicodeEncodeError as error:
            raise Beyond("no Unicode") from error
        return f"${len(self._values)}"


def _page(versions: str, limit: int, *, order: str = "version.sequence_from") -> str:
    """The statement. Bodies are joined to the rows of the page alone: what a filter finds may be many more.

    Only names of columns and numbers of ours are put in; values go apart.
    """
    return f"""
        SELECT version.sequence_from, body.json
        FROM (
            SELECT version.sequence_from, version.publication_id FROM {versions} ORDER BY {order} DESC LIMIT {limit}
        ) AS version
        LEFT JOIN claims_publicationbody body ON body.publication_id = version.publication_id
        ORDER BY version.sequence_from DESC
    """  # noqa: S608


def _told(statement: str | prepared_reads.PreparedStatement, values: list[bytes]) -> list[dict[str, Any]]:
    if isinstance(statement, str):
        found = prepared_reads.rows(statement, *values, binary=True)
    else:
        found = statement.rows(*values, binary=True)
    return [
        {"sequence_from": int.from_bytes(sequence or b"", "big"), "publication__body__json": body}
        for sequence, body in found
    ]


@functools.lru_cache(maxsize=256)
def _whole_list(sql: str) -> prepared_reads.PreparedStatement:
    """Pages of the whole list: as many statements as there are limits, twice for each audience."""
    return prepared_reads.PreparedStatement(f"claims_list_{hashlib.sha256(sql.encode()).hexdigest()[:20]}", sql)


def _plain(conditions: tuple[Q, ...]) -> Iterator[tuple[str, Any]]:
    """Look-ups that must all hold; what is joined by OR or negated is beyond this."""
    for condition in conditions:
        if condition.negated or (condition.connector != Q.AND and len(condition.children) > 1):
            raise Beyond(str(condition))
        for child in condition.children:
            if isinstance(child, Q):
                yield from _plain((child,))
            elif isinstance(child, tuple):
                yield child
            else:
                raise Beyond(str(child))
