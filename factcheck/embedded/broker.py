"""The message broker on PostgreSQL: kombu's pgmq transport, for a role that owns no tables.

The owner installs pgmq and creates the queues after each migration (`install`). The transport below differs from
kombu's: it uses the connection of Django's settings as it is (a socket folder with spaces, TLS options), never creates
or alters tables, gives up a lost connection after 5 seconds instead of 30, and lets a worker stop within half a second.

PostgreSQL's own tables are the queue of record; a message only says "process what is due". So one that cannot be read
is removed and logged once, and does not end the worker: neither here, where kombu reads it, nor in Celery
(factcheck/consumer.py).
"""

import logging
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connections
from kombu import Connection
from kombu.transport import pgmq as kombu_pgmq
from pgmq import PGMQueue, get_embedded_install_sql, get_embedded_sql_version
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from sources.database.locks import Lock, lock_until_commit

logger = logging.getLogger(__name__)

QUEUES = ("factcheck",)
MAX_MESSAGE = 1_000_000  # bytes; ours have some 1,000

# The table is unlogged: a crash of the server empties it, and without a row no reader is notified.
WAKE_READERS = (
    "INSERT INTO pgmq.notify_insert_throttle (queue_name, throttle_interval_ms) VALUES (%s, 0) ON CONFLICT DO NOTHING"
)


def install(connection: psycopg.Connection[Any]) -> bool:
    """Install pgmq and create the queues where they are missing, as owner; returns whether anything changed.

    One transaction, so that it is complete or absent. Needs CREATE on the database, no superuser.
    """
    changed = False
    with connection.transaction():
        lock_until_commit(Lock.BROKER, on=connection)
        if not connection.execute("SELECT to_regclass('pgmq.meta')").fetchone()[0]:  # type: ignore[index]
            connection.execute(get_embedded_install_sql())
            connection.execute(f"COMMENT ON SCHEMA pgmq IS 'pgmq {get_embedded_sql_version()}'")
            changed = True
        for queue in QUEUES:
            if not connection.execute("SELECT 1 FROM pgmq.meta WHERE queue_name = %s", [queue]).fetchone():
                connection.execute("SELECT pgmq.create(%s)", [queue])
                connection.execute("SELECT pgmq.enable_notify_insert(%s, 0)", [queue])
                changed = True
            connection.execute(WAKE_READERS, [queue])
            changed |= _limit_size(connection, queue)
    return changed


def _limit_size(connection: psycopg.Connection[Any], queue: str) -> bool:
    """Have the database refuse messages over the limit, since a reader notices only once it holds them in memory."""
    known = connection.execute(
        "SELECT 1 FROM pg_constraint WHERE conname = 'message_size' AND conrelid = to_regclass(%s)",
        [f"pgmq.q_{queue}"],
    ).fetchone()
    if known:
        return False
    connection.execute(
        sql.SQL("ALTER TABLE {} ADD CONSTRAINT message_size CHECK (pg_column_size(message) <= {}) NOT VALID").format(
            sql.Identifier("pgmq", f"q_{queue}"), sql.Literal(MAX_MESSAGE)
        )
    )
    return True


def connection_string(alias: str = "default") -> str:
    """The libpq keyword string of one of Django's databases; as a URL it would lose the socket's folder."""
    parameters = connections[alias].get_connection_params()
    wanted = {
        name: value
        for name, value in parameters.items()
        if name not in {"context", "cursor_factory", "prepare_threshold", "client_encoding"} and value is not None
    }
    return make_conninfo("", **wanted)


class Channel(kombu_pgmq.Channel):
    connection: kombu_pgmq.Transport

    def _new_queue(self, queue: str, **kwargs: Any) -> None:
        """Accept known queues only: the owner creates them. Raises LookupError for another one."""
        name = self._queue_name(queue)
        if name not in QUEUES:
            raise LookupError(f"There is no queue {name!r}; add it to factcheck/embedded/broker.py and migrate.")
        self._maybe_enable_notify(queue, queue_name=name)

    def _maybe_enable_notify(self, queue: str, queue_name: str | None = None) -> None:
        if self.use_notify:
            name = queue_name or self._queue_name(queue)
            self.pgmq._execute(WAKE_READERS, (name,))
            self.connection._register_notify_queue(name)

    def _pgmq_messages_to_python(self, messages: list[Any], queue: str) -> list[dict[str, Any]]:
        """Return the messages that can be read; remove and log the others."""
        return [payload for message in messages if (payload := self._read_or_remove(message, queue)) is not None]

    def _read_or_remove(self, message: Any, queue: str) -> dict[str, Any] | None:
        try:
            payload: dict[str, Any] = self._pgmq_message_to_python(message, queue)
            # A tag of its own for each delivery, so that one message cannot acknowledge another.
            payload["properties"]["delivery_tag"] = str(uuid4())
            read = self.Message(payload, channel=self)
            dict(read.headers), dict(read.delivery_info)
        except Exception as error:  # noqa: BLE001 - anything that a message breaks
            logger.error("Message %s of the queue cannot be read and was removed: %r", message.msg_id, error)
            self.pgmq.delete(self._queue_name(queue), message.msg_id)
            return None
        return payload


class Transport(kombu_pgmq.Transport):
    Channel = Channel

    client: Connection

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        base: Any = super()
        base.drain_events(connection, timeout=min(0.5, timeout or 0.5))

    def _create_pgmq_client(self) -> PGMQueue:
        options = self.client.transport_options or {}
        pool = ConnectionPool(
            connection_string(),
            min_size=1,
            max_size=options["pool_size"],
            timeout=5,
            check=ConnectionPool.check_connection,
            open=True,
        )
        client = PGMQueue(
            conn_string="host=given-by-the-pool",
            vt=options["visibility_timeout"],
            init_extension=False,
            pool=pool,
        )
        client._own_pool = True  # closed with the client
        return client

    def _get_notify_waiter(self) -> Any:
        if self._notify_waiter is None:
            self._notify_waiter = kombu_pgmq._NotifyWaiter(connection_string())
        return self._notify_waiter
