"""Migrations drop unneeded indexes from the tables that polls and imports fill, and restore them when reversed."""

from typing import Any

import pytest
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from sources.database.migration_indexes import DropLikeIndexes

pytestmark = pytest.mark.sql

FILLED = [
    f"{app}_{name}"
    for app, names in {
        "claims": (
            "claim", "document", "statement", "appearance", "article", "review", "reviewversion", "importedrecord",
            "publication", "publicationbody", "claimversion", "evidencecheck",
        ),
        "sources": ("blob", "text", "snapshot", "change", "polling"),
    }.items()
    for name in names
]  # fmt: skip


def indexes(cursor: Any, *tables: str) -> list[tuple[str, str, list[str], bool, bool]]:
    """The b-tree indexes of these tables: table, name, columns, whether unique, whether partial."""
    cursor.execute(
        """
        SELECT t.relname, i.relname, array_agg(a.attname::text ORDER BY k.nth), x.indisunique, x.indpred IS NOT NULL
        FROM pg_index AS x
        JOIN pg_class AS i ON i.oid = x.indexrelid JOIN pg_class AS t ON t.oid = x.indrelid
        JOIN pg_am ON pg_am.oid = i.relam AND amname = 'btree'
        CROSS JOIN LATERAL unnest(x.indkey::int[]) WITH ORDINALITY AS k (place, nth)
        JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.place
        WHERE t.relname = ANY(%s::text[]) GROUP BY 1, 2, 4, 5
        """,
        [list(tables)],
    )
    return cursor.fetchall()


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_index_of_these_tables_is_a_prefix_of_another() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname = ANY(%s::text[])", [FILLED])
        assert {name for (name,) in cursor.fetchall()} == set(FILLED)
        known = indexes(cursor, *FILLED)
        events = indexes(cursor, *(f"{table}event" for table in FILLED))
    needless = [
        (name, other)
        for table, name, columns, unique, partial in known
        for of, other, more, _, other_partial in known
        if of == table and other != name and not unique and not partial and not other_partial
        if more[: len(columns)] == columns
    ]
    assert needless == []
    # Partial ones are for what imports never write.
    whole = {tuple(columns) for _, _, columns, _, partial in events if not partial}
    assert whole == {("pgh_id",), ("pgh_obj_id",)}


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_operation_is_reversible() -> None:
    owner = connections["owner"]
    operation, table = DropLikeIndexes(), "sources_snapshot"
    state = MigrationLoader(owner).project_state(("sources", "0001_initial"))

    def plain() -> int:
        with owner.cursor() as cursor:
            return sum(names == ["public_id"] and not unique for _, _, names, unique, _ in indexes(cursor, table))

    assert plain() == 0
    with owner.schema_editor(atomic=False) as editor:
        operation.database_backwards("sources", editor, state, state)
    assert plain() == 1
    with owner.schema_editor(atomic=False) as editor:
        operation.database_forwards("sources", editor, state, state)
    assert plain() == 0
