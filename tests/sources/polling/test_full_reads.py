"""Pages that published verdicts rest on are read whole daily; hosts whose validators lied are asked without them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from sources.http import fetcher
from sources.models import Host, Page, Polling
from sources.pages import page_for
from sources.polling import poller
from tests.sources.polling.test_poller import Site

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = "Mon, 02 Mar 2026 09:00:00 GMT", "Tue, 03 Mar 2026 09:00:00 GMT"
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)
PROSE = "The ministry counted its bridges again this year and found that many of them need repair before winter."
OTHER = "After a long debate the council decided that the old bridge will be closed to all traffic from next spring."


@pytest.fixture
def site(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address
    settings.SNAPSHOT_STORE = str(tmp_path)
    settings.POLL_HOST_DELAY = 0
    monkeypatch.setattr(poller, "_UNCONDITIONAL", 10**9)
    fetcher.clear_robots_cache()
    yield made
    made.server.shutdown()


@pytest.fixture
def page(site: Site) -> Page:
    """A page with an ETag that a published verdict rests on, read once."""
    site.says(PROSE, ETag='"1"')
    page = page_for(site.url())
    poller.start_watching(page)
    Polling.objects.update(weight=1)
    assert not asked_with_validators(site)
    return page


def asked_with_validators(site: Site) -> bool:
    """Poll the page, and say whether it was asked whether it has changed."""
    Polling.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    Host.objects.update(rests_until=None, ready_at=timezone.now())
    assert poller.poll_batch() == 1
    _, headers = site.asked[-1]
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def last_read(ago: timedelta, *, every: timedelta = timedelta()) -> None:
    now = timezone.now()
    Polling.objects.update(last_read_at=now - ago, last_attempt_at=now - every)


@pytest.mark.parametrize(
    ("ago", "every", "weight", "whole"),
    [
        (23 * HOUR, HOUR / 2, 1, False),
        (24 * HOUR, HOUR / 2, 1, True),
        (13 * HOUR, 12 * HOUR, 1, True),  # the next poll would be too late
        (24 * HOUR, HOUR / 2, 0, False),  # nothing published rests on it
        (-HOUR, HOUR / 2, 1, True),  # the clock was set back
    ],
)
def test_a_full_read_is_due_daily(
    site: Site, page: Page, ago: timedelta, every: timedelta, weight: int, whole: bool
) -> None:
    Polling.objects.update(weight=weight)
    last_read(ago, every=every)
    assert asked_with_validators(site) is not whole


def test_a_page_under_a_verdict_is_due_within_a_day(site: Site, page: Page, settings: Any) -> None:
    settings.POLL_INTERVAL = 40 * 86_400
    for weight, most in ((0, 31), (1, 1)):
        Polling.objects.update(weight=weight)
        asked_with_validators(site)
        wait = Polling.objects.get().due_at - timezone.now()  # type: ignore[operator]
        assert (wait < timedelta(days=1)) is (most == 1)


def test_not_modified_proves_nothing_that_was_seen(site: Site, page: Page) -> None:
    before = Polling.objects.get()
    assert asked_with_validators(site)
    after = Polling.objects.get()
    assert (after.last_read_at, after.last_outcome) == (before.last_read_at, "unchanged")
    assert after.last_validated_at is not None
    assert before.last_validated_at is None


def test_a_host_that_sends_other_content_under_an_old_etag_is_asked_without_for_four_weeks(
    site: Site, page: Page
) -> None:
    site.says(OTHER, ETag='"1"')
    last_read(25 * HOUR)
    assert not asked_with_validators(site)
    host = Host.objects.get()
    assert host.validators_lied_at is not None
    assert not asked_with_validators(site)
    Host.objects.update(validators_lied_at=host.validators_lied_at - 3.9 * WEEK)
    assert not asked_with_validators(site)
    Host.objects.update(validators_lied_at=host.validators_lied_at - 4.1 * WEEK)
    assert asked_with_validators(site), "servers are repaired and replaced"


@pytest.mark.parametrize(
    ("before", "words", "after", "lied"),
    [
        ({"ETag": '"1"'}, f"{PROSE}</p><p>Read 17 times", {"ETag": '"1"'}, False),  # as a weak ETag allows
        ({"ETag": '"1"'}, OTHER, {"ETag": '"2"'}, False),
        (
            {"Last_Modified": MONDAY},
            OTHER,
            {"Last_Modified": MONDAY},
            True,
        ),
        (
            {"Last_Modified": MONDAY},
            OTHER,
            {"Last_Modified": TUESDAY},
            False,
        ),
        ({}, OTHER, {}, False),
    ],
)
def test_what_is_a_lie(
    site: Site, page: Page, before: dict[str, str], words: str, after: dict[str, str], lied: bool
) -> None:
    for text, headers in ((PROSE, before), (words, after)):
        site.says(text, **headers)
        last_read(25 * HOUR)
        asked_with_validators(site)
    assert (Host.objects.get().validators_lied_at is not None) is lied
