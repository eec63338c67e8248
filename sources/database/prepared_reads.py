"""Run read-only SQL through psycopg's libpq layer, for queries that every request makes; far cheaper than the ORM.

Parameters and results are bytes. A `PreparedStatement` is prepared once per connection, and PostgreSQL may reuse one
plan for all values: use it for key look-ups. `rows` plans each query for its values. Both run on Django's connection,
and `CaptureQueriesContext` records them.
"""

import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg.pq import ConnStatus, ExecStatus, Format

Row = tuple[bytes | None, ...]
_prepared_names: "WeakKeyDictionary[psycopg.Connection[Any], set[bytes]]" = WeakKeyDictionary()


class PreparedStatement:
    """A named SQL statement; `$1`, `$2` … are its parameters."""

    def __init__(self, name: str, sql: str) -> None:
        self.name = name.encode()
        self.sql = sql.encode()

    def rows(self, *values: bytes | None, binary: bool = False) -> list[Row]:
        """Execute the statement and return its rows, in PostgreSQL's text or binary format. Raises Django's errors."""
        return _with_reconnect(lambda session: self._run(session, values, binary))

    def _run(self, session: "psycopg.Connection[Any]", values: Any, binary: bool) -> list[Row]:
        names = _prepared_names.setdefault(session, set())
        if self.name not in names:
            _checked(session, session.pgconn.prepare(self.name, self.sql))
            names.add(self.name)
        return _fetch(session, self.sql, lambda: session.pgconn.exec_prepared(self.name, values, None, _format(binary)))


def rows(sql: str, *values: bytes | None, binary: bool = False) -> list[Row]:
    """Execute a statement, planned for these values, and return its rows. Raises Django's errors."""
    data = sql.encode()
    return _with_reconnect(
        lambda session: _fetch(
            session, data, lambda: session.pgconn.exec_params(data, values, None, None, _format(binary))
        )
    )


def _format(binary: bool) -> int:
    return Format.BINARY if binary else Format.TEXT


def _with_reconnect(run: "Callable[[psycopg.Connection[Any]], list[Row]]") -> list[Row]:
    """Reconnect and retry if the connection was closed since the last request; this saves a check before each query."""
    fresh = connection.connection is None
    with connection.wrap_database_errors:
        connection.ensure_connection()
        try:
            result = run(connection.connection)
        except psycopg.OperationalError:
            closed = connection.connection.pgconn.status == ConnStatus.BAD
            if fresh or not closed or connection.in_atomic_block:
                raise
            connection.close()
            connection.ensure_connection()
            result = run(connection.connection)
    connection.health_check_done = True  # type: ignore[attr-defined]  # it has just answered
    return result


def _fetch(session: "psycopg.Connection[Any]", sql: bytes, run: Callable[[], Any]) -> list[Row]:
    started = time.monotonic()
    result = _checked(session, run())
    if connection.queries_logged:
        connection.queries_log.append({"sql": sql.decode(), "time": f"{time.monotonic() - started:.3f}"})
    columns = range(result.nfields)
    get = result.get_value
    return [tuple([get(row, column) for column in columns]) for row in range(result.ntuples)]


def _checked(session: "psycopg.Connection[Any]", result: Any) -> Any:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        if session.pgconn.status == ConnStatus.BAD:  # the connection closed; the result has no SQLSTATE
            raise psycopg.OperationalError(result.get_error_message("utf-8"))
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
    return result
