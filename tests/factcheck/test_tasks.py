"""Tasks by a real worker over the configured broker: pgmq on the database, or the one CELERY_BROKER_URL names."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from claims.models import EvidenceCheck, Publication, Recheck, Sweep
from factcheck.celery import app
from factcheck.models import Heartbeat
from sources.models import Page, Polling
from tests import factories

ROOT = Path(__file__).resolve().parents[2]
ALTERED = factories.PAGE_TEXT.replace("412", "389")


@pytest.fixture
def database(live_database: Any, django_db_blocker: Any) -> Iterator[Any]:
    """Also starts from an empty queue: a broker outside the database outlives the tests."""
    with django_db_blocker.unblock():
        if not settings.BROKER_IS_POSTGRESQL:
            with app.connection_for_write() as connection:
                connection.default_channel.queue_purge("factcheck")
        yield live_database


@pytest.fixture
def start(database: Any, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started = []

    def start_part(*arguments: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **database.environment, "FACTCHECK_DATA": str(tmp_path)}
        part = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app", "factcheck.celery", "--quiet", *arguments],
            cwd=ROOT,
            env=environment,
        )
        started.append(part)
        return part

    yield start_part
    for part in started:
        part.kill()
        part.wait()


def worker(start: Callable[..., subprocess.Popen[bytes]]) -> subprocess.Popen[bytes]:
    return start("worker", "--hostname", "worker@test", "--without-gossip", "--without-mingle", "--without-heartbeat")


def until(true: Callable[[], bool], seconds: float = 30) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return True
        time.sleep(0.1)
    return False


def send(*names: str) -> None:
    # A connection of its own: a pooled one would go on into the next test's database.
    with app.connection_for_write() as connection:
        for name in names:
            app.send_task(name, connection=connection)


def changed_page() -> Page:
    factories.published_review()
    page = Page.objects.latest("pk")
    factories.change(page, ALTERED)
    return page


def test_what_was_sent_while_no_worker_ran_is_done_when_one_does(start: Any) -> None:
    changed_page()
    send("claims.tasks.sweep")
    worker(start)
    assert until(lambda: Recheck.objects.exists())
    assert Publication.objects.filter(event="recheck_raised").count() == 1


def test_every_message_twice_and_two_workers_act_once(start: Any) -> None:
    for _ in range(5):
        changed_page()
    for _ in range(2):
        worker(start)
    send(*["claims.tasks.sweep"] * 10)
    assert until(lambda: Sweep.objects.count() == 5)
    time.sleep(1)
    assert EvidenceCheck.objects.filter(reason="change").count() == 5
    assert Publication.objects.filter(event="recheck_raised").count() == 5


def test_a_killed_worker_loses_nothing(start: Any) -> None:
    first = worker(start)
    send("claims.tasks.sweep")
    assert until(lambda: Heartbeat.objects.filter(part="worker").exists())
    first.send_signal(signal.SIGKILL)
    first.wait()
    changed_page()
    send("claims.tasks.sweep")
    worker(start)
    assert until(lambda: Recheck.objects.exists())
    assert Recheck.objects.count() == 1


def test_beat_wakes_the_poller_by_itself(start: Any) -> None:
    """Nobody sends a message here. The page's address is private, so the poll comes to an error, and says so."""
    factories.published_review(of=factories.page("http://127.0.0.1:8080/report"))
    Polling.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    worker(start)
    start("beat", "--loglevel", "WARNING")
    assert until(lambda: Polling.objects.get().last_outcome == "error")
    state = Polling.objects.get()
    assert "address" in state.last_detail
    assert (state.leased_until, state.failures) == (None, 1)


def test_publishing_needs_no_broker(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/")
    review = factories.published_review()
    assert Publication.objects.get().review == review
