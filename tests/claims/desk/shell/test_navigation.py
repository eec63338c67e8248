"""The counts beside the entries of the navigation."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import HttpRequest

from claims.desk.shell.navigation import navigation
from claims.models import Recheck, TipGroup
from claims.permissions import remembering
from claims.roles import GROUPS, Role
from claims.visibility import restrict
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def chief() -> Any:
    user = factories.editor()
    user.groups.set([Group.objects.get(name=GROUPS[Role.CHIEF])])
    return user


def counts(user: Any) -> dict[str, int]:
    request = HttpRequest()
    request.user = user
    return {each["key"]: each["count"] for each in navigation(request, "today") if each["count"]}


def test_each_entry_counts_what_waits_for_this_person() -> None:
    reviews = [factories.draft(factories.claim(text)).review for text in ("Seen by all.", "Seen by few.")]
    for review in reviews:
        Recheck.objects.create(review=review, raised_at=factories.later(0))
    Recheck.objects.create(
        review=factories.draft(factories.claim("Closed.")).review,
        raised_at=factories.later(0),
        state=Recheck.State.DISMISSED,
        resolved_at=factories.later(0),
        resolved_by=factories.editor(),
    )
    TipGroup.objects.create()
    TipGroup.objects.create(state=TipGroup.State.SET_ASIDE)
    restrict(reviews[1].claim, members=[], actor=chief())
    assert counts(factories.editor()) == {"inbox": 1, "rechecks": 1}
    assert counts(chief()) == {"inbox": 1, "rechecks": 2}


def test_all_is_counted_by_one_query(django_assert_num_queries: Any) -> None:
    user = factories.editor()
    with remembering(), django_assert_num_queries(3):  # her rights, what is hidden from her, the counts
        counts(user)
