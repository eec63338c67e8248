"""claims:search, called by Google's own Python client with only its endpoint changed."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import orjson
import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.test.utils import override_settings
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from claims.api.google.search import Search
from claims.matching import client
from claims.matching.types import Hit
from claims.models import Article, ClaimVersion, Organisation, Review
from claims.publication import append
from claims.reviews import publish, workflow
from tests import factories
from tests.api_client import ask, reading_key, said

pytestmark = pytest.mark.sql

SEARCH = "/v1alpha1/claims:search"
NOTHING = {"degraded": True}  # the answer that nothing was found where no matcher runs


class Quiet(WSGIRequestHandler):
    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def endpoint(live_database: object, django_db_blocker: Any) -> Iterator[str]:
    """Our routes over HTTP on loopback."""
    application = get_wsgi_application()

    def closing(environ: Any, start: Any) -> Any:
        try:
            return [b"".join(application(environ, start))]
        finally:
            connections.close_all()

    with django_db_blocker.unblock(), make_server("127.0.0.1", 0, closing, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def google_client(endpoint: str, key: str) -> Any:
    return build(
        "factchecktools",
        "v1alpha1",
        static_discovery=True,
        developerKey=key,
        client_options={"api_endpoint": endpoint},
    )


def published(text: str, *, site: str, language: str = "en", on: str = "2026-02-20") -> Review:
    """A published review by the organisation of the site, of a claim that was made that day."""
    claim = factories.claim(text, language=language)
    statement = factories.linked(claim, text="“That is how it stands now,” the minister said.")
    statement.document.published_on = on
    statement.document.save()
    version = factories.draft(claim)
    review = version.review
    review.organisation.site = ""
    name = f"Desk of {site}"
    organisation = factories.organisation(name)
    Organisation.objects.filter(pk=organisation.pk).update(site=f"https://www.{site}/")
    review.organisation = organisation
    review.article = Article.objects.create(
        organisation=organisation, url=f"https://{site}/{review.public_id}", title=f"On {text}", language=language
    )
    review.save()
    version.rating = organisation.scales.get().ratings.get(label="Wrong")
    version.save()
    version.refresh_from_db()
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    return Review.objects.get(pk=review.pk)


def texts(answer: dict[str, Any]) -> list[str]:
    return [claim["text"] for claim in answer.get("claims", [])]


def test_googles_client_finds_what_we_publish(endpoint: str) -> None:
    key = reading_key()
    one = published("Bridges are falling.", site="one.example")
    published("Bridges are rising.", site="two.example", language="de-AT", on="2020-02-20")
    published("Roads are long.", site="two.example")
    service = google_client(endpoint, key)
    search = service.claims().search

    whole = search(query="bridges").execute()
    ours = [claim["text"] for claim in said("/api/v1/claims/?q=bridges", key)["results"]]
    assert texts(whole) == ours == ["Bridges are rising.", "Bridges are falling."]
    assert whole["claims"][1] == {
        "text": "Bridges are falling.",
        "claimant": "A. Minister",
        "claimDate": "2026-02-20T00:00:00Z",
        "claimReview": [
            {
                "publisher": {"name": "Desk of one.example", "site": "one.example"},
                "url": one.article.url,
                "title": "On Bridges are falling.",
                "reviewDate": said(f"/api/v1/reviews/{one.public_id}/claimreview/", key)["datePublished"],
                "textualRating": "Wrong",
                "languageCode": "en",
            }
        ],
    }
    assert "nextPageToken" not in whole
    assert texts(search(query="bridges", languageCode="de").execute()) == ["Bridges are rising."]
    assert texts(search(query="bridges", languageCode="EN-us").execute()) == ["Bridges are falling."]
    for name in ("english", "en_US", "en US", "*"):
        with pytest.raises(HttpError, match="tag of a language"):
            search(query="bridges", languageCode=name).execute()
    assert texts(search(reviewPublisherSiteFilter="two.example").execute()) == [
        "Roads are long.",
        "Bridges are rising.",
    ]
    assert texts(search(query="bridges", reviewPublisherSiteFilter="www.two.example").execute()) == [
        "Bridges are rising."
    ]
    assert texts(search(query="bridges", offset=1).execute()) == ["Bridges are falling."]
    assert texts(search(query="bridges", pageSize=1).execute()) == ["Bridges are rising."]
    assert texts(search(query="bridges", fields="claims/text").execute()) == ours
    assert search(query="nothing of the sort").execute() == NOTHING
    partial = search(query="falling", fields="claims(claimReview/publisher/site)").execute()
    assert partial == {"claims": [{"claimReview": [{"publisher": {"site": "one.example"}}]}]}


def test_googles_client_reads_page_after_page_to_the_end(endpoint: str) -> None:
    key = reading_key()
    made = [published(f"Bridge {number}.", site="one.example").claim.text for number in range(5)]
    claims = google_client(endpoint, key).claims()
    request = claims.search(query="bridge", pageSize=2, languageCode="en", maxAgeDays=10_000)
    found, pages = [], 0
    while request is not None:
        answer = request.execute()
        found += texts(answer)
        pages += 1
        request = claims.search_next(request, answer)
    assert found == made[::-1] and pages == 3


def test_googles_client_understands_our_errors(endpoint: str) -> None:
    key = reading_key()
    for wrong, status, name in (
        (lambda: google_client(endpoint, key).claims().search(), 400, "INVALID_ARGUMENT"),
        (lambda: google_client(endpoint, key).claims().search(query="x", pageToken="y"), 400, "INVALID_ARGUMENT"),
        (lambda: google_client(endpoint, "fc_abcdefgh_" + "x" * 44).claims().search(query="x"), 401, "UNAUTHENTICATED"),
        (
            lambda: google_client(endpoint, key).claims().imageSearch(imageUri="https://x.example/"),
            501,
            "UNIMPLEMENTED",
        ),
    ):
        with pytest.raises(HttpError) as caught:
            wrong().execute()
        error = orjson.loads(caught.value.content)["error"]
        assert (caught.value.status_code, error["code"], error["status"]) == (status, status, name)
        assert caught.value.reason == error["message"] and error["message"].endswith(".")


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


def test_age_counts_from_the_claim_or_its_last_review(key: str) -> None:
    published("Bridges are falling.", site="one.example", on="2020-01-01")
    for days, found in ((0, 1), (1, 1), (2_147_483_647, 1)):
        assert len(said(f"{SEARCH}?query=bridges&maxAgeDays={days}", key).get("claims", [])) == found
    ClaimVersion.objects.update(newest_on="2020-01-01")
    assert said(f"{SEARCH}?query=bridges&maxAgeDays=30", key) == NOTHING
    assert len(said(f"{SEARCH}?query=bridges&maxAgeDays=10000", key)["claims"]) == 1


def test_withdrawn_reviews_are_left_out_and_pages_are_full_all_the_same(key: str) -> None:
    made = [published(f"Bridge {number}.", site="one.example") for number in range(4)]
    second = factories.published_review(made[1].claim)
    for review in (made[2], made[1]):
        author = factories.editor()
        version = factories.approved(
            workflow.start_version(review, kind="withdrawal", actor=author, public_note="It was wrong.")
        )
        publish.publish(version, actor=version.approver)
    first = said(f"{SEARCH}?query=bridge&pageSize=2", key)
    # The claim that changed last comes first; one of its two reviews stands.
    assert texts(first) == ["Bridge 1.", "Bridge 3."]
    (standing,) = first["claims"][0]["claimReview"]
    assert standing["publisher"]["name"] == second.organisation.name
    rest = said(f"{SEARCH}?query=bridge&pageSize=2&pageToken={first['nextPageToken']}", key)
    assert texts(rest) == ["Bridge 0."] and "nextPageToken" not in rest
    assert said(f"{SEARCH}?reviewPublisherSiteFilter=one.example&pageSize=1&offset=1", key)["claims"][0]["text"] == (
        "Bridge 0."
    )


def test_a_token_is_good_for_its_question_alone(key: str) -> None:
    for number in range(2):
        published(f"Bridge {number}.", site="one.example")
    token = said(f"{SEARCH}?query=bridge&pageSize=1", key)["nextPageToken"]
    assert texts(said(f"{SEARCH}?query=bridge&pageSize=50&pageToken={token}", key)) == ["Bridge 0."]
    for query in ("query=roads", "query=bridge&languageCode=en", "reviewPublisherSiteFilter=one.example"):
        response = ask(f"{SEARCH}?{query}&pageToken={token}", key)
        assert orjson.loads(response.content)["error"]["status"] == "INVALID_ARGUMENT"


def test_what_a_query_finds_is_ranked_and_older_tokens_go_on(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [published(f"Bridge {number}.", site="one.example").claim for number in range(4)]
    ranked = [made[number].public_id for number in (2, 0, 3, 1)]
    answer = client.SearchAnswer([Hit(name, 0.5) for name in ranked], degraded=False)
    monkeypatch.setattr(client, "search", lambda q, limit, filters: answer)
    found, token = [], ""
    while token is not None:
        page = said(f"{SEARCH}?query=bridge&pageSize=3&languageCode=en&pageToken={token}", key)
        found += texts(page)
        token = page.get("nextPageToken")
    assert found == ["Bridge 2.", "Bridge 0.", "Bridge 3.", "Bridge 1."]
    assert texts(said(f"{SEARCH}?query=bridge&offset=3", key)) == ["Bridge 1."]
    assert said(f"{SEARCH}?query=bridge&offset=10000", key) == {}

    sequence = made[2].publications.get().sequence
    token = Search(ClaimVersion.objects.all(), {"query": "bridge"}).token(str(sequence))
    assert texts(said(f"{SEARCH}?query=bridge&pageToken={token}", key)) == ["Bridge 1.", "Bridge 0."]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "query=",
        "query=x&pageSize=-1",
        "query=x&pageSize=2147483648",
        "query=x&maxAgeDays=x",
        "query=x&offset=10001",
        "query=x&alt=media",
        "query=x&fields=a(",
        f"query=x&fields={'a' * 1001}",
        "query=x&callback=f",
        "query=x&colour=red",
        "query=x&query=y",
        "query=%00",
        f"query={'x' * 501}",
        "query=x&pageToken=OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
    ],
)
def test_what_cannot_be_is_refused_in_googles_words(key: str, query: str) -> None:
    response = ask(f"{SEARCH}?{query}", key)
    error = orjson.loads(response.content)["error"]
    assert (response.status_code, error["code"], error["status"]) == (400, 400, "INVALID_ARGUMENT")
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"


def test_standard_parameters_are_taken(key: str) -> None:
    published("Bridges are falling.", site="one.example")
    plain = said(f"{SEARCH}?query=bridges", key)
    rest = "alt=json&prettyPrint=false&quotaUser=me&uploadType=x&upload_protocol=y&%24.xgafv=2&languageCode=&pageToken="
    response = ask(f"{SEARCH}?query=bridges&{rest}", key)
    assert orjson.loads(response.content) == plain and b"\n" not in response.content
    assert b"\n" in ask(f"{SEARCH}?query=bridges", key).content
    etag = response.headers["ETag"]
    assert ask(f"{SEARCH}?query=bridges&{rest}", key, headers={"If-None-Match": etag}).status_code == 304


def test_who_may_ask(key: str) -> None:
    review = published("Bridges are falling.", site="one.example")
    assert ask(f"{SEARCH}?query=bridges&key={key}").status_code == 200
    assert ask(f"/api/v1/claims/?key={key}").status_code == 401, "there alone"
    for response in (ask(f"{SEARCH}?query=bridges"), ask(f"{SEARCH}?query=bridges&key=fc_x"), ask("/v1alpha1/claims")):
        error = orjson.loads(response.content)["error"]
        assert error["status"] == ("NOT_FOUND" if response.status_code == 404 else "UNAUTHENTICATED")
    assert orjson.loads(ask(f"{SEARCH}?query=x", key, method="POST").content)["error"]["code"] == 405
    with override_settings(ANONYMOUS_READ=True):
        public = ask(f"{SEARCH}?query=bridges").content
        append.append(review.claim, event="recheck_raised", audience="newsrooms", review=review)
        assert ask(f"{SEARCH}?query=bridges").content == public


def test_a_draft_is_not_found(key: str) -> None:
    factories.draft(factories.claim("Bridges are falling."))
    assert said(f"{SEARCH}?query=bridges", key) == NOTHING


def test_a_review_without_an_article_leads_to_its_page_for_readers(key: str, settings: Any) -> None:
    review = factories.published_review()
    path = f"claims/{review.claim.public_id}"
    for readers, expected in ((True, f"/{path}#"), (False, f"/api/v1/{path}/#")):
        settings.READERS = readers
        [claim] = ask(f"{SEARCH}?query=bridges&key={key}").json()["claims"]
        assert claim["claimReview"][0]["url"] == f"http://testserver{expected}{review.public_id}"


def test_an_answer_says_if_the_matcher_did_not_give_it(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name = published("Bridge 1.", site="one.example").claim.public_id
    for degraded in (True, False):
        answer = client.SearchAnswer([Hit(name, 0.5)], degraded=degraded)
        monkeypatch.setattr(client, "search", lambda q, limit, filters, answer=answer: answer)
        page = said(f"{SEARCH}?query=bridge", key)
        assert texts(page) == ["Bridge 1."] and page.get("degraded", False) is degraded
    monkeypatch.setattr(client, "search", lambda q, limit, filters: client.SearchAnswer([], degraded=False))
    assert said(f"{SEARCH}?query=bridge", key) == {}
    assert "degraded" not in said(f"{SEARCH}?reviewPublisherSiteFilter=one.example", key), "the matcher is not asked"
