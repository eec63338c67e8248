"""More complaints than anybody can read: a bound for a claim and for all, and one notice."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims import notices
from claims.complaints.receive import TooManyAtOnce, receive, tell_of_flood
from claims.models import Complaint, ComplaintSender, Notice, Review, SitePublication
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> None:
    notices._told.clear()


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def send(sender: str, claim: str = "") -> None:
    receive(about="fact", reporter="reader", text="It is wrong.", claim=claim, sender=sender)


def test_of_one_claim_come_so_many_from_anywhere_and_others_go_on(review: Review, settings: Any) -> None:
    settings.COMPLAINTS_PER_HOUR_OF_A_CLAIM = 2
    claim = review.claim.public_id
    send("a", claim)
    send("b", claim)
    with pytest.raises(TooManyAtOnce, match="claim_flood"):
        send("c", claim)
    send("c")
    send("c", factories.published_review(factories.claim("It is so.")).claim.public_id)
    assert Complaint.objects.count() == 4 == SitePublication.objects.count(), "what was sent before is kept"
    ComplaintSender.objects.update(at=timezone.now() - timedelta(minutes=61))
    send("c", claim)


def test_in_all_come_so_many(review: Review, settings: Any) -> None:
    settings.COMPLAINTS_PER_HOUR_IN_ALL = 3
    for sender in "abc":
        send(sender, review.claim.public_id if sender == "a" else "")
    with pytest.raises(TooManyAtOnce, match="complaints_flood"):
        send("d")
    assert Complaint.objects.count() == 3


def test_editors_are_told_once_an_hour_though_many_processes_refuse(review: Review) -> None:
    editor = factories.editor()
    for _ in range(3):
        tell_of_flood("complaints_flood")
        notices._told.clear()  # another process
    [notice] = Notice.objects.filter(recipient=editor, what="complaints_flood")
    assert "300 complaints came within an hour" in notice.said and notice.path == "/admin/record/complaints/?state=open"
    tell_of_flood("claim_flood", review.claim.public_id)
    assert review.claim.text in Notice.objects.get(recipient=editor, what="claim_flood").said
    Notice.objects.update(created_at=timezone.now() - timedelta(minutes=61))
    notices._told.clear()
    tell_of_flood("complaints_flood")
    assert Notice.objects.filter(recipient=editor, what="complaints_flood").count() == 2
