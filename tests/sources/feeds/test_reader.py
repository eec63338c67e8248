"""Feeds from the web to their items: through the real poller and the snapshot store."""

import gzip
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

from sources.feeds import reader
from sources.models import Feed, FeedItem, FeedReading, Host, Page, Polling, Snapshot, Source
from sources.pages import page_for
from sources.polling import poller
from sources.snapshots import default_store
from sources.snapshots.store import StorageError
from tests import factories
from tests.sources.polling.test_poller import Site
from tests.sources.servers import answer, serve

PATH = "/feed.xml"


@contextmanager
def running(settings: object, folder: Path) -> Iterator[Site]:
    made = Site()
    settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
    settings.SNAPSHOT_STORE, settings.POLL_HOST_DELAY = str(folder), 0  # type: ignore[attr-defined]
    yield made
    made.server.shutdown()


@pytest.fixture
def site(db: None, settings: object, tmp_path: Path) -> Iterator[Site]:
    with running(settings, tmp_path) as made:
        yield made


def rss(*stories: str, title: str = "The Paper") -> str:
    items = "".join(f"<item><title>Story {story}</title><link>/{story}</link></item>" for story in stories)
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def sitemap(*stories: str) -> str:
    return (
        "<urlset>" + "".join(f"<url><loc>https://paper.example/{story}</loc></url>" for story in stories) + "</urlset>"
    )


def lists(site: Site, body: str, path: str = PATH, media_type: str = "application/rss+xml") -> None:
    site.pages[path] = (200, body, {"Content-Type": media_type})


def add(site: Site, path: str = PATH, **options: object) -> Feed:
    return reader.add_feed(site.url(path), actor=factories.editor(), **options)  # type: ignore[arg-type]


def poll() -> None:
    """Poll every watched page once."""
    for page in Page.objects.filter(watch="watched"):
        Polling.objects.update(due_at=None)
        Host.objects.update(rests_until=None, ready_at=None)
        Polling.objects.filter(page=page).update(due_at=timezone.now() - timedelta(seconds=1))
        assert poller.poll_batch() == 1


def read() -> int:
    poll()
    return reader.read_feeds()


def new_items() -> list[str]:
    return [item.url.rpartition("/")[2] for item in FeedItem.objects.filter(baseline=False).order_by("pk")]


def reading() -> FeedReading:
    return FeedReading.objects.get()


@pytest.mark.django_db
def test_items_of_the_first_list_are_known_and_later_ones_new(site: Site) -> None:
    lists(site, rss("b", "a"))
    feed = add(site)
    assert read() == 1
    assert (FeedItem.objects.count(), new_items()) == (2, [])
    assert (reading().kind, reading().problem) == ("rss", "")
    feed.page.refresh_from_db()
    assert (str(feed.page), feed.page.watch) == ("The Paper", "watched")
    lists(site, rss("d", "c", "b"))
    assert read() == 1
    assert new_items() == ["c", "d"], "in the order in which they were published"
    item = FeedItem.objects.latest("pk")
    assert (item.title, item.url) == ("Story d", site.url("/d"))


@pytest.mark.django_db
def test_a_snapshot_is_read_once_and_items_listed_again_are_not_new(site: Site) -> None:
    lists(site, rss("b", "a"))
    add(site)
    read()
    assert reader.read_feeds() == 0
    assert read() == 0, "the same bytes make no new snapshot"
    for stories in (("c", "b"), ("a", "c"), ("b", "a")):
        lists(site, rss(*stories))
        assert read() == 1
    assert new_items() == ["c"]


@pytest.mark.django_db
def test_tracking_parameters_and_fragments_are_ignored(site: Site) -> None:
    lists(site, rss("a"))
    add(site)
    read()
    lists(site, rss("a?utm_source=rss", "b?utm_medium=x#top", "b"))
    read()
    assert new_items() == ["b"]


BODIES = {
    "rss": (rss, "application/rss+xml; charset=utf-8"),
    "rss as html": (rss, "text/html"),
    "rss as text/xml": (rss, "text/xml"),
    "rss of no kind": (rss, "application/octet-stream"),
    "atom": (
        lambda *stories: (
            '<feed xmlns="http://www.w3.org/2005/Atom">'
            + "".join(f'<entry><link href="/{story}"/></entry>' for story in stories)
            + "</feed>"
        ),
        "application/atom+xml",
    ),
    "json": (
        lambda *stories: (
            '{"version": "https://jsonfeed.org/version/1.1", "items": ['
            + ",".join(f'{{"url": "/{story}"}}' for story in stories)
            + "]}"
        ),
        "application/feed+json",
    ),
    "sitemap": (sitemap, "application/xml"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", BODIES)
def test_the_poller_reads_every_kind_of_feed(site: Site, kind: str) -> None:
    body, media_type = BODIES[kind]
    add(site)
    # Empty, long, and a tenth of it: an ordinary page would be judged empty and shrunk.
    for stories, new in (((), []), (tuple(f"story-{n}" for n in range(300)), 300), (("story-1", "last"), 301)):
        lists(site, body(*stories), media_type=media_type)
        assert read() == 1
        state = Polling.objects.get()
        assert (state.last_outcome, reading().problem) == ("ok", ""), state.last_detail
        assert len(new_items()) == (new or 0)


@pytest.mark.django_db
def test_a_compressed_sitemap_is_read(settings: object, tmp_path: Path) -> None:
    def packed(*stories: str) -> bytes:
        return answer(gzip.compress(sitemap(*stories).encode()), "200 OK", "Content-Type: application/gzip")

    with serve({"/sitemap.xml.gz": packed("a")}) as running:
        settings.FETCH_ALLOWED_LOOPBACK = running.address  # type: ignore[attr-defined]
        settings.SNAPSHOT_STORE, settings.POLL_HOST_DELAY = str(tmp_path), 0  # type: ignore[attr-defined]
        reader.add_feed(running.url("/sitemap.xml.gz"), actor=factories.editor())
        read()
        running.pages["/sitemap.xml.gz"] = packed("b", "a")
        read()
    state = Polling.objects.get()
    assert (state.last_outcome, new_items()) == ("ok", ["b"]), state.last_detail


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("body", "media_type", "problem"),
    [
        ("<html><head><title>News</title></head><body>Our news of today.</body></html>", "text/html", "Enter the URL"),
        ("<rss><channel><item>", "application/rss+xml", "cut short"),
        ('{"items": ["a"]}', "application/json", "no JSON Feed"),
        (
            "<sitemapindex><sitemap><loc>/s-1.xml</loc></sitemap></sitemapindex>",
            "text/xml",
            "/s-1.xml. Add the sitemaps",
        ),
    ],
)
def test_the_problem_of_an_unreadable_feed_ends_once_it_is_readable(
    site: Site, body: str, media_type: str, problem: str
) -> None:
    lists(site, body, media_type=media_type)
    add(site)
    assert read() == 1
    assert problem in reading().problem and reading().problem.endswith(".")
    assert reader.read_feeds() == 0, "unreadable bytes are read once"
    lists(site, rss("a"))
    read()
    assert (reading().problem, new_items(), FeedItem.objects.count()) == ("", [], 1), "this is the first list"
    lists(site, body, media_type=media_type)
    read()
    assert problem in reading().problem
    lists(site, rss("b", "a"))
    read()
    assert (reading().problem, new_items()) == ("", ["b"])


@pytest.mark.django_db
def test_a_failed_poll_is_not_read(site: Site) -> None:
    add(site)
    for status in (404, 403, 500):
        site.pages[PATH] = (status, rss("a"), {})
        assert read() == 0
    assert not FeedItem.objects.exists()


@pytest.mark.django_db
def test_the_items_of_a_rebuilt_feed_are_not_new(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "MAX_NEW", 3)
    lists(site, sitemap("a"))
    add(site)
    read()
    lists(site, sitemap(*"abcd"))
    read()
    assert new_items() == ["d", "c", "b"]
    lists(site, sitemap(*(f"{letter}-2" for letter in "abcde"), "c"))
    read()
    assert new_items() == ["d", "c", "b"]
    assert "listed 5 unknown pages at once" in reading().problem
    lists(site, sitemap("z", "a-2"))
    read()
    assert (new_items()[-1], reading().problem) == ("z", "")


@pytest.mark.django_db
def test_items_listed_before_the_feed_was_added_are_not_new(site: Site) -> None:
    lists(site, rss("a"))
    page = page_for(site.url(PATH))
    poller.fetch_once(page, actor=None)
    lists(site, rss("c", "b", "a"))
    feed = add(site)
    assert reader.read_feeds() == 0, "that snapshot is older than the feed"
    assert Polling.objects.get().due_at <= timezone.now()
    read()
    assert (new_items(), FeedItem.objects.count()) == ([], 3)

    reader.remove_feed(feed, actor=factories.editor())
    page.refresh_from_db()
    assert (page.watch, Polling.objects.get().due_at) == ("not_watched", None)
    lists(site, rss("d", "c"))
    poller.fetch_once(page, actor=None)
    assert reader.read_feeds() == 0, "reading has stopped"
    assert add(site) == feed
    read()
    assert new_items() == [], "items listed in between are known"
    lists(site, rss("e", "d"))
    read()
    assert new_items() == ["e"]


@pytest.mark.django_db
def test_a_feed_is_added_once_with_its_source_and_interval(site: Site) -> None:
    source = Source.objects.create(name="The Paper")
    feed = add(site, source=source, interval=timedelta(minutes=10))
    assert (feed.source, feed.page.source, feed.page.pinned_interval) == (source, source, timedelta(minutes=10))
    with pytest.raises(reader.FeedRefused, match="exists already"):
        reader.add_feed(site.url(PATH) + "?utm_source=x", actor=factories.editor())
    with pytest.raises(reader.FeedRefused, match="http"):
        reader.add_feed("ftp://paper.example/feed", actor=factories.editor())
    with pytest.raises(reader.FeedRefused, match="at most 7 days"):
        reader.add_feed("https://paper.example/feed", actor=factories.editor(), interval=timedelta(days=8))
    assert Page.objects.count() == 1


@pytest.mark.django_db
def test_removing_a_feed_keeps_polling_a_page_that_evidence_quotes() -> None:
    page = factories.page()
    feed = reader.add_feed(page.url, actor=factories.editor())
    factories.published_review(of=page)
    assert reader.remove_feed(feed, actor=factories.editor()) is False
    page.refresh_from_db()
    assert page.watch == "watched" and Polling.objects.get(page=page).due_at is not None


@pytest.mark.django_db
def test_a_damaged_store_loses_no_item(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    lists(site, rss("a"))
    feed = add(site)
    read()
    lists(site, rss("b", "a"))
    poll()
    path = default_store.store().path(Snapshot.objects.latest("pk").blob_id)  # type: ignore[attr-defined]
    hidden = path.rename(path.with_suffix(".away"))
    assert reader.read_feeds() == 0
    assert "Restore" in reading().problem
    hidden.rename(path)
    with monkeypatch.context() as down:
        down.setattr(default_store, "store", lambda: _Down())
        with pytest.raises(StorageError):
            reader.read_feeds()
    assert reader.read_feeds() == 1
    assert (new_items(), reading().problem, feed.items.count()) == (["b"], "", 2)


class _Down:
    def get(self, sha256: str) -> bytes:
        raise StorageError("The snapshot store does not respond.")


@pytest.mark.django_db
def test_a_long_sitemap_costs_a_fixed_number_of_queries(site: Site, django_assert_max_num_queries: object) -> None:
    lists(site, sitemap(*map(str, range(5_000))))
    add(site)
    poll()
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        reader.read_feeds()
    assert FeedItem.objects.count() == 5_000


# with real commits


@pytest.fixture
def live_site(settings: object, tmp_path: Path, live_database: object, django_db_blocker: object) -> Iterator[Site]:
    with django_db_blocker.unblock(), running(settings, tmp_path) as made:  # type: ignore[attr-defined]
        yield made


@pytest.mark.sql
def test_concurrent_readers_duplicate_nothing(live_site: Site) -> None:
    for number in range(4):
        lists(live_site, rss("a"), f"/feed-{number}")
        add(live_site, f"/feed-{number}")
    read()
    for number in range(4):
        lists(live_site, rss("d", "c", "b", "a"), f"/feed-{number}")
    poll()
    counted: list[int] = []
    together = threading.Barrier(4)

    def run() -> None:
        together.wait(10)
        counted.append(reader.read_feeds())
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(counted) == 4
    reader.read_feeds()
    assert sum(counted) == 4
    assert sorted(new_items()) == sorted(["b", "c", "d"] * 4)


@pytest.mark.sql
@pytest.mark.parametrize("at", ["feed items written", "feed before commit"])
def test_a_killed_reader_loses_and_duplicates_nothing(live_site: Site, settings: object, at: str) -> None:
    lists(live_site, rss("a"))
    add(live_site)
    read()
    lists(live_site, rss("b", "a"))
    poll()
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            settings.FAULT_POINT = at  # type: ignore[attr-defined]
            reader.read_feeds()
        finally:
            os._exit(0)  # reached only if the point was not
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert new_items() == []
    assert reader.read_feeds() == 1
    assert new_items() == ["b"]
