"""Complaints in the desk's hands: number, log, who answers, what stays, what is forgotten."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from claims.complaints import desk
from claims.complaints.answers import complaint_page
from claims.complaints.receive import (
    Received,
    SentBefore,
    TooManyComplaints,
    delete_expired_contacts,
    forget_senders,
    receive,
)
from claims.models import Complaint, ComplaintContact, ComplaintSender, Notice, Review, SitePublication
from claims.permissions import Refused
from claims.publication.site.log import append_to_site_log, site_events
from claims.reviews import suspension
from tests import factories
from tests.claims.complaints.changing import corrected

pytestmark = pytest.mark.django_db
SECRET = "Canary Quixote told me so."


@pytest.fixture
def review() -> Review:
    return factories.published_review()


def sent(review: Review | None = None, **options: Any) -> Received:
    given = {"about": "fact", "reporter": "reader", "text": SECRET, **options}
    return receive(**given, claim=review.claim.public_id if review else "")


def test_each_has_a_number_and_stands_in_the_log_at_once(review: Review) -> None:
    first, second = sent(review), sent()
    year = timezone.now().year
    assert [each.complaint.number for each in (first, second)] == [f"{year}-1", f"{year}-2"]
    newest, oldest = site_events("complaint_received")
    assert (oldest.subject, oldest.claim) == (f"{year}-1", review.claim.public_id)
    assert (newest.subject, newest.claim) == (f"{year}-2", "")
    assert set(oldest.body) == {"received_on", "due_on"}


def test_the_number_follows_the_log_though_a_complaint_is_gone(review: Review) -> None:
    append_to_site_log("complaint_received", f"{timezone.now().year}-41", {})
    assert sent(review).complaint.number.endswith("-42")


def test_those_responsible_are_told_and_no_notice_holds_its_words(review: Review) -> None:
    editor = factories.editor()
    made = sent(review).complaint
    notices = Notice.objects.filter(kind=Notice.Kind.COMPLAINT)
    assert editor.pk in notices.values_list("recipient", flat=True)
    assert not any("Quixote" in each.sentence for each in notices)
    assert {each.path for each in notices} == {f"/admin/record/complaints/{made.pk}/"}


def test_a_flood_tells_nobody_after_the_first_ones(review: Review) -> None:
    editor = factories.editor()
    for _ in range(15):
        sent(review)
    assert Notice.objects.filter(recipient=editor).count() == 10
    assert Complaint.objects.count() == SitePublication.objects.count() == 15


def test_one_sender_may_send_so_many_and_one_form_is_sent_once(review: Review, settings: Any) -> None:
    settings.COMPLAINTS_PER_HOUR = 2
    sent(review, sender="a", form="one")
    with pytest.raises(SentBefore):
        sent(review, sender="b", form="one")
    sent(review, sender="a", form="two")
    with pytest.raises(TooManyComplaints):
        sent(review, sender="a", form="three")
    sent(review, sender="b", form="four")
    assert Complaint.objects.count() == 3 == SitePublication.objects.count()
    ComplaintSender.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert forget_senders() == 3
    sent(review, sender="a", form="five")


def test_an_editor_answers_and_the_answer_is_on_the_private_page_alone(review: Review) -> None:
    received, editor = sent(review, email="a@b.example"), factories.editor()
    desk.answer(received.complaint, outcome="not_upheld", words="The report has 412.", actor=editor)
    found = complaint_page(received.token)
    assert found is not None
    assert (found.outcome, found.answer) == ("not_upheld", "The report has 412.")
    [event] = site_events("complaint_answered")
    assert event.body == {
        "outcome": "not_upheld",
        "working_days": 0,
        "change": None,
        "answered_on": timezone.now().date().isoformat(),
    }
    assert "412" not in str(event.body)


def test_nobody_answers_what_she_wrote_herself_nor_calls_it_no_complaint(review: Review) -> None:
    complaint = sent(review).complaint
    version = review.versions.get()
    for outcome in ("not_upheld", "no_complaint"):
        with pytest.raises(Refused, match="You wrote"):
            desk.answer(complaint, outcome=outcome, words="No.", actor=version.author)
    desk.answer(complaint, outcome="not_upheld", words="No.", actor=version.approver)


def test_of_a_speaker_whoever_judged_her_answers_nothing_as_long_as_another_may(review: Review) -> None:
    speaker = factories.linked(review.claim).speaker.public_id
    author = review.latest_published().author
    first, second = (sent(about="not_me", speaker=speaker).complaint for _ in range(2))
    with pytest.raises(Refused, match="Ask a colleague"):
        desk.answer(first, outcome="no_complaint", words="It is her.", actor=author)
    desk.answer(first, outcome="not_upheld", words="It is her.", actor=factories.editor())
    with factories.acting_as("test"):
        User.objects.exclude(pk=author.pk).update(is_active=False)
    desk.answer(second, outcome="not_upheld", words="It is her.", actor=author)


@pytest.mark.parametrize("given", [{"outcome": "great"}, {"words": " "}, {"words": "a" * 5_001}, {"outcome": ""}])
def test_an_answer_says_something(review: Review, given: dict[str, str]) -> None:
    complaint = sent(review).complaint
    with pytest.raises(Refused):
        desk.answer(complaint, **{"outcome": "upheld", "words": "Yes.", **given}, actor=factories.editor())
    assert not site_events("complaint_answered")


def test_an_answer_is_given_once_and_stays(review: Review) -> None:
    complaint, editor = sent(review).complaint, factories.editor()
    desk.answer(complaint, outcome="upheld", words="Yes.", actor=editor)
    with pytest.raises(Refused, match="meantime"):
        desk.answer(complaint, outcome="no_complaint", words="No.", actor=editor)
    for change in ({"outcome": "not_upheld"}, {"answer": "Else."}, {"number": "2020-1"}, {"due_on": "2030-01-01"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Complaint.objects.filter(pk=complaint.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).delete()
    Complaint.objects.filter(pk=complaint.pk).update(text="")


def test_the_change_that_followed_is_named_of_what_went_out_since(review: Review) -> None:
    editor = factories.editor()
    complaint = sent(review).complaint
    desk.answer(complaint, outcome="upheld", words="Yes.", actor=editor)
    first = review.claim.publications.earliest("sequence")
    with pytest.raises(Refused, match="Choose a change"):
        desk.name_correction(complaint, correction=first.sequence, actor=editor)
    change = corrected(review)
    desk.name_correction(complaint, correction=change.sequence, actor=editor)
    [last, _answer] = site_events("complaint_answered")
    told = {"claim": review.claim.public_id, "event": "corrected", "sequence": change.sequence}
    assert last.body["change"] == told
    with pytest.raises(Refused, match="already"):
        desk.name_correction(complaint, correction=change.sequence, actor=editor)


def test_of_a_claim_that_became_part_of_another_its_author_still_answers_nothing(review: Review) -> None:
    received = sent(review)
    other = factories.published_review(factories.claim("Another."))
    factories.merged(review.claim, into=other.claim)
    complaint = Complaint.objects.get()
    author = review.versions.get().author
    assert Review.objects.get(pk=review.pk).claim == other.claim and desk.is_author(complaint, author)
    change = corrected(Review.objects.get(pk=review.pk))
    desk.answer(complaint, outcome="upheld", words="Yes.", correction=change.sequence, actor=factories.editor())
    page = Client().get(f"/complaints/{received.token}").content.decode()
    assert f"/claims/{other.claim.public_id}/changes/{change.sequence}" in page
    assert f"/claims/{other.claim.public_id}/changes/{change.sequence}" in Client().get("/corrections").content.decode()


def test_a_suspension_is_no_change_that_answers(review: Review) -> None:
    editor, complaint = factories.editor(), sent(review).complaint
    suspension.suspend(review, actor=editor, reason="Doubt.")
    assert not desk.changes_since(complaint).exists()


def test_contact_data_goes_some_time_after_the_answer(review: Review, settings: Any) -> None:
    settings.COMPLAINT_CONTACT_DAYS = 0
    complaint = sent(review, email="a@b.example").complaint
    assert delete_expired_contacts() == 0
    desk.answer(complaint, outcome="upheld", words="Yes.", actor=factories.editor())
    assert delete_expired_contacts() == 1
    assert not ComplaintContact.objects.exists()


def test_the_owner_is_reminded_once_and_of_what_is_nobodys_all(review: Review, monkeypatch: pytest.MonkeyPatch) -> None:
    editor, other = factories.editor(), factories.editor()
    mine, nobodys = sent(review).complaint, sent(review).complaint
    desk.take_over(mine, actor=editor)
    Notice.objects.all().delete()
    assert desk.remind() == 0
    monkeypatch.setattr(desk, "_WARNING", timedelta(days=12))
    assert desk.remind() == 2 and desk.remind() == 0
    told = Notice.objects.filter(kind=Notice.Kind.COMPLAINT)
    assert list(told.filter(path__endswith=f"/{mine.pk}/").values_list("recipient", flat=True)) == [editor.pk]
    assert {editor.pk, other.pk} <= set(
        told.filter(path__endswith=f"/{nobodys.pk}/").values_list("recipient", flat=True)
    )
