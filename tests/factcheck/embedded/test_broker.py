"""The broker on PostgreSQL, as the role that owns nothing uses it."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from kombu import Connection, Consumer, Queue
from psycopg.conninfo import conninfo_to_dict

from factcheck.embedded import broker

pytestmark = [
    pytest.mark.sql,
    pytest.mark.skipif(not settings.BROKER_IS_POSTGRESQL, reason="another broker is configured"),
]
QUEUE = Queue("factcheck", routing_key="factcheck")


@pytest.fixture
def connection(live_database: Any) -> Iterator[Connection]:
    with connect() as connection:
        yield connection


def connect(**options: Any) -> Connection:
    return Connection(
        settings.CELERY_BROKER_URL,
        transport=settings.CELERY_BROKER_TRANSPORT,
        transport_options={**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **options},
    )


def send(connection: Connection, body: str) -> None:
    with connection.Producer() as producer:
        producer.publish(body, routing_key="factcheck", serializer="json")


class Reader:
    def __init__(self, connection: Connection, *, acknowledge: bool = True) -> None:
        self.connection, self.acknowledge = connection, acknowledge
        self.got: list[str] = []

    def _receive(self, body: str, message: Any) -> None:
        self.got.append(body)
        if self.acknowledge:
            message.ack()

    def read(self, seconds: float, least: int = 1) -> list[str]:
        """What came within so many seconds, until there are `least` messages."""
        deadline = time.monotonic() + seconds
        with Consumer(self.connection.channel(), [QUEUE], callbacks=[self._receive]):
            while len(self.got) < least and time.monotonic() < deadline:
                try:
                    self.connection.drain_events(timeout=0.2)
                except TimeoutError:
                    continue
        return self.got


def test_what_is_sent_comes_once(connection: Connection) -> None:
    for number in range(25):
        send(connection, f"message {number}")
    assert sorted(Reader(connection).read(5, least=25)) == sorted(f"message {number}" for number in range(25))
    assert Reader(connection).read(0.5) == []


def test_a_message_that_nobody_acknowledged_comes_again(live_database: Any) -> None:
    with connect(visibility_timeout=1) as first:
        send(first, "again")
        assert Reader(first, acknowledge=False).read(2) == ["again"]
        first.transport._pgmq_client = None  # as if killed: nothing is given back
    with connect(visibility_timeout=1) as second:
        assert Reader(second).read(3) == ["again"]


def test_a_waiting_reader_is_woken(connection: Connection) -> None:
    """The transport looks by itself once in half a second; NOTIFY makes it look at once."""
    delays = []

    def send_later() -> None:
        with connect() as sender:
            send(sender, "warm up")
            for number in range(6):
                time.sleep(0.27)
                sent.append(time.monotonic())
                send(sender, f"message {number}")

    sent: list[float] = []
    thread = threading.Thread(target=send_later)
    reader = Reader(connection)
    thread.start()
    for count in range(1, 8):
        reader.read(3, least=count)
        if count > 1:
            delays.append(time.monotonic() - sent[count - 2])
    thread.join()
    assert len(reader.got) == 7
    assert sorted(delays)[3] < 0.1


def test_a_queue_that_the_owner_did_not_make_is_an_error(connection: Connection) -> None:
    with pytest.raises(LookupError, match=r"add it to factcheck/embedded/broker\.py"):
        Queue("other").bind(connection.channel()).declare()


def test_installing_again_changes_nothing(live_database: Any) -> None:
    owner = connections["owner"]
    owner.ensure_connection()
    assert broker.install(owner.connection) is False


def test_a_crash_of_the_server_does_not_silence_the_queue(live_database: Any) -> None:
    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("DELETE FROM pgmq.notify_insert_throttle")  # unlogged: empty after a crash
        broker.install(owner.connection)
        cursor.execute("SELECT queue_name, throttle_interval_ms FROM pgmq.notify_insert_throttle")
        assert cursor.fetchall() == [(queue, 0) for queue in broker.QUEUES]


def test_a_reader_that_connects_again_after_a_crash_is_woken(connection: Connection) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM pgmq.notify_insert_throttle")
        assert Reader(connection).read(0.1) == []
        cursor.execute("SELECT count(*) FROM pgmq.notify_insert_throttle")
        assert cursor.fetchone() == (1,)


def test_the_address_keeps_what_a_url_would_lose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "/a folder/with 'quotes'")
    monkeypatch.setitem(connections["default"].settings_dict, "PASSWORD", "p@ss word/+")
    parsed = conninfo_to_dict(broker.connection_string())
    assert parsed["host"] == "/a folder/with 'quotes'"
    assert parsed["password"] == "p@ss word/+"
