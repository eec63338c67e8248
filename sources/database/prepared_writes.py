"""Execute a given SQL statement as a server-side prepared statement; the poller's modules contain the SQL.

Django's cursors interpolate the values, so the server parses and plans each statement again. Here the values may be
long lists, and one plan serves all of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def run(
    statement: str, values: Mapping[str, Any] | Sequence[Any] = (), *, custom_plan: bool = False
) -> list[tuple[Any, ...]]:
    """Execute a statement within the current transaction and return its rows, if any. Raises Django's errors.

    `custom_plan` plans it for these values, as where the best plan depends on the number of rows requested.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=not custom_plan)
        return cursor.fetchall() if cursor.description else []
