"""The workflow of a review: its states, the two-person rule, and an approval bound to what was approved."""

import pytest
from django.db import IntegrityError, connection, transaction

from claims.models import Evidence, GuestApproval, Notice, Rating, ReviewVersion
from claims.notices import unread
from claims.permissions import Refused
from claims.publication.words import leaving
from claims.reviews import workflow
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_draft_goes_to_review_and_is_approved_by_another() -> None:
    version = factories.draft()
    workflow.submit(version, actor=version.author)
    approver = factories.editor()
    done = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
    assert (done.state, done.approver) == ("approved", approver)
    assert done.approved_sha256 == leaving(version).sha256


def test_submitting_an_empty_draft_names_all_that_is_missing() -> None:
    version = workflow.start_review(
        claim=factories.claim(), organisation=factories.organisation(), author=factories.editor()
    )
    with pytest.raises(Refused) as refusal:
        workflow.submit(version, actor=version.author)
    for what in ("rating", "summary", "day", "evidence"):
        assert what in str(refusal.value)
    assert ReviewVersion.objects.get(pk=version.pk).state == "draft"


def test_the_author_cannot_approve_her_own_review() -> None:
    version = factories.draft()
    workflow.submit(version, actor=version.author)
    with pytest.raises(Refused, match="Ask a colleague"):
        workflow.approve(version, actor=version.author, shown=leaving(version).sha256)


@pytest.mark.sql
def test_the_database_holds_the_two_person_rule_against_raw_sql() -> None:
    version = factories.approved(factories.draft())
    with pytest.raises(IntegrityError, match="given once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE claims_reviewversion SET approver_id = author_id WHERE id = %s", [version.pk])


@pytest.mark.parametrize("field", ["summary", "body", "public_note"])
def test_an_edit_after_approval_voids_it(field: str) -> None:
    version = factories.approved(factories.draft())
    ReviewVersion.objects.filter(pk=version.pk).update(**{field: "Edited afterwards."})
    version.refresh_from_db()
    assert (version.state, version.approver, version.approved_sha256) == ("draft", None, "")


def test_changing_the_evidence_after_approval_voids_it() -> None:
    version = factories.approved(factories.draft())
    Evidence.objects.filter(version=version).update(stance="refutes")
    version.refresh_from_db()
    assert (version.state, version.approver) == ("draft", None)


def test_a_user_without_rights_is_told_whom_to_ask() -> None:
    stranger = factories.editor()
    stranger.groups.clear()
    stranger = type(stranger).objects.get(pk=stranger.pk)
    with pytest.raises(Refused, match="administrator"):
        workflow.start_review(claim=factories.claim(), organisation=factories.organisation(), author=stranger)


def test_send_back_tells_the_author_the_reason_as_it_was_written() -> None:
    version = factories.draft()
    workflow.submit(version, actor=version.author)
    ben = factories.editor()
    workflow.send_back(version, actor=ben, reason="Which year is the report of?")
    (notice,) = unread(version.author)
    assert notice.said == f"{ben} sent a version of yours back: Which year is the report of?"
    assert not unread(ben).exists()


def test_send_back_returns_a_draft_without_approval() -> None:
    version = factories.approved(factories.draft())
    back = workflow.send_back(version, actor=factories.editor())
    assert (back.state, back.approver, back.approved_sha256) == ("draft", None, "")


def test_the_next_version_starts_with_copies_and_only_one_is_open() -> None:
    review = factories.published_review()
    actor = factories.editor()
    version = workflow.start_version(review, kind="correction", actor=actor)
    published = review.latest_published()
    assert published is not None
    assert (version.number, version.summary, version.rating) == (2, published.summary, published.rating)
    copied = version.evidence.get()
    assert copied.copied_from == published.evidence.get()
    assert copied.exact == factories.QUOTE
    with pytest.raises(Refused, match="already open"):
        workflow.start_version(review, kind="update", actor=actor)


def test_a_correction_without_note_or_kind_cannot_be_submitted() -> None:
    review = factories.published_review()
    version = workflow.start_version(review, kind="correction", actor=factories.editor())
    with pytest.raises(Refused, match=r"public note.*kind of correction"):
        workflow.submit(version, actor=version.author)


@pytest.mark.parametrize(
    ("kind", "correction_kind", "label", "refused"),
    [
        ("clarification", "", "Wrong", True),
        ("correction", "typo", "Wrong", True),
        ("clarification", "", "Right", False),
        ("correction", "typo", "Right", False),
        ("correction", "rating", "Wrong", False),
        ("update", "", "Wrong", False),
    ],
)
def test_what_turns_the_verdict_is_called_no_clarification_and_no_typing_error(
    kind: str, correction_kind: str, label: str, refused: bool
) -> None:
    review = factories.published_review()
    author = factories.editor()
    version = workflow.start_version(
        review, kind=kind, actor=author, correction_kind=correction_kind, public_note="We say it better."
    )
    version.rating = Rating.objects.get(label=label, scale__organisation=review.organisation)
    with factories.acting(author, reason="write"):
        version.save()
    if refused:
        with pytest.raises(Refused, match="since the rating changes"):
            workflow.submit(version, actor=author)
    else:
        workflow.submit(version, actor=author)


def test_actions_refuse_a_version_in_the_wrong_state_and_name_the_state() -> None:
    version = factories.draft()
    with pytest.raises(Refused, match="draft"):
        workflow.approve(version, actor=factories.editor(), shown=leaving(version).sha256)


def test_a_version_opened_by_mistake_can_be_discarded_and_the_next_one_opened() -> None:
    review = factories.published_review()
    actor = factories.editor()
    version = workflow.start_version(review, kind="correction", actor=actor)
    workflow.discard(version, actor=actor)
    assert review.open_version() is None
    assert workflow.start_version(review, kind="update", actor=actor).number == 2


def test_discarding_the_only_draft_takes_the_empty_review_with_it() -> None:
    version = factories.draft()
    claim = version.review.claim
    workflow.discard(version, actor=version.author)
    assert not claim.reviews.exists()
    assert not Evidence.objects.exists()


def test_a_published_version_cannot_be_discarded() -> None:
    review = factories.published_review()
    version = review.latest_published()
    assert version is not None
    with pytest.raises(Refused, match="withdraw"):
        workflow.discard(version, actor=factories.editor())


def test_an_edit_tells_whoever_approved_or_was_asked_to() -> None:
    version = factories.approved(factories.draft())
    guest = factories.editor()
    GuestApproval.objects.create(version=version, user=guest, invited_by=version.author)
    approver = version.approver
    with acting(version.author, reason="edited"):
        ReviewVersion.objects.filter(pk=version.pk).update(summary="Not what you read.")
    told = {notice.recipient: notice.said for notice in Notice.objects.filter(kind="approval_voided")}
    author, claim = version.author.username, version.review.claim.text
    assert told == {
        approver: f"{author} edited a version that you had approved, so it is a draft again: {claim}",
        guest: f"{author} edited a version that you were asked to approve, so it is a draft again: {claim}",
    }
    assert Notice.objects.filter(path=f"/admin/claims/reviewversion/{version.pk}/change/").count() == 2


def test_sending_back_is_no_edit_and_nobody_is_told_of_her_own() -> None:
    version = factories.approved(factories.draft())
    workflow.send_back(version, actor=version.author)
    other = factories.approved(factories.draft())
    with acting(other.approver, reason="edited"):
        ReviewVersion.objects.filter(pk=other.pk).update(summary="Better.")
    assert not Notice.objects.filter(kind="approval_voided").exists()
