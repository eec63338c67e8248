"""Atom and JSON Feed: valid and escaped, with stable ids and dates."""

import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import feedparser
import orjson
import pytest
from django.test import Client

from claims.formats import atom_and_jsonfeed
from claims.models import Article, Publication, Topic
from claims.publication import append
from factcheck.response_cache import cache
from tests import factories
from tests.api_client import ask, problem, reading_key

ATOM, JSON = "/api/v1/feed/atom", "/api/v1/feed/json"
NAMESPACE = "{http://www.w3.org/2005/Atom}"
NASTY = "<script>alert(1)</script> & “]]>” \x0b\x00\ufffe end"
MOMENT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def faults_of_atom(document: bytes) -> list[str]:
    """What of RFC 4287 the document breaks: elements, how often each, and what they hold."""
    feed = ElementTree.fromstring(document)
    found = [] if feed.tag == f"{NAMESPACE}feed" else ["the root is no feed"]

    def check(element: ElementTree.Element, once: set[str], at_most_once: set[str], many: set[str]) -> None:
        names = [child.tag.removeprefix(NAMESPACE) for child in element]
        found.extend(f"{name} must be there once" for name in once if names.count(name) != 1)
        found.extend(f"{name} may be there once" for name in at_most_once if names.count(name) > 1)
        found.extend(f"{name} may not be here" for name in set(names) - once - at_most_once - many)
        for child in element:
            name, text = child.tag.removeprefix(NAMESPACE), child.text or ""
            if name in ("updated", "published") and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text):
                found.append(f"{name} is no RFC 3339 time: {text}")
            if name in ("id", "uri") and not re.match(r"[a-z]+:\S+$", text):
                found.append(f"{name} is no IRI: {text}")
            if name == "link" and not re.match(r"https?://\S+$", child.get("href", "")):
                found.append("a link without address")
            if name == "author":
                check(child, {"name"}, {"uri", "email"}, set())
            if name == "category" and not child.get("term"):
                found.append("a category without term")
            if name == "entry":
                check(
                    child,
                    {"id", "title", "updated"},
                    {"content", "published", "rights", "source", "summary"},
                    {"author", "category", "contributor", "link"},
                )

    check(
        feed,
        {"id", "title", "updated"},
        {"generator", "icon", "logo", "rights", "subtitle"},
        {"author", "category", "contributor", "link", "entry"},
    )
    ids = [element.text for element in feed.iter(f"{NAMESPACE}id")]
    if len(ids) != len(set(ids)):
        found.append("ids are doubled")
    links = [link.get("rel") for link in feed.findall(f"{NAMESPACE}link")]
    if links.count("self") != 1:
        found.append("one link is to itself")
    return found


def faults_of_json_feed(document: bytes) -> list[str]:
    """What of JSON Feed 1.1 the document breaks."""
    feed = orjson.loads(document)
    found = []
    if feed.get("version") != "https://jsonfeed.org/version/1.1" or not isinstance(feed.get("title"), str):
        found.append("version and title must be there")
    known = {"id", "url", "title", "content_text", "date_published", "date_modified", "authors", "tags", "language"}
    for item in feed["items"]:
        if not isinstance(item.get("id"), str) or "content_text" not in item:
            found.append("an item has an id and content")
        if set(item) - known:
            found.append(f"unknown: {set(item) - known}")
        if any(not ({"name", "url"} & set(author)) for author in item.get("authors", [])):
            found.append("an author without name")
    if len({item["id"] for item in feed["items"]}) != len(feed["items"]):
        found.append("ids are doubled")
    return found


def entry(**changes: Any) -> atom_and_jsonfeed.Entry:
    fields = {
        "id": "urn:factcheck:pub_1",
        "url": "https://desk.example/a?b=1&c=2",
        "title": NASTY,
        "text": NASTY,
        "at": MOMENT,
        "authors": ((NASTY, "https://desk.example/"),),
        "tags": (NASTY,),
        "language": "en",
    }
    return atom_and_jsonfeed.Entry(**{**fields, **changes})


def test_nasty_texts_come_through_as_texts() -> None:
    made = atom_and_jsonfeed.atom([entry()], title="Checks", base="https://desk.example", path="/feed?a=1&b=2")
    assert faults_of_atom(made) == []
    shown = NASTY.replace("\x0b", "\ufffd").replace("\x00", "\ufffd").replace("\ufffe", "\ufffd")
    read = feedparser.parse(made)
    assert not read.bozo
    (got,) = read.entries
    assert ElementTree.fromstring(made).find(f"{NAMESPACE}entry/{NAMESPACE}title").text == shown
    assert got.title_detail.type == got.content[0].type == "text/plain"
    assert got.link == "https://desk.example/a?b=1&c=2" and got.id == "urn:factcheck:pub_1"
    assert got.updated_parsed[:4] == (2026, 3, 1, 10)
    made = atom_and_jsonfeed.json_feed([entry()], title="Checks", base="https://desk.example", path="/feed?a=1&b=2")
    assert faults_of_json_feed(made) == []
    assert orjson.loads(made)["items"][0]["content_text"] == NASTY


def test_empty_feeds_are_feeds() -> None:
    made = atom_and_jsonfeed.atom([], title="Checks", base="https://desk.example", path="/feed")
    assert faults_of_atom(made) == [] and not feedparser.parse(made).bozo
    assert faults_of_json_feed(atom_and_jsonfeed.json_feed([], title="x", base="https://d.example", path="/feed")) == []


def test_every_event_has_a_title() -> None:
    assert set(atom_and_jsonfeed.TITLES) == set(Publication.Event.values)
    # The claim's text follows, and may be false.
    assert not [title for title in atom_and_jsonfeed.TITLES.values() if "confirmed" in title or "as it is" in title]


def test_what_was_taken_away_says_nothing() -> None:
    made = atom_and_jsonfeed.entry(
        id="pub_1",
        event="published",
        review=None,
        at=MOMENT,
        body=None,
        page="https://d.example/claims/clm_1",
        now={},
    )
    assert made.title == "Taken away" and made.url == "https://d.example/claims/clm_1"


def test_the_checks_find_faults() -> None:
    made = atom_and_jsonfeed.atom([entry(), entry()], title="Checks", base="https://desk.example", path="/feed")
    assert faults_of_atom(made) == ["ids are doubled"]
    assert faults_of_atom(made.replace(b"<updated>2026-03-01T", b"<updated>1 March"))
    assert faults_of_atom(made.replace(b"<author><name>", b"<author><nome>").replace(b"</name>", b"</nome>"))
    assert faults_of_json_feed(orjson.dumps({"items": [{"id": 1, "colour": "x"}]}))


@pytest.mark.django_db
def test_the_latest_events_the_newest_first() -> None:
    key = reading_key()
    claim = factories.claim("Roads are long.")
    claim.topics.add(Topic.objects.create(slug="roads", name="Roads & bridges"))
    review = factories.published_review(claim)
    review.article = Article.objects.create(
        organisation=review.organisation, url="https://desk.example/roads?a=1&b=2", title="Are roads long?"
    )
    review.save()
    other = factories.published_review()
    words = factories.words_of(claim)
    append.append(claim, event="clarified", audience="public", review=review, words=words)
    append.append(claim, event="recheck_raised", audience="newsrooms", review=review)
    response = ask(ATOM, key)
    assert response.headers["Content-Type"] == "application/atom+xml"
    assert faults_of_atom(response.content) == []
    read = feedparser.parse(response.content)
    assert [got.title for got in read.entries] == [
        "A source changed: Roads are long.",
        "Clarified (Our desk: Right): Roads are long.",
        f"Checked (Our desk: Right): {other.claim.text}",
        "Checked (Our desk: Right): Roads are long.",
    ]
    newest = read.entries[1]
    assert newest.id == f"urn:factcheck:{Publication.objects.get(sequence=3).public_id}"
    assert newest.link == "https://desk.example/roads?a=1&b=2"
    page = f"http://testserver/claims/{other.claim.public_id}"
    assert read.entries[2].link == page, "without an article it leads to the page for readers"
    assert newest.content[0].value == "Our desk rated this claim Right (as of 1 March 2026).\n\nThe report says so."
    assert newest.author == "Our desk" and [tag.term for tag in newest.tags] == ["Roads & bridges"]
    assert read.feed.updated == read.entries[0].updated
    response = ask(f"{JSON}?topic=roads&event=clarified,published", key)
    assert response.headers["Content-Type"] == "application/feed+json"
    assert faults_of_json_feed(response.content) == []
    feed = orjson.loads(response.content)
    assert feed["feed_url"] == f"http://testserver{JSON}?topic=roads&event=clarified,published"
    assert [item["id"] for item in feed["items"]] == [read.entries[1].id, read.entries[3].id]
    for path in (ATOM, JSON):
        etag = ask(path, key).headers["ETag"]
        assert ask(path, key, headers={"If-None-Match": etag}).status_code == 304
        assert problem(ask(f"{path}?colour=red", key))["status"] == 400


@pytest.mark.django_db
def test_without_a_key_people_read_what_is_public(settings: Any) -> None:
    settings.ANONYMOUS_READ = True
    review = factories.published_review()
    before = [ask(path).content for path in (ATOM, JSON)]
    address = f"http://testserver/claims/{review.claim.public_id}"
    assert feedparser.parse(before[0]).entries[0].link == orjson.loads(before[1])["items"][0]["url"] == address
    append.append(review.claim, event="recheck_raised", audience="newsrooms", review=review)
    assert [ask(path).content for path in (ATOM, JSON)] == before
    settings.ANONYMOUS_READ = False
    assert ask(ATOM).status_code == 401


@pytest.mark.django_db
def test_an_entry_without_an_article_leads_where_a_reader_gets_an_answer(settings: Any, client: Client) -> None:
    key = reading_key()
    review = factories.published_review()
    hidden = factories.claim("For newsrooms alone.")
    append.append(hidden, event="published", audience="newsrooms", words=factories.words_of(hidden))

    def links() -> list[str | None]:
        items = orjson.loads(ask(JSON, key).content)["items"]
        assert [item.get("url") for item in items] == [
            entry.link if entry.get("links") else None for entry in feedparser.parse(ask(ATOM, key).content).entries
        ]
        return [item.get("url") for item in items]

    page = f"/claims/{review.claim.public_id}"
    assert links() == [None, f"http://testserver{page}"]
    assert client.get(page).status_code == 200
    settings.READERS_DOMAIN = "checks.example"
    cache.clear()
    assert links() == [None, f"http://checks.example{page}"]
    settings.READERS = False
    cache.clear()
    assert links() == [None, None], "the claim's JSON asks for a key, which a feed reader does not have"
    settings.ANONYMOUS_READ = True
    cache.clear()
    assert links()[1] == f"http://testserver/api/v1{page}/"
