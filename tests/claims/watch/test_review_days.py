"""The day by which a review is looked at again: what is proposed, who may set it, and whom it reminds."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.models import Claim, Notice, Restriction, Review, ReviewBy
from claims.permissions import Refused
from claims.watch import review_days
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = timezone.now().date()


@pytest.fixture
def review() -> Review:
    return factories.published_review()


@pytest.fixture
def ada() -> User:
    return factories.editor("ada")


def with_period(review: Review, start: date | None, end: date | None) -> Review:
    Claim.objects.filter(pk=review.claim_id).update(period_start=start, period_end=end)
    return Review.objects.get(pk=review.pk)


def test_the_day_after_a_period_that_is_not_over_is_proposed(review: Review) -> None:
    end = TODAY + timedelta(days=40)
    assert review_days.proposed_day(with_period(review, TODAY, end)) == end + timedelta(days=1)
    assert review_days.proposed_day(with_period(review, None, TODAY)) == TODAY + timedelta(days=1)


def test_figures_of_whole_years_are_looked_at_a_year_after_the_finding_held(review: Review) -> None:
    found = with_period(review, date(2020, 1, 1), date(2020, 12, 31))
    assert review_days.proposed_day(found, date(2026, 4, 1)) == date(2027, 3, 1), "it held for 1 March 2026"
    assert review_days.proposed_day(found, date(2027, 3, 1)) is None, "it is over"


def test_nothing_is_proposed_for_a_short_period_that_is_over_or_none(review: Review) -> None:
    assert review_days.proposed_day(with_period(review, date(2020, 1, 1), date(2020, 3, 31))) is None
    assert review_days.proposed_day(with_period(review, None, None)) is None


def test_the_29th_of_february_has_a_year_after() -> None:
    assert review_days._a_year_after(date(2028, 2, 29)) == date(2029, 2, 28)
    assert review_days._a_year_after(date(2027, 3, 1)) == date(2028, 3, 1)


def test_editors_set_change_and_remove_the_day(review: Review, ada: User) -> None:
    day = TODAY + timedelta(days=10)
    review_days.set_day(review, actor=ada, day=day, why="the census is out then")
    ReviewBy.objects.update(reminded_at=timezone.now())
    changed = review_days.set_day(review, actor=ada, day=day + timedelta(days=5))
    assert changed.reminded_at is None and ReviewBy.objects.count() == 1
    review_days.remove_day(review, actor=ada)
    assert not ReviewBy.objects.exists()
    with pytest.raises(Refused, match="No day"):
        review_days.remove_day(review, actor=ada)


def test_what_cannot_be_is_refused(review: Review, ada: User) -> None:
    with pytest.raises(Refused, match="future"):
        review_days.set_day(review, actor=ada, day=TODAY)
    with pytest.raises(Refused, match="administrator"):
        review_days.set_day(review, actor=User.objects.create_user("rita"), day=TODAY + timedelta(days=2))
    draft = factories.draft(factories.claim("Another."), author=ada)
    with pytest.raises(Refused, match="public"):
        review_days.set_day(draft.review, actor=ada, day=TODAY + timedelta(days=2))


def test_what_is_due_is_told_once_and_stays_due(review: Review, ada: User) -> None:
    row = review_days.set_day(review, actor=ada, day=TODAY + timedelta(days=1))
    assert not review_days.due(ada) and review_days.remind() == 0
    ReviewBy.objects.update(day=TODAY)
    assert list(review_days.due(ada)) == [row]
    assert review_days.remind() == 1 and review_days.remind() == 0
    notice = Notice.objects.get(kind="due")
    assert notice.recipient == ada and notice.path == f"/admin/claims/{review.claim_id}/"
    assert list(review_days.due(ada)) == [row]


def test_a_restricted_claim_is_due_for_its_members_alone(review: Review, ada: User) -> None:
    review_days.set_day(review, actor=ada, day=TODAY + timedelta(days=1))
    ReviewBy.objects.update(day=TODAY)
    Restriction.objects.create(claim=review.claim, created_by=ada)
    assert not review_days.due(factories.editor("ben"))
