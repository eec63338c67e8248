"""What the API says of a suspended review: by its id all that was published, by its rating nothing."""

import pytest

from claims.reviews import suspension
from factcheck.newsrooms.keys import create_key
from tests import factories
from tests.claims.api.published.test_claims import ask, ids, said

pytestmark = pytest.mark.django_db
CLAIMS = "/api/v1/claims/"


def test_it_is_found_by_its_id_and_not_by_its_rating() -> None:
    key = create_key("Newsroom")
    review = factories.published_review()
    claim = review.claim.public_id
    searches = ("verdict=true", "rating=Right", "q=report")
    assert all(ids(f"{CLAIMS}?{search}", key) == [claim] for search in searches)
    assert len(said("/api/v1/rating-scales/", key)["results"]) == 1

    suspension.suspend(review, actor=factories.editor(), reason="A doubt.")
    assert not any(ids(f"{CLAIMS}?{search}", key) for search in searches)
    assert ids(f"{CLAIMS}?verification=suspended", key) == [claim]
    assert ids(f"{CLAIMS}?verification=checked", key) == []
    assert said("/api/v1/rating-scales/", key)["results"] == []
    body = said(f"{CLAIMS}{claim}/", key)
    assert body["verification"]["status"] == "suspended"
    assert body["reviews"][0]["rating"]["label"] == "Right"
    for search in searches[:2]:
        assert said(f"/api/v1/reviews/?{search}", key)["results"] == []
    assert said(f"/api/v1/reviews/{review.public_id}/", key)["suspended_since"] == body["verification"]["since"]
    document = said(f"/api/v1/reviews/{review.public_id}/claimreview/", key)
    assert "reviewRating" not in document and document["creativeWorkStatus"] == "Under review"
    for feed in ("/api/v1/feed/atom", "/api/v1/feed/json"):
        # The entry of its publication is of before, and shows the fixed sentence too.
        text = ask(feed, key).content.decode()
        assert text.count("Under review since") == 2 and "The report says so" not in text and "Right" not in text
    # Nothing is found, and no matcher runs here.
    assert said(f"/v1alpha1/claims:search?query=bridges&key={key}", None) == {"degraded": True}
