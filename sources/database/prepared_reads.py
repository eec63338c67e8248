"""SQL for what every request asks, at a small part of an ORM query's cost: psycopg's libpq layer, bytes in and out.

A `Prepared` statement is planned once per connection; PostgreSQL may then keep one plan for all values, so it is for
look-ups by a key. `rows` plans anew for the values that are given. Both run on Django's connection, read alone, and are
seen by `CaptureQueriesContext`.
"""

import time
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import connection
from psycopg.pq import ConnStatus, ExecStatus, Format

Row = tuple[bytes | None, ...]
_known: "WeakKeyDictionary[psycopg.Connection[Any], set[bytes]]" = WeakKeyDictionary()


class Prepared:
    """A statement under a name of its own; `$1`, `$2` … stand for values."""

    def __init__(self, name: str, sql: str) -> None:
        self.name = name.encode()
        self.sql = sql.encode()

    def rows(self, *values: bytes | None, binary: bool = False) -> list[Row]:
        """What the statement answers to these values, in text or in PostgreSQL's binary form."""
        return _once_more_if_broken(lambda session: self._run(session, values, binary))

    def _run(self, session: "psycopg.Connection[Any]", values: Any, binary: bool) -> list[Row]:
        known = _known.setdefault(session, set())
        if self.name not in known:
            _checked(session, session.pgconn.prepare(self.name, self.sql))
            known.add(self.name)
        return _timed(session, self.sql, lambda: session.pgconn.exec_prepared(self.name, values, None, _form(binary)))


def rows(sql: str, *values: bytes | None, binary: bool = False) -> list[Row]:
    """What a statement answers, planned for these values."""
    data = sql.encode()
    return _once_more_if_broken(
        lambda session: _timed(
            session, data, lambda: session.pgconn.exec_params(data, values, None, None, _form(binary))
        )
    )


def _form(binary: bool) -> int:
    return Format.BINARY if binary else Format.TEXT


def _once_more_if_broken(run: "Callable[[psycopg.Connection[Any]], list[Row]]") -> list[Row]:
    """A connection that ended since the last request is made anew, which saves asking each time whether it stands."""
    fresh = connection.connection is None
    with connection.wrap_database_errors:
        connection.ensure_connection()
        try:
            found = run(connection.connection)
        except psycopg.OperationalError:
            ended = connection.connection.pgconn.status == ConnStatus.BAD
            if fresh or not ended or connection.in_atomic_block:
                raise
            connection.close()
            connection.ensure_connection()
            found = run(connection.connection)
    connection.health_check_done = True  # type: ignore[attr-defined]  # it has just answered
    return found


def _timed(session: "psycopg.Connection[Any]", sql: bytes, run: Callable[[], Any]) -> list[Row]:
    began = time.monotonic()
    result = _checked(session, run())
    if connection.queries_logged:
        took = f"{time.monotonic() - began:.3f}"
        connection.queries_log.append({"sql": sql.decode(), "time": took})
    columns = range(result.nfields)
    get = result.get_value
    return [tuple([get(row, column) for column in columns]) for row in range(result.ntuples)]


def _checked(session: "psycopg.Connection[Any]", result: Any) -> Any:
    if result.status not in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        if session.pgconn.status == ConnStatus.BAD:  # it ended; such a result names no SQLSTATE
            raise psycopg.OperationalError(result.get_error_message("utf-8"))
        raise psycopg.errors.error_from_result(result, encoding="utf-8")
    return result
