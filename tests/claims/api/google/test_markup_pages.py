"""/v1alpha1/pages, called by Google's own client at our endpoint, and directly for invalid requests."""

import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import orjson
import pytest
from django.core.wsgi import get_wsgi_application
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from claims.models import Claim, MarkupPage, Review, ReviewVersion, Submission
from claims.reviews import workflow
from factcheck.newsrooms.keys import create_key, revoke_key
from tests import factories
from tests.api_client import ask, said
from tests.claims import drafts_api

PAGES = "/v1alpha1/pages"
PAGE: dict[str, Any] = {
    "pageUrl": "https://paper.example/fact-check",
    "publishDate": "2026-03-01",
    "claimReviewAuthor": {"name": "Our desk", "imageUrl": "https://paper.example/logo.png"},
    "claimReviewMarkups": [
        {
            "claimReviewed": "412 bridges need repair.",
            "claimDate": "2026-02-27",
            "claimLocation": "Norway",
            "claimFirstAppearance": "https://radio.example/morning",
            "claimAppearances": ["https://radio.example/evening"],
            "claimAuthor": {"name": "A. Minister", "jobTitle": "Minister", "sameAs": "https://minister.example/"},
            "rating": {
                "ratingValue": 3,
                "worstRating": 1,
                "bestRating": 3,
                "textualRating": "right",
                "ratingExplanation": "The yearly report says so.",
            },
        },
        {
            "url": "https://paper.example/fact-check#two",
            "claimReviewed": "Every bridge is new.",
            "rating": {"textualRating": "Pants on fire"},
        },
    ],
}


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def endpoint(live_database: Any) -> Iterator[str]:
    """Our web application on a port of this machine, as Google's client finds it."""
    server = make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def client(endpoint: str, key: str) -> Any:
    """`build` as Google documents it; static_discovery reads the description that the package ships."""
    return build(
        "factchecktools", "v1alpha1", developerKey=key, client_options={"api_endpoint": endpoint}, static_discovery=True
    )


@pytest.mark.sql
def test_googles_own_client_makes_reads_lists_updates_and_deletes(endpoint: str) -> None:
    factories.organisation()
    pages = client(endpoint, drafts_api.writing_key()).pages()
    made = pages.create(body=PAGE).execute()
    assert made["name"].startswith("pages/mkp_")
    assert made["versionId"] == "1"
    first, second = made["claimReviewMarkups"]
    assert first == {"url": PAGE["pageUrl"], **PAGE["claimReviewMarkups"][0]}
    assert second == PAGE["claimReviewMarkups"][1]
    assert {name: made[name] for name in ("pageUrl", "publishDate", "claimReviewAuthor")} == {
        name: PAGE[name] for name in ("pageUrl", "publishDate", "claimReviewAuthor")
    }
    assert pages.get(name=made["name"]).execute() == made

    versions = list(ReviewVersion.objects.order_by("pk"))
    assert [(v.state, v.author.username) for v in versions] == [("draft", "Daily Paper, by API")] * 2
    assert [(v.review.claim.text, str(v.rating), v.summary) for v in versions] == [
        ("412 bridges need repair.", "Right", "The yearly report says so."),
        ("Every bridge is new.", "None", ""),
    ]
    assert versions[0].review.claim.place == "Norway"

    others = [
        pages.create(
            body={
                **PAGE,
                "pageUrl": f"https://paper.example/{n}",
                "claimReviewMarkups": [{"claimReviewed": f"Claim {n}."}],
            }
        ).execute()["name"]
        for n in range(4)
    ]
    elsewhere = pages.create(
        body={"pageUrl": "https://other.example/x", "claimReviewMarkups": [{"claimReviewed": "Elsewhere."}]}
    ).execute()["name"]
    by_url = pages.list(url="https://paper.example/fact-check").execute()
    assert by_url == {"claimReviewMarkupPages": [made]}
    for address in ("http://www.paper.example/fact-check/", "https://m.paper.example/fact-check?fbclid=x"):
        assert pages.list(url=address).execute() == by_url
    assert pages.list(url="https://paper.example/none").execute() == {}
    found, request = [], pages.list(organization="paper.example", pageSize=2)
    for _ in range(3):
        answer = request.execute()
        assert len(answer["claimReviewMarkupPages"]) <= 2
        found += [page["name"] for page in answer["claimReviewMarkupPages"]]
        if "nextPageToken" not in answer:
            break
        request = pages.list(organization="paper.example", pageSize=2, pageToken=answer["nextPageToken"])
    assert found == [*reversed(others), made["name"]]
    offset = pages.list(organization="paper.example", offset=4).execute()
    assert [page["name"] for page in offset["claimReviewMarkupPages"]] == [made["name"]]
    assert len(pages.list().execute()["claimReviewMarkupPages"]) == 6
    assert elsewhere not in found

    shorter = {**made, "claimReviewMarkups": made["claimReviewMarkups"][:1]}
    changed = pages.update(name=made["name"], body=shorter).execute()
    assert (changed["versionId"], len(changed["claimReviewMarkups"])) == ("2", 1)
    assert not Claim.objects.filter(text="Every bridge is new.").exists()
    with pytest.raises(HttpError) as stale:
        pages.update(name=made["name"], body=made).execute()
    assert stale.value.status_code == 409
    assert pages.delete(name=made["name"]).execute() == {}
    with pytest.raises(HttpError) as gone:
        pages.get(name=made["name"]).execute()
    assert gone.value.status_code == 404
    assert "has this name" in gone.value.reason
    assert Claim.objects.count() == Review.objects.count() == MarkupPage.objects.count() == 5


@pytest.mark.sql
def test_errors_are_googles(endpoint: str) -> None:
    factories.organisation()
    reader = create_key("Reader")
    for key, status in ((reader, 403), ("fc_abcdefgh_" + "x" * 44, 401), ("AIzaSyNothing", 401)):
        with pytest.raises(HttpError) as refused:
            client(endpoint, key).pages().list().execute()
        assert refused.value.status_code == status
    pages = client(endpoint, drafts_api.writing_key()).pages()
    pages.create(body=PAGE).execute()
    with pytest.raises(HttpError) as twice:
        pages.create(body=PAGE).execute()
    assert (twice.value.status_code, "update that one" in twice.value.reason) == (409, True)
    with pytest.raises(HttpError) as wrong:
        pages.create(body={"pageUrl": "https://p.example/", "claimReviewMarkups": [{"claimReviewed": ""}]}).execute()
    assert wrong.value.status_code == 400
    assert wrong.value.error_details[0]["fieldViolations"][0]["field"] == "claimReviewMarkups[0].claimReviewed"


@pytest.fixture
def key(db: None) -> str:
    factories.organisation()
    return drafts_api.writing_key()


def send(key: str, body: Any, *, method: str = "POST", path: str = PAGES) -> Any:
    response = drafts_api.send(path, key, body, method=method)
    answer = orjson.loads(response.content)
    if response.status_code >= 400:
        assert set(answer) == {"error"}, answer
        assert answer["error"]["code"] == response.status_code
        assert {"code", "message", "status"} <= set(answer["error"])
    return answer


def test_a_page_is_for_its_key_alone(key: str) -> None:
    name = send(key, PAGE)["name"]
    path = f"/v1alpha1/{name}"
    for other in (drafts_api.writing_key(), drafts_api.writing_key("Evening Paper")):
        missing = ask(f"{PAGES}/mkp_0000000000000000", other)
        assert missing.status_code == 404
        for method in ("GET", "PUT", "DELETE"):
            assert drafts_api.send(path, other, PAGE, method=method).content == missing.content
        assert said(PAGES, other) == said(f"{PAGES}?url={PAGE['pageUrl']}", other) == {}
    assert said("/api/v1/desk/reviews/", key)["results"][0]["state"] == "draft"
    following = create_key("Third Paper", ["write"])
    assert said(PAGES, following) == {}
    revoke_key("Daily Paper", key.split("_")[1])
    assert len(said(PAGES, drafts_api.writing_key())["claimReviewMarkupPages"]) == 1


def test_once_the_desk_works_on_it_the_page_stays(key: str) -> None:
    made = send(key, PAGE)
    path = f"/v1alpha1/{made['name']}"
    workflow.take_over(ReviewVersion.objects.order_by("pk")[0], actor=factories.editor())
    for method, body in (("PUT", made), ("DELETE", None)):
        answer = send(key, body or b"", method=method, path=path)["error"]
        assert (answer["code"], answer["status"]) == (400, "FAILED_PRECONDITION")
    assert said(path, key) == made
    assert (Review.objects.count(), Submission.objects.count()) == (2, 4)


def test_the_key_may_stand_in_the_query_here_and_once(key: str) -> None:
    assert ask(f"{PAGES}?key={key}&alt=json").status_code == 200
    assert ask(f"{PAGES}?key={key}&key={key}").status_code == 400
    assert ask(f"{PAGES}?url={key}", key).status_code == 401
    assert ask(PAGES).status_code == 401
    assert orjson.loads(ask(PAGES).content)["error"]["status"] == "UNAUTHENTICATED"
    assert ask(f"/api/v1/desk/claims/?key={key}").status_code == 401
    tips = create_key("Tips", ["tips", "read"])
    assert ask(PAGES, tips).status_code == 403


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"pageUrl": "nowhere"}, "pageUrl"),
        ({"pageUrl": None}, "pageUrl"),
        ({"publishDate": "yesterday"}, "publishDate"),
        ({"claimReviewMarkups": []}, "claimReviewMarkups"),
        ({"claimReviewMarkups": [{"claimReviewed": "x"}] * 51}, "claimReviewMarkups"),
        ({"claimReviewMarkups": [{"claimReviewed": "x", "url": "https://b.example/"}]}, "claimReviewMarkups[0].url"),
        ({"claimReviewMarkups": [{"claimReviewed": "a\x01"}]}, "claimReviewMarkups[0].claimReviewed"),
        (
            {"claimReviewMarkups": [{"claimReviewed": "x", "rating": {"ratingValue": 10**12}}]},
            "claimReviewMarkups[0].rating.ratingValue",
        ),
        ({"name": "pages/x"}, "name"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_what_cannot_be_is_an_invalid_argument(key: str, change: dict[str, Any], field: str) -> None:
    answer = send(key, {**PAGE, **change})["error"]
    assert (answer["code"], answer["status"]) == (400, "INVALID_ARGUMENT")
    assert field in [each["field"] for each in answer["details"][0]["fieldViolations"]]
    assert not MarkupPage.objects.exists() and not Claim.objects.exists()


@pytest.mark.parametrize(
    "query",
    [
        "pageSize=-1",
        "pageSize=x",
        "pageToken=x",
        "pageToken=W10",
        "pageToken=WzEsMl0",
        "offset=1e3",
        "nonsense=1",
        "url=https://a.example/&organization=a.example",
        "url=nowhere",
        "alt=xml",
        "url=%00",
    ],
)
def test_parameters_that_cannot_be_are_refused(key: str, query: str) -> None:
    response = ask(f"{PAGES}?{query}", key)
    assert response.status_code == 400
    assert orjson.loads(response.content)["error"]["status"] == "INVALID_ARGUMENT"


def test_what_is_not_offered_is_googles_error_too(key: str) -> None:
    for method, path, status in (("PATCH", PAGES, 405), ("GET", "/v1alpha1/nothing", 404), ("POST", f"{PAGES}/x", 405)):
        response = ask(path, key, method=method)
        assert (response.status_code, orjson.loads(response.content)["error"]["code"]) == (status, status)
    assert send(key, b"{")["error"]["status"] == "INVALID_ARGUMENT"
