"""Proposals: a page in feeds is proposed once, fetched only when an editor accepts, and stored as one document."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection, connections

from claims.models import Document, Evidence, EvidenceCheck, Listing, Proposal, Statement, Sweep
from claims.permissions import Refused
from claims.statements import ingest, proposals
from claims.statements.proposals import AcceptedAs
from claims.watch import sweep
from sources.feeds.reader import add_feed, read_feeds
from sources.models import Change, Feed, FeedItem, FeedReading, Page
from sources.pages import page_for
from tests import factories
from tests.sources.feeds.test_reader import lists, poll, rss, running
from tests.sources.servers import Site, answer, page, serve

STORY = (
    "<html lang='en'><head><title>Bridges</title></head><body><article><h1>Bridges</h1><p>“412 bridges need repair,”"
    " the Minister of Roads, Ada Verne, said on Monday. The yearly report on bridges is out, and it is long.</p>"
    "<p>The ministry counted them last year, as it has done each year since the great flood, she added.</p>"
    "</article></body></html>"
)


@pytest.fixture
def ana(db: None) -> User:
    return factories.editor()


@pytest.fixture
def web(settings: object) -> Iterator[Site]:
    with serve({"/a": page(STORY)}) as made:
        settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
        yield made


def feed(url: str = "https://paper.example/feed", **of_source: str) -> Feed:
    made = Feed.objects.filter(page__url=url).first()
    if made is None:
        made_page = page_for(url)
        type(made_page.source).objects.filter(pk=made_page.source_id).update(**({"name": "The Paper"} | of_source))
        made_page.source.refresh_from_db()
        made = Feed.objects.create(page=made_page, source=made_page.source)
        FeedReading.objects.create(feed=made)
    return made


def item(url: str, of: Feed | None = None, *, baseline: bool = False, **fields: str) -> FeedItem:
    return FeedItem.objects.create(feed=of or feed(), url=url, baseline=baseline, **({"title": "Bridges"} | fields))


def proposed(url: str, **fields: str) -> Proposal:
    item(url, **fields)
    proposals.propose()
    return Proposal.objects.get(url=url)


# proposing


@pytest.mark.django_db
def test_a_new_item_is_proposed_and_one_of_the_first_list_is_not() -> None:
    item("https://paper.example/old", baseline=True)
    item("https://paper.example/new")
    assert proposals.propose() == 1
    proposal = Proposal.objects.get()
    assert (proposal.url, proposal.title, proposal.state) == ("https://paper.example/new", "Bridges", "proposed")
    assert proposals.propose() == 0
    assert (Proposal.objects.count(), Listing.objects.count()) == (1, 1)


@pytest.mark.django_db
def test_a_page_that_two_feeds_list_is_proposed_once() -> None:
    other = feed("https://paper.example/sitemap.xml")
    item("https://paper.example/a")
    item("https://paper.example/a", other)
    item("https://paper.example/b")
    assert proposals.propose() == 3
    item("https://paper.example/b", other)
    assert proposals.propose() == 1
    assert Proposal.objects.count() == 2
    assert [proposal.listings.count() for proposal in Proposal.objects.all()] == [2, 2]


@pytest.mark.django_db
def test_a_page_is_one_at_each_of_its_addresses(ana: User) -> None:
    item("https://paper.example/a", feed("https://paper.example/sitemap.xml"))
    for address in ("http://www.paper.example/a/", "https://m.paper.example/a", "https://paper.example/a/amp"):
        item(address)
    assert proposals.propose() == 4
    assert [(each.url, each.listings.count()) for each in Proposal.objects.all()] == [("https://paper.example/a", 4)]
    Document.objects.create(text="Known.", text_sha256="0" * 64, url="https://www.paper.example/b/?utm_source=x")
    item("https://paper.example/b")
    assert proposals.propose() == 1
    assert Proposal.objects.count() == 1


@pytest.mark.django_db
def test_what_was_dismissed_is_not_proposed_again(ana: User) -> None:
    proposals.dismiss(proposed("https://paper.example/a"), actor=ana)
    item("https://paper.example/a", feed("https://paper.example/sitemap.xml"))
    proposals.propose()
    assert Proposal.objects.get().state == "dismissed"


@pytest.mark.django_db
@pytest.mark.parametrize("given", ["https://paper.example/a", "HTTPS://Paper.Example:443/a?utm_source=mail#top"])
def test_a_page_that_is_already_a_document_is_not_proposed(given: str) -> None:
    ingest.store(ingest.ParsedDocument("Words."), [], url=given)
    item("https://paper.example/a")
    assert proposals.propose() == 1
    assert not Proposal.objects.exists()
    assert Listing.objects.get().proposal is None
    assert proposals.propose() == 0


@pytest.mark.django_db
def test_many_items_are_processed_in_batches_and_in_order() -> None:
    for number in range(5):
        item(f"https://paper.example/{number}")
    assert [proposals.propose(2) for _ in range(4)] == [2, 2, 1, 0]
    assert [proposal.url[-1] for proposal in Proposal.objects.order_by("pk")] == list("01234")


# accepting


@pytest.mark.django_db
def test_accepting_fetches_the_page_once_and_makes_it_a_document(ana: User, web: Site) -> None:
    feed(name="The Evening Paper")
    proposal = proposed(web.url("/a"), published="Mon, 02 Mar 2026 23:10:00 +0100")
    assert web.asked == [], "nothing is fetched until an editor accepts"
    accepted = proposals.accept(proposal, actor=ana)
    assert web.paths() == ["/robots.txt", "/a"]
    document = Document.objects.get()
    assert accepted == proposals.Acceptance(document, AcceptedAs.NEW)
    assert (document.title, document.url, document.created_by) == ("Bridges", web.url("/a"), ana)
    assert (document.publisher, document.published_on) == ("The Evening Paper", date(2026, 3, 2))
    assert (proposal.state, proposal.document, proposal.decided_by) == ("accepted", document, ana)
    assert Statement.objects.filter(speaker__name="Ada Verne").exists()
    assert f"{document.statements.count()} statements" in accepted.sentence
    # It is fetched, not watched.
    assert not Page.objects.filter(url=web.url("/a")).exists()
    with pytest.raises(Refused, match="already"):
        proposals.accept(proposal, actor=ana)
    with pytest.raises(Refused, match="accepted already"):
        proposals.dismiss(proposal, actor=ana)


@pytest.mark.django_db
def test_a_document_created_meanwhile_is_linked_without_a_fetch(ana: User, web: Site) -> None:
    proposal = proposed(web.url("/a"))
    document = ingest.store(ingest.ParsedDocument("Words."), [], url=web.url("/a#part"))
    accepted = proposals.accept(proposal, actor=ana)
    assert accepted == proposals.Acceptance(document, AcceptedAs.SAME_ADDRESS)
    assert "nothing was fetched" in accepted.sentence
    assert web.asked == []


@pytest.mark.django_db
def test_the_same_text_under_another_address_is_a_document_of_its_own(ana: User, web: Site) -> None:
    web.pages["/copy"] = page(STORY)
    first = proposals.accept(proposed(web.url("/a")), actor=ana)
    second = proposals.accept(proposed(web.url("/copy")), actor=ana)
    assert (first.outcome, second.outcome) == (AcceptedAs.NEW, AcceptedAs.SAME_TEXT)
    assert "exactly this text" in second.sentence
    assert second.document != first.document and second.document.url == web.url("/copy")
    assert second.document.statements.count() == first.document.statements.count() > 0


@pytest.mark.django_db
def test_two_addresses_that_lead_to_one_are_one_document(ana: User, web: Site) -> None:
    web.pages["/short"] = answer(b"", "302 Found", "Location: /a?utm_source=feed")
    web.pages["/a?utm_source=feed"] = page(STORY)
    first = proposals.accept(proposed(web.url("/short")), actor=ana)
    assert (first.outcome, first.document.canonical_url) == (AcceptedAs.NEW, web.url("/a"))
    web.pages["/a"] = page(STORY.replace("long", "longer"))
    web.pages["/other"] = answer(b"", "301 Moved Permanently", "Location: /a")
    second = proposals.accept(proposed(web.url("/other")), actor=ana)
    assert (second.outcome, second.document) == (AcceptedAs.SAME_ADDRESS, first.document)


REFUSALS = {
    "gone": (answer(b"", "404 Not Found"), "does not exist"),
    "wall": (page("<title>Access denied</title><h1>Access denied</h1>"), "prove they are human"),
    "error page": (page("<title>Page not found</title><h1>Page not found</h1>"), "a missing page"),
    "picture": (answer(b"\x89PNG", "200 OK", "Content-Type: image/png"), "a picture"),
    "empty": (page(""), "no text"),
    "home": (answer(b"", "302 Found", "Location: /"), "home page"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("kind", REFUSALS)
def test_what_is_no_article_is_refused_in_a_sentence_and_stays_proposed(ana: User, web: Site, kind: str) -> None:
    web.pages["/"] = page(STORY)
    web.pages["/x/y"], says = REFUSALS[kind]
    proposal = proposed(web.url("/x/y"))
    with pytest.raises(Refused, match=says):
        proposals.accept(proposal, actor=ana)
    proposal.refresh_from_db()
    assert proposal.state == "proposed"
    assert not Document.objects.exists()


@pytest.mark.django_db
def test_robots_txt_is_obeyed_and_no_private_address_is_asked(ana: User, web: Site, settings: object) -> None:
    web.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /", "200 OK", "Content-Type: text/plain")
    with pytest.raises(Refused, match=r"robots\.txt"):
        proposals.accept(proposed(web.url("/a")), actor=ana)
    settings.FETCH_ALLOWED_LOOPBACK = ""  # type: ignore[attr-defined]
    asked = len(web.asked)
    with pytest.raises(Refused, match="could not be fetched"):
        proposals.accept(proposed(web.url("/b")), actor=ana)
    assert len(web.asked) == asked


@pytest.mark.django_db
def test_only_editors_decide(web: Site) -> None:
    proposal = proposed(web.url("/a"))
    reader = User.objects.create_user("reader", is_staff=True)
    for verb in (proposals.accept, proposals.dismiss):
        with pytest.raises(Refused, match="role of a reporter"):
            verb(proposal, actor=reader)
    assert web.asked == []


@pytest.mark.django_db
def test_a_dismissed_proposal_can_be_accepted_after_all(ana: User, web: Site) -> None:
    proposal = proposals.dismiss(proposed(web.url("/a")), actor=ana)
    with pytest.raises(Refused, match="dismissed already"):
        proposals.dismiss(proposal, actor=ana)
    assert proposals.accept(proposal, actor=ana).outcome == AcceptedAs.NEW
    history = Proposal.pgh_event_model.objects.order_by("pgh_id")
    assert [event.state for event in history] == ["proposed", "dismissed", "accepted"]
    assert [event.pgh_context["actor"] for event in history] == ["feeds", ana.username, ana.username]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-03-02T23:10:00+01:00", date(2026, 3, 2)),
        ("2026-03-02", date(2026, 3, 2)),
        ("Mon, 02 Mar 2026 23:10:00 GMT", date(2026, 3, 2)),
        ("yesterday", None),
        ("", None),
        ("Mon, 99 Foo 2026", None),
    ],
)
def test_the_day_of_a_feed_is_read_in_each_form(written: str, day: date | None) -> None:
    assert proposals._parse_day(written) == day


# a feed's page and what rests on it


@pytest.mark.django_db
def test_changes_of_a_feeds_page_do_no_harm_in_the_sweep(settings: object, tmp_path: object) -> None:
    with running(settings, tmp_path) as site:  # type: ignore[arg-type]
        lists(site, rss("a"))
        add_feed(site.url("/feed.xml"), actor=factories.editor())
        poll()
        lists(site, rss("b", "a"))
        poll()
        assert Change.objects.count() == 1
        assert sweep.sweep() == 1
        assert Sweep.objects.get().checks == 0
        assert not EvidenceCheck.objects.exists() and not Evidence.objects.exists()


# with real commits


@pytest.fixture
def live(live_database: object, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        yield


def at_once(work: Callable[[], object], times: int = 4) -> list[object]:
    answers: list[object] = []
    together = threading.Barrier(times)

    def run() -> None:
        together.wait(10)
        try:
            answers.append(work())
        except Refused as refusal:
            answers.append(refusal)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == times
    return answers


@pytest.mark.sql
def test_concurrent_proposers_repeat_nothing(live: None) -> None:
    other = feed("https://paper.example/sitemap.xml")
    for number in range(40):
        item(f"https://paper.example/{number}")
        item(f"https://paper.example/{number}", other)
    processed = at_once(proposals.propose)
    proposals.propose()
    assert sum(processed) <= 80  # type: ignore[arg-type]
    assert (Proposal.objects.count(), Listing.objects.count()) == (40, 80)


@pytest.mark.sql
def test_two_editors_who_accept_at_once_make_one_document(live: None, web: Site) -> None:
    editor = factories.editor()
    proposal = proposed(web.url("/a"))
    answers = at_once(lambda: proposals.accept(Proposal.objects.get(pk=proposal.pk), actor=editor), 2)
    assert Document.objects.count() == 1
    assert sum(isinstance(each, Refused) for each in answers) == 1


@pytest.mark.sql
@pytest.mark.parametrize("at", ["proposals written", "proposals before commit"])
def test_a_killed_proposer_loses_and_repeats_nothing(live: None, settings: object, at: str) -> None:
    for number in range(3):
        item(f"https://paper.example/{number}")
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            settings.FAULT_POINT = at  # type: ignore[attr-defined]
            proposals.propose()
        finally:
            os._exit(0)  # reached only if the point was not
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert not Proposal.objects.exists()
    assert proposals.propose() == 3
    assert (Proposal.objects.count(), Listing.objects.count()) == (3, 3)


@pytest.mark.sql
def test_two_feeds_make_one_document(live: None, settings: object, tmp_path: object) -> None:
    """End to end: two feeds of one site, tracking parameters, and a page that both list."""
    with running(settings, tmp_path) as site:  # type: ignore[arg-type]
        editor = factories.editor()
        for path in ("/one.xml", "/two.xml"):
            lists(site, rss("old"), path)
            add_feed(site.url(path), actor=editor)
        a_round()
        assert not Proposal.objects.exists()
        lists(site, rss("a?utm_source=one", "old"), "/one.xml")
        lists(site, rss("a#two", "old"), "/two.xml")
        site.pages["/a"] = (200, STORY, {})
        for _ in range(3):
            a_round()
        assert site.times_asked("/a") == 0
        proposal = Proposal.objects.get()
        proposals.accept(proposal, actor=editor)
        a_round()
        assert (site.times_asked("/a"), Document.objects.count(), Proposal.objects.count()) == (1, 1, 1)


def a_round() -> None:
    poll()
    read_feeds()
    sweep.sweep()
    proposals.propose()
