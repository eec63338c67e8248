"""Both ids of merged claims answer, and nothing that newsrooms read tells them what is no longer so."""

from datetime import datetime
from typing import Any

import orjson
import pytest
from django.utils import timezone

from claims.api.published.merged_claims import is_merged
from claims.formats import google_factcheck
from claims.models import Claim, Publication, PublicationBody
from claims.reviews import suspension
from sources.timestamp import timestamp
from tests import factories
from tests.api_client import ask, reading_key, said
from tests.claims.api.published.test_as_of import schema_of, statuses
from tests.claims.reviews.test_merging import corrected, published

pytestmark = pytest.mark.django_db

CLAIMS = "/api/v1/claims/"


@pytest.fixture
def key() -> str:
    return reading_key()


@pytest.fixture
def pair() -> tuple[Claim, Claim]:
    return published("412 bridges need repair.", "roads"), published("Bridges in need of repair: 412.", "bridges")


def whole(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ("id", "url", "merged_into")}


def test_both_ids_answer_with_the_claim_as_it_reads_now(key: str, pair: tuple[Claim, Claim]) -> None:
    one, other = pair
    address = f"{CLAIMS}{one.public_id}/"
    etag = ask(address, key).headers["ETag"]
    factories.merged(one, into=other)
    answer = ask(address, key, headers={"If-None-Match": etag})
    body, kept = orjson.loads(answer.content), said(f"{CLAIMS}{other.public_id}/", key)
    assert (answer.status_code, body["id"], body["url"]) == (200, one.public_id, address)
    assert (body["merged_into"], kept["merged_into"]) == (other.public_id, None)
    assert whole(body) == whole(kept) and len(body["reviews"]) == 2
    assert answer.headers["Link"] == f'<http://testserver{CLAIMS}{other.public_id}/>; rel="canonical"'
    assert ask(address, key, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    schema_of("ClaimWithEvents").validate(body)

    corrected(other.reviews.earliest("pk"), "Later words.")
    assert "Later words." in [each["summary"] for each in said(address, key)["reviews"]], "never what is past"
    assert ask(address, key, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200
    graph = said(f"{address}claimreview/", key)["@graph"]
    assert graph == said(f"{CLAIMS}{other.public_id}/claimreview/", key)["@graph"] and len(graph) == 3
    assert said(f"{address}?fields=merged_into,reviews.id", key) == {
        "merged_into": other.public_id,
        "reviews": [{"id": each["id"]} for each in kept["reviews"]],
    }
    kept_address = f"{CLAIMS}{other.public_id}/"
    for include in ("freshness", "verdict_mapped"):
        query = f"?include={include}&fields=reviews"
        assert said(f"{address}{query}", key) == said(f"{kept_address}{query}", key)
    assert [each["event"] for each in said(f"{address}?include=events", key)["events"]] == ["published", "merged"]

    factories.unmerged(one)
    assert said(address, key)["merged_into"] is None and len(said(address, key)["reviews"]) == 1


def test_moments_before_show_both_and_moments_after_show_one(key: str, pair: tuple[Claim, Claim]) -> None:
    one, other = pair
    moments = [timezone.now()]
    factories.merged(one, into=other)
    moments.append(timezone.now())
    factories.unmerged(one)
    moments.append(timezone.now())

    def then(moment: datetime, path: str = "") -> Any:
        return said(f"{CLAIMS}{path}?as_of={timestamp(moment)}", key)

    for moment in (moments[0], moments[2]):
        assert {each["id"] for each in then(moment)["results"]} == {one.public_id, other.public_id}
        assert [len(then(moment, f"{claim.public_id}/")["reviews"]) for claim in pair] == [1, 1]
    assert [each["id"] for each in then(moments[1])["results"]] == [other.public_id]
    assert [len(then(moments[1], f"{claim.public_id}/")["reviews"]) for claim in pair] == [2, 2]
    assert then(moments[1], f"{one.public_id}/")["merged_into"] == other.public_id


def test_lists_name_each_review_once(key: str, pair: tuple[Claim, Claim]) -> None:
    one, other = pair
    factories.merged(one, into=other)
    for query in ("", "?fields=id", "?q=bridges", "?topic=roads", "?topic=bridges", "?language=en"):
        assert [each["id"] for each in said(f"{CLAIMS}{query}", key)["results"]] == [other.public_id], query
    reviews = said("/api/v1/reviews/", key)["results"]
    assert len(reviews) == 2 and {each["claim"]["id"] for each in reviews} == {other.public_id}
    assert [each["item"][0]["claimReviewed"] for each in said("/api/v1/datafeed/", key)["dataFeedElement"]] == [
        other.text,
        one.text,
    ]
    for topic in said("/api/v1/topics/", key)["results"]:
        assert topic["claims"] == 1
    found = said("/v1alpha1/claims:search?query=bridges", key)["claims"]
    assert [(each["text"], len(each["claimReview"])) for each in found] == [(other.text, 2)]
    factories.unmerged(one)
    assert len(said(CLAIMS, key)["results"]) == 2
    assert {each["slug"] for each in said("/api/v1/topics/", key)["results"]} == {"roads", "bridges"}


def test_status_says_where_it_went_and_what_that_one_says(key: str, pair: tuple[Claim, Claim]) -> None:
    one, other = pair
    factories.merged(one, into=other)
    for ids in ([one.public_id], [one.public_id, other.public_id]):
        body = orjson.loads(statuses({"ids": ids}, key).content)
        schema_of("ClaimStatuses").validate(body)
        answer = ask(f"{CLAIMS}{one.public_id}/", key)
        assert body["results"][0]["moved_to"] == other.public_id
        assert body["results"][0]["etag"] == answer.headers["ETag"]
        assert body["results"][0]["verification"] == "checked"
    assert {name: value for name, value in body["results"][0].items() if name not in ("id", "moved_to")} == {
        name: value for name, value in body["results"][1].items() if name not in ("id", "moved_to")
    }


def test_the_feed_tells_of_both_and_a_follower_ends_with_what_is_published(key: str, pair: tuple[Claim, Claim]) -> None:
    one, other = pair
    factories.merged(one, into=other)
    copies = {event["claim"]: event["body"] for event in said("/api/v1/feed/", key)["results"]}
    assert {name for name, body in copies.items() if not body["merged_into"]} == {other.public_id}
    assert copies[other.public_id] == said(f"{CLAIMS}{other.public_id}/", key)
    pointer = copies[one.public_id]
    assert (pointer["merged_into"], pointer["reviews"]) == (other.public_id, [])
    assert pointer["verification"]["status"] == "merged" and google_factcheck.claim(pointer, base="x") is None
    assert copies[other.public_id]["merged_from"][0]["id"] == one.public_id
    schema_of("ClaimWithEvents").validate(pointer)
    # Who follows a topic of the merged claim alone is told too.
    events = said("/api/v1/feed/?topic=roads&event=merged", key)["results"]
    assert [event["claim"] for event in events] == [other.public_id]
    titles = [each["title"] for each in said("/api/v1/feed/json", key)["items"]]
    assert titles[:2] == [f"Merged with another: {one.text}", f"Merged with another: {other.text}"]


def test_earlier_entries_of_a_feed_hide_a_rating_that_is_suspended_since(key: str, pair: tuple[Claim, Claim]) -> None:
    one, other = pair
    review = one.reviews.get()
    factories.merged(one, into=other)

    def rated() -> int:
        entries = said("/api/v1/feed/json", key)["items"]
        return sum(entry["content_text"].count("rated this claim Right") for entry in entries)

    assert rated() == 4, "each as it was published, and both in the merged claim"
    suspension.suspend(review, actor=factories.editor(), reason="Doubt.")
    assert rated() == 2, "the other one's, published and merged"
    factories.unmerged(one)
    assert "rated this claim Right" not in said(f"{CLAIMS}{one.public_id}/", key)["reviews"][0]["display"]
    assert rated() == 3, "and on its own again"


def test_only_the_log_says_that_a_claim_is_merged() -> None:
    claim = published('"merged_into":"clm_0000000000000000", she wrote.')
    body = PublicationBody.objects.get(publication=Publication.objects.get(claim=claim))
    assert not is_merged(bytes(body.json))
