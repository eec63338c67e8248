"""Presence: who has a claim open, for a minute, and only for those who may see it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.models import Presence
from claims.teamwork import presence
from claims.visibility import restrict
from tests import factories
from tests.claims.teamwork.test_comments import chief

pytestmark = pytest.mark.django_db


def test_colleagues_see_each_other_for_a_minute() -> None:
    ana, ben, claim = factories.editor(), factories.editor(), factories.claim()
    assert presence.sign(ana, claim.pk, is_editing=False) == []
    assert presence.sign(ben, claim.pk, is_editing=True) == [presence.Other(ana, is_editing=False)]
    assert presence.sign(ana, claim.pk, is_editing=False) == [presence.Other(ben, is_editing=True)]
    assert Presence.objects.count() == 2
    Presence.objects.filter(user=ben).update(seen_at=timezone.now() - timedelta(seconds=61))
    assert presence.others(ana, claim) == []
    assert presence.forget() == 1
    presence.leave(ana, claim.pk)
    assert not Presence.objects.exists()


def test_a_restricted_claim_tells_others_nothing() -> None:
    ana, out, claim = factories.editor(), factories.editor(), factories.claim()
    restrict(claim, members=[ana], actor=chief())
    assert presence.sign(ana, claim.pk, is_editing=True) == []
    assert presence.sign(out, claim.pk, is_editing=False) is None
    assert presence.sign(ana, claim.pk + 1_000, is_editing=True) is None
    assert list(Presence.objects.values_list("user", flat=True)) == [ana.pk]
