"""The database of the legs: its tables, one connection that writes, and a pool for who asks.

It holds copies of published claims alone, and is never the database of the product: a matcher may drop its tables and
write them anew. Needs PostgreSQL 15 with the extensions `vector` (pgvector, 0.7 or newer) and `pg_trgm`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import Connection
from psycopg_pool import ConnectionPool

from sources.database.locks import Lock, lock_until_commit

VERSION = 1  # raise it with every change of the tables: those of another version are dropped
_READERS = 8  # connections
_SECONDS = 2  # that a question may take
_TABLES = """
    CREATE SCHEMA factcheck_matching;
    CREATE TABLE factcheck_matching.version (version integer NOT NULL);
    CREATE TABLE factcheck_matching.claim (
        id text COLLATE "C" PRIMARY KEY,
        text_hash bigint NOT NULL,
        body text NOT NULL,
        text_terms text[] NOT NULL,
        other_terms text[] NOT NULL
    );
    CREATE INDEX claim_text_hash ON factcheck_matching.claim (text_hash);
    CREATE INDEX claim_terms ON factcheck_matching.claim USING gin ((text_terms || other_terms));
    CREATE TABLE factcheck_matching.term (term text COLLATE "C" PRIMARY KEY, claims bigint NOT NULL);
    CREATE INDEX term_trigrams ON factcheck_matching.term USING gin (term gin_trgm_ops);
    CREATE TABLE factcheck_matching.vector (
        encoder text NOT NULL,
        text_hash bigint NOT NULL,
        vector vector(384) NOT NULL,
        PRIMARY KEY (encoder, text_hash)
    );
"""


class UnsuitableDatabase(Exception):
    """The database lacks what the legs need; the message says what to do."""


class MatcherDatabase:
    """Connections to the database of a matcher. One thread writes; any number ask."""

    def __init__(self, url: str) -> None:
        """Connect, and make the tables where they are missing. Raises UnsuitableDatabase and psycopg's errors."""
        self._lock = threading.RLock()
        self._writer: Connection = psycopg.connect(url)
        self._make_tables()
        settings = f"-c statement_timeout={_SECONDS}s -c jit=off"
        self._readers = ConnectionPool(
            url, min_size=1, max_size=_READERS, open=True, kwargs={"autocommit": True, "options": settings}
        )

    def close(self) -> None:
        """Close all connections; what was not committed is lost."""
        self._readers.close()
        self._writer.close()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """The connection whose transaction `commit` ends."""
        with self._lock:
            yield self._writer

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees what was committed."""
        with self._readers.connection() as connection:
            yield connection

    def commit(self) -> None:
        """Make what was written visible."""
        with self._lock:
            self._writer.commit()

    def _make_tables(self) -> None:
        with self._writer.transaction():
            lock_until_commit(Lock.MATCHING_TABLES, on=self._writer)
            for name in ("vector", "pg_trgm"):
                self._have_extension(name)
            there = self._writer.execute("SELECT to_regclass('factcheck_matching.version') IS NOT NULL").fetchone()
            if there and there[0]:
                if self._writer.execute("SELECT version FROM factcheck_matching.version").fetchone() == (VERSION,):
                    return
                self._writer.execute("DROP SCHEMA factcheck_matching CASCADE")
            self._writer.execute(_TABLES)
            self._writer.execute("INSERT INTO factcheck_matching.version VALUES (%s)", [VERSION])

    def _have_extension(self, name: str) -> None:
        known = self._writer.execute("SELECT 1 FROM pg_extension WHERE extname = %s", [name]).fetchone()
        if known:
            return
        try:
            with self._writer.transaction():
                self._writer.execute(f'CREATE EXTENSION "{name}"'.encode())
        except psycopg.Error as error:
            raise UnsuitableDatabase(
                f"The database lacks the extension {name}: have a superuser run CREATE EXTENSION {name} there."
            ) from error


def signed(text_hash: int) -> int:
    """A hash of 64 bits as PostgreSQL's bigint has it."""
    return text_hash - (1 << 64) if text_hash >= 1 << 63 else text_hash
