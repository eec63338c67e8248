"""Quiet polls: what nothing watched depends on is not written, and nobody is told anything else for it."""

import random
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from claims.models import Evidence, Publication, Recheck
from claims.reviews import publish
from claims.watch import sweep
from sources.models import Blob, Change, Outcome, Page, Polling, Snapshot, Text
from sources.pages import page_for
from sources.polling import quiet, record
from sources.polling.observation import Observation
from sources.polling.record import Result
from sources.snapshots import default_store
from tests import factories
from tests.sources.polling import histories
from tests.sources.polling.histories import FIRST, SECOND, Story, observation, poll, time_passes

pytestmark = pytest.mark.django_db

_STANDS = {"intact", "moved"}


@pytest.fixture(autouse=True)
def snapshots(settings: Any, tmp_path: Any) -> None:
    settings.SNAPSHOT_STORE = str(tmp_path)


@dataclass
class Watched:
    """A page with two watched quotes, each of a review of its own."""

    page: Page

    @classmethod
    def of(cls, story: Story, url: str) -> "Watched":
        page = page_for(url)
        poll(page, observation(story))
        for exact in (FIRST, SECOND):
            version = factories.approved(factories.draft(of=page, exact=exact))
            publish.publish(version, actor=version.approver)
        assert len(Polling.objects.get(page=page).passages) == 2
        return cls(page)

    def polled(self, story: Story) -> None:
        poll(self.page, observation(story))
        while sweep.sweep():
            pass

    def answers(self) -> list[object]:
        """What editors and newsrooms know: the last answer for each quote, re-checks, and events."""
        known: list[object] = []
        for evidence in Evidence.objects.filter(page=self.page).order_by("exact"):
            check = evidence.checks.order_by("-pk").first()
            assert check is not None
            review = evidence.version.review
            rechecks = Recheck.objects.filter(review=review).order_by("pk").values_list("state", flat=True)
            events = Publication.objects.filter(claim=review.claim).order_by("pk").values_list("event", flat=True)
            result = "stands" if check.result in _STANDS else check.result
            known.append((evidence.exact, result, check.found, list(rechecks), list(events)))
        return known

    def rows(self) -> int:
        return sum(of.objects.filter(page=self.page).count() for of in (Snapshot, Change))


def both(story: Story, number: int) -> tuple[Watched, Watched]:
    return tuple(Watched.of(story, f"https://{name}-{number}.example/report") for name in ("quiet", "all"))  # type: ignore[return-value]


def run_histories(seed: int, steps: int) -> tuple[int, int]:
    """Poll two pages with the same history, one of them writing everything, and compare what is known after each poll.

    Returns the rows written for each.
    """
    chance = random.Random(seed)
    story = Story(chance)
    mine, control = both(story, seed)
    for step in range(steps):
        story.goes_on()
        hours = chance.choices([0.2, 0.5, 1.1, 3, 200], [4, 4, 4, 4, 1])[0]
        time_passes(mine.page, control.page, hours=hours)
        mine.polled(story)
        with override_settings(KEEP_TEXT_AFTER=0):
            control.polled(story)
        assert mine.answers() == control.answers(), f"seed {seed}, step {step}: {story}"
    return mine.rows(), control.rows()


@pytest.mark.parametrize("seed", range(2))
def test_nobody_is_told_anything_else_than_if_everything_were_written(seed: int) -> None:
    mine, control = run_histories(seed, steps=12)
    assert mine < control


@pytest.mark.parametrize(
    ("of", "name"), [(quiet, "untouched"), (quiet, "_is_as_before")], ids=["untouched", "as before"]
)
def test_control_a_poll_that_is_quiet_too_easily_is_found(
    monkeypatch: pytest.MonkeyPatch, of: object, name: str
) -> None:
    monkeypatch.setattr(of, name, lambda *given: True)
    with pytest.raises(AssertionError, match="seed"):
        for seed in range(10):
            run_histories(seed, steps=14)


def test_a_notice_that_is_gone_again_is_told_too() -> None:
    """A history in which a quiet poll once hid that the page stands by its sentence again."""
    run_histories(119, steps=10)


@pytest.mark.long
def test_nobody_is_told_anything_else_in_many_histories() -> None:
    for seed in range(100, 140):
        run_histories(seed, steps=25)


# What a quiet poll writes


@pytest.fixture
def story() -> Story:
    return Story(random.Random(1))


@pytest.fixture
def page(story: Story) -> Page:
    """A page with two watched passages that was read once."""
    page = page_for("https://agency.example/report")
    poll(page, observation(story))
    histories.register(Snapshot.objects.get(page=page), [FIRST, SECOND])
    return page


def written() -> tuple[int, ...]:
    return tuple(of.objects.count() for of in (Snapshot, Change, Blob, Text))


def certainties() -> list[str]:
    return list(Change.objects.order_by("pk").values_list("certainty", flat=True))


def files(settings: Any) -> int:
    return sum(1 for _ in Path(settings.SNAPSHOT_STORE).rglob("*.gz"))


@pytest.mark.sql
def test_a_quiet_poll_writes_the_polling_state_and_nothing_else(story: Story, page: Page, settings: Any) -> None:
    before, kept = written(), files(settings)
    for number in range(1, 4):
        story.clock += 7
        story.visits += 1
        read = observation(story)
        poll(page, read)
        state = Polling.objects.get(page=page)
        assert (written(), files(settings)) == (before, kept)
        assert (state.quiet_polls, state.read_sha256, state.suspected_since) == (number, read.sha256, None)
        assert state.seen_at == [state.last_read_at] * 2
        assert state.fetches == number + 1


def test_the_same_bytes_are_not_read_again_although_they_were_not_kept(story: Story, page: Page) -> None:
    story.clock += 7
    poll(page, observation(story))
    seen_at = Polling.objects.get(page=page).seen_at
    poll(page, Observation(Outcome.OK, status=200, sha256=observation(story).sha256))
    state = Polling.objects.get(page=page)
    assert state.quiet_polls == 1
    assert state.seen_at == [state.last_read_at] * 2 != seen_at


def test_what_an_earlier_version_read_is_seen_again_in_the_same_bytes(story: Story) -> None:
    """After an upgrade: nothing says when the quotes were seen, and another extractor read the latest snapshot."""
    page, read = page_for("https://agency.example/old"), observation(story)
    assert read.page_text is not None
    poll(page, replace(read, page_text=replace(read.page_text, extractor_version="full-0")))
    histories.register(Snapshot.objects.get(page=page), [FIRST, SECOND])
    Polling.objects.filter(page=page).update(read_sha256="", read_since=None, last_read_at=None, seen_at=[None, None])
    poll(page, read)
    state = Polling.objects.get(page=page)
    assert state.last_read_at is not None and state.seen_at == [state.last_read_at] * 2
    assert Snapshot.objects.filter(page=page).count() == 1
    story.sentences[FIRST] = ""
    poll(page, observation(story))
    assert Polling.objects.get(page=page).seen_at == state.seen_at, "other bytes prove nothing before they are compared"
    assert Snapshot.objects.filter(page=page).count() == 2


@pytest.mark.parametrize("hours", [167, 169])
def test_a_text_is_kept_weekly_and_looked_at(story: Story, page: Page, hours: int) -> None:
    story.clock += 7
    time_passes(page, hours=hours)
    poll(page, observation(story))
    kept = hours > 168
    assert Snapshot.objects.count() == 1 + kept
    assert certainties() == ["suspected"] * kept
    assert Polling.objects.get(page=page).suspected_since is None, "nothing is to be confirmed"


def test_the_second_look_comes_although_only_the_clock_has_changed_since(story: Story, page: Page) -> None:
    story.sentences[FIRST] = ""
    poll(page, observation(story))
    assert certainties() == ["suspected"]
    for _ in range(2):
        story.clock += 7
        time_passes(page, hours=0.4)
        poll(page, observation(story))
    assert (certainties(), Snapshot.objects.count()) == (["suspected"], 2)
    story.clock += 7
    time_passes(page, hours=0.4)
    poll(page, observation(story))
    assert (certainties(), Snapshot.objects.count()) == (["suspected", "confirmed"], 3)
    confirmed, latest = Change.objects.latest("pk"), Snapshot.objects.latest("pk")
    assert confirmed.after == latest
    assert latest.blob_id == observation(story).sha256
    assert Polling.objects.get(page=page).suspected_since is None


def test_a_confirmation_of_bytes_that_were_not_kept_names_those_that_were(story: Story, page: Page) -> None:
    story.sentences[FIRST] = ""
    poll(page, observation(story))
    story.clock += 7
    poll(page, observation(story))
    time_passes(page, hours=2)
    poll(page, observation(story))  # the same bytes
    assert (certainties(), Snapshot.objects.count()) == (["suspected", "confirmed"], 2)
    assert Change.objects.latest("pk").after == Snapshot.objects.latest("pk")


def test_what_a_confirming_poll_first_misses_is_confirmed_by_a_later_one(story: Story, page: Page) -> None:
    """Also if the page stays as that poll found it."""
    story.sentences[SECOND] = ""
    poll(page, observation(story))
    story.sentences[FIRST] = ""
    time_passes(page, hours=2)
    poll(page, observation(story))
    assert certainties() == ["suspected", "confirmed", "suspected"]
    for _ in range(2):
        time_passes(page, hours=0.6)
        poll(page, observation(story))
    assert certainties()[3:] == ["confirmed"]


def test_a_quote_that_comes_back_is_not_quiet(story: Story, page: Page) -> None:
    for words in (FIRST.replace("412", "389"), FIRST):
        story.sentences[FIRST] = words
        story.clock += 7
        poll(page, observation(story))
        assert Polling.objects.get(page=page).quiet_polls == 0
    assert Snapshot.objects.count() == 3


def test_what_comes_back_after_a_wall_is_not_quiet(story: Story, page: Page) -> None:
    poll(page, Observation(Outcome.BLOCKED, "A wall."))
    story.clock += 7
    poll(page, observation(story))
    assert list(Change.objects.order_by("pk").values_list("kind", flat=True)) == ["blocked", "back", "text"]


@pytest.mark.parametrize(
    "what", [{"final_url": "https://elsewhere.example/"}, {"canonical_url": "https://a.example/x"}]
)
def test_a_page_that_moves_is_not_quiet(story: Story, page: Page, what: dict[str, str]) -> None:
    story.clock += 7
    time_passes(page, hours=200)
    poll(page, replace(observation(story), final_url=page.url, canonical_url=page.url))
    story.clock += 7
    poll(page, replace(observation(story), **{"final_url": page.url, "canonical_url": page.url} | what))
    assert Snapshot.objects.count() == 3
    assert Polling.objects.get(page=page).latest_snapshot == Snapshot.objects.latest("pk")
    assert "moved" in Change.objects.latest("pk").kinds or Change.objects.latest("pk").kind == "moved"


def test_a_page_without_passages_keeps_every_text(story: Story, page: Page) -> None:
    Polling.objects.update(passages=[], seen_at=[])
    for _ in range(2):
        story.clock += 7
        poll(page, observation(story))
    assert Snapshot.objects.count() == 3


def test_what_an_editor_asked_for_is_kept(story: Story, page: Page) -> None:
    story.clock += 7
    record.record([Result(page.pk, observation(story))], origin=Snapshot.Origin.ATTACHED)
    assert Snapshot.objects.latest("pk").blob_id == observation(story).sha256


def test_a_reading_that_was_compared_with_an_older_state_is_kept(
    story: Story, page: Page, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A passage is registered after the reading was compared and before it is written."""
    store = record._store_bodies

    def registers(*given: Any) -> Any:
        monkeypatch.setattr(record, "_store_bodies", store)
        histories.register(Snapshot.objects.get(page=page), [FIRST, "The railways count their own crossings"])
        return store(*given)

    monkeypatch.setattr(record, "_store_bodies", registers)
    story.clock += 7
    poll(page, observation(story))
    latest = Snapshot.objects.latest("pk")
    assert latest.blob_id == observation(story).sha256
    assert default_store.store().verify(latest.blob_id)
    assert Polling.objects.get(page=page).fetches == 2


def test_the_schedule_learns_from_quiet_polls_as_from_others(story: Story, page: Page) -> None:
    hashes = []
    prose = "Towns along the river say that they have waited far too long, and that is all that they say of it now."
    for line in ("", "", f"{prose} {prose}"):
        story.clock += 7
        story.teasers = [line]
        poll(page, observation(story))
        hashes.append(Polling.objects.get(page=page).prose_sha256)
    assert hashes[0] == hashes[1] != hashes[2]
    assert Polling.objects.get(page=page).quiet_polls == 3
