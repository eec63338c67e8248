"""The poller on a real database with a real HTTP server on loopback."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from sources.extraction import sandbox
from sources.http import fetcher
from sources.http.defaults import fetch_defaults
from sources.models import Blob, Change, Host, Outcome, Page, Polling, Snapshot
from sources.pages import page_for
from sources.polling import leases, poller, record
from sources.polling.observation import observe
from sources.polling.record import Result
from sources.polling.schedule import host_rest
from sources.snapshots import default_store
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

HTML = "<html><head><title>Bridges</title></head><body><p>{}</p></body></html>"


class Site:
    """A site whose responses the test sets: path → (status, body, headers)."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, str, dict[str, str]]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.when_asked: Callable[[str], object] = lambda path: None
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, dict(self.headers)))
                site.when_asked(self.path)
                status, body, headers = site.pages.get(self.path, (404, "not here", {}))
                if headers.get("ETag") and self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, ""
                data = body.encode()
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def url(self, path: str = "/report") -> str:
        return f"http://{self.address}{path}"

    def says(self, words: str, path: str = "/report", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (status, HTML.format(words), named)

    def times_asked(self, path: str = "/report") -> int:
        return sum(1 for asked, _ in self.asked if asked == path)


@pytest.fixture
def site(settings: object, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE = str(tmp_path)  # type: ignore[attr-defined]
    settings.POLL_HOST_DELAY = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(poller, "_UNCONDITIONAL", 10**9)
    yield made
    made.server.shutdown()


@pytest.fixture
def page(site: Site) -> Page:
    site.says("One.")
    made = page_for(site.url())
    poller.start_watching(made)
    return made


def poll(page: Page) -> Polling:
    """Make the page due and its host ready, and poll it."""
    Polling.objects.filter(page=page).update(due_at=timezone.now() - timedelta(seconds=1))
    Host.objects.update(rests_until=None, ready_at=timezone.now())
    assert poller.poll_batch() == 1
    return Polling.objects.get(page=page)


def changes() -> list[tuple[str, str]]:
    return list(Change.objects.order_by("pk").values_list("kind", "certainty"))


def test_the_first_poll_takes_a_snapshot_and_is_no_change(site: Site, page: Page) -> None:
    state = poll(page)
    snapshot = Snapshot.objects.get()
    assert snapshot.text.text.strip() == "One."
    assert default_store.store().get(snapshot.blob_id) == HTML.format("One.").encode()
    assert (state.last_outcome, state.failures, state.leased_until) == ("ok", 0, None)
    assert state.due_at is not None
    assert state.due_at > timezone.now()
    assert changes() == []
    page.refresh_from_db()
    assert page.title == "Bridges"


def test_a_page_that_changes_and_changes_back_has_three_snapshots(site: Site, page: Page) -> None:
    poll(page)
    poll(page)
    assert Snapshot.objects.count() == 1
    for words in ("Two.", "One."):
        site.says(words)
        poll(page)
    assert Snapshot.objects.count() == 3
    assert Blob.objects.count() == 2
    assert changes() == [("text", "suspected"), ("text", "suspected")]
    assert Polling.objects.get().suspected_since is None, "the page reads as it did when last settled"


def test_other_bytes_with_the_same_text_are_a_snapshot_and_no_change(site: Site, page: Page) -> None:
    poll(page)
    status, body, headers = site.pages["/report"]
    site.pages["/report"] = (status, body.replace("<body>", "<body><!-- 2 -->"), headers)
    poll(page)
    assert Snapshot.objects.count() == 2
    assert changes() == []


def test_validators_are_sent_back_and_304_is_unchanged(site: Site, page: Page) -> None:
    site.says("One.", ETag='W/"a b"', Last_Modified="Mon, 02 Mar 2026 10:00:00 GMT")
    poll(page)
    state = poll(page)
    sent = site.asked[-1][1]
    assert sent["If-None-Match"] == 'W/"a b"'
    assert sent["If-Modified-Since"] == "Mon, 02 Mar 2026 10:00:00 GMT"
    assert (state.last_outcome, Snapshot.objects.count()) == ("unchanged", 1)
    assert "Referer" not in sent


def test_a_change_is_suspected_then_confirmed_by_a_later_poll(site: Site, page: Page) -> None:
    Page.objects.update(confirm_after=timedelta(hours=1))
    poll(page)
    site.says("Two.")
    poll(page)
    poll(page)
    assert changes() == [("text", "suspected")]
    Polling.objects.update(suspected_since=timezone.now() - timedelta(hours=2))
    poll(page)
    assert changes() == [("text", "suspected"), ("text", "confirmed")]
    confirmed = Change.objects.get(certainty="confirmed")
    assert confirmed.before is not None
    assert confirmed.after is not None
    assert (confirmed.before.text.text.strip(), confirmed.after.text.text.strip()) == ("One.", "Two.")
    poll(page)
    assert len(changes()) == 2


def test_failures_are_outcomes_and_never_snapshots(site: Site, page: Page) -> None:
    poll(page)
    for status, outcome in ((404, "gone"), (403, "blocked"), (500, "error")):
        site.says("Sorry.", status=status)
        assert poll(page).last_outcome == outcome
    assert Snapshot.objects.count() == 1
    assert Polling.objects.get().failures == 3
    site.says("One.")
    assert poll(page).failures == 0
    assert changes() == [
        ("gone", "suspected"),
        ("blocked", "suspected"),
        ("back", "confirmed"),
    ]
    assert all(change.after is None for change in Change.objects.exclude(kind="back"))


def test_backoff_grows_and_never_gives_up(site: Site, page: Page) -> None:
    site.says("Sorry.", status=500)
    waits = []
    for _ in range(12):
        state = poll(page)
        assert state.due_at is not None
        assert state.last_attempt_at is not None
        waits.append((state.due_at - state.last_attempt_at).total_seconds())
    assert waits[5] > 5 * waits[0]
    assert max(waits) <= 86_400 * 1.11


def test_retry_after_is_respected(site: Site, page: Page) -> None:
    Page.objects.update(pinned_interval=timedelta(seconds=5))
    site.says("Slow down.", status=429, Retry_After="3000")
    state = poll(page)
    assert state.last_outcome == Outcome.BLOCKED
    assert state.due_at is not None
    assert state.due_at > factories.later(2_900)


def test_attaching_a_page_fetches_it_once_without_watching(site: Site) -> None:
    site.says("One.")
    page = page_for(site.url())
    snapshot = poller.fetch_once(page, actor=None)
    assert snapshot.origin == "attached"
    assert Polling.objects.get().due_at is None
    assert leases.lease_due(10) == []
    assert site.times_asked() == 1


def test_attaching_an_unreadable_page_explains_why(site: Site) -> None:
    with pytest.raises(poller.PageUnreadable, match="does not exist"):
        poller.fetch_once(page_for(site.url("/nowhere")), actor=None)
    assert not Snapshot.objects.exists()


def test_a_private_address_is_refused_without_the_exception(site: Site, settings: object) -> None:
    site.says("One.")
    settings.FETCH_ALLOWED_LOOPBACK = ""  # type: ignore[attr-defined]
    with pytest.raises(poller.PageUnreadable):
        poller.fetch_once(page_for(site.url()), actor=None)
    assert site.asked == []


def test_a_leased_page_is_not_leased_again_until_the_lease_ends(site: Site, page: Page) -> None:
    (leased,) = leases.lease_due(10)
    assert leases.lease_due(10) == []
    Polling.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (again,) = leases.lease_due(10)
    assert again.token == leased.token + 1


def test_a_result_with_an_outdated_token_is_not_written(site: Site, page: Page) -> None:
    (stale,) = leases.lease_due(10)
    Polling.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    (fresh,) = leases.lease_due(10)
    seen = observe(fetcher.fetch(page.url, **fetch_defaults()))
    assert record.record([Result(page.pk, seen, stale.token)]) == set()
    assert not Snapshot.objects.exists()
    assert record.record([Result(page.pk, seen, fresh.token)]) == {page.pk}
    assert Snapshot.objects.count() == 1


def test_one_page_of_a_host_is_leased_at_a_time(site: Site, page: Page, settings: object) -> None:
    settings.POLL_HOST_DELAY = 1  # type: ignore[attr-defined]
    other = page_for(site.url("/other"))
    poller.start_watching(other)
    assert len(leases.lease_due(10)) == 1
    assert leases.lease_due(10) == []


def test_a_new_extractor_version_is_no_change(site: Site, page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "extract", _shouting(sandbox.extract, "old 1"))
    poll(page)
    monkeypatch.undo()
    status, body, headers = site.pages["/report"]
    site.pages["/report"] = (status, body + "<!-- other bytes -->", headers)
    poll(page)
    assert [snapshot.text.text.strip() for snapshot in Snapshot.objects.order_by("pk")] == ["ONE.", "One."]
    assert changes() == []


def _shouting(extract: object, version: str) -> object:
    from dataclasses import replace

    def extract_loudly(*args: object) -> object:
        read = extract(*args)  # type: ignore[operator]
        return replace(read, text=read.text.upper(), extractor_version=version)

    return extract_loudly


def test_the_delay_of_a_host_grows_with_its_response_time_and_crawl_delay() -> None:
    assert host_rest(1, 0.2) == 1
    assert host_rest(1, 0.2, crawl_delay=30) == 30
    assert host_rest(1, 20) == 100
    assert host_rest(1, 20, crawl_delay=10**9) == 3_600


def test_no_page_is_leased_during_the_delay_of_its_host(site: Site, page: Page, settings: object) -> None:
    other = page_for(site.url("/other"))
    poller.start_watching(other)
    settings.POLL_HOST_DELAY = 60  # type: ignore[attr-defined]
    assert poller.poll_batch() == 1
    assert leases.lease_due(10) == []
    Host.objects.update(rests_until=None, ready_at=timezone.now())
    assert len(leases.lease_due(10)) == 1


def test_a_bot_wall_or_partial_page_with_status_200_is_no_snapshot(site: Site, page: Page) -> None:
    site.says("The yearly report counts 412 bridges in need of repair.<br>" * 60)
    poll(page)
    for words, outcome in (
        ("Please verify you are human.", "blocked"),
        ("<h1>Page not found</h1>", "soft_404"),
        ("Loading.", "shrunk"),
    ):
        site.says(words)
        assert poll(page).last_outcome == outcome
    assert Snapshot.objects.count() == 1
    assert changes() == [("blocked", "suspected")]
