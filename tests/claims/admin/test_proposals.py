"""Admin: proposals are accepted as documents, one or several at a time, or dismissed."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from claims.models import Document, Proposal
from claims.statements import proposals
from sources.admin.base import SEEN, fingerprint
from sources.feeds.parser import parse
from sources.models import FeedItem
from tests import factories
from tests.claims.admin.test_screens import at_the_desk, offered, page_of, person, verb
from tests.claims.statements.test_proposals import STORY, feed, item, proposed
from tests.sources.servers import Site, page, serve

pytestmark = pytest.mark.django_db
LIST = "admin:claims_proposal_changelist"


@pytest.fixture
def ana() -> User:
    return person("ana")


@pytest.fixture
def web(settings: object) -> Iterator[Site]:
    with serve({"/a": page(STORY)}) as made:
        settings.FETCH_ALLOWED_LOOPBACK = made.address  # type: ignore[attr-defined]
        yield made


def together(client: Client, action: str, *rows: Proposal) -> str:
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return client.post(reverse(LIST), form, follow=True).content.decode()


def test_what_waits_is_listed_first_and_the_first_screen_counts_it(ana: User) -> None:
    client = at_the_desk(ana)
    done, waits = proposed("https://paper.example/a", title="Old story"), proposed("https://paper.example/b")
    verb(client, done, "dismiss")
    body = client.get(reverse(LIST)).content.decode()
    assert "Bridges" in body and "The Paper" in body and "Old story" not in body
    assert "Old story" in client.get(reverse(LIST), {"state": "dismissed"}).content.decode()
    assert "Old story" in client.get(reverse(LIST), {"state": "all"}).content.decode()
    assert "Bridges" in client.get(reverse("desk:inbox_feeds")).content.decode()
    assert offered(page_of(client, waits), waits, "dismiss") and not offered(page_of(client, done), done, "dismiss")


def test_accepting_leads_to_the_document(ana: User, web: Site) -> None:
    client = at_the_desk(ana)
    proposal = proposed(web.url("/a"))
    assert offered(page_of(client, proposal), proposal, "accept")
    assert web.asked == []
    answer = verb(client, proposal, "accept")
    document = Document.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("desk:document", args=[document.pk])
    assert "Document created" in answer.content.decode() and "Ada Verne" in answer.content.decode()
    body = page_of(client, proposal)
    assert not offered(body, proposal, "accept") and "by ana" in body
    assert "accepted already" in verb(client, proposal, "accept").content.decode()


def test_a_refusal_is_a_sentence_on_the_same_page(ana: User, web: Site) -> None:
    proposal = proposed(web.url("/gone"))
    body = verb(at_the_desk(ana), proposal, "accept").content.decode()
    assert "does not exist" in body and "ingest its text by hand" in body
    assert offered(body, proposal, "accept")


def test_many_are_accepted_together_and_one_refusal_costs_the_others_nothing(ana: User, web: Site) -> None:
    web.pages["/b"] = page(STORY.replace("412", "389"))
    rows = [proposed(web.url(path), title=path) for path in ("/a", "/gone", "/b")]
    body = together(at_the_desk(ana), "accept_chosen", *rows)
    assert Document.objects.count() == 2
    assert body.count("Document created") == 2 and "/gone: The page could not be fetched" in body


def test_no_more_are_accepted_together_than_a_browser_waits_for(ana: User, web: Site) -> None:
    rows = [proposed(web.url(f"/{number}")) for number in range(11)]
    assert "Choose 10 at most" in together(at_the_desk(ana), "accept_chosen", *rows)
    assert web.asked == []


def test_many_are_dismissed_together(ana: User) -> None:
    rows = [proposed(f"https://paper.example/{number}") for number in range(11)]
    assert "11 dismissed." in together(at_the_desk(ana), "dismiss_chosen", *rows)
    assert set(Proposal.objects.values_list("state", "decided_by__username")) == {("dismissed", "ana")}


def test_who_may_only_look_decides_nothing(web: Site) -> None:
    proposal = proposed(web.url("/a"))
    intern = User.objects.create_user("intern", is_staff=True)
    intern.user_permissions.add(Permission.objects.get(codename="view_proposal"))
    client = at_the_desk(intern)
    body = page_of(client, proposal)
    assert not offered(body, proposal, "accept")
    assert "accept_chosen" not in client.get(reverse(LIST)).content.decode()
    assert "may not decide" in verb(client, proposal, "accept").content.decode()
    together(client, "dismiss_chosen", proposal)
    proposal.refresh_from_db()
    assert proposal.state == "proposed" and web.asked == []


def test_hostile_titles_are_inert(ana: User) -> None:
    payload = "<script>alert('x')</script><img src=//evil.example/p>"
    proposal = proposed("https://paper.example/a", title=payload, published=payload)
    client = at_the_desk(ana)
    for body in (
        client.get(reverse(LIST)).content.decode(),
        page_of(client, proposal),
        together(client, "dismiss_chosen", proposal),
        client.get(reverse("admin:claims_proposal_history", args=[proposal.pk])).content.decode(),
        client.get(reverse("admin:claims_listing_changelist")).content.decode(),
    ):
        assert "<script>alert" not in body and "<img src=//" not in body
    assert "&lt;script&gt;alert" in page_of(client, proposal)


def test_a_title_of_nuls_and_overrides_comes_through_a_feed_harmlessly(ana: User) -> None:
    items = rb'[{"url": "/a", "title": "\u202eevil\u0000 \ud800"}]'
    body = b'{"version": "https://jsonfeed.org/version/1.1", "items": %b}' % items
    (found,) = parse(body, "https://paper.example/").items
    FeedItem.objects.create(feed=feed(), url=found.url, title=found.title, baseline=False)
    proposals.propose()
    body_of_list = at_the_desk(ana).get(reverse(LIST)).content.decode()
    assert "evil\ufffd" in body_of_list and "\u202e" not in body_of_list


def test_an_edited_address_is_the_one_a_document_is_found_by(ana: User) -> None:
    document = factories.statement().document
    document.refresh_from_db()
    form = {"title": "T", "kind": "article", "language": "en", "publisher": "", "published_on": ""}
    address = reverse("admin:claims_document_change", args=[document.pk])
    url = "https://Paper.Example/a?utm_source=x"
    answer = at_the_desk(ana).post(address, form | {"url": url, SEEN: fingerprint(document)})
    assert answer.status_code == 302
    item("https://paper.example/a")
    proposals.propose()
    assert not Proposal.objects.exists()
