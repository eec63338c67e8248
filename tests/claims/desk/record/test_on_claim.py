"""Open complaints on the workbench of their claim, and in what is next on Today."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from claims.complaints import desk as complaints
from claims.complaints.receive import receive
from claims.desk.shell.tags import unbroken
from claims.desk.today.soon import soon
from claims.models import Claim, Complaint, Review, ReviewVersion
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review() -> Review:
    return factories.published_review()


@pytest.fixture
def complaint(review: Review) -> Complaint:
    return receive(about="fact", reporter="reader", text="It was 312.", claim=review.claim.public_id).complaint


def workbench(user: User, claim: Claim) -> str:
    client = Client()
    client.force_login(user)
    return client.get(f"/admin/claims/{claim.pk}/").text


def test_its_workbench_lists_what_is_open(review: Review, complaint: Complaint) -> None:
    ada = factories.editor()
    html = workbench(ada, review.claim)
    section = html[html.index('id="h-compl"') :].partition("</section>")[0]
    assert f'class="t nw" href="/admin/record/complaints/{complaint.pk}/">{complaint.number}</a>' in section
    assert "answer by" in section and "overdue" not in section
    whole = factories.published_review(factories.claim("It is so.")).claim
    factories.merged(review.claim, into=whole)
    assert complaint.number in workbench(ada, whole), "of a claim that is part of this one"
    complaints.answer(complaint, outcome="upheld", words="You are right.", actor=ada)
    assert 'id="h-compl"' not in workbench(ada, whole)


def test_who_may_not_see_complaints_is_not_told_of_them(review: Review, complaint: Complaint) -> None:
    reader = User.objects.create_user("rita", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_claim"))
    html = workbench(reader, review.claim)
    assert review.claim.text in html and "Open complaints" not in html


def test_today_asks_nobody_to_answer_about_what_she_wrote(review: Review, complaint: Complaint) -> None:
    author = ReviewVersion.objects.get(review=review).author
    assert author is not None
    assert soon(author) == []
    [mine] = soon(factories.editor())
    assert (mine.text, mine.url) == (review.claim.text, f"/admin/record/complaints/{complaint.pk}/")
    assert mine.day == complaint.due_on and not mine.is_over


def test_a_number_stays_on_one_line_and_is_copied_as_it_is() -> None:
    shown = unbroken("Complaint 2026-14 <was> received on 2026-03-01.")
    assert shown == 'Complaint <span class="nw">2026-14</span> &lt;was&gt; received on 2026-03-01.'
