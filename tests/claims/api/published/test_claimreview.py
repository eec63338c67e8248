"""ClaimReview and the DataFeed over REST."""

import orjson
import pytest
from django.test import Client

from claims.api import concurrency
from claims.api.published import claimreview
from claims.api.published.readers_pages import open_reviews
from claims.models import Review
from claims.publication import append
from claims.reviews import publish, workflow
from tests import factories
from tests.api_client import ask, problem, reading_key, said
from tests.claims.schema_org import faults, google_faults

pytestmark = pytest.mark.django_db
FEED = "/api/v1/datafeed/"
HERE = "http://testserver"


@pytest.fixture
def key(db: None) -> str:
    return reading_key()


def withdrawn() -> Review:
    review = factories.published_review()
    author = factories.editor()
    version = workflow.start_version(review, kind="withdrawal", actor=author, public_note="It was a draft.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    return review


def whole(key: str | None = None) -> dict:
    response = ask(FEED, key)
    assert response.status_code == 200 and response.streaming
    return orjson.loads(b"".join(response))


def test_a_claim_and_its_reviews(key: str, django_assert_num_queries) -> None:
    review = factories.published_review()
    address = f"/api/v1/claims/{review.claim.public_id}/"
    with django_assert_num_queries(4):  # the key, the head of the log, the claim, what of it is public
        response = ask(f"{address}claimreview/", key)
    assert response.headers["Content-Type"] == "application/ld+json"
    graph = orjson.loads(response.content)
    assert graph["@context"] == "https://schema.org"
    claim, claim_review = graph["@graph"]
    assert claim["@id"] == f"urn:factcheck:{review.claim.public_id}"
    assert claim["identifier"] == review.claim.public_id
    assert faults(claim) == faults(claim_review) == []
    assert google_faults(claim_review) == []
    assert claim_review["url"] == f"{HERE}/claims/{review.claim.public_id}#{review.public_id}"
    page = Client().get(claim_review["url"].removeprefix(HERE))
    assert page.status_code == 200 and f'id="{review.public_id}"' in page.content.decode()
    etag = response.headers["ETag"]
    assert ask(f"{address}claimreview/", key, headers={"If-None-Match": etag}).status_code == 304


def test_a_review_alone_is_the_one_of_the_claim(key: str) -> None:
    claim = factories.claim()
    first, second = factories.published_review(claim), factories.published_review(claim)
    graph = said(f"/api/v1/claims/{claim.public_id}/claimreview/", key)["@graph"]
    for review, listed in zip((first, second), graph[1:], strict=True):
        alone = said(f"/api/v1/reviews/{review.public_id}/claimreview/", key)
        assert alone == {"@context": "https://schema.org", **listed}
        assert alone["url"] == f"{HERE}/claims/{claim.public_id}#{review.public_id}"


def test_without_pages_for_readers_a_review_without_an_article_has_no_address(key: str, settings) -> None:
    settings.READERS = False
    review = factories.published_review()
    alone = said(f"/api/v1/reviews/{review.public_id}/claimreview/", key)
    assert google_faults(alone) == ["url is required, the address of the fact check"]
    [item] = whole(key)["dataFeedElement"]
    assert "url" not in item["item"][0]


def test_what_newsrooms_alone_may_read_leads_nowhere() -> None:
    """Its address would answer nobody, and tell that there is something."""
    review = factories.published_review()
    parts = [{"id": review.public_id, "article": None}]
    public = {"id": review.claim.public_id, "reviews": parts}
    closed = {"id": factories.claim().public_id, "reviews": [{"id": "rev_0000000000000000", "article": None}]}
    found = open_reviews([public, closed, {**closed, "id": review.claim.public_id}], "newsrooms")
    assert found == {review.public_id}


def test_no_text_ends_the_script_that_it_is_embedded_in(key: str) -> None:
    text = "Dams & </script><script>alert(1)</script><!-- hold\u2028on\u2029."
    review = factories.published_review(factories.claim(text=text))
    addresses = (
        f"/api/v1/claims/{review.claim.public_id}/claimreview/",
        f"/api/v1/reviews/{review.public_id}/claimreview/",
    )
    for written in (*(ask(each, key).content for each in addresses), b"".join(ask(FEED, key))):
        assert not any(mark.encode() in written for mark in "<>&\u2028\u2029")
        assert b"\\u003c/script\\u003e" in written and b"\\u2028" in written
        assert orjson.dumps(text) in orjson.dumps(orjson.loads(written))


def test_what_is_not_published_is_not_found(key: str) -> None:
    draft = factories.draft()
    published = factories.published_review()
    another = factories.draft(published.claim)
    for address in (
        f"claims/{draft.review.claim.public_id}",
        f"reviews/{draft.review.public_id}",
        f"reviews/{another.review.public_id}",
        "reviews/rev_0000000000000000",
    ):
        response = ask(f"/api/v1/{address}/claimreview/", key)
        assert problem(response)["status"] == 404, address


def test_the_data_feed_holds_every_review_of_every_claim(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claimreview, "_BATCH", 2)
    claim = factories.claim()
    kept = [factories.published_review(claim) for _ in range(2)] + [factories.published_review() for _ in range(3)]
    gone = withdrawn()
    feed = whole(key)
    assert faults(feed) == []
    items = {item["identifier"]: item for item in feed["dataFeedElement"]}
    assert len(feed["dataFeedElement"]) == len(items) == 6
    assert set(items) == {review.public_id for review in [*kept, gone]}
    assert [name for name, item in items.items() if "dateDeleted" in item] == [gone.public_id]
    for name, item in items.items():
        (review,) = item["item"]
        assert google_faults(review) == []
        assert "url" not in item, "it would ask for a key"
        alone = said(f"/api/v1/reviews/{name}/claimreview/", key)
        assert alone == {"@context": "https://schema.org", **review}, name
        assert item["dateModified"] == review["dateModified"]


def test_an_empty_data_feed(key: str) -> None:
    assert whole(key)["dataFeedElement"] == []


def test_what_is_published_meanwhile_is_not_in_it(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claimreview, "_BATCH", 1)
    first, second = factories.published_review(), factories.published_review()
    pieces = iter(ask(FEED, key, begun=True))
    text = next(pieces)
    late = factories.published_review()
    append.append(second.claim, event="reconfirmed", audience="public")
    text += b"".join(pieces)
    items = orjson.loads(text)["dataFeedElement"]
    assert [item["identifier"] for item in items] == [first.public_id, second.public_id]
    assert len(whole(key)["dataFeedElement"]) == 3
    assert late.public_id in {item["identifier"] for item in whole(key)["dataFeedElement"]}


def test_the_data_feed_has_an_etag_that_every_event_changes(key: str) -> None:
    review = factories.published_review()
    etag = ask(FEED, key).headers["ETag"]
    assert ask(FEED, key, headers={"If-None-Match": etag}).status_code == 304
    append.append(review.claim, event="recheck_raised", audience="newsrooms", review=review)
    again = ask(FEED, key, headers={"If-None-Match": etag})
    assert again.status_code == 200 and again.headers["ETag"] != etag


def test_the_public_sees_by_its_etag_what_is_public_alone(settings) -> None:
    settings.ANONYMOUS_READ = True
    review = factories.published_review()
    [item] = orjson.loads(b"".join(ask(FEED)))["dataFeedElement"]
    assert ask(item["url"].removeprefix(HERE)).status_code == 200, "where anybody may read it has an address"
    etag = ask(FEED).headers["ETag"]
    append.append(review.claim, event="recheck_raised", audience="newsrooms", review=review)
    assert ask(FEED, headers={"If-None-Match": etag}).status_code == 304


def test_no_more_whole_feeds_at_once_than_can_be(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrency, "LONG_RESPONSES", concurrency.Slots(1))
    factories.published_review()
    pieces = iter(ask(FEED, key, begun=True))
    text = next(pieces)
    refused = ask(FEED, key)
    assert problem(refused)["type"] == "urn:factcheck:problem:busy"
    assert refused.status_code == 503 and refused.headers["Retry-After"] == "60"
    assert orjson.loads(text + b"".join(pieces))["dataFeedElement"]
    assert len(whole(key)["dataFeedElement"]) == 1
    assert concurrency.LONG_RESPONSES.taken == 0


def test_a_slot_is_released_however_the_response_ends() -> None:
    some = concurrency.Slots(3, per_caller=2)
    assert some.acquire("a") and some.acquire("a") and not some.acquire("a"), "one caller has no more than two"
    assert some.acquire("b") and not some.acquire("c")
    written, begun, failing = (some.hold(iter([b"x"]), c) for c in "aab")
    assert list(written) == [b"x"]
    next(begun)
    begun.close()
    begun.close()
    assert some.taken == 1
    failing._pieces = (1 / 0 for _ in "x")
    with pytest.raises(ZeroDivisionError):
        next(failing)
    assert some.taken == 0
