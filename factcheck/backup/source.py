"""Read a database for a backup: hold the lock, and count, list and dump in one snapshot of it."""

import hashlib
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from django.apps import apps
from django.conf import settings
from psycopg import sql

from factcheck.backup import postgresql
from factcheck.backup.places import BackupError
from factcheck.embedded.broker import connection_string
from sources.database.locks import Lock

LOCK_WITHIN = 30  # seconds to wait for whatever deletes at this moment
# Tables whose rows are of use only while this installation runs: sessions, buckets of rate limits, heartbeats, attempts
# to make backups; and what is forgotten within the hour. Of an app that is not installed nothing is left out. Rows of
# an audited table stay with their audit.
_PASSING = (
    *("sessions.Session", "login.Session", "login.Throttle", "login.CacheEntry", "newsrooms.Bucket"),
    *("newsrooms.ClientHashKey", "claims.TipSender", "claims.ComplaintSender", "claims.Presence"),
    *("factcheck.Heartbeat", "backup.BackupRun"),
)
_TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    " AND NOT relispartition ORDER BY 1"
)
_SIZE = (
    "SELECT COALESCE(sum(pg_table_size(oid)), 0)::bigint FROM pg_class"
    " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
)


def left_out() -> list[str]:
    """The tables whose rows are not in a backup."""
    names = []
    for label in _PASSING:
        app, model = label.split(".")
        try:
            names.append(apps.get_model(app, model)._meta.db_table)
        except LookupError:
            continue
    return names


def _connect(alias: str) -> psycopg.Connection[Any]:
    try:
        connection = psycopg.connect(connection_string(alias), autocommit=True)
    except psycopg.OperationalError as error:
        hint = " Is manage.py up running, with the same --data?" if settings.EMBEDDED_DATABASE else ""
        raise BackupError(f"The database does not answer: {str(error).splitlines()[0]}{hint}") from error
    # A backup of much data may take hours, and the role has limits for what hangs.
    for name in ("statement_timeout", "idle_in_transaction_session_timeout", "lock_timeout"):
        connection.execute(sql.SQL("SET {} = 0").format(sql.Identifier(name)))
    return connection


@contextmanager
def locked(alias: str) -> Iterator[psycopg.Connection[Any]]:
    """Hold the lock of backups, which whatever deletes blobs respects. Raises `BackupError` if it is taken."""
    with _connect(alias) as connection:
        deadline = time.monotonic() + LOCK_WITHIN
        while not connection.execute(f"SELECT pg_try_advisory_lock({Lock.BACKUP})").fetchone()[0]:  # type: ignore[index]
            if time.monotonic() > deadline:
                raise BackupError("Another backup of this database is being made. Wait until it is done.")
            time.sleep(0.2)
        yield connection


def is_locked(connection: psycopg.Connection[Any]) -> bool:
    """Whether the session still lives and so holds its lock."""
    try:
        connection.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


class Source:
    """One snapshot of the database, as a role that may read every table."""

    def __init__(self, connection: psycopg.Connection[Any], alias: str, snapshot: str) -> None:
        self._connection = connection
        self._alias = alias
        self._snapshot = snapshot
        self.server = connection.info.server_version
        self.left_out = left_out()

    def _row(self, query: LiteralString) -> tuple[Any, ...]:
        return self._connection.execute(query).fetchone() or ()

    def counts(self) -> dict[str, int]:
        """Rows by table, of those that are dumped."""
        return count_rows(self._connection, self.left_out)

    def log(self) -> dict[str, Any]:
        """The head of the publication log."""
        return log_head(self._connection)

    def has_in_log(self, head: dict[str, Any]) -> bool:
        """Whether the head of another log is a row of this one, so that this one goes on from there."""
        if not head.get("sequence"):
            return True
        query = "SELECT EXISTS (SELECT FROM public.claims_publication WHERE sequence = %s AND hash = %s)"
        [found] = self._connection.execute(query, [head["sequence"], head["hash"]]).fetchone() or [False]
        return bool(found)

    def installation(self) -> str:
        """What tells this desk from others, wherever it is restored: when its first migrations ran."""
        [first] = self._row(
            "SELECT string_agg(at, ',') FROM (SELECT extract(epoch FROM applied)::text AS at FROM django_migrations"
            " ORDER BY id LIMIT 3) AS first"
        )
        return hashlib.sha256(str(first).encode()).hexdigest()[:16]

    def migrations(self) -> list[str]:
        rows = self._connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
        return [name for (name,) in rows]

    def table_bytes(self) -> int:
        """Bytes of the tables, without indexes."""
        return int(self._row(_SIZE)[0])

    def blobs(self) -> Iterator[tuple[str, int]]:
        """sha256 and size of each blob whose file must be there, in the order of the sha256."""
        # Before an upgrade the table is that of an earlier version, which marks none.
        marks = self._row(
            "SELECT count(*) FROM pg_attribute WHERE attrelid = 'public.sources_blob'::regclass"
            " AND attname = 'unused_since' AND NOT attisdropped"
        ) == (1,)
        used = sql.SQL("WHERE unused_since IS NULL" if marks else "")
        with self._connection.cursor(name="blobs") as cursor:
            cursor.itersize = 10_000
            cursor.execute(sql.SQL("SELECT sha256, size FROM public.sources_blob {} ORDER BY sha256").format(used))
            yield from cursor

    def dump(self) -> Iterator[bytes]:
        """The dump of the same snapshot, compressed."""
        return postgresql.dump(alias=self._alias, snapshot=self._snapshot, left_out=self.left_out)


@contextmanager
def open_source(alias: str) -> Iterator[Source]:
    """Open a snapshot of the database, and end it with the block. Raises `BackupError`."""
    with _connect(alias) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        if connection.execute("SELECT to_regclass('public.claims_publication')").fetchone() == (None,):
            raise BackupError("The database is empty: there is nothing to back up.")
        [snapshot] = connection.execute("SELECT pg_export_snapshot()").fetchone() or [""]
        yield Source(connection, alias, snapshot)


def count_rows(connection: psycopg.Connection[Any], but: Iterable[str]) -> dict[str, int]:
    """Rows of each table of the schema `public`, but of these."""
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    counted = {}
    for name in sorted(set(names) - set(but)):
        query = sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
        [counted[name]] = connection.execute(query).fetchone() or [0]
    return counted


def log_head(connection: psycopg.Connection[Any]) -> dict[str, Any]:
    """Sequence and hash of the last row of the publication log, and how many rows there are."""
    row = connection.execute(
        "SELECT sequence, hash, (SELECT count(*) FROM claims_publication) FROM claims_publication"
        " ORDER BY sequence DESC LIMIT 1"
    ).fetchone()
    sequence, digest, count = row or (0, "0" * 64, 0)
    return {"sequence": sequence, "hash": digest, "count": count}
