"""Kill the poller and sweeper again and again, at marked points and at random: run by hand, with -m long."""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.db import connections

from claims.models import EvidenceCheck, Publication, Recheck
from claims.reviews import publish
from claims.watch import sweep
from sources.http import fetcher
from sources.models import Change, Polling, Snapshot
from sources.pages import page_for
from sources.polling import poller
from tests import factories
from tests.claims.watch.test_kills import (
    POLL_POINTS,
    SWEEP_POINTS,
    UNAFFECTED_POINTS,
    assert_store_is_complete,
    due,
    lease_ends,
)
from tests.sources.servers import Loopback, Site, many, page

pytestmark = pytest.mark.sql

POINTS = ("lease before commit", *POLL_POINTS, "committed", "leased more", *UNAFFECTED_POINTS, *SWEEP_POINTS)
PAGES = 12
ROUNDS = 120


class Nth(str):
    """A point's name that compares equal only at the n-th comparison: the n-th time the point is reached."""

    left: int

    def __eq__(self, name: object) -> bool:
        if not str.__eq__(self, str(name)):
            return False
        self.left -= 1
        return self.left == 0

    __hash__ = str.__hash__


@pytest.fixture
def sites(settings: object, tmp_path: Path, live_database: object, django_db_blocker: object) -> Iterator[list[Site]]:
    """Sites that each have one page with a quote that a published review rests on."""
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    settings.KEEP_TEXT_AFTER = 0  # type: ignore[attr-defined]  # every poll writes, and so passes all points
    fetcher.clear_robots_cache()
    with django_db_blocker.unblock(), many([b""] * PAGES) as made:  # type: ignore[attr-defined]
        settings.FETCH_ALLOWED_LOOPBACK = Loopback(("127.0.0.1", made[0].port))  # type: ignore[attr-defined]
        say(made, factories.QUOTE)
        for site in made:
            version = factories.approved(factories.draft(of=page_for(site.url())))
            publish.publish(version, actor=version.approver)
        yield made


def say(sites: list[Site], words: str) -> None:
    for site in sites:
        site.pages["/"] = page(f"<p>{words}</p>")


def poll_and_sweep() -> None:
    poller.poll(limit=4, may_continue=lambda: True)
    sweep.sweep()


def killed(settings: object, at: str, after: float | None) -> bool:
    """Poll and sweep in a child; kill it at the point, or after that many seconds. True if it was still running."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            settings.FAULT_POINT = at  # type: ignore[attr-defined]
            poll_and_sweep()
        finally:
            os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.long
def test_killed_over_and_over_nothing_is_lost_or_doubled(sites: list[Site], settings: object) -> None:
    chance, deaths, news = Random(7), Counter[str](), 0
    for number in range(1, ROUNDS + 1):
        # All say something new; of half of them every third time it is the quote that reads otherwise.
        altered = factories.QUOTE if number % 3 else factories.QUOTE.replace("412", str(500 + number))
        news += number % 3 != 2 and number >= 3
        say(sites, f"{factories.QUOTE}</p><p>Read by {number} people today.")
        say(sites[::2], f"{altered}</p><p>Read by {number} people today.")
        due()
        for _ in range(2):  # and killed once more while it mends
            at, after = Nth(chance.choice(POINTS)), None
            at.left = chance.randint(1, 3)
            if chance.random() < 0.4:
                at, after = Nth(""), chance.uniform(0, 0.4)
            if killed(settings, at, after):
                deaths[str(at) or "anywhere"] += 1
            lease_ends()
        poll_and_sweep()
        assert sweep.sweep() == 0
        snapshots = Counter(Snapshot.objects.values_list("page", flat=True))
        assert set(snapshots.values()) == {number + 1}, f"in round {number}"
        assert Change.objects.count() == Change.objects.filter(sweep__isnull=False).count() == number * PAGES
        assert EvidenceCheck.objects.filter(reason="change").count() == number * PAGES
        assert not Polling.objects.filter(leased_until__isnull=False).exists()
    raised = Publication.objects.filter(event="recheck_raised")
    assert Recheck.objects.count() == PAGES // 2
    assert Counter(raised.values_list("claim", flat=True).order_by()).most_common()[-1][1] == news
    assert raised.count() == news * PAGES // 2
    assert_store_is_complete()
    print(f"{ROUNDS} rounds of {PAGES} pages, {sum(deaths.values())} killed: {dict(deaths)}")
