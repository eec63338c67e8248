"""Comments: who writes them, whom they tell, and who may change them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.utils import timezone

from claims import notices
from claims.models import Comment, Notice
from claims.permissions import Refused
from claims.roles import GROUPS, Role
from claims.teamwork import comments
from claims.teamwork.colleagues import colleagues
from claims.visibility import restrict, visible
from sources.database.audit import acting
from tests import factories

pytestmark = pytest.mark.django_db


def chief() -> User:
    made = factories.editor()
    made.groups.add(Group.objects.get(name="Chiefs"))
    return User.objects.get(pk=made.pk)


def told(user: User) -> list[str]:
    return [each.said for each in notices.of(user).filter(kind="mention")]


def test_colleagues_are_called_by_their_names() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    ana.first_name, ana.last_name = "Ana", "Bell"
    ana.save()
    comments.comment(factories.claim("412 bridges need repair."), text="@ben", actor=ana, about="summary")
    assert told(ben) == ["Ana Bell mentions you in a comment: 412 bridges need repair."]


def test_whoever_is_mentioned_is_told_once() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben.b")
    claim = factories.claim("412 bridges need repair.")
    made = comments.comment(
        claim, text="See this, @ben.b. And @Ben.B again, @ana, @nobody.", actor=ana, about="summary"
    )
    assert told(ben) == ["ana mentions you in a comment: 412 bridges need repair."]
    assert told(ana) == []
    assert Notice.objects.get(recipient=ben).path == f"/admin/claims/{claim.pk}/#comment-{made.pk}"


def test_an_address_mentions_nobody() -> None:
    factories.editor("example.org")
    claim = factories.claim()
    assert comments.mentioned("Write to a@example.org or x.@example.org", claim) == []


def test_nobody_is_told_of_a_restricted_claim_who_may_not_see_it() -> None:
    ana, ben, out = (factories.editor(name) for name in ("ana", "ben", "out"))
    claim = factories.claim("Secret words")
    restrict(claim, members=[ana, ben], actor=chief())
    comments.comment(claim, text="@ben @out look", actor=ana)
    assert told(ben) == ["ana mentions you in a comment: Secret words"]
    assert told(out) == []
    assert out not in colleagues(claim) and ben in colleagues(claim)
    with pytest.raises(Refused):
        comments.comment(claim, text="Me too", actor=out)
    assert not visible(Comment.objects.all(), out).exists()


def test_one_changes_ones_own_comment_for_a_quarter_of_an_hour() -> None:
    ana, ben = factories.editor("ana"), factories.editor("ben")
    claim = factories.claim()
    made = comments.comment(claim, text="Frist", actor=ana)
    assert comments.edit(made, text="First, @ben", actor=ana).edited_at is not None
    assert len(told(ben)) == 1
    comments.edit(made, text="First, @ben!", actor=ana)
    assert len(told(ben)) == 1
    with pytest.raises(Refused, match="by its author"):
        comments.edit(made, text="Mine", actor=ben)
    with acting(ana, reason="test"):
        Comment.objects.update(created_at=timezone.now() - timedelta(minutes=16))
    with pytest.raises(Refused, match="within 15 minutes"):
        comments.edit(made, text="Late", actor=ana)


def test_a_settled_comment_can_be_opened_again() -> None:
    ana, ben = factories.editor(), factories.editor()
    made = comments.comment(factories.claim(), text="Why 412?", actor=ana)
    first = comments.settle(made, actor=ben).settled_at
    assert comments.settle(made, actor=ana).settled_at == first
    assert comments.settle(made, actor=ana).settled_by == ben
    with pytest.raises(Refused):
        comments.edit(made, text="Else", actor=ana)
    assert comments.reopen(made, actor=ana).settled_by is None


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "a\x07", "x" * 5_001])
def test_words_that_nobody_can_read_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        comments.comment(factories.claim(), text=text, actor=factories.editor())


def test_a_reporter_comments_and_an_administrator_does_not() -> None:
    reporter = User.objects.create_user("rep", is_staff=True)
    reporter.groups.add(Group.objects.get(name=GROUPS[Role.REPORTER]))
    assert comments.comment(factories.claim(), text="Read.", actor=reporter).pk
    root = User.objects.create_superuser("root")
    with pytest.raises(Refused, match="You may not comment"):
        comments.comment(factories.claim(), text="Read.", actor=root)
    assert root not in colleagues() and reporter in colleagues()
