"""The message broker on PostgreSQL: kombu's pgmq transport, for a role that owns no tables.

The owner installs pgmq and creates the queues after each migration (`install`). The transport below differs from
kombu's: it uses the connection of Django's settings as it is (a socket folder with spaces, TLS options), never creates
or alters tables, gives up a lost connection after 5 seconds instead of 30, and lets a worker stop within half a second.

PostgreSQL's own tables are the queue of record; a message only says "process what is due".
"""

from typing import Any

import psycopg
from django.db import connections
from kombu import Connection
from kombu.transport import pgmq as kombu_pgmq
from pgmq import PGMQueue, get_embedded_install_sql, get_embedded_sql_version
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool

from sources.database.locks import Lock, lock_until_commit

QUEUES = ("factcheck",)

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
    return changed


def connection_string() -> str:
    """The libpq keyword string of Django's database `default`; as a URL it would lose the socket's folder."""
    parameters = connections["default"].get_connection_params()
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
