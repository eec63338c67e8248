"""Acquire PostgreSQL advisory locks; this registry lists every lock number and what it protects.

The numbers are arbitrary and unique. PostgreSQL distinguishes single numbers and pairs, so a lock with a second number
is a separate lock for each of these.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import IntEnum, unique
from typing import Any

import psycopg
from django.db import OperationalError, connection


@unique
class Lock(IntEnum):
    """The numbers of all advisory locks.

    In addition an ingest locks 60 bits of its text's hash, and a request with an Idempotency-Key a pair with 64 bits of
    the key's hash; a collision with these numbers is improbable.
    """

    BROKER = 5_117_401  # one installation of the broker's tables at a time
    RIGHTS = 5_117_402  # one granting of rights to the database's roles at a time
    LOG = 7_361_402_911  # the publication log, from reading its head to commit; the log's trigger locks it too
    DUMP = 7_361_402_912  # one dump is written at a time, on whichever host
    IMPORT = 7_361_402_913  # one import runs at a time
    SEAL = 7_361_402_915  # one process seals the logs and writes a checkpoint
    AUDIT = 7_361_402_916  # one daily audit runs at a time
    REBUILD = 7_361_402_914  # one rebuild of the index runs at a time
    LABELS = 7_361_402_917  # one process maps labels of publishers anew at a time
    # One backup is made at a time. Whatever deletes blobs asks `removal_allowed` in the transaction that deletes their
    # rows, and deletes the bytes no sooner than a day after that: a backup copies what its snapshot of the rows names.
    BACKUP = 4_820_131
    THINNING = 4_820_137  # one thinning runs at a time
    INTEGRITY_CHECK = 4_820_119  # one integrity check of the snapshots runs at a time
    ARCHIVE_COPIES = 4_820_123  # one process queues archive copies, so that a page is queued once
    PROPOSALS = 6_204_881  # one process proposes what is new in feeds, so that a page is proposed once
    NEW_SENDER = 7_310_446  # one newsroom gets its stand-in user at a time
    DRAFT_EVENTS = 7_310_449  # what newsrooms are told of their drafts, from the last number to commit
    TIPS = 7_310_450  # one tip finds its group at a time, and groups are merged and split
    REHEARSAL = 7_310_451  # one event at a time is rehearsed on the demo
    MATCHING_TABLES = 7_310_452  # the tables of legs on PostgreSQL are made once, in the database that they are given
    SITE_LOG = 7_310_454  # the site's own log, from reading its head to commit; its trigger locks it too
    NOTICED_ONCE = 7_310_455  # what people are told of once is told by one process at a time
    # With a second number:
    SENDER_FETCH = 7_310_447  # and the sender's id: one page at a time is fetched for a newsroom
    LONG_DOCUMENT = 7_310_448  # and the document's id modulo 2^31: one process at a time reads a long document
    BULK_ACTION = 7_310_453  # and the user's id modulo 2^31: one bulk action of a person runs at a time
    SWEEP = 73_614  # and the page's id modulo 2^31: one sweep at a time works on a page


def lock_until_commit(*numbers: int, on: Any = connection) -> None:
    """Wait for a lock and hold it until the transaction ends. `on` may be a psycopg connection."""
    _call("pg_advisory_xact_lock", numbers, on)


def try_lock_until_commit(*numbers: int) -> bool:
    """Acquire a lock until the transaction ends. Returns False at once if another session holds it."""
    return bool(_call("pg_try_advisory_xact_lock", numbers))


def removal_allowed(on: Any = connection) -> bool:
    """Keep backups from starting until the transaction ends. Returns False if one runs: then delete nothing."""
    return bool(_call("pg_try_advisory_xact_lock_shared", [Lock.BACKUP], on))


def try_each_until_commit(first: Lock, seconds: Sequence[int]) -> list[int]:
    """Acquire locks for many second numbers until the transaction ends. Returns those that were free."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT second FROM unnest(%s::bigint[]) AS second"
            " WHERE pg_try_advisory_xact_lock(%s, (second %% 2147483648)::int)",
            [list(seconds), first],
        )
        return [second for (second,) in cursor.fetchall()]


def limit_lock_waits(seconds: float, on: Any = connection) -> None:
    """Give up each wait for a lock, of a row too, after so long, until the transaction ends."""
    with on.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{round(seconds * 1000)}ms"])


def is_lock_failure(error: OperationalError) -> bool:
    """Whether a statement waited too long for a lock, or was chosen to end a deadlock: worth another try."""
    return isinstance(error.__cause__, psycopg.errors.LockNotAvailable | psycopg.errors.DeadlockDetected)


@contextmanager
def held(*numbers: int, on: Any = connection, wait: bool = False) -> Iterator[bool]:
    """Hold a lock within the block, across transactions. Yields False at once if another session holds it.

    With `wait` it waits until that one has let go.
    """
    if wait:
        _call("pg_advisory_lock", numbers, on)
    taken = wait or bool(_call("pg_try_advisory_lock", numbers, on))
    try:
        yield taken
    finally:
        if taken:
            _call("pg_advisory_unlock", numbers, on)


def _call(function: str, numbers: Sequence[int], on: Any = connection) -> Any:
    places = "%s::bigint" if len(numbers) == 1 else "%s::integer, %s::integer"
    with on.cursor() as cursor:
        cursor.execute(f"SELECT {function}({places})", [int(number) for number in numbers])
        return cursor.fetchone()[0]
