"""An edited article that comes with a refusal or an error is shown to editors, and counts as nothing."""

import socket
import threading
from collections.abc import Iterator

import pytest
from django.db.models.functions import Now

from claims.desk.quotes import on_screen
from claims.models import Evidence, EvidenceCheck, Recheck
from claims.reviews import publish
from claims.watch import sweep
from sources.http import fetcher
from sources.models import Host, Page, Polling
from sources.pages import page_for
from sources.polling import poller
from tests import factories
from tests.sources.polling.test_poller import Site
from tests.sources.servers import answer, serve

pytestmark = pytest.mark.django_db

QUOTE = "The ministry counted 412 bridges in need of repair."
ARTICLE = (
    "<h1>Bridges</h1><p>The yearly report of the agency is out today, after a long wait of many months.</p>"
    f"<p>{QUOTE} It was the first count since the flood of the spring before last.</p>"
    "<p>The next report is due in spring, when the budget of the coming year is known.</p>"
)
ALTERED = ARTICLE.replace("412", "389")
DISOWNED = ARTICLE.replace("repair.", "repair. [This is not correct.]")
REFUSED = "<h1>Forbidden</h1><p>You do not have permission to look at this page, and your visit was noted.</p>"


@pytest.fixture
def site(settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(poller, "_UNCONDITIONAL", 10**9)
    fetcher.clear_robots_cache()
    yield made
    made.server.shutdown()


@pytest.fixture
def page(site: Site) -> Page:
    """A page with a published quote."""
    site.says(ARTICLE)
    made = page_for(site.url())
    poller.fetch_once(made, actor=factories.editor())
    approved = factories.approved(factories.draft(of=made, exact=QUOTE))
    publish.publish(approved, actor=approved.approver)
    return made


def poll(site: Site, words: str, status: int, **headers: str) -> Polling:
    site.says(words, status=status, **headers)
    Polling.objects.update(due_at=Now())
    Host.objects.update(ready_at=Now(), rests_until=None)
    assert poller.poll_batch(1) == 1
    while sweep.sweep():
        pass
    return Polling.objects.get()


@pytest.mark.parametrize(
    ("status", "headers"),
    [(401, {}), (403, {}), (451, {}), (500, {}), (503, {}), (200, {"cf_mitigated": "challenge"})],
)
@pytest.mark.parametrize(("words", "shown"), [(ALTERED, "reads “The ministry counted 389"), (DISOWNED, "not correct")])
def test_an_edit_under_a_refusing_status_is_shown_and_proves_nothing(
    page: Page, site: Site, status: int, headers: dict[str, str], words: str, shown: str
) -> None:
    before = Polling.objects.get().seen_at
    state = poll(site, words, status, **headers)
    assert state.last_outcome in ("blocked", "error")
    assert "holds the article all the same" in state.last_detail and shown in state.last_detail
    assert state.seen_at == before and page.snapshots.count() == 1
    assert not Recheck.objects.exists() and EvidenceCheck.objects.latest("pk").result == "unverifiable"
    evidence = Evidence.objects.get()
    assert any(shown in sentence for sentence in on_screen([evidence])[evidence.pk].sentences)
    assert poll(site, ARTICLE, 200).last_detail == ""
    assert not any(shown in sentence for sentence in on_screen([evidence])[evidence.pk].sentences)


@pytest.mark.parametrize(
    ("words", "status", "headers"),
    [
        pytest.param(ARTICLE, 403, {}, id="the article unedited"),
        pytest.param(ARTICLE.replace("412 bridges", "412 Bridges"), 503, {}, id="typography"),
        pytest.param(ARTICLE.replace("first count", "only count"), 403, {}, id="another sentence edited"),
        pytest.param(REFUSED, 403, {}, id="a page of its own"),
        pytest.param(f"{REFUSED}<p>{QUOTE.replace('412', '389')}</p>", 403, {}, id="a page of its own with a teaser"),
        pytest.param(ALTERED, 404, {}, id="gone"),
        pytest.param(ALTERED, 429, {}, id="too many requests"),
        pytest.param(ALTERED, 403, {"Content_Type": "application/octet-stream"}, id="no page"),
        pytest.param(ALTERED + "x" * 2_100_000, 503, {}, id="too large"),
    ],
)
def test_nothing_is_said_of_other_refusals(
    page: Page, site: Site, words: str, status: int, headers: dict[str, str]
) -> None:
    before = Polling.objects.get().seen_at
    state = poll(site, words, status, **headers)
    assert "article" not in state.last_detail and state.seen_at == before
    assert not Recheck.objects.exists()


def test_a_body_that_never_ends_is_still_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.http.responses._REFUSED_SECONDS", 0.2)
    never = threading.Event()

    def half(connection: socket.socket) -> None:
        connection.sendall(answer(b"x" * 100, "403 Forbidden", "Content-Type: text/html")[:-50])
        never.wait(5)

    with serve({"/": half}) as slow:
        found = fetcher.fetch(slow.url(), user_agent="test", allow=slow.address, obey_robots=False)
    never.set()
    assert (found.outcome, found.status, found.refused_body) == ("blocked", 403, b"")
    assert found.elapsed < 4
