"""/api/v1/search: pages in the matcher's order, of what the asker may see, with filters and counts."""

from typing import Any
from urllib.parse import quote_plus

import orjson
import pytest
from django.test.utils import override_settings

from claims.api.matching import search
from claims.matching.types import Hit
from claims.models import Claim, Topic
from claims.reviews import suspension
from claims.watch import sweep
from tests import factories
from tests.api_client import ask, problem, said
from tests.claims.api.matching.stub import StubMatcher
from tests.claims.api.published.test_as_of import schema_of

pytestmark = pytest.mark.django_db
SEARCH = "/api/v1/search"


def published(text: str, rating: str = "Right", topic: str = "", **fields: Any) -> str:
    """The id of a published claim."""
    claim = factories.claim(text, **fields)
    if topic:
        claim.topics.add(Topic.objects.get_or_create(slug=topic, defaults={"name": topic.title()})[0])
    factories.published_review(claim, rating=rating)
    return str(claim.public_id)


def ids(page: dict[str, Any]) -> list[str]:
    return [result["claim"]["id"] for result in page["results"]]


def hits(*names: str) -> list[Hit]:
    return [Hit(name, 1 - place / 100, ("bridges",)) for place, name in enumerate(names)]


def test_a_result_is_the_claim_as_the_list_has_it(key: str, matcher: StubMatcher) -> None:
    old, new = published("Bridges fall."), published("Bridges rise.")
    matcher.hits = hits(old, new, old)
    page = said(f"{SEARCH}?q=bridges", key)
    schema_of("SearchPage").validate(page)
    assert page == {
        "results": [
            {"claim": said(f"/api/v1/claims/{name}/", key), "score": score, "matched_terms": ["bridges"]}
            for name, score in ((old, 1.0), (new, 0.99))
        ],
        "next": None,
        "degraded": False,
    }
    matcher.degraded = True
    assert said(f"{SEARCH}?q=bridges", key)["degraded"] is True
    selected = said(f"{SEARCH}?q=bridges&fields=text,reviews.id&include=events,freshness,verdict_mapped", key)
    assert {tuple(each["claim"]) for each in selected["results"]} == {
        ("text", "reviews", "freshness", "verdict_mapped", "events")
    }
    assert selected["results"][0]["claim"]["text"] == "Bridges fall."


def test_pages_follow_the_ranking_to_the_end(key: str, matcher: StubMatcher) -> None:
    names = [published(f"Bridge {number} falls.") for number in range(5)]
    matcher.hits = hits(names[3], "clm_0000000000000000", names[1], names[4], names[0], names[2])
    address, seen = f"{SEARCH}?q=bridges&limit=2&language=en", []
    while address:
        page = said(address, key)
        assert len(page["results"]) <= 2
        seen += ids(page)
        address = page["next"]
    assert seen == [names[number] for number in (3, 1, 4, 0, 2)]
    assert ids(said(f"{SEARCH}?q=bridges&offset=4", key)) == [names[2]]
    assert ids(said(f"{SEARCH}?q=bridges&offset=1000", key)) == []
    error = problem(ask(f"{SEARCH}?q=bridges&offset=1001", key))
    assert "from 0 to 1000; filter" in error["detail"]


def test_filters_are_those_of_the_list(key: str, matcher: StubMatcher) -> None:
    roads = published("Bridges fall.", "Wrong", topic="roads")
    water = published("Bridges swim.", "Right", topic="water", language="de")
    under_review = published("Bridges crawl.", "Right")
    suspension.suspend(
        Claim.objects.get(public_id=under_review).reviews.get(), actor=factories.editor(), reason="A doubt."
    )
    matcher.hits = hits(water, under_review, roads)
    for query, found in (
        ("", [water, under_review, roads]),
        ("&verdict=false", [roads]),
        ("&verdict=true", [water]),
        ("&verdict=true&mapped=true", [water]),
        ("&rating=Wrong", [roads]),
        ("&topic=water", [water]),
        ("&language=en", [under_review, roads]),
        ("&language=de,en", [water, under_review, roads]),
        ("&language=*", [water, under_review, roads]),
        ("&verification=suspended", [under_review]),
        ("&published_since=2100-01-01T00:00:00Z", []),
    ):
        page = said(f"{SEARCH}?q=bridges{query}", key)
        assert ids(page) == found, query
    assert matcher.asked[0] == ("bridges", 40, {}), "no more than a page needs"
    assert matcher.asked[6][2] == {"language": ["en"]}
    assert matcher.asked[5] == ("bridges", search.MOST_HITS, {"topic": ["water"]})


def test_the_client_takes_the_filters(key: str) -> None:
    german = published("Brücken fallen.", language="de-AT", topic="roads")
    published("Brücken schwimmen.", language="nl")
    for query in ("language=de", "language=de,fr", "topic=roads", "language=*&topic=roads"):
        assert ids(said(f"{SEARCH}?q=Brücken&{query}", key)) == [german], query


def test_facets_count_what_the_asker_may_see(key: str, matcher: StubMatcher) -> None:
    roads = published("Bridges fall.", "Wrong", topic="roads")
    water = published("Bridges swim.", "Right", topic="roads", language="de")
    review = Claim.objects.get(public_id=water).reviews.get()
    factories.change(review.latest_published().evidence.get().page, factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    draft = factories.draft(factories.claim("Bridges dream."))
    matcher.hits = hits(roads, water, draft.review.claim.public_id, "clm_0000000000000000")
    page = said(f"{SEARCH}?q=bridges&limit=1&facets=verdict,language,organisation,topic,verification", key)
    schema_of("SearchPage").validate(page)
    organisation = review.organisation
    assert page["facets_of"] == 2 and page["facets"] == {
        "verdict": [{"value": "false", "name": None, "count": 1}, {"value": "true", "name": None, "count": 1}],
        "language": [{"value": "de", "name": None, "count": 1}, {"value": "en", "name": None, "count": 1}],
        "organisation": [{"value": organisation.public_id, "name": organisation.name, "count": 2}],
        "topic": [{"value": "roads", "name": "Roads", "count": 2}],
        "verification": [
            {"value": "checked", "name": None, "count": 1},
            {"value": "needs_recheck", "name": None, "count": 1},
        ],
    }
    with override_settings(ANONYMOUS_READ=True):
        public = said(f"{SEARCH}?q=bridges&facets=verification", None)
    assert public["facets"] == {"verification": [{"value": "checked", "name": None, "count": 2}]}
    narrowed = said(f"{SEARCH}?q=bridges&verdict=true&facets=language", key)
    assert narrowed["facets"] == {"language": [{"value": "de", "name": None, "count": 1}]}


def test_a_long_text_goes_into_the_body(key: str, matcher: StubMatcher) -> None:
    names = [published(f"Bridge {number} falls.") for number in range(2)]
    matcher.hits = hits(*names)
    post = "They say the bridges fall! " * 300
    options: dict[str, Any] = {"method": "POST", "data": orjson.dumps({"q": post}), "content_type": "application/json"}
    first = said(f"{SEARCH}?limit=1", key, **options)
    assert ids(first) + ids(said(first["next"], key, **options)) == names
    assert matcher.asked[0][0] == post
    assert ids(said(f"{SEARCH}?q={quote_plus(post)}", key)) == names
    assert problem(ask(f"{SEARCH}?q=x", key, **options))["parameter"] == "q"
    for body in ({"q": ""}, {"q": 3}, {}, {"q": "x", "limit": 3}, {"q": "x" * 10_001}):
        response = ask(SEARCH, key, "POST", data=orjson.dumps(body), content_type="application/json")
        assert response.status_code == 422, body


@pytest.mark.parametrize(
    "query",
    [
        *("", "q=", "q=%20", "q=x&offset=-1", "q=x&limit=0", "q=x&limit=101", "q=x&as_of=2026-01-01T00:00:00Z"),
        *("q=x&facets=colour", "q=x&verification=withdrawn", "q=x&cursor=x", "q=x&q=y", "q=x&mapped=true"),
        *("q=%00", f"q={'x' * 10_001}", "q=x&fields=colour"),
    ],
)
def test_what_cannot_be_asked_is_said(key: str, matcher: StubMatcher, query: str) -> None:
    response = ask(f"{SEARCH}?{query}", key)
    assert response.status_code == 400 and problem(response)["detail"] and matcher.asked == []


def test_an_etag_is_of_the_ranking_too(key: str, matcher: StubMatcher) -> None:
    names = [published(f"Bridge {number} falls.") for number in range(2)]
    matcher.hits = hits(*names)
    response = ask(f"{SEARCH}?q=bridges", key)
    assert response.headers["Cache-Control"] == "private, no-cache"
    headers = {"If-None-Match": response.headers["ETag"]}
    assert ask(f"{SEARCH}?q=bridges", key, headers=headers).status_code == 304
    matcher.hits = hits(*names[::-1])
    assert ask(f"{SEARCH}?q=bridges", key, headers=headers).status_code == 200, "nothing published has changed"
