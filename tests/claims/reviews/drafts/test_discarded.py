"""A discarded draft can be restored for 30 days, and its authors stay its authors."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.authorship import authors, contributions
from claims.models import Comment, DiscardedVersion, Evidence, Review, ReviewVersion, Suggestion
from claims.permissions import Refused, may_approve
from claims.publication.words import leaving
from claims.reviews import suggestions, workflow
from claims.reviews.drafts import discarded
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_restored_draft_is_as_it_was_and_its_author_still_cannot_approve_it() -> None:
    ana, ben = factories.editor(), factories.editor()
    version = factories.draft(author=ana)
    review, evidence = version.review.public_id, version.evidence.get().public_id
    with acting(ana, reason="comment"):
        Comment.objects.create(claim=version.review.claim, version=version, text="Look again.", author=ana)
    workflow.discard(version, actor=ana)
    assert not Review.objects.exists()

    restored = discarded.restore(DiscardedVersion.objects.get(), actor=ana)

    assert (restored.pk, restored.summary, restored.author) == (version.pk, "The report says so.", ana)
    assert restored.review.public_id == review
    assert restored.evidence.get().public_id == evidence
    assert restored.comments.get().text == "Look again."
    assert authors(contributions(restored.pk)) == [ana]
    workflow.submit(restored, actor=ben)
    restored.refresh_from_db()
    assert not may_approve(ana, restored)
    workflow.approve(restored, actor=ben, shown=leaving(restored).sha256)


def test_restoring_makes_an_approved_version_a_draft_that_has_to_be_read_again() -> None:
    version = factories.approved(factories.draft())
    editor = factories.editor()
    workflow.discard(version, actor=editor)
    restored = discarded.restore(DiscardedVersion.objects.get(), actor=editor)
    assert (restored.state, restored.approver, restored.approved_sha256) == ("draft", None, "")


def test_who_restores_what_another_discarded_decides_on_what_leaves() -> None:
    ana, ben, cleo = factories.editor(), factories.editor(), factories.editor()
    workflow.discard(factories.draft(author=ana), actor=ben)
    restored = discarded.restore(DiscardedVersion.objects.get(), actor=cleo)
    assert set(authors(contributions(restored.pk))) == {ana, cleo}


def test_who_made_a_weighty_suggestion_is_an_author_after_the_restoring_too() -> None:
    ana, ben = factories.editor(), factories.editor()
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    (made,) = suggestions.suggest(version, changes={"summary": "The report says 412."}, actor=ben)
    assert made.is_weighty
    suggestions.accept(made, actor=ana)
    workflow.discard(version, actor=ana)
    assert not Suggestion.objects.exists()
    restored = discarded.restore(DiscardedVersion.objects.get(), actor=ana)
    workflow.submit(restored, actor=ana)
    restored.refresh_from_db()
    assert not may_approve(ben, restored)


def test_the_next_version_comes_back_to_its_published_review_unless_another_is_open() -> None:
    review = factories.published_review()
    actor = factories.editor()
    version = workflow.start_version(review, kind="update", actor=actor, public_note="Newer figures.")
    workflow.discard(version, actor=actor)
    other = workflow.start_version(review, kind="correction", actor=actor)
    with pytest.raises(Refused, match="Another version of this review is open"):
        discarded.restore(DiscardedVersion.objects.get(), actor=actor)
    workflow.discard(other, actor=actor)
    first = DiscardedVersion.objects.order_by("pk")[0]
    restored = discarded.restore(first, actor=actor)
    assert (restored.number, restored.kind, restored.public_note) == (2, "update", "Newer figures.")
    assert restored.evidence.get().copied_from is not None


def test_nothing_is_restored_twice_or_after_30_days_and_a_task_deletes_it() -> None:
    actor = factories.editor()
    workflow.discard(factories.draft(author=actor), actor=actor)
    row = DiscardedVersion.objects.get()
    assert discarded.fields(row)["summary"] == "The report says so."
    DiscardedVersion.objects.update(delete_after=timezone.now() - timedelta(seconds=1))
    with pytest.raises(Refused, match="more than 30 days ago"):
        discarded.restore(row, actor=actor)
    DiscardedVersion.objects.update(delete_after=timezone.now() + timedelta(days=1))
    discarded.restore(row, actor=actor)
    with pytest.raises(Refused, match="restored already"):
        discarded.restore(row, actor=actor)
    assert discarded.delete_over() == 0
    DiscardedVersion.objects.update(delete_after=timezone.now())
    assert discarded.delete_over() == 1
    assert (ReviewVersion.objects.count(), Evidence.objects.count()) == (1, 1)


def test_the_reason_of_sending_back_stands_in_the_audit() -> None:
    ana, ben = factories.editor(), factories.editor()
    version = factories.draft(author=ana)
    workflow.submit(version, actor=ana)
    workflow.send_back(version, actor=ben, reason="No answer from the ministry yet.")
    event = ReviewVersion.pgh_event_model.objects.filter(pgh_obj=version.pk).order_by("-pgh_id")[0]  # type: ignore[attr-defined]
    assert event.pgh_context["note"] == "No answer from the ministry yet."
