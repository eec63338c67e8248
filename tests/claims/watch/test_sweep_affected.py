"""Changes that break quotes are swept several pages at once, and each claim's events follow change by change."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.causes import rank_expression
from claims.models import Evidence, EvidenceCheck, Publication, Recheck, Review, Sweep
from claims.reviews import publish
from claims.reviews.evidence import attach_quote
from claims.watch import sweep
from claims.watch.sweep_affected import sweep_affected
from sources.models import Change, Page
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

ALTERED = factories.PAGE_TEXT.replace("412", "389")


def alter(*pages: Page) -> None:
    for page in pages:
        factories.change(page, ALTERED)


def raised_events() -> list[int]:
    raised = Publication.objects.filter(event="recheck_raised").order_by("sequence")
    return list(raised.values_list("review", flat=True))


def pages_of(*reviews: Review) -> list[Page]:
    return [Evidence.objects.get(version__review=review).page for review in reviews]


def test_several_pages_are_swept_together_in_the_order_in_which_they_changed() -> None:
    reviews = [factories.published_review() for _ in range(3)]
    pages = pages_of(*reviews)
    alter(*reversed(pages))
    assert sweep_affected([page.pk for page in pages]) == (3, [])
    assert raised_events() == [review.pk for review in reversed(reviews)]
    assert Recheck.objects.count() == EvidenceCheck.objects.filter(reason="change", result="altered").count() == 3
    assert list(Sweep.objects.values_list("checks", flat=True)) == [1, 1, 1]


def test_changes_that_touch_one_claim_are_swept_one_after_the_other() -> None:
    claim = factories.claim()
    first, second = (factories.published_review(claim) for _ in range(2))
    other = factories.published_review()
    pages = pages_of(first, second, other)
    alter(*pages)
    assert sweep_affected([page.pk for page in pages]) == (2, [pages[1].pk])
    assert raised_events() == [first.pk, other.pk]
    assert sweep_affected([pages[1].pk]) == (1, [])
    assert raised_events() == [first.pk, other.pk, second.pk]


def test_a_sweep_returns_to_postponed_pages_and_to_later_changes_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "MAX_PAGES", 2)
    claim = factories.claim()
    pages = pages_of(*(factories.published_review(claim) for _ in range(2)), factories.published_review())
    alter(*pages)
    factories.change(pages[0], factories.PAGE_TEXT)
    assert sweep.sweep() == 4
    assert sweep.sweep() == 0
    assert not Change.objects.filter(sweep__isnull=True).exists()
    assert Recheck.objects.count() == 3
    checks = EvidenceCheck.objects.filter(reason="change", evidence__page=pages[0]).order_by("pk")
    assert list(checks.values_list("result", flat=True)) == ["altered", "intact"]
    assert len(set(checks.values_list("recheck", flat=True))) == 1, "a quote that is back belongs to the open re-check"


def test_no_more_is_swept_than_was_asked_for() -> None:
    pages = pages_of(*(factories.published_review() for _ in range(3)))
    alter(*pages)
    assert sweep.sweep(limit=2) == 2
    assert sweep.sweep(limit=2) == 1


def test_two_quotes_broken_by_one_change_make_one_recheck_and_one_event() -> None:
    page = factories.page()
    version = factories.draft(of=page)
    attach_quote(
        version, url_or_page=page, exact="412 bridges in need of repair", stance="context", actor=version.author
    )
    approved = factories.approved(version)
    publish.publish(approved, actor=approved.approver)
    alter(page)
    assert sweep.sweep() == 1
    recheck = Recheck.objects.get()
    assert recheck.checks.count() == 2
    assert raised_events() == [recheck.review_id]


def test_many_rechecks_are_raised_with_few_queries() -> None:
    """Each further re-check adds only the queries of its publication; the rest is read and written for all at once."""

    def statements(count: int) -> int:
        pages = pages_of(*(factories.published_review() for _ in range(count)))
        alter(*pages)
        with CaptureQueriesContext(connection) as asked:
            assert sweep_affected([page.pk for page in pages]) == (count, [])
        return len(asked)

    one, five = statements(1), statements(5)
    assert (five - one) / 4 < 30
    assert one < 45


def test_a_recheck_from_before_there_were_causes_sorts_by_what_is_known() -> None:
    """Neither behind a change of wording, nor by the lesser finding that comes after the one it was raised for."""
    page, other = factories.page(), factories.page()
    old = factories.published_review(of=page)
    factories.published_review(of=other)
    factories.change(other, factories.PAGE_TEXT.replace("in need of repair", "needing repair"))
    sweep.sweep()
    wording = Recheck.objects.get()
    assert (wording.cause, wording.grade) == ("altered", "wording")
    unknown = Recheck.objects.create(review=old, raised_at=timezone.now())
    EvidenceCheck.objects.create(
        evidence=Evidence.objects.get(page=page),
        reason="change",
        result="altered",
        found="The ministry counted 389 bridges in need of repair.",
        snapshot=factories.snapshot(page, ALTERED),
        recheck=unknown,
    )
    assert list(Recheck.objects.order_by(rank_expression(), "pk")) == [unknown, wording]
    factories.change(page, factories.PAGE_TEXT.replace("in need of repair", "needing repair"))
    sweep.sweep()
    assert list(Recheck.objects.order_by(rank_expression(), "pk")) == [unknown, wording]
