"""Due times follow the schedule; redirected, moved and shrunk pages are recorded as such."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import F
from django.db.models.functions import Now

from claims.models import EvidenceCheck, Recheck
from claims.reviews import publish
from claims.watch import sweep
from sources.http import fetcher
from sources.models import Change, Host, Outcome, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import poller, schedule
from sources.polling.budget import current_budget
from tests import factories
from tests.sources.polling.test_poller import HTML, Site, changes

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

PROSE = "The ministry counted its bridges again this year and found that many of them need repair before winter."
OTHER = "After a long debate the council decided that the old bridge will be closed to all traffic from next spring."
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def site(settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(poller, "_UNCONDITIONAL", 10**9)
    # Without jitter, so that due times are exact.
    monkeypatch.setattr(schedule, "_JITTER", 0.0)
    fetcher.clear_robots_cache()
    yield made
    made.server.shutdown()


def watch(site: Site, path: str = "/report", words: str = PROSE) -> Page:
    site.says(words, path)
    made = page_for(site.url(path))
    poller.start_watching(made)
    return made


@pytest.fixture
def page(site: Site) -> Page:
    return watch(site)


def poll(page: Page, after: timedelta = HOUR) -> Polling:
    """Poll this page alone, with its last poll moved back in time."""
    mine = Polling.objects.filter(page=page)
    mine.update(
        due_at=Now() - 100 * DAY,
        last_success_at=F("last_success_at") - after,
        suspected_since=F("suspected_since") - after,
        unread_since=F("unread_since") - after,
        gone_since=F("gone_since") - after,
    )
    Host.objects.update(ready_at=None)
    Host.objects.update_or_create(name=mine.get().host, defaults={"ready_at": Now(), "rests_until": None})
    assert poller.poll_batch(1) == 1
    return mine.select_related("latest_snapshot").get()


def wait(page: Page) -> timedelta:
    state = Polling.objects.get(page=page)
    assert state.due_at is not None
    assert state.last_attempt_at is not None
    return state.due_at - state.last_attempt_at


def near(found: timedelta, wanted: timedelta) -> bool:
    return abs(found - wanted) < timedelta(seconds=1)


# When a page is due


def test_belief_and_wait_follow_the_schedule(site: Site, page: Page) -> None:
    budget = current_budget()
    belief: tuple[float, ...] = ()
    for words, changed in ((PROSE, False), (PROSE, False), (OTHER, True), (OTHER, False)):
        site.says(words)
        state = poll(page, 5 * HOUR)
        belief, expected = schedule.after_poll(
            belief,
            elapsed=5 * HOUR if belief else None,
            changed=changed,
            price=budget.price,
            shortest=budget.shortest,
            longest=budget.longest,
        )
        assert state.belief == pytest.approx(belief, rel=1e-3)
        if state.suspected_since is None:
            assert wait(page) / expected == pytest.approx(1, rel=1e-2)


def test_a_pinned_interval_overrides_the_schedule_and_cache_control(site: Site, page: Page) -> None:
    Page.objects.update(pinned_interval=7 * MINUTE)
    site.says(PROSE, Cache_Control="max-age=7200")
    poll(page)
    assert near(wait(page), 7 * MINUTE)


def test_the_freshness_lifetime_is_respected_up_to_six_hours(site: Site, page: Page, settings: object) -> None:
    settings.POLL_INTERVAL = 60  # type: ignore[attr-defined]
    for seconds, wanted in ((7_200, 2 * HOUR), (31_536_000, 6 * HOUR)):
        site.says(PROSE, Cache_Control=f"max-age={seconds}")
        poll(page)
        assert near(wait(page), wanted)
    site.says(PROSE, Cache_Control="no-cache, max-age=7200")
    poll(page)
    assert wait(page) < HOUR


def test_retry_after_overrides_a_pinned_interval(site: Site, page: Page) -> None:
    Page.objects.update(pinned_interval=5 * MINUTE)
    site.says("Slow down.", status=503, Retry_After="5000")
    poll(page)
    assert near(wait(page), timedelta(seconds=5_000))


def test_crawl_delay_delays_the_page_and_its_host(site: Site, page: Page) -> None:
    Page.objects.update(pinned_interval=MINUTE)
    site.pages["/robots.txt"] = (200, "User-agent: *\nCrawl-delay: 600\n", {"Content-Type": "text/plain"})
    state = poll(page)
    assert near(wait(page), 10 * MINUTE)
    host = Host.objects.get(name=state.host)
    assert host.rests_until is not None
    assert near(host.rests_until - state.last_attempt_at, 10 * MINUTE)


def test_a_suspected_page_is_due_when_it_can_be_confirmed(site: Site, page: Page, settings: object) -> None:
    settings.POLL_INTERVAL = 86_400  # type: ignore[attr-defined]
    Page.objects.update(confirm_after=20 * MINUTE)
    poll(page)
    assert wait(page) > 21 * MINUTE, "else it would come by itself"
    site.says(OTHER, Cache_Control="max-age=7200")
    poll(page)
    assert near(wait(page), 20 * MINUTE)
    poll(page, 20 * MINUTE + timedelta(seconds=1))
    assert [certainty for _, certainty in changes()] == ["suspected", "confirmed"]


def test_a_page_with_more_weight_is_polled_sooner(site: Site, settings: object) -> None:
    settings.POLL_INTERVAL = 86_400  # type: ignore[attr-defined]
    light, heavy = watch(site, "/light"), watch(site, "/heavy")
    poller.set_weights({heavy.pk: 16})
    for page in (light, heavy):
        poll(page)
    # The cost of undetected changes grows with the square of the time.
    assert 3 < wait(light) / wait(heavy) < 5.5


def test_a_change_of_prose_brings_other_unpinned_pages_of_the_host_forward(site: Site, page: Page) -> None:
    sibling, pinned = watch(site, "/sibling"), watch(site, "/pinned")
    Page.objects.filter(pk=pinned.pk).update(pinned_interval=DAY)
    elsewhere = watch(site, "/elsewhere")
    Polling.objects.filter(page=elsewhere).update(host="elsewhere.example")
    for each in (sibling, pinned, elsewhere, page):
        poll(each)
    before = dict(Polling.objects.values_list("page", "due_at"))
    site.says(OTHER)
    poll(page)
    after = {state.page_id: state for state in Polling.objects.all()}
    assert after[sibling.pk].due_at < before[sibling.pk]
    assert after[pinned.pk].due_at == before[pinned.pk]
    assert after[elsewhere.pk].due_at == before[elsewhere.pk]
    rates = [schedule.changes_per_day(after[each.pk].belief) for each in (sibling, elsewhere)]
    assert rates[0] > rates[1]


@pytest.mark.parametrize("noise", ["Read 17,204 times", "24 November 2026, 14:05", "3 comments"])
def test_noise_is_no_change_for_the_schedule(site: Site, noise: str) -> None:
    quiet, noisy, sibling = watch(site, "/quiet"), watch(site, "/noisy"), watch(site, "/sibling")
    for each in (sibling, quiet, noisy):
        poll(each)
    due_at = Polling.objects.get(page=sibling).due_at
    site.says(f"{PROSE}</p><p>{noise}", "/noisy")
    states = [poll(each, DAY) for each in (quiet, noisy)]
    assert changes() == [("text", "suspected")]
    assert states[1].belief == pytest.approx(states[0].belief, rel=1e-4)
    assert Polling.objects.get(page=sibling).due_at == due_at


# Redirected and shrunk pages


def reads(site: Site, path: str, words: str, head: str = "") -> None:
    site.pages[path] = (200, HTML.format(words).replace("<head>", f"<head>{head}"), {})


def leads(site: Site, path: str, to: str) -> None:
    site.pages[path] = (301, "", {"Location": to})


STORY = (
    factories.QUOTE + " " + " ".join(f"{PROSE} Engineers looked at span {n} of the river crossing." for n in range(30))
)
ELSEWHERE = " ".join(
    f"Welcome to our shop, where offer {n} of the week is waiting for you at the till." for n in range(90)
)


@pytest.fixture
def cited(site: Site) -> Page:
    """A page that a published review quotes."""
    site.says(STORY)
    made = page_for(site.url())
    version = factories.approved(factories.draft(of=made))
    publish.publish(version, actor=version.approver)
    poll(made)
    return made


def swept() -> str:
    sweep.sweep()
    return EvidenceCheck.objects.filter(reason="change").latest("pk").result


def test_the_quote_of_a_redirected_page_is_unverifiable(site: Site, cited: Page) -> None:
    site.says(ELSEWHERE, "/shop")
    leads(site, "/report", "/shop")
    state = poll(cited)
    assert state.last_outcome == Outcome.REDIRECTED
    assert Snapshot.objects.filter(page=cited).count() == 1
    assert swept() == EvidenceCheck.Result.UNVERIFIABLE
    assert not Recheck.objects.exists()

    poller.accept(cited)
    state = poll(cited)
    assert state.last_outcome == Outcome.OK
    assert state.latest_snapshot.final_url.endswith("/shop")


def test_the_same_text_at_another_url_is_a_move_and_the_quote_is_intact(site: Site, cited: Page) -> None:
    site.says(STORY, "/archive/report")
    leads(site, "/report", "/archive/report")
    state = poll(cited)
    assert state.last_outcome in Outcome.readable()
    change = Change.objects.get()
    assert (change.kind, change.kinds) == (Change.Kind.MOVED, ["moved"])
    assert state.latest_snapshot.final_url.endswith("/archive/report")
    assert swept() == EvidenceCheck.Result.INTACT
    assert not Recheck.objects.exists()
    poll(cited)
    assert Change.objects.count() == 1, "told once"


def test_another_canonical_link_is_a_move(site: Site, cited: Page) -> None:
    for number in (1, 2):
        reads(site, "/report", STORY, f'<link rel="canonical" href="/story-{number}">')
        poll(cited)
    change = Change.objects.get()
    assert (change.kind, change.kinds) == (Change.Kind.MOVED, ["moved"])
    assert swept() == EvidenceCheck.Result.INTACT


def test_a_shrunk_page_is_read_again_once_accepted(site: Site, cited: Page) -> None:
    site.says("The report is no longer on this page.")
    assert poll(cited).last_outcome == Outcome.SHRUNK
    assert poll(cited).last_outcome == Outcome.SHRUNK
    poller.accept(cited)
    state = poll(cited)
    assert state.last_outcome == Outcome.OK
    assert "no longer on this page" in state.latest_snapshot.text.text
