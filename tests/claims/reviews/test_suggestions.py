"""Suggestions: a reviewer proposes, an author accepts; two people can run a desk."""

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from claims.models import Notice, Rating, ReviewVersion, Suggestion
from claims.permissions import Refused, may_approve
from claims.publication.words import leaving
from claims.reviews import publish, suggestions, workflow
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana() -> User:
    return factories.editor("ana")


@pytest.fixture
def ben() -> User:
    return factories.editor("ben")


@pytest.fixture
def version(ana: User) -> ReviewVersion:
    return workflow.submit(factories.draft(author=ana), actor=ana)


def fresh(version: ReviewVersion) -> ReviewVersion:
    return ReviewVersion.objects.get(pk=version.pk)


def approve(version: ReviewVersion, by: User) -> ReviewVersion:
    return workflow.approve(version, actor=by, shown=leaving(version).sha256)


def test_exactly_two_people_run_a_desk(version: ReviewVersion, ana: User, ben: User) -> None:
    (one,) = suggestions.suggest(version, changes={"summary": "The report says so, plainly."}, actor=ben)
    assert fresh(version).state == "in_review" and fresh(version).summary == "The report says so."
    assert Notice.objects.get(kind="suggestion").recipient == ana
    assert suggestions.accept(one, actor=ana).state == "draft"
    workflow.submit(version, actor=ana)
    publish.publish(approve(fresh(version), ben), actor=ana)
    assert fresh(version).summary == "The report says so, plainly."


@pytest.mark.parametrize(
    ("field", "after"),
    [
        ("summary", "The report says so 2 times."),
        ("summary", "The report says so \u0663 times."),
        ("body", "We read the report in \u4e09 ways."),
        ("true_as_of", "2026-03-02"),
        ("claim_text", "Bridges need repair."),
        ("rating", "Wrong"),
    ],
)
def test_who_suggested_a_weighty_change_cannot_approve_it(
    version: ReviewVersion, ana: User, ben: User, field: str, after: str
) -> None:
    if field == "rating":
        after = str(Rating.objects.get(label=after).pk)
    (one,) = suggestions.suggest(version, changes={field: after}, actor=ben)
    assert one.is_weighty
    assert may_approve(ben, version), "nothing was accepted yet"
    assert suggestions.accept(one, actor=ana).state == "draft"
    workflow.submit(version, actor=ana)
    with pytest.raises(Refused, match="your suggestion for the"):
        approve(fresh(version), ben)
    with pytest.raises(IntegrityError, match="is an author"), transaction.atomic():
        ReviewVersion.objects.filter(pk=version.pk).update(
            state="approved", approver=ben, approved_at="2026-03-01T00:00Z", approved_sha256="0" * 64, approved_words={}
        )
    assert approve(fresh(version), factories.editor()).state == "approved"


def test_a_declined_suggestion_changes_nothing(version: ReviewVersion, ana: User, ben: User) -> None:
    (one,) = suggestions.suggest(version, changes={"summary": "412 times."}, actor=ben)
    assert suggestions.decline(one, actor=ana, note="No.").state == "declined"
    assert approve(fresh(version), ben).summary == "The report says so."
    with pytest.raises(Refused, match="declined already"):
        suggestions.accept(one, actor=ana)


def test_only_authors_decide_and_only_others_suggest(version: ReviewVersion, ana: User, ben: User) -> None:
    with pytest.raises(Refused, match="edit it yourself"):
        suggestions.suggest(version, changes={"summary": "Mine."}, actor=ana)
    (one,) = suggestions.suggest(version, changes={"summary": "So it says."}, actor=ben)
    for person in (ben, factories.editor()):
        with pytest.raises(Refused, match="Only those who wrote"):
            suggestions.accept(one, actor=person)
    workflow.send_back(version, actor=ben)
    with pytest.raises(Refused, match="edit it yourself"):
        suggestions.suggest(fresh(version), changes={"summary": "Again."}, actor=ben)


def test_a_stale_suggestion_is_refused(version: ReviewVersion, ana: User, ben: User) -> None:
    (one,) = suggestions.suggest(version, changes={"summary": "So it says."}, actor=ben)
    ReviewVersion.objects.filter(pk=version.pk).update(summary="Edited since.")
    with pytest.raises(Refused, match="changed after this was suggested"):
        suggestions.accept(one, actor=ana)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"summary": "The report says so."}, "Nothing differs"),
        ({"summary": "  "}, "cannot be empty"),
        ({"rating": "0"}, "own organisation"),
        ({"true_as_of": "soon"}, "YYYY-MM-DD"),
        ({"correction_kind": "typo"}, "only corrections"),
        ({"approver": "1"}, "Nothing can be suggested for"),
    ],
)
def test_what_cannot_be_suggested(version: ReviewVersion, ben: User, changes: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        suggestions.suggest(version, changes=changes, actor=ben)


def test_a_suggestion_stays_as_it_was_made(version: ReviewVersion, ana: User, ben: User) -> None:
    (one,) = suggestions.suggest(version, changes={"summary": "So it says 3 times."}, actor=ben)
    for values in ({"is_weighty": False}, {"after": "Else."}, {"suggested_by": ana}):
        with pytest.raises(IntegrityError, match="stays as it was made"), transaction.atomic():
            Suggestion.objects.filter(pk=one.pk).update(**values)
    with pytest.raises(IntegrityError, match="accepted_by_another"), transaction.atomic():
        Suggestion.objects.filter(pk=one.pk).update(state="accepted", decided_by=ben, decided_at="2026-03-01T00:00Z")
    workflow.discard(version, actor=ana)
    assert not Suggestion.objects.exists()
