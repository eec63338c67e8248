"""Hashes of clients under a key that is forgotten within the hour, so that no address of theirs is stored anywhere.

HMAC-SHA256 with 256 random bits. All processes share the key, in one row of an unlogged table, which is in no backup
and no copy of the server's log. Whoever reads the database within the hour could try all addresses of IPv4 with it;
afterwards nobody can. A limit that counts by these hashes begins anew with the next key.
"""

import hmac
import logging
import secrets
import threading
import time

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

LIFETIME = 50 * 60.0
"""Seconds until a key is replaced. The task that deletes it runs every ten minutes, so it is gone within the hour."""

_PAUSE = 5.0  # seconds without requests to a database that failed
_CURRENT = """
    WITH made AS (
        INSERT INTO newsrooms_clienthashkey AS current (id, key, made_at) VALUES (1, %(key)s, clock_timestamp())
        ON CONFLICT (id) DO UPDATE SET key = excluded.key, made_at = excluded.made_at
            WHERE current.made_at < clock_timestamp() - make_interval(secs => %(lifetime)s)
        RETURNING key, made_at
    )
    SELECT key, extract(epoch FROM clock_timestamp() - made_at)::float8 AS age
    FROM (SELECT key, made_at FROM made UNION ALL SELECT key, made_at FROM newsrooms_clienthashkey) AS either
    ORDER BY age LIMIT 1
"""
_lock = threading.Lock()
_key, _until = b"", 0.0  # this process's copy, and when it ends by the monotonic clock


def digest(client: str) -> str:
    """The hash of a client, such as `address:192.0.2.7`, in 64 hexadecimal digits; another one in the next hour."""
    return hmac.digest(_current_key(), client.encode("utf-8", "surrogatepass"), "sha256").hex()


def delete_old_key() -> int:
    """Delete the key that has lived its time; returns 1 if there was one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM newsrooms_clienthashkey WHERE made_at < clock_timestamp() - make_interval(secs => %s)",
            [LIFETIME],
        )
        return int(cursor.rowcount)


def reset() -> None:
    """Forget this process's copy, as in a new process."""
    global _key, _until
    with _lock:
        _key, _until = b"", 0.0


def _current_key() -> bytes:
    global _key, _until
    with _lock:
        if time.monotonic() < _until:
            return _key
        try:
            key, age = _stored() or _stored() or (secrets.token_bytes(32), LIFETIME - _PAUSE)
            _key, _until = bytes(key), time.monotonic() + LIFETIME - age
        except DatabaseError as error:
            logger.error("The key of clients' hashes could not be read; this process uses its own: %s", error)
            _key, _until = secrets.token_bytes(32), time.monotonic() + _PAUSE
        return _key


def _stored() -> tuple[bytes, float] | None:
    """The shared key and its age in seconds, made if there is none; None if another process is making one just now."""
    with connection.cursor() as cursor:
        cursor.execute(_CURRENT, {"key": secrets.token_bytes(32), "lifetime": LIFETIME})
        row: tuple[bytes, float] | None = cursor.fetchone()
    return row
