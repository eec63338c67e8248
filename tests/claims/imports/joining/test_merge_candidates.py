"""Suggested merges: which pairs are proposed, once, and that nothing else happens to them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from claims.imports import merge_proposals
from claims.imports.joining import merge_candidates
from claims.matching import client
from claims.matching.client import Answer
from claims.matching.types import Match, Tier
from claims.models import Claim, MergeProposal, Publication
from tests import factories

pytestmark = pytest.mark.django_db


class Matcher:
    """Finds the claims of `groups` for each other's texts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.groups: list[tuple[Claim, ...]] = []
        self.tier, self.degraded = Tier.MATCH, False
        self.asked: list[str] = []
        monkeypatch.setattr(client, "match", self.match)

    def match(self, texts: Sequence[str], language: str, limit: int) -> Answer:
        self.asked += texts
        return Answer([self._of(text) for text in texts], self.degraded)

    def _of(self, text: str) -> list[Match]:
        found = [group for group in self.groups if text in {claim.text for claim in group}]
        return [Match((claim.public_id,), 0.9, self.tier) for group in found for claim in group]


@pytest.fixture
def matcher(monkeypatch: pytest.MonkeyPatch) -> Matcher:
    return Matcher(monkeypatch)


def published(text: str, **fields: Any) -> Claim:
    return factories.published_review(factories.claim(text, **fields)).claim


def pairs() -> list[tuple[int, int]]:
    return list(MergeProposal.objects.order_by("pk").values_list("claim", "into"))


def test_two_claims_that_say_the_same_are_proposed_once(matcher: Matcher) -> None:
    one, other, third = (published(text) for text in ("412 bridges need repair.", "Repairs: 412 bridges.", "Roads."))
    matcher.groups = [(one, other), (third,)]
    events = Publication.objects.count()
    assert merge_candidates.propose_merges(0) == 1
    assert pairs() == [(other.pk, one.pk)], "the older one stays"
    assert sorted(matcher.asked) == sorted(claim.text for claim in (one, other, third))
    assert merge_candidates.propose_merges(0) == 0
    merge_proposals.dismiss(MergeProposal.objects.get(), actor=factories.editor())
    assert merge_candidates.propose_merges(0) == 0 and len(pairs()) == 1, "it stays dismissed"
    assert Publication.objects.count() == events


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"period_start": date(2025, 1, 1)}, {"period_start": date(2026, 1, 1)}),
        ({"place": "Weirside"}, {}),
        ({}, {"language": "de"}),
        ({}, {"is_demo": True}),
    ],
)
def test_claims_about_something_else_are_not_proposed(
    matcher: Matcher, one: dict[str, Any], other: dict[str, Any]
) -> None:
    matcher.groups = [(published("412 bridges need repair.", **one), published("Repairs: 412 bridges.", **other))]
    assert merge_candidates.propose_merges(0) == 0


def test_only_a_match_of_the_whole_matcher_counts(matcher: Matcher) -> None:
    matcher.groups = [(published("412 bridges need repair."), published("Repairs: 412 bridges."))]
    matcher.degraded = True
    assert merge_candidates.propose_merges(0) == 0
    matcher.degraded, matcher.tier = False, Tier.POSSIBLE
    assert merge_candidates.propose_merges(0) == 0
    matcher.tier = Tier.MATCH
    assert merge_candidates.propose_merges(0) == 1, "the control"


def test_what_people_merged_or_separated_is_left_alone(matcher: Matcher) -> None:
    one, other = published("412 bridges need repair."), published("Repairs: 412 bridges.")
    matcher.groups = [(one, other)]
    factories.merged(other, into=one)
    assert merge_candidates.propose_merges(0) == 0
    factories.unmerged(other)
    assert merge_candidates.propose_merges(0) == 0


def test_every_claim_has_its_turn(matcher: Matcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merge_candidates, "BATCH", 2)
    texts = {published(f"Bridge {number}.").text for number in range(3)}
    for tick in range(2):
        merge_candidates.propose_merges(tick * merge_candidates.EVERY)
        assert len(matcher.asked) <= 2 * (tick + 1)
    assert set(matcher.asked) == texts
