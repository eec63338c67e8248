"""A migration operation that drops the indexes Django creates by default and no query uses.

Each index slows every insert; indexes on random ids slow it most, since each insert touches another part of them.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


def _own_fields(state: ProjectState, app_label: str) -> Iterable[tuple[type[models.Model], Any]]:
    for model in state.apps.get_app_config(app_label).get_models(include_auto_created=True):
        yield from ((model, field) for field in model._meta.local_fields)


class DropLikeIndexes(Operation):
    """Drop the additional LIKE index that Django creates for each unique or foreign-key text column of an app.

    No query searches these columns by prefix. Tables created by later migrations keep their LIKE indexes.
    """

    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        pass

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        unwanted = set()
        for model, field in _own_fields(from_state, app_label):
            if (statement := _like(schema_editor, model, field)) is not None:
                unwanted.add(str(statement))
                _drop(schema_editor, model, field)
        # The indexes of tables that this migration creates are still deferred.
        schema_editor.deferred_sql = [
            statement for statement in schema_editor.deferred_sql if str(statement) not in unwanted
        ]

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model, field in _own_fields(to_state, app_label):
            if (statement := _like(schema_editor, model, field)) is not None:
                schema_editor.execute(statement)

    def describe(self) -> str:
        return "Drop the indexes for LIKE"


def _like(schema_editor: Any, model: type[models.Model], field: Any) -> Any:
    return schema_editor._create_like_index_sql(model, field)


def _drop(schema_editor: Any, model: type[models.Model], field: Any) -> None:
    """Find the index by its properties: its name contains a hash."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT index.relname FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid
            JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
            JOIN pg_opclass ON pg_opclass.oid = indclass[0]
            WHERE indrelid = %s::regclass AND indnkeyatts = 1 AND attname = %s
              AND NOT indisunique AND indpred IS NULL AND opcname IN ('varchar_pattern_ops', 'text_pattern_ops')
            """,
            [model._meta.db_table, field.column],
        )
        names = [name for (name,) in cursor.fetchall()]
    for name in names:
        schema_editor.execute(f"DROP INDEX {schema_editor.quote_name(name)}")
