"""Sequences of polls: what a failure between two looks means for what the first of them found."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from claims.models import EvidenceCheck, Publication, Recheck
from claims.reviews import publish, rechecks
from claims.watch import sweep
from sources.http import fetcher
from sources.models import Change, Page, Polling
from sources.pages import page_for
from sources.polling import poller
from tests import factories
from tests.sources.polling.test_poller import Site
from tests.sources.polling.test_record import poll

pytestmark = pytest.mark.django_db

QUOTE = "The ferry line carried 5,200 passengers in May."
BEFORE = "<p>The harbour office has published its figures for spring, later than it had promised to the council.</p>"
AFTER = "<p>Island mayors ask for a second ship, because islanders queue for hours on every weekend of the season.</p>"
ALSO = "<p>The line was opened by two brothers who sold their fishing boats and still belongs to their children.</p>"
STANDS = f"{BEFORE}<p>{QUOTE} That was more than in any May before it.</p>{AFTER}{ALSO}"
GONE = STANDS.replace(f"{QUOTE} ", "")
ALTERED = STANDS.replace("5,200", "4,900")
NOTICE = f"{STANDS}<p>Correction: an earlier version of this article wrongly said that it was 5,200 passengers.</p>"
Step = tuple[int, str]
MISSING, REMOVED = (404, "<h1>Not found</h1>"), (410, "<h1>Removed</h1>")
ERROR, BUSY, CLOSED = (500, "Error."), (429, "Slow down."), (503, "<h1>Back soon</h1>")
REFUSED = (403, "<h1>Access denied</h1>")
CONSENT = (
    200,
    "<h1>Before you continue</h1><p>We value your privacy. Accept cookies to read on.</p><button>Accept all</button>",
)
MAINTENANCE = (200, "<h1>Back soon</h1><p>Our site is being serviced tonight. Please try again in an hour.</p>")
SOFT_404 = (200, "<h1>Page not found</h1><p>Sorry, what you looked for is not here. Start at the front page.</p>")
FAILURES = {
    "500": ERROR,
    "429": BUSY,
    "503": CLOSED,
    "403": REFUSED,
    "consent": CONSENT,
    "maintenance": MAINTENANCE,
    "soft 404": SOFT_404,
}


@pytest.fixture
def site(settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(poller, "_UNCONDITIONAL", 10**9)
    fetcher.clear_robots_cache()
    made.says(STANDS)
    yield made
    made.server.shutdown()


@pytest.fixture
def page(site: Site) -> Page:
    """The page of a published quote."""
    made = page_for(site.url())
    poller.fetch_once(made, actor=factories.editor())
    approved = factories.approved(factories.draft(of=made, exact=QUOTE))
    publish.publish(approved, actor=approved.approver)
    return made


def answers(site: Site, page: Page, *steps: Step | str, every: timedelta = timedelta(hours=26)) -> None:
    """The page answers so at one poll after the other, each swept."""
    for step in steps:
        status, words = (200, step) if isinstance(step, str) else step
        site.says(words, status=status)
        poll(page, every)
        while sweep.sweep():
            pass


def raised() -> list[str]:
    return list(Recheck.objects.order_by("pk").values_list("cause", flat=True))


@pytest.mark.parametrize("failure", FAILURES.values(), ids=list(FAILURES))
@pytest.mark.parametrize(("found", "cause"), [(GONE, "gone"), (NOTICE, "disowned")])
def test_a_failure_between_two_looks_does_not_begin_the_wait_anew(
    site: Site, page: Page, failure: Step, found: str, cause: str
) -> None:
    answers(site, page, found, failure)
    [seen_at] = Polling.objects.get(page=page).seen_at
    assert raised() == [], "found once"
    answers(site, page, found)
    assert raised() == [cause]
    if cause == "gone":
        assert Polling.objects.get(page=page).seen_at == [seen_at], "no look has seen it since"
    events = Publication.objects.count()
    answers(site, page, failure, found, failure, found)
    assert raised() == [cause] and Publication.objects.count() == events, "and it is told once"


@pytest.mark.parametrize("failure", [ERROR, REFUSED, CONSENT, SOFT_404], ids=["500", "403", "consent", "soft 404"])
@pytest.mark.parametrize("gone", [MISSING, REMOVED], ids=["404", "410"])
def test_a_page_that_is_gone_at_every_other_look_and_never_read_is_gone(
    site: Site, page: Page, gone: Step, failure: Step
) -> None:
    answers(site, page, gone, failure)
    assert raised() == []
    answers(site, page, gone)
    assert raised() == ["page_gone"]
    assert Change.objects.latest("pk").certainty == "confirmed"
    events = Publication.objects.count()
    answers(site, page, failure, failure, gone, failure, failure, gone, gone)
    assert Publication.objects.count() == events, "other failures do not unsay it"
    answers(site, page, STANDS)
    state = Polling.objects.get(page=page)
    assert (state.unread_since, state.gone_since, state.unread_confirmed) == (None, None, "")


def test_what_is_gone_and_pages_that_are_gone_wait_each_on_its_own(site: Site, page: Page) -> None:
    answers(site, page, GONE, MISSING)
    assert raised() == [], "one look missed the words, another one the page"
    answers(site, page, GONE)
    assert raised() == ["gone"]


@pytest.mark.parametrize(
    "steps",
    [
        pytest.param([GONE, ERROR, STANDS, ERROR, STANDS], id="missed once, then an outage, then intact"),
        pytest.param([ERROR, CLOSED, ERROR, CLOSED, STANDS], id="a long outage"),
        pytest.param([MISSING, STANDS], id="404 once"),
        pytest.param([MISSING, ERROR, CLOSED, STANDS], id="404 once, then an outage"),
        pytest.param([MISSING, STANDS, ERROR, MISSING, STANDS], id="404 twice with a look in between"),
        pytest.param([MISSING, GONE, MISSING, STANDS], id="404 twice, and a look that missed the words in between"),
        pytest.param([CONSENT, STANDS] * 10, id="a wall at every other look for weeks"),
        pytest.param([REFUSED, ERROR, STANDS] * 5, id="two failures in turn"),
        pytest.param([NOTICE, CLOSED, STANDS, CLOSED], id="a notice once"),
        pytest.param([GONE, ERROR, STANDS, ERROR, STANDS, ERROR, GONE, ERROR, STANDS], id="missed twice in ten days"),
    ],
)
def test_failures_and_single_misses_raise_nothing(site: Site, page: Page, steps: list[Step | str]) -> None:
    answers(site, page, *steps)
    assert raised() == []


def test_the_wait_between_two_looks_stays(site: Site, page: Page) -> None:
    for _ in range(4):
        answers(site, page, GONE, ERROR, every=timedelta(minutes=2))
    assert raised() == [], "sixteen minutes"
    answers(site, page, GONE, every=timedelta(minutes=50))
    assert raised() == ["gone"]


def test_a_page_gone_within_the_wait_raises_nothing(site: Site, page: Page) -> None:
    answers(site, page, *[MISSING, ERROR] * 4, every=timedelta(minutes=2))
    assert raised() == []
    answers(site, page, MISSING, every=timedelta(minutes=50))
    assert raised() == ["page_gone"]


def test_a_quote_first_missed_when_the_wait_of_another_ends_waits_itself(site: Site, page: Page) -> None:
    """The page is back from a failure: what one quote waited for confirms nothing of another."""
    other = "Island mayors ask for a second ship"
    approved = factories.approved(factories.draft(of=page, exact=other))
    publish.publish(approved, actor=approved.approver)
    without_other = STANDS.replace(AFTER, "<p>Nothing else was said at the meeting of the harbour office.</p>")
    answers(site, page, GONE, ERROR, without_other)
    assert raised() == [], "each is missed once"
    answers(site, page, ERROR, without_other)
    assert Recheck.objects.get().review == approved.review


def test_one_look_that_misses_an_altered_quote_waits_too(site: Site, page: Page) -> None:
    """What raised at once is no first look of something that has to wait."""
    answers(site, page, ALTERED)
    rechecks.dismiss(Recheck.objects.get(), actor=factories.editor(), note="A typing error of theirs.")
    answers(site, page, GONE, ALTERED)
    assert not Recheck.objects.open().exists()
    answers(site, page, GONE, ERROR, GONE)
    assert Recheck.objects.open().get().cause == "gone"


def test_what_is_missing_anew_after_it_stood_again_gets_its_second_look(site: Site, page: Page) -> None:
    """Also if the page returns to the very text in which it was missing before."""
    answers(site, page, GONE, GONE, STANDS)
    before = Change.objects.count()
    answers(site, page, GONE, GONE, GONE)
    after = list(Change.objects.order_by("pk").values_list("kind", "certainty"))[before:]
    assert after == [("text", "suspected"), ("text", "confirmed")]
    answers(site, page, STANDS, GONE, STANDS)
    assert Polling.objects.get(page=page).suspected_since is None


def test_a_page_that_cannot_be_read_for_long_is_told_as_such(site: Site, page: Page) -> None:
    """Whatever the failures are: newsrooms must not be told that somebody looks."""
    answers(site, page, ERROR)
    assert Publication.objects.latest("pk").event == "published"
    answers(site, page, MISSING)
    assert EvidenceCheck.objects.latest("pk").result == "unverifiable" and raised() == []
    answers(site, page, ERROR)
    assert Publication.objects.latest("pk").event == "watch_lost"
