"""Fetch published claim JSON with hand-built SQL: the hot path for list and detail requests.

The ORM takes several times as long to build and compile such a query as PostgreSQL takes to answer it. `StoredBodies`
replaces the queryset: filters and pagination call the same methods. It raises `NeedsOrm` for what it does not support;
then the queryset is used.
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
from claims.models.verification import Verification
from claims.publication import body_parts
from sources.database import prepared_reads

NEWEST = 2_000  # versions scanned first where PostgreSQL cannot estimate how many match
_UNSELECTIVE = {"verdicts", "all_verdicts", "ratings"}  # most of their values occur in many claims
# Lists leave out versions whose body was redacted. Checking the body of each version that a filter finds doubles the
# cost, so it is done only if a page turned out to contain one.
_WITH_BODY = " AND EXISTS (SELECT FROM claims_publicationbody WHERE publication_id = version.publication_id)"
_OPERATORS = {"exact": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_ARRAYS = {"contains": "@>", "overlap": "&&"}  # equivalent for an array of one text
_COLUMNS = {field.name: field.column for field in ClaimVersion._meta.concrete_fields}
_STORED_BODY = {
    audience: prepared_reads.PreparedStatement(
        f"claims_stored_body_{audience}",
        f"""
        SELECT body.json, convert_to(publication.commitment, 'UTF8'),
            convert_to(extract(epoch FROM version.changed_at)::text, 'UTF8')
        FROM claims_claimversion version
        JOIN claims_publication publication ON publication.sequence = version.publication_id
        JOIN claims_publicationbody body ON body.publication_id = version.publication_id
        WHERE version.claim_public_id = $1 AND {visible_to_sql(audience, table="version")}
            AND version.sequence_to IS NULL
        """,  # noqa: S608 - no value is interpolated
    )
    for audience in Audience.values
}
_TOPIC_COUNT = prepared_reads.PreparedStatement(
    "claims_with_topic",
    "SELECT bodies::text FROM claims_facetcount WHERE audience = $1 AND kind = 'topic' AND name = $2",
)


class NeedsOrm(Exception):
    """The query is not supported here; use the ORM."""


def stored_body(claim: str, audience: str) -> tuple[bytes, str, datetime] | None:
    """The current body of the claim, its commitment, which is its ETag, and when it changed; None if there is none."""
    try:
        found = _STORED_BODY[audience].rows(claim.encode(), binary=True)
    except UnicodeEncodeError:
        return None
    if not found:
        return None
    body, commitment, changed_at = (value or b"" for value in found[0])
    return body, commitment.decode(), datetime.fromtimestamp(float(changed_at), UTC)


class StoredBodies:
    """Rows `{"sequence_from", "publication__body__json"}` of the current versions for an audience."""

    model = ClaimVersion

    def __init__(self, audience: str) -> None:
        self._audience = audience
        self._values: list[bytes] = []
        # The place of the page in the log is added to these.
        self._place = [
            visible_to_sql(audience, table="version"),
            "version.sequence_to IS NULL",
            f"version.verification <> '{Verification.MERGED}'",
        ]
        self._filters: list[str] = []
        self.claims_with_topic: int | None = None
        self._selective = False  # whether a filter is known to match few
        self._unselective = False

    def filter(self, *conditions: Q, **equal: Any) -> Self:
        """Filter by columns: equal, compared, or an array that contains one text."""
        for name, value in (*_lookups(conditions), *equal.items()):
            column, _, lookup = name.partition("__")
            if column not in _COLUMNS:
                raise NeedsOrm(name)
            if lookup in _ARRAYS and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
                condition = f"version.{_COLUMNS[column]} {_ARRAYS[lookup]} ARRAY[{self._value(value[0])}]::varchar[]"
                common = column == "contained_ids" and value[0].startswith(body_parts.COMMON)
                self._selective |= (column == "contained_ids" and not common) or (
                    column == "topics" and self._is_rare_topic(value[0])
                )
                self._unselective |= common
            elif lookup == "in" and isinstance(value, RawSQL):
                condition = f"version.{_COLUMNS[column]} = ANY(ARRAY{self._value(value)})"
                self._unselective = True
            elif (lookup or "exact") in _OPERATORS:
                condition = f"version.{_COLUMNS[column]} {_OPERATORS[lookup or 'exact']} {self._value(value)}"
            else:
                raise NeedsOrm(name)
            self._unselective |= column in _UNSELECTIVE
            (self._place if column == "sequence_from" else self._filters).append(condition)
        return self

    def order_by(self, *columns: str) -> Self:
        if columns != ("-sequence_from",):
            raise NeedsOrm(str(columns))
        return self

    def __getitem__(self, rows: slice) -> list[dict[str, Any]]:
        if not isinstance(rows, slice) or rows.start or rows.stop is None:
            raise NeedsOrm("a slice that does not begin at the start")
        limit = int(rows.stop)
        found = self._first(limit, "")
        if any(row["publication__body__json"] is None for row in found):
            return self._first(limit, _WITH_BODY)
        return found

    def _first(self, limit: int, with_body: str) -> list[dict[str, Any]]:
        place, filters = " AND ".join(self._place), " AND ".join(self._filters)
        if not filters:
            # Pages of the whole list share one plan; for a filter the best plan depends on the value.
            statement = _whole_list(_page(f"claims_claimversion version WHERE {place}{with_body}", limit))
            return _fetch(statement, self._values)
        # PostgreSQL can only guess how many claims have a value that its statistics do not list, or have two values. If
        # it guesses too many it scans the whole list. So it is made to use the filters' own indexes, after a scan of
        # the newest versions unless the filters are known to match few.
        every = f"claims_claimversion version WHERE {place} AND {filters}{with_body}"
        if not self._selective:
            if not self._unselective and len(self._filters) == 1:
                return _fetch(_page(every, limit), self._values)
            newest = f"""(
                SELECT * FROM claims_claimversion version WHERE {place} ORDER BY sequence_from DESC LIMIT {NEWEST}
            ) AS version WHERE {filters}{with_body}"""  # noqa: S608 - see below
            found = _fetch(_page(newest, limit), self._values)
            if len(found) == limit:
                return found
        return _fetch(_page(every, limit, order="version.sequence_from + 0"), self._values)

    def _is_rare_topic(self, topic: str) -> bool:
        """Whether few enough claims have the topic to read all of them."""
        found = _TOPIC_COUNT.rows(self._audience.encode(), topic.encode())
        self.claims_with_topic = int(found[0][0] or 0) if found else 0
        return self.claims_with_topic <= NEWEST

    def _value(self, value: Any) -> str:
        """The placeholder of the value in the statement, or a subquery."""
        if isinstance(value, RawSQL):
            pieces = value.sql.split("%s")
            placeholders = [self._value(parameter) for parameter in value.params]
            return f"({''.join(itertools.chain(*itertools.zip_longest(pieces, placeholders, fillvalue='')))})"
        if isinstance(value, datetime):
            value = value.isoformat()
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise NeedsOrm(str(value))
        try:
            self._values.append(str(value).encode())
        except UnicodeEncodeError as error:
            raise NeedsOrm("no Unicode") from error
        return f"${len(self._values)}"


def _page(versions: str, limit: int, *, order: str = "version.sequence_from") -> str:
    """The SQL of one page. Bodies are joined only to the rows of the page: a filter may find many more.

    Only column names and our own numbers are interpolated; values are parameters.
    """
    return f"""
        SELECT version.sequence_from, body.json
        FROM (
            SELECT version.sequence_from, version.publication_id FROM {versions} ORDER BY {order} DESC LIMIT {limit}
        ) AS version
        LEFT JOIN claims_publicationbody body ON body.publication_id = version.publication_id
        ORDER BY version.sequence_from DESC
    """  # noqa: S608


def _fetch(statement: str | prepared_reads.PreparedStatement, values: list[bytes]) -> list[dict[str, Any]]:
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
    """The prepared statement for pages of the whole list; there are two for each limit and audience."""
    return prepared_reads.PreparedStatement(f"claims_list_{hashlib.sha256(sql.encode()).hexdigest()[:20]}", sql)


def _lookups(conditions: tuple[Q, ...]) -> Iterator[tuple[str, Any]]:
    """The lookups, all of which must hold. Raises `NeedsOrm` for OR and negation."""
    for condition in conditions:
        if condition.negated or (condition.connector != Q.AND and len(condition.children) > 1):
            raise NeedsOrm(str(condition))
        for child in condition.children:
            if isinstance(child, Q):
                yield from _lookups((child,))
            elif isinstance(child, tuple):
                yield child
            else:
                raise NeedsOrm(str(child))
