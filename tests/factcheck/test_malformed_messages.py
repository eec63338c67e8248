"""Messages that nobody of ours sent: a real worker removes them, says so once, and goes on."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from factcheck.celery import app
from factcheck.embedded.broker import MAX_MESSAGE
from factcheck.models import Heartbeat
from tests import broker

pytestmark = pytest.mark.sql
on_postgresql = pytest.mark.skipif(not settings.BROKER_IS_POSTGRESQL, reason="another broker is configured")
on_redis = pytest.mark.skipif(not settings.CELERY_BROKER_URL.startswith("redis"), reason="the broker is not Redis")
ROOT = Path(__file__).resolve().parents[2]
TASK = "factcheck.health.round_trip"


def good() -> dict[str, Any]:
    """A message as Celery writes it."""
    return {
        "body": "W1tdLCB7fSwgeyJjYWxsYmFja3MiOiBudWxsfV0=",  # [[], {}, {"callbacks": null}]
        "headers": {"lang": "py", "task": TASK, "id": "8e03978e", "retries": 0, "root_id": "8e03978e"},
        "properties": {
            "delivery_info": {"exchange": "", "routing_key": "factcheck"},
            "delivery_tag": "8e03978e",
            "correlation_id": "8e03978e",
            "body_encoding": "base64",
            "priority": 0,
        },
        "content-type": "application/json",
        "content-encoding": "utf-8",
    }


def changed(**parts: Any) -> dict[str, Any]:
    """A good message with other parts; a part is removed by None, and headers and properties are merged."""
    message = good()
    for name, value in parts.items():
        name = name.replace("_", "-") if name.startswith("content") else name
        if isinstance(value, dict) and name in ("headers", "properties"):
            message[name] |= value
        else:
            message[name] = value
    return message


MALFORMED: dict[str, Any] = {
    "a number": 7,
    "a string": "poll",
    "a list": [1, 2],
    "null": None,
    "empty": {},
    "no properties": changed(properties=None),
    "properties as a list": changed(properties=[1]),
    "delivery information as a string": changed(properties={"delivery_info": "x"}),
    "no body": changed(body=None),
    "a body that is no base64": changed(body="%%%"),
    "a body that is no text": changed(body=12),
    "a body of another encoding": changed(properties={"body_encoding": "rot13"}),
    "a body that is no JSON": changed(body="e25vIEpTT04="),
    "a body that is a number": changed(body="Nw=="),
    "a body with too few parts": changed(body="W10="),
    "arguments that the task does not take": changed(body="W1sxLCAyXSwge30sIHt9XQ=="),
    "pickle": changed(content_type="application/x-python-serialize"),
    "no content type": changed(content_type=None),
    "a content type that is a list": changed(content_type=["a"]),
    "an unknown charset": changed(content_encoding="no-such"),
    "no headers": changed(headers=None),
    "headers as a list": changed(headers=["a"]),
    "headers as a string": changed(headers="a"),
    "an unknown task": changed(headers={"task": "sources.tasks.delete_everything"}),
    "a task that is a list": changed(headers={"task": ["a"]}),
    "a task that is null": changed(headers={"task": None}),
    "no id": {**good(), "headers": {"task": TASK}},
    "an id that is a list": changed(headers={"id": ["a"]}),
    "an expiry that is no time": changed(headers={"expires": "soon"}),
    "an expiry that is a list": changed(headers={"expires": [1]}),
    "a time to begin that is no time": changed(headers={"eta": "soon"}),
    "retries that are text": changed(headers={"retries": "many"}),
    "a time limit that is text": changed(headers={"timelimit": "long"}),
    "a compression that nobody knows": changed(headers={"compression": "x-no-such"}),
    "a callback": changed(body="W1tdLCB7fSwgeyJjYWxsYmFja3MiOiBbeyJ0YXNrIjogInguIn1dfV0="),
    "deeply nested": {"a": json.loads("[" * 500 + "]" * 500)},
}


@pytest.fixture
def worker(live_database: Any, tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    started = []
    with tempfile.TemporaryFile() as errors:

        def start(**environment: str) -> "subprocess.Popen[bytes]":
            quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app", "factcheck.celery", "--quiet", "worker", *quiet],
                cwd=ROOT,
                env={**os.environ, **live_database.environment, "FACTCHECK_DATA": str(tmp_path), **environment},
                stderr=errors,
                stdout=errors,
            )
            started.append(process)
            return process

        start.said = lambda: os.pread(errors.fileno(), 1_000_000, 0).decode()  # type: ignore[attr-defined]
        yield start
        for process in started:
            process.kill()
            process.wait()


def put(message: Any) -> int:
    """Write a row into the queue's table as the role that web and worker have."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT pgmq.send('factcheck', %s::jsonb)", [json.dumps(message)])
        return int(cursor.fetchone()[0])


def waiting() -> list[int]:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT msg_id FROM pgmq.q_factcheck ORDER BY msg_id")
        return [row[0] for row in cursor.fetchall()]


def until(true: Callable[[], object], process: "subprocess.Popen[bytes]", seconds: float = 30) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        if true():
            return True
        time.sleep(0.1)
    return False


@on_postgresql
def test_a_worker_removes_them_says_so_once_and_goes_on(worker: Any) -> None:
    numbers = {name: put(message) for name, message in MALFORMED.items()}
    began = timezone.now()
    with app.connection_for_write() as connection:
        app.send_task(TASK, connection=connection)
    process = worker()
    gone = until(lambda: not waiting(), process)
    left = waiting()
    assert gone, ([name for name, number in numbers.items() if number in left], process.poll(), worker.said()[-3000:])
    assert until(lambda: Heartbeat.objects.filter(part="round trip", at__gte=began).exists(), process)
    said = worker.said()
    for number in (numbers["a number"], numbers["no properties"], numbers["headers as a list"]):
        assert said.count(f"Message {number} of the queue cannot be read and was removed") == 1
    assert said.count("A message cannot be handled and was removed") >= 3
    assert process.poll() is None


@on_postgresql
def test_without_protection_one_of_them_ends_the_worker(worker: Any) -> None:
    """The control: Celery's own consumer."""
    put(MALFORMED["a task that is a list"])
    process = worker(DJANGO_SETTINGS_MODULE="tests.factcheck.celery_consumer_settings")
    assert process.wait(30) != 0


@on_postgresql
def test_a_huge_one_is_refused_by_the_database(live_database: Any) -> None:
    with pytest.raises(DatabaseError, match="message_size"), transaction.atomic():
        put(changed(body="x" * MAX_MESSAGE))
    assert put(changed(body="x" * (MAX_MESSAGE // 2))) in waiting()


@on_redis
def test_a_worker_on_redis_goes_on_too(worker: Any) -> None:
    broker.empty()
    began = timezone.now()
    with app.connection_for_write() as connection:
        client = connection.default_channel.client
        for raw in (b"no JSON", b"\xff\xfe", b"", b"7", *(json.dumps(each) for each in MALFORMED.values())):
            client.lpush("factcheck", raw)
        app.send_task(TASK, connection=connection)
        process = worker()
        assert until(lambda: Heartbeat.objects.filter(part="round trip", at__gte=began).exists(), process), (
            worker.said()
        )
        empty = until(lambda: client.llen("factcheck") == 0 and client.hlen("unacked") == 0, process)
        assert empty, (client.lrange("factcheck", 0, -1), client.hgetall("unacked"), worker.said()[-3000:])
    said = worker.said()
    assert said.count("A message of the queue cannot be read and was removed") >= 10
    assert process.poll() is None
