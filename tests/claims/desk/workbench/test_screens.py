"""The workbench: one page of a claim, from the empty form to what is public."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import ReviewVersion
from tests import factories

pytestmark = pytest.mark.django_db


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def seen(page: str, form: str) -> str:
    part = page[page.index(f'id="{form}"') :]
    found = re.search(r'name="seen" value="([0-9a-f]*)"', part)
    assert found is not None
    return found[1]


@pytest.fixture
def ana() -> User:
    return factories.editor()


@pytest.fixture
def ben() -> User:
    return factories.editor()


def test_a_fresh_claim_shows_the_empty_form_and_saving_it_begins_the_review(ana: User) -> None:
    claim, organisation = factories.claim(), factories.organisation()
    client = browser(ana)
    page = client.get(f"/admin/claims/{claim.pk}/")
    assert page.status_code == 200
    text = page.text
    assert "Nothing yet. Nobody outside sees this claim." in text
    assert 'name="organisation"' not in text
    rating = organisation.scales.get().ratings.get(label="Wrong")
    answer = client.post(
        f"/admin/do/claim/{claim.pk}/begin-review/", {"form": "1", "rating": rating.pk, "summary": "Only 410 do."}
    )
    version = ReviewVersion.objects.get()
    assert answer.headers["Location"] == f"/admin/claims/{claim.pk}/?review={version.review_id}"
    assert (version.summary, version.rating, version.author) == ("Only 410 do.", rating, ana)
