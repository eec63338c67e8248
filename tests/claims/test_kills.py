"""kill -9 at marked points between a poll and the notice: one snapshot, one check, one notice; nothing lost."""

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, connections, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from claims import evidence, publishing
from claims.looking import UNSEEN, check_of
from claims.models import Evidence, EvidenceCheck, Publication, Recheck, Sweep
from sources import fetching, leasing, polling, recording
from sources.bounds import fetch_bounds
from sources.models import Change, Host, Outcome, Page, Polling, Snapshot
from sources.observing import observe
from sources.pages import page_for
from sources.recording import Result
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
QUIET_POINTS = ("quiet checks written",)


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


def lease_ends() -> None:
    """Time goes by until the leases of the dead have ended, for pages and for hosts; nothing else is touched."""
    lease = timedelta(seconds=django_settings.POLL_LEASE)
    Polling.objects.update(due_at=F("due_at") - lease, leased_until=F("leased_until") - lease)
    Host.objects.update(ready_at=F("ready_at") - lease, rests_until=F("rests_until") - lease)


def told() -> int:
    return Publication.objects.filter(event="recheck_raised").count()


@pytest.mark.parametrize("at", POLL_POINTS)
def test_a_worker_killed_while_polling(page: Page, settings: object, at: str) -> None:
    due()
    leasing.bring_forward([Polling.objects.get().host])
    dies(polling.poll_batch, settings, at)
    assert Snapshot.objects.count() == 1, "a poll is written whole or not at all"
    assert not Change.objects.exists()
    assert leasing.lease_due(10) == [], "the dead still has it"
    lease_ends()
    assert Host.objects.filter(ready_at__lte=Now()).exists(), "the host is not held by the dead for ever"
    assert polling.poll_batch() == 1
    evidence.sweep()
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    assert EvidenceCheck.objects.filter(reason="change").count() == 1
    assert (Recheck.objects.count(), told()) == (1, 1)


def test_without_the_transaction_a_killed_worker_would_leave_half_a_poll(
    page: Page, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: each statement by itself."""
    monkeypatch.setattr(recording, "record", recording.record.__wrapped__)  # type: ignore[attr-defined]
    monkeypatch.setattr(
        recording,
        "_lock",
        lambda pages: list(
            Polling.objects.select_related("page", "latest_snapshot", "confirmed_snapshot").filter(page__in=pages)
        ),
    )
    due()
    dies(polling.poll_batch, settings, "changes written")
    state = Polling.objects.get()
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    assert state.latest_snapshot == Snapshot.objects.earliest("pk"), "and the next poll would write them again"


def test_a_host_that_is_stuck_is_found_by_a_thorough_look_alone(page: Page) -> None:
    """The control: a host that nobody lets go of is not asked again by time alone."""
    due()
    Host.objects.update(ready_at=None)
    lease_ends()
    assert leasing.lease_due(10, thorough=False) == []
    assert len(leasing.lease_due(10)) == 1


def test_a_worker_killed_after_it_has_written_leaves_nothing_to_do_again(
    page: Page, site: Site, settings: object
) -> None:
    due()
    asked = site.times_asked()
    dies(polling.poll_batch, settings, "committed")
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    state, host = Polling.objects.get(), Host.objects.get()
    assert (state.leased_until, state.leased_by) == (None, "")
    assert host.ready_at == max(state.due_at, host.rests_until)
    assert polling.poll_batch() == 0
    assert site.times_asked() == asked + 1
    evidence.sweep()
    assert EvidenceCheck.objects.filter(reason="change").count() == 1
    assert (Recheck.objects.count(), told()) == (1, 1)


def overtaken(page: Page, site: Site) -> Result:
    """What a worker brings of a page after its lease has ended and another has read the page since."""
    due()
    (stale,) = leasing.lease_due(10)
    late = observe(fetching.fetch(page.url, **fetch_bounds()))
    site.says(factories.QUOTE.replace("412", "401"))
    due()
    assert polling.poll_batch() == 1
    return Result(page.pk, late, stale.token)


def test_a_worker_whose_lease_has_ended_writes_nothing(page: Page, site: Site) -> None:
    late = overtaken(page, site)
    before = Polling.objects.values().get()
    assert recording.record([late]) == set()
    assert Polling.objects.values().get() == before
    assert (Snapshot.objects.count(), Change.objects.count()) == (2, 1)
    # The control: without the token it would be another snapshot, of a text that no longer stands there.
    recording.record([replace(late, token=None)])
    latest = Polling.objects.get().latest_snapshot
    assert latest is not None
    assert "389" in latest.text.text
    assert (Snapshot.objects.count(), Change.objects.count()) == (3, 2)


@pytest.mark.parametrize("at", QUIET_POINTS)
def test_a_worker_killed_while_sweeping_noise(page: Page, site: Site, settings: object, at: str) -> None:
    site.says(f"{factories.QUOTE}</p><p>Read by 17 people today.")
    due()
    polling.poll_batch()
    assert Polling.objects.get().last_outcome == Outcome.OK
    dies(evidence.sweep, settings, at)
    assert (EvidenceCheck.objects.filter(reason="change").count(), Sweep.objects.count()) == (0, 0)
    assert evidence.sweep() == 1
    assert evidence.sweep() == 0
    check = EvidenceCheck.objects.get(reason="change")
    assert check.result == EvidenceCheck.Result.INTACT
    assert (Sweep.objects.count(), Recheck.objects.count(), told()) == (1, 0, 0)


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
    again = check_of(Evidence.objects.watched().get(), UNSEEN, reason="change", snapshot=None, change=change)
    with pytest.raises(IntegrityError, match="evidence_check_once"), transaction.atomic():
        again.save()
