"""Workers killed while they send a page to an archive, and two at once: one capture, one copy, nothing lost."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from claims.watch import archive_copies
from sources.models import ArchiveCopy, ArchiveService
from tests import factories
from tests.claims.watch.test_kills import dies
from tests.sources.archive_server import Archive, set_up

pytestmark = pytest.mark.sql

POINTS = ("copy leased", "copy requested", "copy processed", "copy written")


@pytest.fixture
def archive(settings: object, live_database: object, django_db_blocker: object) -> Iterator[Archive]:
    with set_up(settings) as made, django_db_blocker.unblock():  # type: ignore[attr-defined]
        page = factories.page()
        factories.published_review(of=page)
        made.original, made.statuses = page.url, [made.success()]
        assert archive_copies.request_copies() == 1
        yield made


def later() -> None:
    """End all leases and make every copy due."""
    past = timezone.now() - timedelta(seconds=1)
    ArchiveCopy.objects.filter(leased_until__isnull=False).update(leased_until=past)
    ArchiveCopy.objects.update(next_try_at=past)


def finish() -> ArchiveCopy:
    for _ in range(3):
        later()
        archive_copies.process_copies()
    return ArchiveCopy.objects.get()


@pytest.mark.parametrize("at", POINTS)
def test_a_worker_killed_while_it_asks_for_a_copy(archive: Archive, settings: object, at: str) -> None:
    dies(archive_copies.process_copies, settings, at)
    assert archive_copies.process_copies() == 0 or at == "copy written", "the dead one's lease is kept"
    assert finish().state == "confirmed"
    assert len(archive.made) == 1, "asked twice perhaps, captured once"
    assert ArchiveService.objects.get().asked == len(archive.captures()) + (at == "copy leased")


@pytest.mark.parametrize("at", ("copy leased", "copy processed", "copy written"))
def test_a_worker_killed_while_it_confirms_a_copy(archive: Archive, settings: object, at: str) -> None:
    archive_copies.process_copies()
    later()
    dies(archive_copies.process_copies, settings, at)
    assert finish().state == "confirmed"
    assert len(archive.captures()) == 1


def test_without_the_time_since_it_was_wanted_it_would_be_captured_twice(archive: Archive, settings: object) -> None:
    """The control: what keeps the archive from doubling is the age that a capture may have."""
    dies(archive_copies.process_copies, settings, "copy requested")
    archive.made[0] -= timedelta(hours=2)
    assert finish().state == "confirmed"
    assert len(archive.made) == 2


def test_of_two_workers_at_once_one_asks(archive: Archive) -> None:
    archive.slow = 0.3
    together, done = threading.Barrier(4), []

    def work() -> None:
        together.wait()
        try:
            done.append(archive_copies.process_copies())
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert sorted(done) == [0, 0, 0, 1]
    assert len(archive.captures()) == 1 and ArchiveService.objects.get().asked == 1


def test_a_worker_that_wakes_after_its_lease_writes_nothing(archive: Archive) -> None:
    archive.slow = 0.5

    def work() -> None:
        try:
            archive_copies.process_copies(1)
        finally:
            connections.close_all()

    slow = threading.Thread(target=work)
    slow.start()
    while not archive.asked:
        pass
    ArchiveCopy.objects.update(lease_token=99, state="refused", detail="Somebody else's answer.")
    slow.join()
    assert ArchiveCopy.objects.get().detail == "Somebody else's answer."
