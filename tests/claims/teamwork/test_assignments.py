"""Assignments: who is told, when once, and what they can be."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from claims import notices
from claims.models import Assignment
from claims.permissions import Refused
from claims.teamwork import assignments
from claims.visibility import restrict
from tests import factories
from tests.claims.teamwork.test_comments import chief

pytestmark = pytest.mark.django_db


def told(user: User) -> list[tuple[str, str]]:
    return [(each.kind, each.said) for each in notices.of(user).order_by("pk")]


def test_the_assignee_is_told_once_and_nobody_of_her_own_choice() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    claim, due = factories.claim("Bridges"), timezone.now() + timedelta(days=1)
    assignments.assign(claim, actor=ana, assignee=ben, due_at=due)
    assignments.assign(claim, actor=ana, assignee=ben, due_at=due)
    assert told(ben) == [("assigned", "ana assigned a claim to you: Bridges")]
    assignments.assign(claim, actor=ana, assignee=ana, due_at=due)
    assert told(ana) == []
    assert Assignment.objects.get(claim=claim).assignee == ana


def test_nobody_and_no_time_is_no_assignment() -> None:
    ana, claim = factories.editor(), factories.claim()
    assert assignments.assign(claim, actor=ana, assignee=None) is None
    assignments.assign(claim, actor=ana, assignee=ana)
    assert assignments.assign(claim, actor=ana, assignee=None) is None
    assert not Assignment.objects.exists()
    made = assignments.assign(claim, actor=ana, assignee=None, due_at=timezone.now())
    assert made is not None and made.assignee is None


def test_it_is_refused_for_whoever_may_not_see_the_claim_or_writes_nothing() -> None:
    ana, out = factories.editor(), factories.editor()
    claim = factories.claim()
    restrict(claim, members=[ana], actor=chief())
    for who in (out, User.objects.create_user("guest", is_staff=True)):
        with pytest.raises(Refused, match="Choose a colleague"):
            assignments.assign(claim, actor=ana, assignee=who)
    with pytest.raises(Refused, match="may not assign"):
        assignments.assign(claim, actor=out, assignee=out)


def test_who_has_it_is_reminded_once_and_again_of_another_time() -> None:
    ana, ben = factories.editor(), factories.editor()
    claim = factories.claim("Bridges")
    assignments.assign(claim, actor=ana, assignee=ben, due_at=timezone.now() + timedelta(hours=1))
    assert assignments.remind_due() == 0
    assignments.assign(claim, actor=ana, assignee=ben, due_at=timezone.now() - timedelta(seconds=1))
    assert (assignments.remind_due(), assignments.remind_due()) == (1, 0)
    assert told(ben)[1:] == [("due", "It is due: Bridges")]
    assignments.assign(claim, actor=ana, assignee=ben, due_at=timezone.now() - timedelta(seconds=2))
    assert assignments.remind_due() == 1


def test_whoever_may_not_see_it_any_more_is_not_reminded() -> None:
    ana, ben = factories.editor(), factories.editor()
    claim = factories.claim("Bridges")
    assignments.assign(claim, actor=ana, assignee=ben, due_at=timezone.now() - timedelta(seconds=1))
    restrict(claim, members=[ana], actor=chief())
    before = told(ben)
    assert assignments.remind_due() == 1
    assert told(ben) == before
