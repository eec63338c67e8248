"""Those who are asked to approve are those who may, and asking takes no longer with more colleagues."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.authorship import contributions
from claims.models import Notice, ReviewVersion
from claims.permissions import may_approve
from claims.reviews import workflow
from claims.roles import EDITORS
from claims.teamwork.approvers import approvers
from claims.visibility import restrict
from sources.database.audit import acting, acting_as, noted
from tests import factories

pytestmark = pytest.mark.django_db


def chief() -> User:
    user = factories.editor()
    with noted(actor="administrator", actor_id=-9_000_000 - user.pk):
        user.groups.add(Group.objects.get(name="Chiefs"))
    return User.objects.get(pk=user.pk)


def as_it_is(version: ReviewVersion) -> None:
    """Nothing about the version keeps somebody away."""


def written_by_two(version: ReviewVersion) -> None:
    with acting(User.objects.exclude(pk=version.author_id).order_by("pk")[0], reason="write"):
        version.summary = "Another sentence."
        version.save()


def written_by_nobody(version: ReviewVersion) -> None:
    with acting_as("nobody we know"):
        version.summary = "Another sentence."
        version.save()


def restricted(version: ReviewVersion) -> None:
    members = [version.author, User.objects.exclude(pk=version.author_id).order_by("pk")[0]]
    restrict(version.review.claim, members=members, actor=User.objects.filter(groups__name="Chiefs")[0])


@pytest.mark.parametrize("happened", [as_it_is, written_by_two, written_by_nobody, restricted])
def test_they_are_those_who_may(happened: Callable[[ReviewVersion], None]) -> None:
    factories.published_review()  # from then on accounts that one made for the other count as one person
    version = factories.draft()
    chief()
    inactive, nobody = factories.editor(), User.objects.create_user("nobody", is_staff=True)
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    with acting(version.author, reason="made an account"):
        made = User.objects.create_user("made-by-the-author", is_staff=True)
        made.groups.add(Group.objects.get(name=EDITORS))
    happened(version)
    version.refresh_from_db()
    version.state = ReviewVersion.State.IN_REVIEW
    changes = contributions(version.pk)
    may = {user.pk for user in User.objects.all() if may_approve(user, version, changes)}
    assert {user.pk for user in approvers(version, changes)} == may
    assert not may & {inactive.pk, nobody.pk, made.pk, version.author.pk}
    assert bool(may) == (happened is not written_by_nobody)


def test_asking_takes_as_many_queries_with_many_colleagues() -> None:
    def submitted() -> int:
        version = factories.draft()
        with CaptureQueriesContext(connection) as queries:
            workflow.submit(version, actor=version.author)
        return len(queries)

    factories.editor()
    few = submitted()
    for _ in range(12):
        factories.editor()
    assert submitted() == few
    assert Notice.objects.filter(what="submitted").count() > 12
