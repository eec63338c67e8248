"""Compare each audited table with the audit: the last event of a row says what the row holds now.

A row that was changed while its triggers were off differs from its last event, whichever way they were switched off.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models

from claims.proof.finding import Finding, some

_COMPARE = """
    WITH last AS (
        SELECT event.* FROM {event} AS event
        JOIN (SELECT max(pgh_id) AS pgh_id FROM {event} GROUP BY {key}) AS newest USING (pgh_id)
    )
    SELECT kind, count(*), (array_agg(key ORDER BY key))[1:5],
        encode(sha256(convert_to(string_agg(seen, ',' ORDER BY key), 'UTF8')), 'hex')
    FROM (
        SELECT COALESCE(now.{key}, last.{key}) AS key, COALESCE(now::text, '') AS seen,
            CASE WHEN now.{key} IS NULL THEN 'gone' WHEN last.{key} IS NULL OR last.pgh_label = 'delete' THEN 'new'
                ELSE 'changed' END AS kind
        FROM {table} AS now FULL JOIN last ON last.{key} = now.{key}
        WHERE CASE WHEN now.{key} IS NULL THEN last.pgh_label <> 'delete'
            ELSE last.{key} IS NULL OR last.pgh_label = 'delete' OR ({now}) IS DISTINCT FROM ({last}) END
    ) AS each GROUP BY kind ORDER BY kind
"""
_SENTENCES = {
    "changed": "Changed in {table} without an entry in the audit: {number:,}, by id {ids}.",
    "gone": "Deleted from {table} without an entry in the audit: {number:,}, by id {ids}.",
    "new": "Written to {table} without an entry in the audit, or deleted there: {number:,}, by id {ids}.",
}


def rows() -> Iterator[Finding]:
    """Compare every audited table, each in one statement."""
    for event in audited():
        with connection.cursor() as cursor:
            cursor.execute(_statement(event))
            table = event.pgh_tracked_model._meta.db_table
            for kind, number, ids, seen in cursor.fetchall():
                yield Finding("rows", _SENTENCES[kind].format(number=number, table=table, ids=some(ids, number)), seen)


def audited() -> list[Any]:
    """The models of event tables, in the order of their tables."""
    found = [model for model in apps.get_models(include_auto_created=True) if hasattr(model, "pgh_tracked_model")]
    return sorted(found, key=lambda model: str(model._meta.db_table))


def _statement(event: Any) -> str:
    quote = connection.ops.quote_name
    tracked: type[models.Model] = event.pgh_tracked_model
    columns = {field.column for field in event._meta.concrete_fields}
    shared = [quote(name) for field in tracked._meta.concrete_fields if (name := str(field.column)) in columns]
    primary: Any = tracked._meta.pk
    return _COMPARE.format(
        event=quote(event._meta.db_table),
        table=quote(tracked._meta.db_table),
        key=quote(primary.column),
        now=", ".join(f"now.{column}" for column in shared),
        last=", ".join(f"last.{column}" for column in shared),
    )
