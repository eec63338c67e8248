"""Statements that each poll runs again: planned once a connection, their values sent beside them.

Django's cursors write the values into the statement, so that the server reads and plans it anew each time. Here
values may be long lists, and one plan must do for all of them. Errors are Django's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import connection


def run(
    statement: str, values: Mapping[str, Any] | Sequence[Any] = (), *, plan_anew: bool = False
) -> list[tuple[Any, ...]]:
    """Run it on this thread's connection, within its transaction. Returns the rows, none if it gives none.

    `plan_anew`: for these values, as where the best plan hangs on how many rows are asked for.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, prepare=not plan_anew)
        return cursor.fetchall() if cursor.description else []
