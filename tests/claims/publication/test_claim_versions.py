"""Rows of `ClaimVersion`: one for both audiences while newsrooms and the public see the same."""

import random

import orjson
import pytest
from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from claims.models import Claim, ClaimVersion, Publication
from claims.models.publication import EVERYONE, Audience
from claims.publication import append, log_reader
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
EVENTS = [("reconfirmed", Audience.PUBLIC), ("recheck_raised", Audience.NEWSROOMS), ("watch_lost", Audience.NEWSROOMS)]


@pytest.fixture
def claims() -> list[Claim]:
    """Three claims with 20 events, in any order."""
    chance = random.Random(3)
    made = [factories.published_review().claim for _ in range(3)]
    for _ in range(20):
        event, audience = chance.choices(EVENTS, weights=[2, 2, 1])[0]
        append.append(chance.choice(made), event=event, audience=audience)
    return made


def told(audience: str, *, until: int) -> dict[int, int]:
    """By the log alone: for each claim the last publication the audience may see."""
    visible = Publication.objects.filter(sequence__lte=until).order_by("sequence")
    if audience == Audience.PUBLIC:
        visible = visible.filter(audience=Audience.PUBLIC)
    return dict(visible.values_list("claim_id", "sequence"))


def test_each_audience_is_told_what_the_log_says_now_and_at_any_time_before(claims: list[Claim]) -> None:
    last = Publication.objects.count()
    assert set(ClaimVersion.objects.values_list("audience", flat=True)) == {*Audience.values, EVERYONE}
    for audience in Audience.values:
        now = ClaimVersion.objects.current(audience)
        assert sorted(now.values_list("claim", "sequence_from")) == sorted(told(audience, until=last).items())
        for publication in Publication.objects.all():
            then = ClaimVersion.objects.at(audience, publication.at)
            expected = told(audience, until=publication.sequence)
            assert sorted(then.values_list("claim", "sequence_from")) == sorted(expected.items())
            place = log_reader.Place(publication.sequence, publication.hash)
            bodies = [
                orjson.loads(body) for some in log_reader.bodies_at(place, audience=audience, batch=2) for body in some
            ]
            assert sorted(body["sequence"] for body in bodies) == sorted(expected.values())


def test_what_newsrooms_alone_are_told_changes_nothing_for_the_public(claims: list[Claim]) -> None:
    append.append(claims[0], event="reconfirmed", audience=Audience.PUBLIC)
    one = ClaimVersion.objects.get(claim=claims[0], sequence_to__isnull=True)
    raised = append.append(claims[0], event="recheck_raised", audience=Audience.NEWSROOMS)
    before, after = (
        ClaimVersion.objects.get(claim=claims[0], audience=Audience.NEWSROOMS, sequence_from=sequence)
        for sequence in (one.sequence_from, raised.sequence)
    )
    assert (before.sequence_to, after.sequence_to) == (raised.sequence, None)
    public = ClaimVersion.objects.current(Audience.PUBLIC).get(claim=claims[0])
    own = {"id", "audience", "sequence_to"}
    assert model_to_dict(public, exclude=own) == model_to_dict(one, exclude=own) == model_to_dict(before, exclude=own)
    assert public.search == one.search == before.search


def test_no_audience_is_told_two_things_of_a_claim(claims: list[Claim]) -> None:
    append.append(claims[0], event="reconfirmed", audience=Audience.PUBLIC)
    for audience in (*Audience.values, EVERYONE):
        again = ClaimVersion.objects.get(claim=claims[0], sequence_to__isnull=True)
        again.pk, again.audience, again.sequence_from = None, audience, again.sequence_from + 1
        with pytest.raises(IntegrityError, match="claim_version_one"), transaction.atomic():
            again.save(force_insert=True)
