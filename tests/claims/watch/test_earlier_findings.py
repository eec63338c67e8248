"""What was found before decides whether it is news: findings that come and go, and those on which editors decided."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import orjson
import pytest
from django.db.models.functions import Now
from django.utils import timezone

from claims.desk.quotes import on_screen
from claims.desk.rechecks.comparison import comparisons, what_changed
from claims.models import Evidence, EvidenceCheck, Publication, Recheck, Review
from claims.reviews import publish, rechecks
from claims.watch import earlier_findings, sweep
from sources.http import fetcher
from sources.models import Host, Page, Polling
from sources.pages import page_for
from sources.polling import poller
from tests import factories
from tests.sources.polling.test_poller import Site

pytestmark = pytest.mark.django_db

GONE = "The yearly report is out.\n\nContact us."
NOTICE = f"Correction of {{}}: an earlier version wrongly said that 412 bridges need repair.\n\n{factories.PAGE_TEXT}"
REDATED = NOTICE.format("4 March 2026"), NOTICE.format("5 March 2026"), NOTICE.format("6 March 2026")


@pytest.fixture
def page() -> Page:
    return factories.page()


@pytest.fixture
def review(page: Page) -> Review:
    return factories.published_review(of=page)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the looks: it goes on with each."""
    monkeypatch.setattr(Clock, "now", timezone.now() - timedelta(days=60))


class Clock:
    now = timezone.now()


def looks(page: Page, *texts: str | None, every: timedelta = timedelta(minutes=30), kind: str = "text") -> None:
    """The page has these texts, one after the other, each for so long. None: it cannot be read."""
    for text in texts:
        Clock.now += every
        latest = Polling.objects.get(page=page).latest_snapshot
        if text is not None and latest is not None and latest.text.text == text:
            factories.change(page, text, at=Clock.now, kind="back", certainty="confirmed")
        else:
            factories.change(page, text, at=Clock.now, kind=kind if text is None else "text")
        assert sweep.sweep() == 1


def last_body() -> dict[str, object]:
    return dict(orjson.loads(Publication.objects.latest("pk").body.json))


def test_a_sentence_that_comes_and_goes_is_raised_once_in_its_own_words(review: Review, page: Page) -> None:
    looks(page, GONE, factories.PAGE_TEXT, GONE, factories.PAGE_TEXT)
    assert not Recheck.objects.exists(), "twice may be chance"
    looks(page, GONE)
    recheck, evidence = Recheck.objects.get(), Evidence.objects.get()
    assert recheck.cause == "gone"
    verification = last_body()["verification"]
    assert isinstance(verification, dict)
    (because,) = verification["because"]
    assert because["comes_and_goes"] is True and because["cause"] == "gone"
    assert "no longer found" in because["wording"] and "at others it was not" in because["wording"]
    (shown,) = comparisons(recheck)
    assert shown.label == "no longer found, comes and goes"
    looks(page, factories.PAGE_TEXT)
    events = Publication.objects.count()
    looks(page, GONE, factories.PAGE_TEXT, GONE, factories.PAGE_TEXT, GONE, factories.PAGE_TEXT)
    assert Recheck.objects.count() == 1 and Publication.objects.count() == events, "and nobody is told at every turn"
    looks(page, GONE)
    [said] = [each for each in on_screen([evidence])[evidence.pk].sentences if "At the last look" in each]
    assert said == "At the last look: no longer found, comes and goes. Its re-check was raised before."


def test_an_editor_can_decide_on_it_while_the_sentence_is_back(review: Review, page: Page) -> None:
    looks(page, GONE, factories.PAGE_TEXT, GONE, factories.PAGE_TEXT, GONE, factories.PAGE_TEXT)
    recheck = Recheck.objects.get()
    assert rechecks.proposed_note(recheck) == "", "it will be gone again"
    (quote,) = rechecks.broken_quotes(recheck)
    assert quote.check.comes_and_goes and quote.proposed is None
    assert rechecks.confirm(recheck, actor=factories.editor()).state == "confirmed"
    assert "comes_and_goes" in str(last_body())


def test_once_decided_on_it_is_not_raised_again_until_it_is_gone_for_good(review: Review, page: Page) -> None:
    looks(page, GONE, factories.PAGE_TEXT, GONE, factories.PAGE_TEXT, GONE)
    rechecks.dismiss(Recheck.objects.get(), actor=factories.editor(), note="Two servers, one of them is old.")
    looks(page, factories.PAGE_TEXT, GONE, factories.PAGE_TEXT, GONE)
    assert Recheck.objects.count() == 1
    factories.change(page, GONE, certainty="confirmed", at=Clock.now + timedelta(hours=1))
    sweep.sweep()
    assert Recheck.objects.open().get().cause == "gone"


def test_a_notice_that_comes_and_goes_is_raised_also_under_other_dates(review: Review, page: Page) -> None:
    first, second, third = REDATED
    looks(page, first, factories.PAGE_TEXT, second, factories.PAGE_TEXT, third)
    assert Recheck.objects.get().cause == "disowned"
    assert EvidenceCheck.objects.latest("pk").reason == "recurring"


FLAKE = [GONE, *[factories.PAGE_TEXT, factories.PAGE_TEXT + "\n\n14 visitors."] * 20, factories.PAGE_TEXT]


@pytest.mark.parametrize(
    ("texts", "every"),
    [
        pytest.param([GONE, factories.PAGE_TEXT, GONE], timedelta(minutes=30), id="twice"),
        pytest.param([GONE, factories.PAGE_TEXT] * 2 + [GONE], timedelta(days=2), id="within more than a week"),
        pytest.param([*FLAKE, *FLAKE, GONE], timedelta(minutes=30), id="one look in forty"),
        pytest.param([None, factories.PAGE_TEXT] * 3 + [None], timedelta(minutes=30), id="a page that answers 404"),
        pytest.param([GONE, None, GONE, None, GONE], timedelta(minutes=14), id="never there in between"),
        pytest.param(
            [
                NOTICE.format("4 March 2026"),
                factories.PAGE_TEXT,
                NOTICE.format("5 March 2026").replace("wrongly said", "said in error"),
                factories.PAGE_TEXT,
                GONE,
            ],
            timedelta(minutes=30),
            id="something else each time",
        ),
    ],
)
def test_what_is_no_series_raises_nothing(
    review: Review, page: Page, texts: list[str | None], every: timedelta
) -> None:
    looks(page, *texts, every=every, kind="gone")
    assert not Recheck.objects.exists()


@pytest.mark.parametrize("kind", ["gone", "blocked"])
def test_what_was_never_there_in_between_is_a_second_look_and_no_series(review: Review, page: Page, kind: str) -> None:
    looks(page, GONE, None, GONE, None, every=timedelta(minutes=29), kind=kind)
    assert not Recheck.objects.exists(), "for 58 minutes"
    looks(page, GONE)
    assert Recheck.objects.get().cause == "gone"
    assert not EvidenceCheck.objects.latest("pk").comes_and_goes
    (quote,) = Recheck.objects.get().checks.all()
    assert quote.reason == "change"


def test_a_quote_that_stood_between_failures_is_missed_anew(review: Review, page: Page) -> None:
    looks(page, GONE, None, factories.PAGE_TEXT, None, GONE, None, kind="blocked")
    assert not Recheck.objects.exists()


def test_failures_while_it_stood_do_not_make_a_decision_hold_for_ever(review: Review, page: Page) -> None:
    confirmed(page, GONE)
    rechecks.dismiss(Recheck.objects.get(), actor=factories.editor(), note="A fault of the site.")
    for _ in range(3):
        looks(page, factories.PAGE_TEXT, None, kind="blocked")
    looks(page, GONE, None, GONE, None, GONE, kind="blocked")
    assert Recheck.objects.open().get().cause == "gone"


def test_the_share_of_time_is_counted_by_what_was_seen() -> None:
    def at(*found: bool | None) -> Iterator[tuple[datetime, bool | None]]:
        return ((timezone.now() + timedelta(hours=number), each) for number, each in enumerate(found))

    here, there, unknown = True, False, None
    assert earlier_findings._comes_and_goes([*at(here, there, here, there, here)])
    assert not earlier_findings._comes_and_goes([*at(here, unknown, here, unknown, here)])
    assert not earlier_findings._comes_and_goes([*at(here, *[there] * 20, here, *[there] * 20, here)])
    assert earlier_findings._comes_and_goes([*at(here, *[unknown] * 40, there, here, there, here)])


# Decisions.


def confirmed(page: Page, text: str | None, kind: str = "text", every: timedelta = timedelta(hours=2)) -> None:
    for certainty in ("suspected", "confirmed"):
        Clock.now += every
        latest = Polling.objects.get(page=page).latest_snapshot
        if text is None or latest is None or latest.text.text != text or certainty == "confirmed":
            factories.change(page, text, certainty=certainty, kind=kind, at=Clock.now)
        sweep.sweep()


@pytest.mark.parametrize(("text", "kind"), [(GONE, "text"), (None, "gone")])
def test_a_new_disappearance_after_the_quote_stood_again_is_news(
    review: Review, page: Page, text: str | None, kind: str
) -> None:
    confirmed(page, text, kind)
    rechecks.dismiss(Recheck.objects.get(), actor=factories.editor(), note="A fault of the site.")
    confirmed(page, text, kind)
    assert not Recheck.objects.open().exists(), "it was never back"
    for _ in range(2):
        looks(page, factories.PAGE_TEXT)
        confirmed(page, text, kind, every=timedelta(minutes=31))
    assert not Recheck.objects.open().exists(), "an old server answered for once"
    looks(page, factories.PAGE_TEXT)
    confirmed(page, text, kind)
    assert Recheck.objects.open().count() == 1


def test_an_altered_sentence_that_returns_in_the_same_words_stays_decided(review: Review, page: Page) -> None:
    altered = factories.PAGE_TEXT.replace("412", "389")
    confirmed(page, altered)
    rechecks.dismiss(Recheck.objects.get(), actor=factories.editor(), note="A typing error of theirs.")
    confirmed(page, factories.PAGE_TEXT)
    confirmed(page, altered)
    assert not Recheck.objects.open().exists()


@pytest.mark.parametrize(
    ("decide", "event"), [(rechecks.dismiss, "recheck_dismissed"), (rechecks.reconfirm, "reconfirmed")]
)
def test_the_event_names_the_decision_that_holds(review: Review, page: Page, decide: object, event: str) -> None:
    altered = factories.PAGE_TEXT.replace("412", "389")
    confirmed(page, altered)
    recheck = Recheck.objects.get()
    places = {"places": {quote.evidence.pk: None for quote in rechecks.broken_quotes(recheck)}}
    decide(  # type: ignore[operator]
        recheck, actor=factories.editor(), note="No matter.", **(places if event == "reconfirmed" else {})
    )
    for text in (factories.PAGE_TEXT, altered):
        before = Publication.objects.count()
        confirmed(page, text)
        assert Publication.objects.count() == before + 1
        assert Publication.objects.latest("pk").event == event


def test_a_notice_under_another_date_is_no_event(review: Review, page: Page) -> None:
    confirmed(page, REDATED[0])
    assert Recheck.objects.get().cause == "disowned"
    events = Publication.objects.count()
    confirmed(page, REDATED[1])
    assert Publication.objects.count() == events
    confirmed(page, REDATED[2].replace("wrongly said", "said in error"))
    assert Publication.objects.count() == events + 1, "other words are"
    assert "comes and goes" not in what_changed_now()


def what_changed_now() -> str:
    recheck = Recheck.objects.get()
    recheck.broken = list(recheck.checks.broken())  # type: ignore[attr-defined]
    return what_changed(recheck)


def test_polls_of_a_site_that_alternates_raise_it(settings: object, tmp_path: object) -> None:
    """End to end: quiet polls, changes and sweeps leave what the rule needs, and the quote is truly last seen."""
    site = Site()
    settings.FETCH_ALLOWED_LOOPBACK = site.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    fetcher.clear_robots_cache()
    words = f"<p>{factories.QUOTE}</p><p>The yearly report of the agency was welcomed by the council on Monday.</p>"
    site.says(words)
    page = page_for(site.url())
    poller.fetch_once(page, actor=factories.editor())
    approved = factories.approved(factories.draft(of=page))
    publish.publish(approved, actor=approved.approver)
    seen = []
    for number, has_quote in enumerate((False, True, False, True, False)):
        assert not Recheck.objects.exists()
        clock = f"<p>{number + 10}:{number + 20}</p>"
        site.says((words if has_quote else words.replace(f"<p>{factories.QUOTE}</p>", "")) + clock)
        Polling.objects.update(due_at=Now())
        Host.objects.update(ready_at=Now(), rests_until=None)
        assert poller.poll_batch(1) == 1
        while sweep.sweep():
            pass
        [at] = Polling.objects.get(page=page).seen_at
        seen.append(at)
    site.server.shutdown()
    assert EvidenceCheck.objects.latest("pk").comes_and_goes and Recheck.objects.get().cause == "gone"
    assert seen[0] < seen[1] == seen[2] < seen[3] == seen[4], "it was seen at the looks that found it, and no other"
