"""Complaints at the desk: who sees them, who answers, what is due, and that nothing typed is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from claims.complaints import desk as complaints
from claims.complaints.receive import receive
from claims.desk.shell.verbs import seen_of
from claims.desk.today.soon import soon
from claims.models import Complaint, Review
from claims.roles import GROUPS, Role
from claims.visibility import restrict
from tests import factories
from tests.claims.complaints.changing import corrected

pytestmark = pytest.mark.django_db
LIST = "/admin/record/complaints/"


@pytest.fixture
def review() -> Review:
    return factories.published_review()


@pytest.fixture
def complaint(review: Review) -> Complaint:
    text = "It was <b>312</b>."
    given = {"about": "fact", "reporter": "concerned", "text": text, "claim": review.claim.public_id}
    return receive(**given, email="a@b.example").complaint


@pytest.fixture
def ada() -> User:
    return factories.editor("ada")


def at(user: User, address: str) -> str:
    client = Client()
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def pressed(user: User, row: Complaint, verb: str, **fields: str) -> Any:
    client = Client()
    client.force_login(user)
    here = f"{LIST}{row.pk}/"
    data = {"seen": seen_of(Complaint.objects.get(pk=row.pk)), "next": here, **fields}
    return client.post(f"/admin/do/complaints/{row.pk}/{verb}/", data, follow=True).content.decode()


def test_the_queue_and_the_screen_of_one(ada: User, complaint: Complaint) -> None:
    listed = at(ada, LIST)
    assert complaint.number in listed and "412 bridges need repair." in listed and "day 0 of 7" in listed
    shown = at(ada, f"{LIST}{complaint.pk}/")
    assert "It was &lt;b&gt;312&lt;/b&gt;." in shown and "a@b.example" in shown
    assert f"/admin/claims/{complaint.claim_id}/" in shown


def test_an_editor_takes_it_over_and_answers(ada: User, complaint: Complaint) -> None:
    assert "The answer is yours" in pressed(ada, complaint, "take")
    assert Complaint.objects.get().owner == ada
    shown = pressed(ada, complaint, "answer", outcome="not_upheld", words="The report has 412.")
    assert "Answered." in shown and "The report has 412." in shown
    assert complaint.number not in at(ada, LIST)
    assert complaint.number in at(ada, f"{LIST}?state=answered")


def test_what_was_typed_is_kept_if_something_is_missing(ada: User, complaint: Complaint) -> None:
    shown = pressed(ada, complaint, "answer", words="A long answer without an outcome.")
    assert "Say what came of the complaint." in shown and "A long answer without an outcome." in shown
    assert Complaint.objects.get().outcome == ""


def test_an_author_and_a_reporter_are_offered_no_answer(review: Review, complaint: Complaint) -> None:
    author = review.versions.get().author
    reporter = User.objects.create_user("rita", is_staff=True)
    reporter.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    for user in (author, reporter):
        assert 'name="words"' not in at(user, f"{LIST}{complaint.pk}/")
        pressed(user, complaint, "answer", outcome="no_complaint", words="Spam.")
    assert "a@b.example" not in at(reporter, f"{LIST}{complaint.pk}/"), "those who answer may write to her"
    assert "You wrote what it is about" in at(author, f"{LIST}{complaint.pk}/")
    assert Complaint.objects.get().outcome == ""


def test_the_change_that_followed_is_chosen_from_what_went_out(ada: User, review: Review, complaint: Complaint) -> None:
    complaints.answer(complaint, outcome="upheld", words="Yes.", actor=ada)
    assert "Once a correction of this claim is published" in at(ada, f"{LIST}{complaint.pk}/")
    change = corrected(review)
    assert f'value="{change.sequence}"' in at(ada, f"{LIST}{complaint.pk}/")
    shown = pressed(ada, complaint, "name-change", correction=str(change.sequence))
    assert "The register leads to this change now." in shown
    assert Complaint.objects.get().correction == change


def test_what_is_due_stands_on_today(ada: User, complaint: Complaint) -> None:
    assert any(complaint.number in each.sentence for each in soon(ada))
    complaints.take_over(complaint, actor=factories.editor())
    assert not any(complaint.number in each.sentence for each in soon(ada)), "it is somebody else's"


def test_one_about_a_restricted_claim_is_its_members(ada: User, review: Review, complaint: Complaint) -> None:
    chief = User.objects.create_user("chief", is_staff=True)
    chief.groups.add(Group.objects.get(name=GROUPS[Role.CHIEF]))
    restrict(review.claim, members=[], actor=User.objects.get(pk=chief.pk))
    assert complaint.number not in at(ada, LIST)
    client = Client()
    client.force_login(ada)
    assert client.get(f"{LIST}{complaint.pk}/").status_code == 404
    assert complaint.number in at(User.objects.get(pk=chief.pk), LIST)
    pressed(ada, complaint, "answer", outcome="no_complaint", words="Spam.")
    assert Complaint.objects.get().outcome == ""
