"""The right of reply of a version: whole or not at all, by its authors, and in the words that two people approve."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone

from claims.authorship import authors, contributions
from claims.models import ReviewVersion
from claims.permissions import Refused
from claims.publication.body import replies
from claims.publication.words import leaving, texts
from claims.reviews import publish, workflow
from claims.reviews.drafts.right_of_reply import FIELDS, missing
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db
ASKED = {"reply_asked": "the ministry", "reply_asked_on": date(2026, 2, 24)}
ANSWERED = ASKED | {"reply": "We stand by it.", "reply_answered_on": date(2026, 2, 26)}
SILENT = ASKED | {"reply_none_by": date(2026, 2, 27)}


@pytest.fixture
def ana() -> User:
    return factories.editor("ana")


@pytest.fixture
def ben() -> User:
    return factories.editor("ben")


def write(version: ReviewVersion, by: User, **values: object) -> ReviewVersion:
    with acting(by, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(**values)
    return ReviewVersion.objects.get(pk=version.pk)


@pytest.mark.parametrize(
    ("values", "lacking"),
    [
        ({}, 0),
        (ANSWERED, 0),
        (SILENT, 0),
        (ASKED | {"reply_url": "https://ministry.example/answer", "reply_answered_on": date(2026, 2, 24)}, 0),
        (ASKED, 1),
        ({"reply": "We stand by it."}, 3),
        (ANSWERED | {"reply_none_by": date(2026, 2, 27)}, 1),
        (ANSWERED | {"reply_answered_on": date(2026, 2, 23)}, 1),
        (SILENT | {"reply_none_by": date(2026, 2, 1)}, 1),
        (SILENT | {"reply_none_by": timezone.now().date() + timedelta(days=3)}, 1),
        (ANSWERED | {"reply": "We \u202estand by it."}, 1),
    ],
)
def test_it_is_said_whole_or_not_at_all(values: dict[str, object], lacking: int) -> None:
    assert len(missing(ReviewVersion(**values))) == lacking


def test_a_draft_may_be_unfinished_and_is_not_submitted(ana: User) -> None:
    version = write(factories.draft(author=ana), ana, **ASKED)
    with pytest.raises(Refused, match="say what they answered and on which day, or until when no answer came"):
        workflow.submit(version, actor=ana)
    write(version, ana, **SILENT)
    assert workflow.submit(version, actor=ana).state == "in_review"


@pytest.mark.parametrize(
    "values",
    [ASKED, ASKED | {"reply": "We stand by it."}, ANSWERED | {"reply_asked": ""}, SILENT | {"reply": "Or not."}],
)
@pytest.mark.sql
def test_the_database_lets_no_half_of_it_out(ana: User, values: dict[str, object]) -> None:
    version = write(factories.draft(author=ana), ana, **values)
    with pytest.raises(IntegrityError, match="review_reply_whole"), transaction.atomic(), acting(ana, reason="x"):
        ReviewVersion.objects.filter(pk=version.pk).update(state="in_review")


@pytest.mark.sql
def test_who_writes_it_is_an_author_and_an_edit_voids_the_approval(ana: User, ben: User) -> None:
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    version = write(version, ben, **ANSWERED)
    assert version.state == "draft"
    assert {each.username for each in authors(contributions(version.pk))} == {"ana", "ben"}
    assert "right of reply" in {each.label for each in contributions(version.pk)}
    workflow.submit(version, actor=ana)
    with pytest.raises(Refused):
        workflow.approve(version, actor=ben, shown=leaving(version).sha256)


def test_it_is_among_the_words_that_are_approved_and_stays_for_the_next_version(ana: User, ben: User) -> None:
    version = write(factories.draft(author=ana), ana, **ANSWERED)
    approved = dict(texts(leaving(version).approved))
    assert approved["review.right_of_reply[1].answer"] == "We stand by it."
    publish.publish(factories.approved(version, approver=ben), actor=ben)
    following = workflow.start_version(version.review, kind="update", actor=ben, public_note="Newer figures.")
    assert {name: getattr(following, name) for name in FIELDS} == {
        name: getattr(ReviewVersion.objects.get(pk=version.pk), name) for name in FIELDS
    }
    assert authors(contributions(following.pk)) == [ben], "who takes it over as it was published wrote only the note"
    assert contributions(following.pk)[0].field == "public note"


def test_the_body_names_it_and_leaves_out_what_nobody_said(ana: User, ben: User) -> None:
    review = factories.published_review()
    assert "right_of_reply" not in factories.words_of(review.claim)["reviews"][0]
    version = write(factories.draft(factories.claim("It is so."), author=ana), ana, **SILENT)
    publish.publish(factories.approved(version, approver=ben), actor=ben)
    assert factories.words_of(version.review.claim)["reviews"][0]["right_of_reply"] == replies(version)
    assert replies(version) == [
        {
            "asked": "the ministry",
            "asked_on": "2026-02-24",
            "answered_on": None,
            "answer": None,
            "answer_url": None,
            "no_answer_by": "2026-02-27",
        }
    ]
