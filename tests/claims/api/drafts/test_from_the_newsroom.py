"""What a newsroom sends beside a draft: its article, bylines, a speaker by name, the saved text of a page."""

import hashlib
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Article, Evidence, Organisation, Review, ReviewVersion, SavedPage, Speaker, Statement
from claims.newsroom_drafts import saved_pages
from claims.publication.words import leaving
from claims.reviews import publish, workflow
from factcheck.newsrooms.keys import create_key
from sources.models import Page, Snapshot
from tests import factories
from tests.api_client import ask, problem, said
from tests.claims import drafts_api

pytestmark = pytest.mark.django_db
ARTICLE = {"url": "https://daily.example/checks/bridges", "title": "Do 412 bridges need repair?", "language": "en"}
PAGE = "The yearly report is out. The ministry counted 412 bridges in need of repair. The next comes in spring."
QUOTE = "The ministry counted 412 bridges in need of repair."


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return drafts_api.writing_key()


def pointers(response: Any) -> list[str]:
    assert response.status_code == 422, response.content[:500]
    return [error["pointer"] for error in problem(response)["errors"]]


# The article.


def test_the_article_is_published_with_the_review(key: str) -> None:
    review = drafts_api.review(key, article=ARTICLE, bylines=["Kari Lund", "Per Vik"])
    assert (review["article"], review["bylines"]) == (ARTICLE, ["Kari Lund", "Per Vik"])
    drafts_api.dataset(key, review["id"])
    drafts_api.send(f"reviews/{review['id']}/submit/", key, b"")
    version = ReviewVersion.objects.get()
    approver = factories.editor()
    workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    publish.publish(version, actor=approver)
    shown = said(f"/api/v1/reviews/{review['id']}/", create_key("Reader"))
    assert {name: shown["article"][name] for name in ARTICLE} == ARTICLE
    assert b"Kari Lund" not in orjson.dumps(shown), "bylines are for the desk"


def test_an_article_changes_as_long_as_nobody_else_uses_it(key: str) -> None:
    review = drafts_api.review(key, article=ARTICLE)
    drafts_api.changed(review["url"], key, {"article": {**ARTICLE, "title": "Are bridges failing?"}})
    assert Article.objects.get().title == "Are bridges failing?"
    other = {**ARTICLE, "url": "https://daily.example/checks/other"}
    assert drafts_api.changed(review["url"], key, {"article": other}).status_code == 200
    assert Article.objects.get().url == other["url"], "the earlier one was nobody's any more"
    assert drafts_api.changed(review["url"], key, {"article": None}).status_code == 200
    assert not Article.objects.exists() and Review.objects.get().article is None
    shown = said(review["url"], key)
    assert (shown["article"], shown["bylines"]) == (None, [])


def test_an_article_of_the_desk_is_shared_and_never_changed(key: str) -> None:
    ours = Organisation.objects.get()
    Article.objects.create(organisation=ours, url=ARTICLE["url"], title="The desk's title", language="en")
    review = drafts_api.review(key, article={**ARTICLE, "title": "Another title"})
    assert Review.objects.get().article == Article.objects.get()
    drafts_api.changed(review["url"], key, {"article": {**ARTICLE, "title": "A third title"}})
    drafts_api.send(review["url"], key, b"", method="DELETE", If_Match="*")
    assert Article.objects.get().title == "The desk's title"


def test_an_article_of_another_organisation_is_not_taken_and_nothing_says_so(key: str) -> None:
    other = Organisation.objects.create(name="Another desk")
    Article.objects.create(organisation=other, url=ARTICLE["url"], title="Theirs", language="en")
    review = drafts_api.review(key, article=ARTICLE)
    assert review["article"] == ARTICLE
    assert Review.objects.get().article is None
    assert Article.objects.get().title == "Theirs"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/admin/",
        "http://[::1]/x",
        "http://169.254.169.254/latest/meta-data/",
        "http://localhost/x",
        "https://cms.internal/x",
        "https://user:word@daily.example/x",
        "ftp://daily.example/x",
        "javascript:alert(1)",
        "https://daily.example/\x1b",
        "https://daily.example/" + "x" * 2_000,
    ],
)
def test_addresses_that_readers_cannot_open_are_refused_and_never_fetched(key: str, url: str) -> None:
    body = {"claim": drafts_api.claim(key)["id"], "article": {**ARTICLE, "url": url}}
    assert "/article/url" in pointers(drafts_api.send("reviews/", key, body))
    review = drafts_api.review(key)
    body = {"review": review["id"], "kind": "page_quote", "stance": "supports", "quote": {"exact": QUOTE}}
    sent = drafts_api.send("evidence/", key, body | {"page": {"url": url, "text": PAGE}})
    assert "/page/url" in pointers(sent)
    assert not Article.objects.exists() and not SavedPage.objects.exists() and not Page.objects.exists()


def test_titles_and_bylines_that_read_otherwise_than_they_show_are_refused(key: str) -> None:
    claim = drafts_api.claim(key)["id"]
    for change, pointer in (
        ({"article": {**ARTICLE, "title": "Do \u202ebridges"}}, "/article/title"),
        ({"article": {**ARTICLE, "title": ""}}, "/article/title"),
        ({"article": {**ARTICLE, "id": "art_0000000000000000"}}, "/article/id"),
        ({"article": {**ARTICLE, "language": "no such"}}, "/article/language"),
        ({"article": []}, "/article"),
        ({"bylines": ["Kari\u202eLund"]}, "/bylines/0"),
        ({"bylines": ["x"] * 21}, "/bylines"),
        ({"bylines": "Kari"}, "/bylines"),
        ({"sent_back": None}, "/sent_back"),
        ({"published": None}, "/published"),
    ):
        found = pointers(drafts_api.send("reviews/", key, {"claim": claim, **change}))
        assert any(each.startswith(pointer) for each in found), (change, found)


# The speaker.


def speaker(name: str = "Ida Moe", **fields: Any) -> Speaker:
    return Speaker.objects.create(name=name, **{"kind": "person", **fields})


def test_a_speaker_on_file_is_taken_where_nothing_contradicts(key: str) -> None:
    row = speaker(role="Minister of Works", aliases=["I. Moe"])
    sent = drafts_api.statement(key, speaker="Ida Moe", speaker_as_written="the minister")
    assert Statement.objects.get().speaker == row
    assert sent["speaker"] == {"name": "Ida Moe", "kind": "unknown", "role": None, "wikidata_id": None}
    assert row.public_id not in orjson.dumps(sent).decode(), "nothing tells who is on file"


@pytest.mark.parametrize(
    ("row", "sent", "as_written"),
    [
        ({}, "Ida Moe", "Jens Moe"),
        ({}, "Ida Moe", "Jens Falk"),
        ({}, "Ida Moe", "the spokesman for Falk"),
        ({"role": "singer"}, "Ida Moe", "the minister"),
        ({"role": "singer"}, {"name": "Ida Moe", "role": "Minister of Works"}, ""),
        ({"kind": "organisation"}, {"name": "Ida Moe", "kind": "person"}, ""),
        ({"wikidata_id": "Q42"}, {"name": "Ida Moe", "wikidata_id": "Q43"}, ""),
        ({"is_demo": True}, "Ida Moe", ""),
        ({"name": "Ida Moen"}, "Ida Moe", ""),
        ({"name": "Ida Mоe"}, "Ida Moe", ""),  # a Cyrillic letter
    ],
)
def test_a_speaker_who_may_be_another_person_is_left_to_an_editor(
    key: str, row: dict[str, Any], sent: Any, as_written: str
) -> None:
    speaker(**row)
    drafts_api.statement(key, speaker=sent, speaker_as_written=as_written)
    statement = Statement.objects.get()
    assert statement.speaker is None and statement.speaker_as_written == as_written
    assert Speaker.objects.count() == 1, "no row is made of a name"
    browser = Client()
    browser.force_login(factories.editor())
    address = reverse("admin:claims_statement_change", args=[statement.pk])
    page = browser.get(address, follow=True).content.decode()
    assert "Ida Moe" in page and "not matched" in page


def test_namesakes_stay_two(key: str) -> None:
    speaker()
    speaker(name="I. Moe", aliases=["Ida Moe"])
    drafts_api.statement(key, speaker="Ida Moe")
    assert Statement.objects.get().speaker is None


@pytest.mark.parametrize("text", ["Ida Moe, a singer, said it.", "The singer Ida Moe said it."])
def test_a_document_that_says_the_bearer_is_somebody_else_gives_no_speaker(key: str, text: str) -> None:
    speaker(role="Minister of Works")
    body = {"document": {"text": text}, "text": text, "start": 0, "end": len(text), "speaker": "Ida Moe"}
    drafts_api.made("statements/", key, body)
    assert Statement.objects.get().speaker is None


def test_a_statement_that_is_there_keeps_its_speaker(key: str) -> None:
    drafts_api.statement(key)
    speaker()
    drafts_api.statement(drafts_api.writing_key("Other Paper"), speaker="Ida Moe")
    assert Statement.objects.get().speaker is None


# The saved text of a page.


def saved(key: str, review: str, **fields: Any) -> dict[str, Any]:
    return {
        "review": review,
        "kind": "page_quote",
        "stance": "supports",
        "page": {"url": "https://paywall.example/report", "text": PAGE},
        "quote": {"exact": QUOTE},
        **fields,
    }


def test_the_text_of_a_page_is_a_private_copy_that_we_never_say_to_have_seen(key: str) -> None:
    review = drafts_api.review(key)
    sent = drafts_api.made("evidence/", key, saved(key, review["id"], note="Behind a paywall."))
    sha256 = hashlib.sha256(PAGE.encode()).hexdigest()
    assert sent["page"] == {"url": "https://paywall.example/report", "text_sha256": sha256, "characters": len(PAGE)}
    assert sent["checked_in"] == "text_sent" and sent["quote"]["exact"] == QUOTE
    assert PAGE.encode() not in ask(sent["url"], key).content, "the text is not handed out again"
    evidence = Evidence.objects.get()
    assert (evidence.kind, evidence.page, evidence.snapshot, evidence.exact) == ("file", None, None, "")
    assert evidence.file_sha256 == sha256
    assert not Page.objects.exists() and not Snapshot.objects.exists(), "nothing was fetched, and nothing is watched"
    kept = SavedPage.objects.get()
    assert (kept.text, kept.text_sha256, kept.sender.name) == (PAGE, sha256, "Daily Paper")

    browser = Client()
    browser.force_login(factories.editor())
    page = browser.get(reverse("admin:claims_evidence_change", args=[evidence.pk])).content.decode()
    assert "not seen by us" in page and "Daily Paper" in page and QUOTE in page

    drafts_api.send(f"reviews/{review['id']}/submit/", key, b"")
    version = ReviewVersion.objects.get()
    approver = factories.editor()
    workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    publish.publish(version, actor=approver)
    shown = orjson.dumps(said(f"/api/v1/reviews/{review['id']}/", create_key("Reader"))).decode()
    assert QUOTE not in shown and "Daily Paper" not in shown and "next comes in spring" not in shown
    assert sha256 in shown and "as it was sent to us" in shown


def test_a_quote_that_is_not_in_the_text_is_refused(key: str) -> None:
    review = drafts_api.review(key)["id"]
    twice = {"url": "https://paywall.example/report", "text": f"{PAGE}\n\nIn short: {QUOTE} So it said."}
    for change, pointer in (
        ({"quote": {"exact": QUOTE.replace("412", "413")}}, "/quote/exact"),
        ({"page": twice}, "/quote/copy"),
        ({"page": {"url": "https://p.example/", "text": f"<!doctype html><p>{QUOTE}</p>"}}, "/page/text"),
        ({"page": {"url": "https://p.example/", "text": f"  <html><p>{QUOTE}</p>"}}, "/page/text"),
        ({"page": {"url": "https://p.example/", "text": f"{QUOTE}\x1b"}}, "/page/text"),
        ({"page": {"url": "https://p.example/", "text": "x" * 500_001}}, "/page/text"),
        ({"page": {"url": "https://p.example/", "text": ["x"]}}, "/page/text"),
    ):
        refused = drafts_api.send("evidence/", key, saved(key, review, **change))
        assert pointer in pointers(refused), (change, refused.content)
    whole = saved(key, review, page={"url": "https://p.example/", "text": "x" * 10_000_000})
    assert drafts_api.send("evidence/", key, whole).status_code == 413
    assert not SavedPage.objects.exists() and not Evidence.objects.exists()


def test_reordered_text_is_kept_and_shown_for_what_it_is(key: str) -> None:
    review = drafts_api.review(key)["id"]
    text = f"\u202eevil\u202c <script>alert(1)</script> {PAGE}"
    page = {"url": "https://p.example/", "text": text}
    drafts_api.made("evidence/", key, saved(key, review, page=page))
    browser = Client()
    browser.force_login(factories.editor())
    shown = browser.get(reverse("admin:claims_evidence_change", args=[Evidence.objects.get().pk])).content.decode()
    assert "[RLO]" in shown and "\u202e" not in shown and "<script>alert" not in shown


def test_the_texts_of_a_newsroom_are_bounded_and_go_with_the_evidence(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_pages, "MOST_CHARACTERS", len(PAGE) + 10)
    review = drafts_api.review(key)["id"]
    first = drafts_api.made("evidence/", key, saved(key, review))
    assert drafts_api.send("evidence/", key, saved(key, review)).status_code == 409
    other = drafts_api.writing_key("Other Paper")
    drafts_api.made("evidence/", other, saved(other, drafts_api.review(other)["id"]))
    changed = drafts_api.changed(first["url"], key, {"note": "Saved on Monday."})
    assert orjson.loads(changed.content)["checked_in"] == "text_sent"
    assert drafts_api.send(first["url"], key, b"", method="DELETE", If_Match="*").status_code == 204
    assert SavedPage.objects.count() == 1
    drafts_api.made("evidence/", key, saved(key, review))


# Null, never an empty text.


def test_what_was_not_sent_is_null_and_null_may_be_sent(key: str) -> None:
    def empty(value: Any) -> bool:
        if isinstance(value, dict):
            return any(map(empty, value.values()))
        return any(map(empty, value)) if isinstance(value, list) else value == ""

    document = {**drafts_api.DOCUMENT, "language": None, "kind": None}
    nothing = dict.fromkeys(("cue", "speaker_as_written", "speaker", "quoted", "content"))
    statement = drafts_api.statement(key, document=document, **nothing)
    assert (statement["quoted"], statement["document"]["kind"]) == (False, "article")
    claim = drafts_api.claim(key, place=None, statements=[statement["id"]])
    review = drafts_api.review(key, claim=claim["id"], body=None)
    evidence = drafts_api.dataset(key, review["id"], note=None, description=None)
    for sent in (statement, claim, review, evidence):
        assert not empty(sent), sent
        assert not empty(said(sent["url"], key))
    assert (claim["place"], review["body"], evidence["note"], statement["cue"]) == (None, None, None, None)
    again = drafts_api.changed(review["url"], key, {"summary": None, "body": ""})
    assert orjson.loads(again.content)["summary"] is None
