"""Slow hosts, dead hosts, full disks, wrong clocks and stopped workers, each with a control without protection."""

import errno
import hashlib
import os
import resource
import signal
import socket
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings as django_settings
from django.db import OperationalError, connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.utils import timezone

from sources import tasks
from sources.http import fetcher
from sources.models import Blob, Change, Host, Outcome, Page, Polling, Snapshot, Text
from sources.pages import page_for
from sources.polling import leases, poller, polling_rows, record
from sources.polling.leases import UNRESPONSIVE_AFTER
from sources.snapshots import default_store, folder
from sources.snapshots.folder import FolderStore
from sources.snapshots.store import SnapshotMissing, StorageError
from sources.tick_guard import TickGuard
from tests.small_disks import fill
from tests.sources.servers import Loopback, Site, answer, many, page, serve

pytestmark = pytest.mark.sql

WORDS = page("<p>The yearly report is out.</p>")


@pytest.fixture
def site(settings: object, tmp_path: Path) -> Iterator[Site]:
    with serve() as running:
        settings.FETCH_ALLOWED_LOOPBACK = running.address  # type: ignore[attr-defined]
        settings.SNAPSHOT_STORE = str(tmp_path / "store")  # type: ignore[attr-defined]
        fetcher.clear_robots_cache()
        yield running


def watch(site: Site, path: str, host: str) -> Page:
    """A watched page of a named host, although all pages here are served from one address."""
    made = page_for(site.url(path))
    poller.start_watching(made)
    Polling.objects.filter(page=made).update(host=host)
    return made


def rested() -> None:
    """Make every page due, in this order, and every host ready."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sources_polling SET due_at = statement_timestamp() - make_interval(secs => page_id),"
            " leased_until = NULL"
        )
    Host.objects.update(rests_until=None, ready_at=Now())


# Tarpits


def tarpit(connection: socket.socket) -> None:
    """A response that arrives byte by byte."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<p>")
    with suppress(OSError):
        while True:
            time.sleep(0.2)
            connection.sendall(b".")


@pytest.fixture
def sixteen_hosts(settings: object, tmp_path: Path) -> Iterator[dict[str, list[Site]]]:
    """Eight tarpits and eight honest hosts, each with a page that is due every second."""
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.FETCH_TOTAL_DEADLINE = 3  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0.2  # type: ignore[attr-defined]
    fetcher.clear_robots_cache()
    with many([tarpit] * 8 + [WORDS] * 8) as sites:
        settings.FETCH_ALLOWED_LOOPBACK = Loopback(("127.0.0.1", sites[0].port))  # type: ignore[attr-defined]
        for site in sites:
            made = page_for(site.url())
            poller.start_watching(made)
            Page.objects.filter(pk=made.pk).update(pinned_interval=timedelta(seconds=1))
        # The tarpits have been ready longest, so that they are asked first.
        leases._ready_overlooked_hosts()
        slow = Polling.objects.filter(page__url__in=[site.url() for site in sites[:8]]).values("host")
        Host.objects.filter(name__in=slow).update(ready_at=Now() - timedelta(minutes=1))
        yield {"tarpit": sites[:8], "honest": sites[8:]}


def polls_amid_tarpits(hosts: dict[str, list[Site]], seconds: float) -> list[int]:
    """Count the requests for each honest page while tarpits occupy all slots."""
    ends = time.monotonic() + seconds
    poller.poll(limit=8, may_continue=lambda: time.monotonic() < ends)
    assert all("/" in host.paths() for host in hosts["tarpit"])
    return [host.paths().count("/") for host in hosts["honest"]]


@pytest.mark.django_db
def test_tarpits_on_half_of_the_hosts_do_not_delay_the_others(
    sixteen_hosts: dict[str, list[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "_SLOW", 0.5)
    assert min(polls_amid_tarpits(sixteen_hosts, seconds=3.5)) >= 2


@pytest.mark.django_db
def test_control_with_slow_fetches_counted_the_others_wait(
    sixteen_hosts: dict[str, list[Site]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    monkeypatch.setattr(poller, "_SLOW", 10**9)
    assert max(polls_amid_tarpits(sixteen_hosts, seconds=2.5)) == 0


# The circuit breaker


@pytest.fixture
def two_hosts(site: Site, settings: object) -> Site:
    """Seven pages of one host and one of another; one page of a host is requested at a time."""
    settings.POLL_HOST_DELAY = 1  # type: ignore[attr-defined]
    for number in range(7):
        watch(site, f"/dead/{number}", "dead.example")
    watch(site, "/alive", "alive.example")
    site.pages["/alive"] = WORDS
    return site


def dead(site: Site, *script: bytes) -> None:
    """Set the response of the host's pages."""
    (given,) = script or (answer(b"Sorry.", "503 Service Unavailable"),)
    site.pages |= {f"/dead/{number}": given for number in range(7)}


def asked_for(site: Site, round_: Callable[[], object]) -> Counter[str]:
    before = len(site.asked)
    round_()
    return Counter(path.rsplit("/", 1)[0] or path for path in site.paths()[before:] if path != "/robots.txt")


def one_round() -> None:
    rested()
    poller.poll_batch()


def rest() -> float:
    state = Host.objects.get(name="dead.example")
    assert state.rests_until is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM %s - clock_timestamp())", [state.rests_until])
        return float(cursor.fetchone()[0])


@pytest.mark.django_db
def test_an_unresponsive_host_is_requested_less_and_less_often(two_hosts: Site) -> None:
    dead(two_hosts)
    rests = []
    for times in range(1, UNRESPONSIVE_AFTER + 1):
        assert asked_for(two_hosts, one_round) == {"/dead": 1, "/alive": 1}
        rests.append(rest())
        assert Host.objects.get(name="dead.example").failures == times
    assert [round(seconds) for seconds in rests] == [1, 1, 10, 20, 40]
    assert not Polling.objects.filter(last_detail__contains="not requested").exists()

    # From now on one page is requested, and its failure is recorded for the others.
    assert asked_for(two_hosts, one_round) == {"/dead": 1, "/alive": 1}
    told = Polling.objects.filter(host="dead.example", last_detail__contains="this page was not requested")
    assert told.count() == 6
    assert set(told.values_list("last_outcome", flat=True)) == {Outcome.ERROR}
    assert not Snapshot.objects.filter(page__in=told.values("page")).exists()
    alive, host = Polling.objects.get(host="alive.example"), Host.objects.get(name="alive.example")
    assert (alive.last_outcome in Outcome.readable(), alive.failures, host.failures) == (True, 0, 0)

    for _ in range(12):
        one_round()
    assert 800 < rest() <= 900
    assert not Polling.objects.filter(due_at__isnull=True).exists()
    assert not Polling.objects.filter(due_at__gt=Now() + timedelta(days=1.2)).exists()

    # One response makes it an ordinary host again.
    dead(two_hosts, WORDS)
    one_round()
    state = Host.objects.get(name="dead.example")
    assert state.failures == 0
    assert rest() < 5


@pytest.mark.django_db
def test_control_without_the_breaker_every_page_is_requested(two_hosts: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several pages leased together are requested one after the other, even from a dead host."""
    dead(two_hosts)
    for _ in range(UNRESPONSIVE_AFTER):
        one_round()
    monkeypatch.setattr(poller, "UNRESPONSIVE_AFTER", 10**9)
    monkeypatch.setattr(poller, "_rest", lambda *_: 0.0)
    assert asked_for(two_hosts, one_round)["/dead"] == 7, "and were not told of the one that was"


@pytest.mark.django_db
def test_a_refused_connection_counts_as_no_response(site: Site, settings: object) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings.FETCH_ALLOWED_LOOPBACK = f"127.0.0.1:{port}"  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 1  # type: ignore[attr-defined]
    for number in range(3):
        poller.start_watching(page_for(f"http://127.0.0.1:{port}/{number}"))
    for _ in range(UNRESPONSIVE_AFTER + 1):
        one_round()
    assert Host.objects.get().failures == UNRESPONSIVE_AFTER + 1
    assert Polling.objects.filter(last_detail__contains="this page was not requested").count() == 2


# Disks


def incompressible(size: int) -> bytes:
    """A page that gzip hardly compresses."""
    words = Random(1).choices("abcdefghijklmnopqrstuvwxyzäöüßéèêçñ0123456789     ", k=size)
    return page(f"<p>{''.join(words)}</p>")


def make_room(folder: Path, size: str) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


@pytest.mark.django_db
def test_a_full_disk_stores_nothing_partly_and_recovers_with_space(
    site: Site, settings: object, small_disk: Path
) -> None:
    settings.SNAPSHOT_STORE = str(small_disk)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    site.pages = {"/large": incompressible(200_000), "/little": WORDS}
    large, little = watch(site, "/large", "large.example"), watch(site, "/little", "little.example")
    with pytest.raises(StorageError, match=r"cannot be written \(No space left on device\).*Free space"):
        poller.poll_batch()
    assert Snapshot.objects.get().page == little, "what is little still finds room"
    assert [file for file in small_disk.rglob("*") if file.is_file()] == [
        FolderStore(small_disk).path(Blob.objects.get().pk)
    ]
    assert "snapshots" in Client().get("/healthz").json()["failing"]
    state = Polling.objects.get(page=large)
    assert (state.last_outcome, state.failures) == ("", 0)
    assert state.leased_until is not None, "it is due again when the lease ends"

    make_room(small_disk, "1g")
    assert "snapshots" not in Client().get("/healthz").json()["failing"]
    Polling.objects.filter(page=large).update(leased_until=Now() - timedelta(seconds=1))
    Host.objects.filter(name="large.example").update(ready_at=Now())
    assert poller.poll_batch() == 1
    for snapshot in Snapshot.objects.all():
        assert FolderStore(small_disk).verify(snapshot.blob_id) == snapshot.blob.size
    assert Snapshot.objects.filter(page=large).count() == 1
    assert not Change.objects.exists()


@pytest.mark.django_db
def test_control_ignoring_a_full_disk_leaves_a_snapshot_without_bytes(
    site: Site, settings: object, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store's error is ignored."""
    put_many = FolderStore.put_many

    def ignored(self: FolderStore, several: list[bytes], names: list[str]) -> list[str]:
        with suppress(StorageError):
            put_many(self, several, names)
        return names

    monkeypatch.setattr(FolderStore, "put_many", ignored)
    settings.SNAPSHOT_STORE = str(small_disk)  # type: ignore[attr-defined]
    site.pages = {"/large": incompressible(200_000)}
    watch(site, "/large", "large.example")
    assert poller.poll_batch() == 1
    make_room(small_disk, "1g")
    with pytest.raises(SnapshotMissing):
        FolderStore(small_disk).verify(Snapshot.objects.get().blob_id)
    rested()
    assert poller.poll_batch() == 1
    assert not FolderStore(small_disk).exists(Snapshot.objects.get().blob_id), "nor does room mend it"


def _write_in_place(files: dict[Path, bytes], folder: Path) -> None:
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def cut_short(folder: Path, data: bytes) -> list[Path]:
    """Write with a limit on file size, which fails in the middle as a full disk does; return the files left."""
    child = os.fork()
    if child == 0:
        code = 1
        with suppress(BaseException):
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
            try:
                FolderStore(folder).put(data)
            except StorageError as error:
                code = 0 if os.strerror(errno.EFBIG) in str(error) else 2
        os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_partly_written_file_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = Random(1).randbytes(100_000)
    assert cut_short(tmp_path / "whole", data) == []
    assert len(FolderStore(tmp_path / "whole").put(data)) == 64
    # The control: written in place, half of it would remain under the final name.
    monkeypatch.setattr(folder, "_write_atomically", _write_in_place)
    (half,) = cut_short(tmp_path / "half", data)
    assert half == FolderStore(tmp_path / "half").path(hashlib.sha256(data).hexdigest())
    with pytest.raises(StorageError, match="damaged"):
        FolderStore(tmp_path / "half").get(half.name.split(".")[0])


def polled_into_a_full_database(folder: Path, site: Site) -> Path:
    """Leave space for the first rows of a poll but not for the large text; return the file that frees space."""
    site.pages = {"/large": incompressible(300_000), "/little": WORDS}
    for name in ("large", "little"):
        watch(site, f"/{name}", f"{name}.example")
    # The index of pages that could not be read is empty, and would need a page of the disk for the first of them.
    Polling.objects.update(last_outcome=Outcome.ERROR)
    Polling.objects.update(last_outcome="")
    ballast = fill(folder, free=100_000)
    with pytest.raises(OperationalError, match="No space left on device"):
        poller.poll_batch()
    return ballast


def test_a_full_database_stores_no_part_of_a_poll_and_recovers_with_space(
    database_on_a_small_disk: Path, site: Site
) -> None:
    ballast = polled_into_a_full_database(database_on_a_small_disk, site)
    for written in (Snapshot, Blob, Text, Change):
        assert not written.objects.exists()
    assert set(Polling.objects.values_list("last_outcome", flat=True)) == {""}

    ballast.unlink()
    lease = timedelta(seconds=django_settings.POLL_LEASE)
    Polling.objects.update(leased_until=F("leased_until") - lease)
    Host.objects.update(ready_at=F("ready_at") - lease)
    assert poller.poll_batch() == 2
    assert Snapshot.objects.count() == 2
    for snapshot in Snapshot.objects.all():
        assert default_store.store().verify(snapshot.blob_id) == snapshot.blob.size
    assert len(list(Path(django_settings.SNAPSHOT_STORE).rglob("*.gz"))) == 2
    assert poller.poll_batch() == 0


def test_control_without_the_transaction_half_of_a_poll_is_stored(
    database_on_a_small_disk: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each statement commits by itself."""
    monkeypatch.setattr(record, "_write", record._write.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setattr(polling_rows, "lock", polling_rows.read)
    polled_into_a_full_database(database_on_a_small_disk, site)
    assert Blob.objects.exists()
    assert not Snapshot.objects.exists(), "and no page has these bytes"


def test_control_a_full_database_mistaken_for_a_refusal_is_recorded_as_a_page_error(
    database_on_a_small_disk: Path, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is mistaken for one about the page's content."""
    monkeypatch.setattr(poller, "DataError", OperationalError)
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        polled_into_a_full_database(database_on_a_small_disk, site)
    assert Polling.objects.get(page__url__endswith="/large").last_outcome == Outcome.ERROR


# Stopping


@pytest.mark.parametrize("asked", [True, False])
def test_a_stopping_tick_finishes_its_pages_and_leases_no_more(
    live_database: object,
    django_db_blocker: object,
    settings: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    asked: bool,
) -> None:
    """During a slow fetch another page becomes due. The control is a tick that is not stopped."""

    def slowly(connection: socket.socket) -> None:
        time.sleep(2)
        connection.sendall(WORDS)

    guard = TickGuard(seconds=2.5)
    monkeypatch.setattr(tasks, "_polling", guard)
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), many([slowly, WORDS]) as sites:  # type: ignore[attr-defined]
        settings.FETCH_ALLOWED_LOOPBACK = Loopback(("127.0.0.1", sites[0].port))  # type: ignore[attr-defined]
        for site in sites:
            poller.start_watching(page_for(site.url()))
        Page.objects.update(pinned_interval=timedelta(seconds=1))
        if asked:
            threading.Timer(0.5, guard.stop).start()
        polled = tasks.poll_due()
        assert polled == 2 if asked else polled > 2
        assert not Polling.objects.filter(leased_until__isnull=False).exists()
        assert Snapshot.objects.count() == 2


# Clocks


def seconds_off(moment: object) -> float:
    """The time from now, by the database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM %s - clock_timestamp())", [moment])
        return float(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize("hours", [-1, 1])
def test_a_poller_with_a_wrong_clock_keeps_the_schedule(
    site: Site, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    real, clock = timezone.now, time.time
    monkeypatch.setattr(timezone, "now", lambda: real() + timedelta(hours=hours))
    monkeypatch.setattr(time, "time", lambda: clock() + hours * 3_600)
    site.pages["/a"] = WORDS
    made = watch(site, "/a", "a.example")
    Page.objects.filter(pk=made.pk).update(pinned_interval=timedelta(minutes=10))
    assert abs(seconds_off(Polling.objects.get().due_at)) < 5, "due at once"
    assert poller.poll_batch() == 1
    assert 500 < seconds_off(Polling.objects.get().due_at) < 700
    assert poller.poll_batch() == 0
    Host.objects.update(rests_until=None, ready_at=Now())
    assert poller.poll_batch() == 0, "no storm"
    poller.poll_now(made)
    assert abs(seconds_off(Polling.objects.get().due_at)) < 5
    Host.objects.update(rests_until=None, ready_at=Now())
    assert poller.poll_batch() == 1
    assert 500 < seconds_off(Polling.objects.get().due_at) < 700
    assert [path for path in site.paths() if path != "/robots.txt"] == ["/a", "/a"]
