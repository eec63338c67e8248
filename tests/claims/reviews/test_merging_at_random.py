"""Whatever happens to a few claims, in whatever order: both ids answer, the index is the log's, the past stays."""

import random
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
import pytest
from django.db import connection, transaction
from django.utils import timezone

from claims.models import Claim, ClaimVersion, Publication, Review, facet_count
from claims.models.publication import Audience
from claims.permissions import Refused
from claims.proof.checks import publication_log
from claims.publication.rebuild import differing
from claims.reviews import merging, suspension
from tests import factories
from tests.api_client import reading_key, said
from tests.claims.reviews.test_merging import corrected, published

pytestmark = pytest.mark.sql

CLAIMS = "/api/v1/claims/"
STEPS = 9


def _publish(dice: random.Random) -> None:
    factories.published_review(_claim(dice))


def _correct(dice: random.Random) -> None:
    corrected(_review(dice), f"Words {dice.random()}.")


def _suspend(dice: random.Random) -> None:
    suspension.suspend(_review(dice), actor=factories.editor(), reason="Doubt.")


def _resume(dice: random.Random) -> None:
    review = _review(dice)
    suspension.request_resume(review, actor=factories.editor(), note="It is right.")
    suspension.resume(review, actor=factories.editor())


def _merge(dice: random.Random) -> None:
    factories.merged(_claim(dice), into=_claim(dice))


def _unmerge(dice: random.Random) -> None:
    claim = _claim(dice)
    if claim.merged_into is None:
        raise Refused("It is part of no other.")
    factories.unmerged(claim)


VERBS: list[Callable[[random.Random], None]] = [_publish, _correct, _suspend, _resume, *[_merge, _unmerge] * 4]


def _claim(dice: random.Random) -> Claim:
    return dice.choice(list(Claim.objects.order_by("pk")))


def _review(dice: random.Random) -> Review:
    return dice.choice(list(Review.objects.order_by("pk")))


def _answers(key: str, moment: datetime | None = None) -> dict[str, Any]:
    """What each id answers, and the list, now or as of a moment."""
    query = f"?as_of={moment.isoformat().replace('+00:00', 'Z')}" if moment else ""
    names = list(Claim.objects.order_by("pk").values_list("public_id", flat=True))
    found = {name: said(f"{CLAIMS}{name}/{query}", key) for name in names}
    return found | {"list": [each["id"] for each in said(f"{CLAIMS}{query}", key)["results"]]}


def _hold(key: str) -> None:
    """What holds after every step."""
    answers = _answers(key)
    listed = answers.pop("list")
    reviews = [each["id"] for name in listed for each in answers[name]["reviews"]]
    assert sorted(reviews) == sorted(Review.objects.values_list("public_id", flat=True)), "each once"
    for claim in Claim.objects.all():
        body = answers[claim.public_id]
        assert body["id"] == claim.public_id
        root = claim
        while root.merged_into is not None:
            root = root.merged_into
        assert body["merged_into"] == (None if root == claim else root.public_id)
        assert (claim.public_id in listed) == (root == claim)
        same = answers[root.public_id]
        assert (body["reviews"], body["text"], body["version"]) == (same["reviews"], same["text"], same["version"])
    assert differing(list(Claim.objects.values_list("pk", flat=True))) == set()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM ({facet_count.WRONG}) AS wrong")
        assert cursor.fetchall() == []
    for version in ClaimVersion.objects.filter(sequence_to__isnull=True).select_related("publication__body"):
        body = orjson.loads(bytes(version.publication.body.json))
        own = Review.objects.filter(claim=version.claim_id).values_list("public_id", flat=True)
        assert sorted(each["id"] for each in body["reviews"]) == sorted(own), "the tables say the same"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_in_whatever_order(db: None, seed: int) -> None:
    dice = random.Random(seed)
    key = reading_key()
    for number in range(4):
        published(f"There are {number} bridges.", f"topic-{number % 3}")
    past: dict[datetime, dict[str, Any]] = {}
    done: dict[str, int] = {}
    steps = 0
    while steps < STEPS:
        verb = dice.choice(VERBS)
        log = Publication.objects.count()
        try:
            with transaction.atomic():
                verb(dice)
        except Refused:
            assert Publication.objects.count() == log, "what is refused leaves nothing"
            continue
        steps += 1
        done[verb.__name__] = done.get(verb.__name__, 0) + 1
        _hold(key)
        past[timezone.now()] = _answers(key)
        for moment in dice.sample(sorted(past), min(2, len(past))):
            assert _answers(key, moment) == past[moment], f"the past changed after {done}"
    assert all(_answers(key, moment) == answers for moment, answers in past.items())
    assert done.get("_merge") and list(publication_log.log()) == []
    assert merging.waiting(factories.editor()).count() == 0
    assert Audience.PUBLIC in Publication.objects.values_list("audience", flat=True)
