"""Whoever publishes is told where the rating and the evidence say different things."""

import pytest

from claims.desk.workbench.remarks import remarks
from claims.models import Evidence, Rating, Review, ReviewVersion
from claims.reviews.workflow import start_version
from sources.database.audit import acting
from tests import factories
from tests.claims.desk.workbench.pages import browser

pytestmark = pytest.mark.django_db


def rated(version: ReviewVersion, label: str) -> ReviewVersion:
    version.rating = Rating.objects.get(label=label, scale__organisation=version.review.organisation)
    with acting(version.author, reason="write"):
        version.save()
    return version


def take_side(version: ReviewVersion, stance: str) -> None:
    with acting(version.author, reason="write"):
        version.evidence.update(stance=stance)


@pytest.mark.parametrize(
    ("label", "stance", "remarked"),
    [
        ("Right", "supports", ""),
        ("Wrong", "refutes", ""),
        ("Right", "refutes", "that takes a side refutes it"),
        ("Wrong", "supports", "that takes a side supports it"),
        ("Half right", "refutes", ""),
        ("Right", "context", ""),
    ],
)
def test_evidence_that_says_the_contrary_of_the_rating(label: str, stance: str, remarked: str) -> None:
    version = factories.draft(rating=label)
    take_side(version, stance)
    found = remarks(ReviewVersion.objects.get(pk=version.pk))
    assert [remarked in each for each in found] == ([True] if remarked else [])


def correction(review: Review) -> ReviewVersion:
    editor = factories.editor()
    version = start_version(review, kind="correction", actor=editor, correction_kind="rating", public_note="We erred.")
    return rated(version, "Wrong")


def test_a_verdict_that_turns_round_on_the_same_evidence() -> None:
    review = factories.published_review()
    version = correction(review)
    assert any("turns round from “Right” to “Wrong”" in each for each in remarks(version))
    page = browser(version.author).get(f"/admin/claims/{review.claim_id}/versions/{version.pk}/preview/").text
    assert "turns round from “Right” to “Wrong”" in page and "You can go on" in page
    take_side(version, Evidence.Stance.REFUTES)
    assert remarks(version) == []


def test_a_verdict_that_turns_round_on_other_evidence() -> None:
    version = correction(factories.published_review())
    kept = version.evidence.get()
    Evidence.objects.create(version=version, kind="analysis", stance="refutes", note="Counted again.")
    assert remarks(version) == []
    with acting(version.author, reason="write"):
        kept.delete()
    assert remarks(version) == []


def test_a_withdrawal_and_a_draft_without_a_rating_have_none() -> None:
    review = factories.published_review()
    withdrawal = start_version(review, kind="withdrawal", actor=factories.editor(), public_note="We withdraw it.")
    assert remarks(withdrawal) == []
    empty = factories.draft()
    empty.rating = None
    assert remarks(empty) == []
