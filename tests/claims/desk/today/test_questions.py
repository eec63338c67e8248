"""What asks a person something stands in "Waiting for you" until she answers or nothing is left to answer."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims.desk.today.work import waiting
from claims.models import Comment, Recheck, Restriction, SourceAnswer, SourceRequest
from claims.requests import source_requests
from claims.reviews import rechecks
from claims.teamwork import assignments, comments
from claims.watch import sweep
from sources.models import Page
from tests import factories

pytestmark = pytest.mark.django_db


def asks(user: User) -> list[tuple[str, str]]:
    return [(str(each.tag), each.sentence) for each in waiting(User.objects.get(pk=user.pk))]


@pytest.fixture
def recheck() -> Recheck:
    review = factories.published_review()
    factories.change(Page.objects.get(), factories.PAGE_TEXT.replace("412", "430"))
    sweep.sweep()
    return Recheck.objects.get(review=review)


def test_a_mention_waits_until_it_is_answered_or_settled() -> None:
    ana, ben, claim = factories.editor("ana"), factories.editor("ben"), factories.claim("Bridges")
    made = comments.comment(claim, text="@ben which year?", actor=ana)
    (one,) = waiting(ben)
    assert one.url == f"/admin/claims/{claim.pk}/#comment-{made.pk}"
    assert one.quote == "@ben which year?" and one.sentence.startswith("ana mentions you.")
    assert asks(ana) == []
    comments.settle(made, actor=ana)
    assert asks(ben) == []
    comments.reopen(made, actor=ana)
    assert len(asks(ben)) == 1
    comments.comment(claim, text="2025.", actor=ben)
    assert asks(ben) == []


def test_a_question_about_a_recheck_waits_until_it_is_answered_or_closed(recheck: Recheck) -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    rechecks.ask(recheck, actor=ana, colleague=ben, question="Did you call them?")
    (one,) = waiting(ben)
    assert (one.url, one.quote) == (f"/admin/rechecks/{recheck.pk}/", "Did you call them?")
    answer = Comment.objects.create(claim=recheck.review.claim, text="Yes.", author=ben)
    assert asks(ben) == []
    answer.delete()
    assert len(asks(ben)) == 1
    rechecks.dismiss(recheck, actor=ana, note="A typo of theirs.")
    assert asks(ben) == []


def test_the_answer_of_a_source_waits_for_who_asked_and_for_who_has_the_claim(recheck: Recheck) -> None:
    ana, ben, out = factories.editor(), factories.editor(), factories.editor()
    letter = SourceRequest.objects.create(
        recheck=recheck,
        page=Page.objects.get(),
        grade="note",
        text="Which is right?",
        recipient="desk@source.example",
        drafted_by=ana,
        sent_by=ana,
        sent_at=timezone.now() - timedelta(days=1),
        state="sent",
    )
    assignments.assign(recheck.review.claim, actor=ben, assignee=ben)
    source_requests.record_answer(letter, actor=out, received_on=timezone.now().date(), text="The new one.")
    assert SourceAnswer.objects.count() == 1
    for user in (ana, ben):
        assert ("answer", "The source answered. Decide on the re-check.") in asks(user)
    assert asks(out) == []


def test_what_is_assigned_waits_as_long_as_there_is_something_to_do(recheck: Recheck) -> None:
    ana, ben, claim = factories.editor("ana"), factories.editor(), factories.claim("Bridges")
    assignments.assign(claim, actor=ana, assignee=ben)
    assert asks(ben) == [("assigned", "ana assigned it to you.")]
    factories.draft(claim, author=ben)
    assert asks(ben) == [("your draft", "Not submitted yet.")], "once"
    assignments.assign(recheck.review.claim, actor=ana, assignee=ana)
    assert ("assigned", "You took it.") in asks(ana)
    rechecks.dismiss(recheck, actor=ana, note="A typo of theirs.")
    assert ("assigned", "You took it.") not in asks(ana)


def test_nobody_is_asked_about_a_claim_that_was_restricted_to_others() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    claim = factories.claim("Secret words")
    comments.comment(claim, text="@ben which year?", actor=ana)
    assignments.assign(claim, actor=ana, assignee=ben)
    assert len(asks(ben)) == 2
    Restriction.objects.create(claim=claim, created_by=ana).members.add(ana)
    assert asks(ben) == []
