"""Kill a worker at marked points from the poll to the event: one snapshot, one check, one event; nothing lost."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest
from django.conf import settings as django_settings
from django.db import DataError, IntegrityError, connections, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from claims.models import Evidence, EvidenceCheck, Publication, Recheck, Sweep
from claims.reviews import publish
from claims.watch import sweep
from claims.watch.quote_check import UNREADABLE, new_check
from sources.extraction import sandbox
from sources.faults import point
from sources.http import fetcher
from sources.http.defaults import fetch_defaults
from sources.models import Blob, Change, Host, Outcome, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import leases, poller, polling_rows, record
from sources.polling.observation import observe
from sources.polling.record import Result
from sources.snapshots import default_store, folder, integrity_check
from sources.snapshots.folder import FolderStore
from sources.snapshots.store import SnapshotCorrupt
from tests import factories
from tests.processes import alive, backends, until_gone, wait_until_gone
from tests.sources.polling.test_poller import Site

pytestmark = pytest.mark.sql

# A worker killed at one of these has written nothing, and its lease still holds. The other points have tests of their
# own: lease before commit, put back, leased more, written alone, committed.
POLL_POINTS = (
    "leased",
    "fetched",
    "read",
    "bytes synced",
    "stored",
    "snapshot written",
    "changes written",
    "polling written",
    "before commit",
)
SWEEP_POINTS = ("checks written", "sweep before commit")
UNAFFECTED_POINTS = ("unaffected checks written",)


def dies(
    work: Callable[[], object], settings: object, at: str, born: Callable[[int], object] = lambda child: None
) -> None:
    """Run the work in a child process that is killed at the point, or by `born`, which is called with its pid."""
    before = backends()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            settings.FAULT_POINT = at  # type: ignore[attr-defined]
            work()
        finally:
            os._exit(0)  # reached only if the point was not
    born(child)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the point {at!r} was never reached"
    assert os.WTERMSIG(status) == signal.SIGKILL
    until_gone(before)


@pytest.fixture
def site(settings: object, tmp_path: Path, live_database: object, django_db_blocker: object) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield made
    made.server.shutdown()


@pytest.fixture
def page(site: Site) -> Page:
    """A page whose quote, which a published review rests on, has just been altered."""
    site.says(factories.QUOTE)
    made = page_for(site.url())
    version = factories.approved(factories.draft(of=made))
    publish.publish(version, actor=version.approver)
    site.says(factories.QUOTE.replace("412", "389"))
    return made


def due() -> None:
    """End all leases and make every page due."""
    past = timezone.now() - timedelta(seconds=1)
    Polling.objects.update(due_at=past)
    Polling.objects.filter(leased_until__isnull=False).update(leased_until=past)


def lease_ends() -> None:
    """Let as much time pass as a lease lasts, for pages and hosts."""
    lease = timedelta(seconds=django_settings.POLL_LEASE)
    Polling.objects.update(due_at=F("due_at") - lease, leased_until=F("leased_until") - lease)
    Host.objects.update(ready_at=F("ready_at") - lease, rests_until=F("rests_until") - lease)


def raised_events() -> int:
    return Publication.objects.filter(event="recheck_raised").count()


def assert_store_is_complete() -> None:
    """The snapshot store holds the bytes of every row and, after an integrity check, nothing else."""
    store = default_store.store()
    assert isinstance(store, FolderStore)
    for left in store.folder.rglob(".*"):
        os.utime(left, (0, 0))  # days ago
    integrity_check.check_snapshots(afresh=True)
    blobs = Blob.objects.all()
    assert {file for file in store.folder.rglob("*") if file.is_file()} == {store.path(blob.pk) for blob in blobs}
    assert all(store.verify(blob.pk) == blob.size for blob in blobs)


def assert_recorded_once() -> None:
    """The changed page has exactly one new snapshot, check, re-check and event."""
    sweep.sweep()
    changed = Evidence.objects.get().page
    assert (changed.snapshots.count(), Change.objects.count()) == (2, 1)
    assert EvidenceCheck.objects.filter(reason="change").count() == 1
    assert (Recheck.objects.count(), raised_events()) == (1, 1)
    assert not Polling.objects.filter(leased_until__isnull=False).exists()
    assert_store_is_complete()


def assert_nothing_written() -> None:
    """The poll has left nothing but a lease, which ends."""
    assert Snapshot.objects.count() == 1, "a poll is written whole or not at all"
    assert not Change.objects.exists()
    assert leases.lease_due(10) == [], "the dead still has it"
    lease_ends()
    assert Host.objects.filter(ready_at__lte=Now()).exists(), "the host is not held by the dead for ever"


@pytest.mark.parametrize("at", POLL_POINTS)
def test_a_worker_killed_while_polling(page: Page, settings: object, at: str) -> None:
    due()
    leases.bring_forward([Polling.objects.get().host])
    dies(poller.poll_batch, settings, at)
    assert_nothing_written()
    assert poller.poll_batch() == 1
    assert_recorded_once()


@pytest.mark.parametrize("path", ["/robots.txt", "/report"])
def test_a_worker_killed_while_a_site_answers(page: Page, site: Site, settings: object, path: str) -> None:
    """Killed after the request for robots.txt, or after that for the page and before any of its bytes."""
    fetcher.clear_robots_cache()
    worker: SimpleQueue[int] = SimpleQueue()
    site.when_asked = lambda asked: os.kill(worker.get(), signal.SIGKILL) if asked == path else None
    before = site.times_asked()
    due()
    dies(poller.poll_batch, settings, "", born=worker.put)
    assert site.times_asked() - before == (path == "/report")
    site.when_asked = lambda asked: None
    assert_nothing_written()
    assert poller.poll_batch() == 1
    assert_recorded_once()


def test_what_reads_pages_ends_with_the_worker_that_is_killed(page: Page, settings: object) -> None:
    out, into = os.pipe()

    def poll() -> None:
        sandbox.extract(b"<p>One.")  # the same child reads the page
        os.write(into, str(sandbox._idle[-1].process.pid).encode())
        assert alive([sandbox._idle[-1].process.pid])
        poller.poll_batch()

    due()
    dies(poll, settings, "read")
    reader = int(os.read(out, 20))
    os.close(out)
    os.close(into)
    assert wait_until_gone([reader], seconds=5) == []


def test_a_worker_killed_before_its_lease_is_committed_holds_nothing(page: Page, settings: object) -> None:
    due()
    dies(poller.poll_batch, settings, "lease before commit")
    assert Polling.objects.get().leased_until is None
    assert poller.poll_batch() == 1, "at once: nobody waits for the dead"
    assert_recorded_once()


def test_without_the_transaction_a_lease_that_nobody_heard_of_would_hold_the_page(
    page: Page, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the statement by itself."""
    monkeypatch.setattr(leases, "_lease", leases._lease.__wrapped__)  # type: ignore[attr-defined]
    due()
    dies(poller.poll_batch, settings, "lease before commit")
    assert Polling.objects.get().leased_until is not None
    assert poller.poll_batch() == 0


def another(site: Site) -> Page:
    """A second page of the site that is more overdue."""
    site.says("The yearly report is out.", "/other")
    made = page_for(site.url("/other"))
    poller.start_watching(made)
    due()
    Polling.objects.filter(page=made).update(due_at=timezone.now() - timedelta(hours=1))
    return made


def test_a_worker_killed_with_its_next_lease_keeps_what_it_has_written(
    page: Page, site: Site, settings: object
) -> None:
    other = another(site)
    dies(lambda: poller.poll(limit=1, may_continue=lambda: True), settings, "leased more")
    assert other.snapshots.count() == 1
    assert (Polling.objects.get(page=other).leased_until, page.snapshots.count()) == (None, 1)
    assert leases.lease_due(10) == [], "the dead still has the second"
    lease_ends()
    assert poller.poll_batch() == 1
    assert_recorded_once()
    assert (other.snapshots.count(), site.times_asked("/other")) == (1, 1)


def test_a_worker_killed_after_it_has_put_a_page_back_holds_it_no_longer(
    page: Page, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A browser that is busy has a page put back while others of its lease are still to be written."""
    Page.objects.update(render=True)
    due()
    with monkeypatch.context() as busy:
        busy.setattr(poller, "_MAX_RENDERED", 0)
        dies(poller.poll_batch, settings, "released")
    Page.objects.update(render=False)
    state, host = Polling.objects.get(), Host.objects.get()
    assert (state.leased_until, state.leased_by, state.failures) == (None, "", 0)
    assert host.rests_until > timezone.now()
    assert poller.poll_batch() == 0, "it rests, and no lease has to end"
    Host.objects.update(ready_at=Now(), rests_until=Now())
    assert poller.poll_batch() == 1
    assert_recorded_once()


def test_a_worker_killed_while_it_writes_page_by_page_keeps_those_that_it_wrote(
    page: Page, site: Site, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has refused the group."""
    write = record.record

    def refuses_groups(results: list[Result], **given: str) -> set[int]:
        if len(results) > 1:
            raise DataError("one of these")
        return write(results, **given)

    other = another(site)
    with monkeypatch.context() as refusing:
        refusing.setattr(poller, "_GATHER", 10)
        refusing.setattr(record, "record", refuses_groups)
        dies(poller.poll_batch, settings, "written alone")
    assert (other.snapshots.count(), page.snapshots.count()) == (1, 1)
    assert Polling.objects.get(page=other).leased_until is None
    assert leases.lease_due(10) == [], "the dead still has the second"
    lease_ends()
    assert poller.poll_batch() == 1
    assert_recorded_once()
    assert other.snapshots.count() == 1


def _write_in_place(files: dict[Path, bytes], folder: Path) -> None:
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb", buffering=0) as file:
            file.write(data[: len(data) // 2])
            point("bytes synced")
            file.write(data[len(data) // 2 :])


def test_written_in_place_a_killed_worker_would_leave_half_of_a_file_for_good(
    page: Page, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the next poll takes the file for the whole one, since it is there."""
    monkeypatch.setattr(folder, "_write_atomically", _write_in_place)
    due()
    dies(poller.poll_batch, settings, "bytes synced")
    assert_nothing_written()
    assert poller.poll_batch() == 1
    with pytest.raises(SnapshotCorrupt):
        default_store.store().get(page.snapshots.latest("pk").blob_id)


def test_without_the_transaction_a_killed_worker_would_leave_half_a_poll(
    page: Page, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each statement by itself."""
    monkeypatch.setattr(record, "_write", record._write.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setattr(polling_rows, "lock", polling_rows.read)
    due()
    dies(poller.poll_batch, settings, "changes written")
    state = Polling.objects.get()
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    assert state.latest_snapshot == Snapshot.objects.earliest("pk"), "and the next poll would write them again"


def test_a_host_that_is_stuck_is_found_by_a_thorough_look_alone(page: Page) -> None:
    """The control: a host that nobody lets go of is not asked again by time alone."""
    due()
    Host.objects.update(ready_at=None)
    lease_ends()
    assert leases.lease_due(10, thorough=False) == []
    assert len(leases.lease_due(10)) == 1


def test_a_worker_killed_after_it_has_written_leaves_nothing_to_do_again(
    page: Page, site: Site, settings: object
) -> None:
    due()
    asked = site.times_asked()
    dies(poller.poll_batch, settings, "committed")
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    state, host = Polling.objects.get(), Host.objects.get()
    assert (state.leased_until, state.leased_by) == (None, "")
    assert host.ready_at == max(state.due_at, host.rests_until)
    assert poller.poll_batch() == 0
    assert site.times_asked() == asked + 1
    assert_recorded_once()


def overtaken(page: Page, site: Site) -> Result:
    """What a worker brings of a page after its lease has ended and another has read the page since."""
    due()
    (stale,) = leases.lease_due(10)
    late = observe(fetcher.fetch(page.url, **fetch_defaults()))
    site.says(factories.QUOTE.replace("412", "401"))
    due()
    assert poller.poll_batch() == 1
    return Result(page.pk, late, stale.token)


def test_a_worker_whose_lease_has_ended_writes_nothing(page: Page, site: Site) -> None:
    late = overtaken(page, site)
    before = Polling.objects.values().get()
    assert record.record([late]) == set()
    assert Polling.objects.values().get() == before
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    # The control: without the token it would be another snapshot, of a text that no longer stands there.
    record.record([replace(late, token=None)])
    latest = Polling.objects.get().latest_snapshot
    assert latest is not None
    assert "389" in latest.text.text
    assert (Snapshot.objects.count(), Change.objects.count()) == (3, 2)


@pytest.mark.parametrize("at", UNAFFECTED_POINTS)
def test_a_worker_killed_while_sweeping_noise(page: Page, site: Site, settings: object, at: str) -> None:
    # As an earlier version left it: a page of which no passages are known has no quiet polls.
    Polling.objects.update(passages=[], seen_at=[])
    site.says(f"{factories.QUOTE}</p><p>Read by 17 people today.")
    due()
    poller.poll_batch()
    assert Polling.objects.get().last_outcome == Outcome.OK
    dies(sweep.sweep, settings, at)
    assert (EvidenceCheck.objects.filter(reason="change").count(), Sweep.objects.count()) == (0, 0)
    assert sweep.sweep() == 1
    assert sweep.sweep() == 0
    check = EvidenceCheck.objects.get(reason="change")
    assert check.result == EvidenceCheck.Result.INTACT
    assert (Sweep.objects.count(), Recheck.objects.count(), raised_events()) == (1, 0, 0)


@pytest.mark.parametrize("at", SWEEP_POINTS)
def test_a_worker_killed_while_sweeping(page: Page, settings: object, at: str) -> None:
    due()
    poller.poll_batch()
    dies(sweep.sweep, settings, at)
    assert not Recheck.objects.exists()
    assert raised_events() == 0
    assert sweep.sweep() == 1
    assert sweep.sweep() == 0
    assert EvidenceCheck.objects.filter(reason="change").count() == 1
    assert (Recheck.objects.count(), raised_events()) == (1, 1)


def test_without_the_sweep_row_a_rerun_would_double(page: Page) -> None:
    """The control: what keeps a rerun from doubling is the row that says the change was swept."""
    due()
    poller.poll_batch()
    sweep.sweep()
    change = Change.objects.get()
    again = new_check(Evidence.objects.watched().get(), UNREADABLE, reason="change", snapshot=None, change=change)
    with pytest.raises(IntegrityError, match="evidence_check_once"), transaction.atomic():
        again.save()
