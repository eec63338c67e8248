"""Faults: killed between sending and writing down, every tick twice, a dump that is stolen."""

import base64
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.models import F

from claims.models import Publication
from claims.publication import append
from factcheck.newsrooms.models import Newsroom, WebhookDelivery, WebhookProgress
from factcheck.newsrooms.webhooks import endpoints, outbox
from factcheck.newsrooms.webhooks.deliver import deliver_due
from tests import factories
from tests.factcheck import test_tasks
from tests.factcheck.newsrooms.webhooks.test_deliver import publish
from tests.factcheck.test_tasks import database, send, start, until, worker  # noqa: F401
from tests.factcheck.webhook_receiver import Receiver
from tests.processes import OwnTime, backends, until_gone

pytestmark = pytest.mark.sql

WHO = "a test"


@pytest.fixture
def told(receiver: Receiver, database: Any, django_db_blocker: Any) -> Iterator[str]:  # noqa: F811
    """The secret of an endpoint in a database where commits are real."""
    with django_db_blocker.unblock():
        yield endpoints.create(Newsroom.objects.create(name="Daily Paper"), url=receiver.url(), actor=WHO)[1]


def deliver() -> int:
    return deliver_due(may_continue=lambda: True)


def dies(work: Callable[[], object], settings: Any, at: str) -> None:
    """Run the work in a child of its own that kills itself at the point."""
    before = backends()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            settings.FAULT_POINT = at
            work()
        finally:
            os._exit(0)  # reached only if the point was not
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    until_gone(before)


def lease_ends() -> None:
    WebhookProgress.objects.update(leased_until=F("leased_until") - timedelta(hours=1))


def test_killed_between_sending_and_writing_down_it_is_sent_again_with_the_same_id(
    told: str, receiver: Receiver, settings: Any
) -> None:
    publish(3)
    dies(deliver, settings, "webhook sent")
    assert len(receiver.received) == 1
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("pending", 0)}
    assert deliver() == 0, "the dead still has it"
    lease_ends()
    assert deliver() == 3
    first, again, *others = receiver.received
    assert first.id == again.id and first.body == again.body and again.verifies(told)
    assert len({each.id for each in receiver.received}) == 3 and len(others) == 2
    assert set(WebhookDelivery.objects.values_list("state", "attempts")) == {("delivered", 1)}


def test_written_down_before_it_is_sent_a_killed_worker_would_lose_it(
    told: str, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: told first, sent after."""
    publish()
    real = outbox.next_message

    def record_first(held: outbox.Lease) -> outbox.Message | None:
        message = real(held)
        if message is not None:
            outbox.record(message, outbox.Attempt(200))
            os.kill(os.getpid(), signal.SIGKILL)
        return message

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "next_message", record_first)
        dies(deliver, settings, "")
    lease_ends()
    assert deliver() == 0 and receiver.received == []


def test_killed_while_deliveries_are_made_none_is_lost_or_doubled(
    told: str, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = publish(4)
    real = outbox._make_pending

    def half(*given: Any) -> None:
        real(*given)
        os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "_make_pending", half)
        dies(outbox.fan_out, settings, "")
    assert (WebhookDelivery.objects.count(), WebhookProgress.objects.get().cursor) == (0, 0)
    assert deliver() == 4
    assert [each.sequence for each in receiver.received] == [each.sequence for each in published]


def at_once(work: Callable[[], object], times: int) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_ticks_at_once_and_publishing_meanwhile_send_each_once(told: str, receiver: Receiver) -> None:
    review = factories.published_review()

    def tick_and_publish() -> None:

        for _ in range(4):
            append.append(review.claim, event="watch_lost", audience="newsrooms", review=review)
            deliver()

    at_once(tick_and_publish, 4)
    while deliver():
        pass
    sequences = [each.sequence for each in receiver.received]
    assert sorted(sequences) == list(Publication.objects.order_by("pk").values_list("pk", flat=True))
    assert sequences == sorted(sequences), "and in order"


def test_a_lease_waits_for_nobody(told: str, database: Any) -> None:  # noqa: F811
    publish()
    outbox.fan_out()
    with psycopg.connect(database.url) as somebody, connection.cursor() as cursor:
        somebody.execute("SELECT FROM newsrooms_webhookprogress FOR UPDATE")
        cursor.execute("SET lock_timeout = '1s'")
        assert outbox.lease(10) == [], "somebody is at it"
    assert len(outbox.lease(10)) == 1


def test_at_once_a_newsroom_gets_no_more_endpoints_than_it_may(told: str, settings: Any) -> None:
    settings.WEBHOOK_MAX_ENDPOINTS = 3
    newsroom = Newsroom.objects.get()
    refused = []

    def create() -> None:
        try:
            endpoints.create(newsroom, url=f"https://n{threading.get_ident()}.example/", actor=WHO)
        except endpoints.TooMany as error:
            refused.append(error)

    at_once(create, 6)
    assert (newsroom.webhook_endpoints.count(), len(refused)) == (3, 4)


def test_without_leases_ticks_at_once_would_send_twice(
    told: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: everybody takes what is due, and nobody asks whose it is."""

    def take(limit: int) -> list[outbox.Lease]:
        row = WebhookProgress.objects.select_related("endpoint").get()
        due = WebhookDelivery.objects.filter(state="pending").exists()
        return [outbox.Lease(row.pk, row.endpoint.public_id, row.lease_token)] if due else []

    publish(5)
    outbox.fan_out()
    monkeypatch.setattr(outbox, "lease", take)
    at_once(lambda: deliver_due(may_continue=lambda: False), 4)
    assert len(receiver.received) > len({each.id for each in receiver.received})


def workers(receiver: Receiver) -> dict[str, str]:
    """What the environment of a worker says, so that it may ask the receiver, and sign."""
    from django.conf import settings

    return {
        "DJANGO_SETTINGS_MODULE": "tests.factcheck.loopback_settings",
        "TESTS_PORT": str(receiver.port),
        "SECRET_KEY": settings.SECRET_KEY,
    }


def test_beat_and_a_worker_tell_within_two_seconds_and_a_tick_too_many_changes_nothing(
    told: str,
    receiver: Receiver,
    start: Any,  # noqa: F811
) -> None:
    waiting = publish(2)
    environment = workers(receiver)
    worker(start, **environment)
    start("beat", "--loglevel", "ERROR", **environment)
    assert until(lambda: len(receiver.received) == 2), "what was published while nobody worked"
    took = []
    for number in range(3, 6):
        publish()
        published = time.monotonic()
        send(*["factcheck.newsrooms.webhooks.tasks.deliver"] * (2 if number == 5 else 0))
        assert until(lambda number=number: len(receiver.received) >= number)  # type: ignore[misc]
        took.append(receiver.received[-1].at - published)
    assert min(took) < 2, took
    assert until(lambda: not WebhookDelivery.objects.filter(state="pending").exists())
    assert len({each.id for each in receiver.received}) == len(receiver.received) == 3 + len(waiting)
    assert all(each.verifies(told) for each in receiver.received)


def test_publishing_needs_neither_broker_nor_receiver(told: str, receiver: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(test_tasks.app.conf, "broker_url", "redis://127.0.0.1:1/")
    receiver.replies["/hook"] = [lambda handler: time.sleep(3)]
    own = OwnTime()
    factories.published_review()
    assert own.seconds() < 2 and receiver.received == []


def test_a_dump_of_the_database_holds_no_usable_secret(live_database: Any, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        made, secret = endpoints.create(Newsroom.objects.create(name="Paper"), url="https://a.example/", actor=WHO)
        newer = endpoints.rotate(made, actor=WHO)
        found = _dump(live_database.owner_url)
        assert made.public_id in found and made.secrets.first().salt in found
        for each in (secret, newer):
            plain = each.removeprefix("whsec_")
            assert plain not in found and plain[:20] not in found
            assert base64.b64decode(plain).hex() not in found


def _dump(url: str) -> str:
    """Every row of every table, as text."""
    with psycopg.connect(url) as connection:
        tables = connection.execute(
            "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'pgmq')"
        ).fetchall()
        return "\n".join(
            str(row)
            for (table,) in tables
            for row in connection.execute(f"SELECT t::text FROM {table} AS t")  # type: ignore[arg-type]
        )
