"""Stored bodies by one statement that is put together as text: what every newsroom asks all day.

Building and compiling the same question with the ORM takes several times as long as PostgreSQL takes to answer it.
`StoredBodies` stands in for the queryset there: filters and pages narrow it in the same words. What it does not
understand raises `Beyond`, and the queryset answers.
"""

import functools
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Self

from django.db.models import Q

from claims.models import ClaimVersion
from sources import lookups

_OPERATORS = {"exact": "=", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_COLUMNS = {field.name: field.column for field in ClaimVersion._meta.concrete_fields}
_ONE = lookups.Prepared(
    "claims_stored_body",
    """
    SELECT body.json, convert_to(publication.body_sha256, 'UTF8'),
        convert_to(extract(epoch FROM version.changed_at)::text, 'UTF8')
    FROM claims_claimversion version
    JOIN claims_publication publication ON publication.sequence = version.publication_id
    JOIN claims_publicationbody body ON body.publication_id = version.publication_id
    WHERE version.claim_public_id = $1 AND version.audience = $2 AND version.sequence_to IS NULL
    """,
)


class Beyond(Exception):
    """The question needs the ORM."""


def stored_body(claim: str, audience: str) -> tuple[bytes, str, datetime] | None:
    """The body that answers for the claim now, its sha256, and when it changed. One query."""
    try:
        found = _ONE.rows(claim.encode(), audience.encode(), binary=True)
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
        self._conditions = ["version.audience = $1", "version.sequence_to IS NULL"]
        self._values = [audience.encode()]
        self._order: list[str] = []
        self._filtered = False

    def filter(self, *conditions: Q, **lookups: Any) -> Self:
        """Narrow by columns: equal, compared, or an array that contains one text."""
        for name, value in (*_plain(conditions), *lookups.items()):
            column, _, lookup = name.partition("__")
            if column not in _COLUMNS:
                raise Beyond(name)
            if lookup == "contains" and isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
                self._narrow(f"version.{_COLUMNS[column]} @> ARRAY[%s]::varchar[]", value[0])
            elif (lookup or "exact") in _OPERATORS:
                self._narrow(f"version.{_COLUMNS[column]} {_OPERATORS[lookup or 'exact']} %s", value)
            else:
                raise Beyond(name)
        return self

    def order_by(self, *columns: str) -> Self:
        self._order = [
            f"version.{_COLUMNS[column.lstrip('-')]}{' DESC' if column.startswith('-') else ''}" for column in columns
        ]
        return self

    def __getitem__(self, rows: slice) -> list[dict[str, Any]]:
        if not isinstance(rows, slice) or rows.start or rows.stop is None:
            raise Beyond("only the first so many")
        order = ", ".join(self._order)
        # Bodies are joined to the rows of the page alone: what a filter finds may be many more.
        sql = f"""
            SELECT version.sequence_from, body.json
            FROM (
                SELECT * FROM claims_claimversion version
                WHERE {" AND ".join(self._conditions)} ORDER BY {order} LIMIT {int(rows.stop)}
            ) AS version
            JOIN claims_publicationbody body ON body.publication_id = version.publication_id
            ORDER BY {order}
        """  # noqa: S608 - names of columns and numbers of ours; values go apart
        # Which index is best for a filter depends on its value; for pages of the whole list it is always the same.
        found = (
            lookups.rows(sql, *self._values, binary=True)
            if self._filtered
            else _list(sql).rows(*self._values, binary=True)
        )
        return [
            {"sequence_from": int.from_bytes(sequence or b"", "big"), "publication__body__json": body}
            for sequence, body in found
        ]

    def _narrow(self, condition: str, value: Any) -> None:
        if isinstance(value, datetime):
            text = value.isoformat()
        elif isinstance(value, str | int) and not isinstance(value, bool):
            text = str(value)
        else:
            raise Beyond(condition)
        try:
            self._values.append(text.encode())
        except UnicodeEncodeError as error:
            raise Beyond(condition) from error
        self._filtered |= not condition.startswith("version.sequence_from <")
        self._conditions.append(condition.replace("%s", f"${len(self._values)}"))


@functools.lru_cache(maxsize=256)
def _list(sql: str) -> lookups.Prepared:
    """Pages of the whole list: as many statements as there are limits, twice."""
    return lookups.Prepared(f"claims_list_{hashlib.sha256(sql.encode()).hexdigest()[:20]}", sql)


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
