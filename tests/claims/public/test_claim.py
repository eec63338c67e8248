"""The page of a claim: what it shows, what it never shows, and how it is kept."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, Review
from claims.reviews import suspension
from tests import factories

pytestmark = pytest.mark.django_db


def get(path: str, **headers: str):
    client = Client()
    response = client.get(path, headers=headers)
    assert not client.cookies and not response.cookies
    return response


def address(claim: Claim) -> str:
    return f"/claims/{claim.public_id}"


@pytest.fixture
def review() -> Review:
    made = factories.published_review()
    factories.linked(made.claim)
    factories.published_again(made.claim)
    return made


def test_it_shows_the_verdict_and_what_it_rests_on(review: Review) -> None:
    response = get(address(review.claim))
    html = response.content.decode()
    assert response.status_code == 200
    for words in ("412 bridges need repair.", "Right", "The report says so.", "We read the report.", factories.QUOTE):
        assert words in html
    assert len(html) < 60_000
    assert "<script" in html and html.count("<script") == html.count('<script type="application/ld+json"')
    assert "Set-Cookie" not in response.headers and "Cookie" not in response.headers.get("Vary", "")
    assert "script-src" not in response.headers["Content-Security-Policy"]


def test_it_is_kept_while_nothing_changes(review: Review) -> None:
    first = get(address(review.claim))
    with CaptureQueriesContext(connection) as captured:
        again = get(address(review.claim), **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and len(captured) == 1
    with factories.acting_as("editor"):
        suspension.suspend(review, actor=factories.editor(), reason="Looking.")
    later = get(address(review.claim), **{"If-None-Match": first.headers["ETag"]})
    assert later.status_code == 200
    assert "Under review since" in later.content.decode()
    assert '<p class="big" dir="auto"' not in later.content.decode()
