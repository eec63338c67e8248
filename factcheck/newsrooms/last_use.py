"""Record when a key or a feed token was last used: in a row beside it, which the audit leaves out."""

import threading
import time

from django.db import connection

RECORD_EVERY = 60.0  # seconds between two writes of one row's last use by one process


class LastUses:
    """The last uses of the rows of one model; `table` holds them and `column` names the row. For any thread."""

    def __init__(self, table: str, column: str) -> None:
        self._statement = (
            f"INSERT INTO {table} AS known ({column}, last_used_at) VALUES (%s, clock_timestamp())"  # noqa: S608
            f" ON CONFLICT ({column})"
            " DO UPDATE SET last_used_at = greatest(known.last_used_at, excluded.last_used_at)"
        )
        self._written: dict[int, float] = {}  # monotonic time of the last write by the row's primary key
        self._lock = threading.Lock()

    def record(self, pk: int) -> None:
        """Record that the row was used now, unless this process did within the last minute."""
        now = time.monotonic()
        with self._lock:
            if now - self._written.get(pk, float("-inf")) < RECORD_EVERY:
                return
            self._written[pk] = now
        with connection.cursor() as cursor:
            cursor.execute(self._statement, [pk])

    def forget(self) -> None:
        """Begin as a new process does."""
        with self._lock:
            self._written.clear()
