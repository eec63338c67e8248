"""Tasks by a real worker over the configured broker: pgmq on the database, or the one CELERY_BROKER_URL names."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from claims.models import EvidenceCheck, Publication, Recheck, Sweep
from factcheck.celery import app
from factcheck.models import Heartbeat
from sources.models import Host, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import poller
from tests import broker, factories
from tests.processes import OwnTime
from tests.sources.servers import Site, many, page

ROOT = Path(__file__).resolve().parents[2]
ALTERED = factories.PAGE_TEXT.replace("412", "389")


@pytest.fixture
def database(live_database: Any, django_db_blocker: Any) -> Iterator[Any]:
    """Also starts from an empty broker."""
    with django_db_blocker.unblock():
        broker.empty()
        yield live_database


@pytest.fixture
def start(database: Any, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    started = []

    def start_part(*arguments: str, **more: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, **database.environment, "FACTCHECK_DATA": str(tmp_path), **more}
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


def worker(start: Callable[..., subprocess.Popen[bytes]], *given: str, **more: str) -> subprocess.Popen[bytes]:
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return start("worker", "--hostname", "worker@test", *quiet, *given, **more)


def until(true: Callable[[], bool], seconds: float = 180) -> bool:
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


def watch(sites: list[Site]) -> dict[str, str]:
    """Make a page of each due. What a worker's environment must say so that it may poll them."""
    for site in sites:
        poller.start_watching(page_for(site.url()))
    return {"DJANGO_SETTINGS_MODULE": "tests.factcheck.loopback_settings", "TESTS_PORT": str(sites[0].port)}


def changed_page() -> Page:
    factories.published_review()
    page = Page.objects.latest("pk")
    factories.change(page, ALTERED)
    return page


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


def test_a_killed_worker_loses_nothing_and_what_is_sent_while_none_runs_is_done_when_one_does(start: Any) -> None:
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
    assert Publication.objects.filter(event="recheck_raised").count() == 1


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


def polled_once(sites: list[Site]) -> None:
    """Each page was asked for once and written once, and is due again later."""
    assert {site.paths().count("/") for site in sites} == {1}
    watched = Polling.objects.filter(page__url__in=[site.url() for site in sites])
    assert set(watched.values_list("last_outcome", "fetches", "failures", "leased_by")) == {("ok", 1, 0, "")}
    assert watched.filter(due_at__gt=Now(), leased_until__isnull=True).count() == len(sites)
    assert Snapshot.objects.filter(page__in=watched.values("page")).count() == len(sites)


@contextmanager
def twelve_slow_pages(seconds: float) -> Iterator[list[Site]]:
    """They take so long each, or until the test is done. Also three changes to sweep."""
    ends = threading.Event()

    def slowly(connection: socket.socket) -> None:
        ends.wait(seconds)
        connection.sendall(page("<p>The yearly report is out.</p>"))

    for _ in range(3):
        changed_page()
    Polling.objects.update(due_at=None)  # their sites are not there
    with many([slowly] * 12) as sites:
        yield sites
        ends.set()


def two(start: Any, part: Callable[..., object], *given: str, **environment: str) -> None:
    for _ in range(2):
        part(start, *given, **environment)


def beat(start: Any, **environment: str) -> None:
    start("beat", "--loglevel", "WARNING", **environment)


def test_two_beats_and_two_workers_poll_and_sweep_once(start: Any) -> None:
    with twelve_slow_pages(seconds=2) as sites:
        environment = watch(sites)
        two(start, worker, **environment)
        two(start, beat, **environment)
        assert until(lambda: Sweep.objects.count() == 3)
        assert until(lambda: not Polling.objects.filter(due_at__lte=Now()).exists())
        time.sleep(2)  # ticks of both go on to come
        polled_once(sites)
    assert EvidenceCheck.objects.filter(reason="change").count() == 3
    assert Publication.objects.filter(event="recheck_raised").count() == 3


def test_without_leases_and_rows_of_sweeps_doubled_messages_and_two_beats_would_act_twice(
    start: Any, database: Any
) -> None:
    """The control of both. What would still hold is that a review has one open re-check."""
    with psycopg.connect(database.owner_url) as owner:
        owner.execute("DROP INDEX evidence_check_once")
    checks = EvidenceCheck.objects.filter(reason="change")
    with twelve_slow_pages(seconds=28) as sites:
        environment = watch(sites)
        two(start, worker, "--include", "tests.factcheck.worker_without_locks", **environment)
        send(*["claims.tasks.sweep"] * 2)
        assert until(lambda: checks.count() == 6)
        two(start, beat, **environment)
        assert until(lambda: {site.paths().count("/") for site in sites} == {2})
        assert until(lambda: checks.count() > 6)


def test_a_worker_asked_to_end_amid_fifty_fetches_loses_and_doubles_nothing(start: Any) -> None:
    def slowly(connection: socket.socket) -> None:
        time.sleep(2)
        connection.sendall(page("<p>The yearly report is out.</p>"))

    with many([slowly] * 50) as sites:
        ends = worker(start, **watch(sites))
        send("sources.tasks.poll_due")
        assert until(lambda: all("/" in site.paths() for site in sites))
        assert not Snapshot.objects.exists()
        own = OwnTime()
        ends.send_signal(signal.SIGTERM)
        while ends.poll() is None and own.seconds() < 9:
            time.sleep(0.1)
        assert ends.poll() == 0
        polled_once(sites)


@pytest.mark.long
def test_a_worker_ended_by_force_amid_fifty_fetches_leaves_them_to_the_next(start: Any) -> None:
    waits = threading.Event()

    def never(connection: socket.socket) -> None:
        waits.wait(20)

    with many([never] * 50) as sites:
        environment = watch(sites)
        ends = worker(start, **environment)
        send("sources.tasks.poll_due")
        assert until(lambda: all("/" in site.paths() for site in sites))
        ends.send_signal(signal.SIGTERM)
        ends.send_signal(signal.SIGKILL)
        ends.wait()
        waits.set()
        assert Polling.objects.filter(leased_until__gt=Now(), last_outcome="").count() == 50
        for site in sites:
            site.asked.clear()
            site.pages["/"] = page("<p>The yearly report is out.</p>")
        lease = timedelta(seconds=settings.POLL_LEASE)
        Polling.objects.update(leased_until=F("leased_until") - lease)
        Host.objects.update(ready_at=F("ready_at") - lease)
        worker(start, **environment)
        send("sources.tasks.poll_due")
        assert until(lambda: not Polling.objects.filter(due_at__lte=Now()).exists())
        polled_once(sites)


def test_publishing_needs_no_broker(database: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_url", "redis://127.0.0.1:1/")
    review = factories.published_review()
    assert Publication.objects.get().review == review
