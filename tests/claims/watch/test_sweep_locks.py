"""A session that holds a lock delays the changes of the pages that it concerns, and no others."""

import time

import psycopg
import pytest

from claims.models import Evidence, Review, Sweep
from claims.watch.sweep import sweep
from sources.models import Change, Page
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql

ALTERED = factories.PAGE_TEXT.replace("412", "389")


def page_of(review: Review) -> Page:
    page = Evidence.objects.get(version__review=review).page
    assert page is not None
    return page


@pytest.mark.parametrize(
    ("held", "seconds"),
    [
        ("SELECT FROM claims_claim WHERE id = %(claim)s FOR UPDATE", 3),
        ("SELECT FROM claims_review WHERE id = %(review)s FOR UPDATE", 15),
        ("SELECT FROM claims_evidence WHERE version_id IN"
         " (SELECT id FROM claims_reviewversion WHERE review_id = %(review)s) FOR UPDATE", 20),
    ],
)  # fmt: skip
def test_a_row_that_one_session_holds_stalls_no_other_page(
    live_database: LiveDatabase, held: str, seconds: float
) -> None:
    reviews = [factories.published_review() for _ in range(6)]
    pages = [page_of(review) for review in reviews]
    for page in pages:
        factories.change(page, ALTERED)
    factories.change(pages[0], factories.PAGE_TEXT)
    locked = {"claim": reviews[0].claim_id, "review": reviews[0].pk}
    with psycopg.connect(live_database.owner_url) as other:
        assert other.execute(held.encode(), locked).rowcount == 1
        begun = time.monotonic()
        assert sweep() == 5
        assert time.monotonic() - begun < seconds
        assert set(Change.objects.filter(sweep__isnull=True).values_list("page", flat=True)) == {pages[0].pk}
    assert sweep() == 2
    assert Sweep.objects.count() == 7


def test_changes_that_affect_no_quote_are_swept_beside_a_held_quote(live_database: LiveDatabase) -> None:
    first, second = (page_of(factories.published_review()) for _ in range(2))
    for page in (first, second):
        factories.change(page, factories.PAGE_TEXT + "\nVisitors today: 12")
    with psycopg.connect(live_database.owner_url) as other:
        other.execute("SELECT FROM claims_evidence WHERE page_id = %s FOR UPDATE", [first.pk])
        assert sweep() == 1
        assert Change.objects.get(sweep__isnull=True).page_id == first.pk
    assert sweep() == 1
