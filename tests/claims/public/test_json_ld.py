"""The JSON-LD of readers’ pages keeps schema.org’s and Google’s rules, and says nothing that does not stand."""

import re

import orjson
import pytest
from django.test import Client

from claims.json_object import Json
from claims.models import Claim, Review
from claims.reviews import publish, rechecks, suspension, workflow
from claims.watch import sweep
from tests import factories
from tests.claims.schema_org import faults, google_faults

pytestmark = pytest.mark.django_db
WITHOUT_RATING = ["reviewRating is required, a Rating"]


def documents(claim: Claim) -> list[Json]:
    """The ClaimReviews of the claim's page, which must be in order but for a rating, if none stands."""
    path = f"/claims/{claim.public_id}"
    html = Client().get(path).content.decode()
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    found = [orjson.loads(each) for each in scripts]
    addresses = [each["url"] for each in found]
    assert len(addresses) == len(set(addresses))
    for each in found:
        assert faults(each) == []
        page, _, fragment = each["url"].partition("#")
        assert page == f"http://testserver{path}" and f'id="{fragment}"' in html, "it is the page that it stands on"
        assert each["claimReviewed"] in html and each["author"]["name"]
    return found


def test_it_says_what_the_page_says() -> None:
    review = factories.published_review()
    factories.linked(review.claim)
    factories.published_again(review.claim)
    [made] = documents(review.claim)
    assert google_faults(made) == []
    assert made["reviewRating"]["alternateName"] == "Right"
    assert made["author"]["name"] == "Our desk"
    assert made["itemReviewed"]["author"]["name"] == "A. Minister"
    assert "appearance" in made["itemReviewed"]


def test_each_review_of_ours_has_an_address_of_its_own() -> None:
    claim = factories.claim()
    for _ in range(2):
        factories.published_review(claim)
    made = documents(claim)
    assert len(made) == 2 and [google_faults(each) for each in made] == [[], []]


def test_without_a_verdict_that_stands_there_is_no_rating(review: Review) -> None:
    suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    [made] = documents(review.claim)
    assert made["creativeWorkStatus"] == "Under review"
    assert google_faults(made) == WITHOUT_RATING, "so no search engine shows one"
    assert "Right" not in orjson.dumps(made).decode()


def test_a_withdrawn_review_is_not_marked_up(review: Review) -> None:
    version = workflow.start_version(review, kind="withdrawal", actor=factories.editor(), public_note="It was wrong.")
    version = factories.approved(version)
    publish.publish(version, actor=version.approver)
    assert documents(review.claim) == []


def test_neither_is_one_of_a_claim_that_is_part_of_another(review: Review) -> None:
    whole = factories.published_review(factories.claim("Bridges: 412 are broken.")).claim
    factories.merged(review.claim, into=whole)
    assert documents(review.claim) == []
    assert len(documents(whole)) == 2


def test_one_that_is_looked_at_again_still_stands() -> None:
    page = factories.page()
    review = factories.published_review(of=page)
    factories.change(page, factories.PAGE_TEXT.replace("412", "312"))
    sweep.sweep()
    rechecks.confirm(review.rechecks.get(), actor=factories.editor())
    [made] = documents(review.claim)
    assert google_faults(made) == []


@pytest.fixture
def review() -> Review:
    return factories.published_review()
