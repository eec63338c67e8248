"""kill -9 at marked points between a poll and the notice: one snapshot, one check, one notice; nothing lost."""

import os
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from claims import evidence, publishing
from claims.models import Evidence, EvidenceCheck, Publication, Recheck
from sources import polling
from sources.models import Change, Page, Polling, Snapshot
from sources.pages import page_for
from tests import factories
from tests.sources.test_polling import Site

POLL_POINTS = (
    "leased",
    "fetched",
    "stored",
    "snapshot written",
    "changes written",
    "polling written",
    "before commit",
)
SWEEP_POINTS = ("checks written", "sweep before commit")


def dies(work: Callable[[], object], settings: object, at: str) -> None:
    """Run the work in a child of its own that kills itself at the point."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            settings.FAULT_POINT = at  # type: ignore[attr-defined]
            work()
        finally:
            os._exit(0)  # reached only if the point was not
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the point {at!r} was never reached"
    assert os.WTERMSIG(status) == signal.SIGKILL


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
    """A page with a quote that a published review rests on, which now reads otherwise."""
    site.says(factories.QUOTE)
    made = page_for(site.url())
    version = factories.approved(factories.draft(of=made))
    publishing.publish(version, actor=version.approver)
    site.says(factories.QUOTE.replace("412", "389"))
    return made


def due() -> None:
    """The lease of the dead has ended, and the page is due."""
    past = timezone.now() - timedelta(seconds=1)
    Polling.objects.update(due_at=past)
    Polling.objects.filter(leased_until__isnull=False).update(leased_until=past)


def told() -> int:
    return Publication.objects.filter(event="recheck_raised").count()


@pytest.mark.parametrize("at", POLL_POINTS)
def test_a_worker_killed_while_polling(page: Page, settings: object, at: str) -> None:
    due()
    dies(polling.poll_batch, settings, at)
    assert Snapshot.objects.count() == 1, "a poll is written whole or not at all"
    assert not Change.objects.exists()
    due()
    assert polling.poll_batch() == 1
    evidence.sweep()
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    assert EvidenceCheck.objects.filter(reason="change").count() == 1
    assert (Recheck.objects.count(), told()) == (1, 1)


@pytest.mark.parametrize("at", SWEEP_POINTS)
def test_a_worker_killed_while_sweeping(page: Page, settings: object, at: str) -> None:
    due()
    polling.poll_batch()
    dies(evidence.sweep, settings, at)
    assert not Recheck.objects.exists()
    assert told() == 0
    assert evidence.sweep() == 1
    assert evidence.sweep() == 0
    assert EvidenceCheck.objects.filter(reason="change").count() == 1
    assert (Recheck.objects.count(), told()) == (1, 1)


def test_without_the_sweep_row_a_rerun_would_double(page: Page) -> None:
    """The control: what keeps a rerun from doubling is the row that says the change was swept."""
    due()
    polling.poll_batch()
    evidence.sweep()
    change = Change.objects.get()
    with pytest.raises(IntegrityError, match="evidence_check_once"), transaction.atomic():
        evidence._check_after(change, Evidence.objects.watched().get())
