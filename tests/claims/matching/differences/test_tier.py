"""A match needs a likely answer and no difference; what makes the claim another one is related."""

import pytest

from claims.matching.differences import tier
from claims.matching.types import Tier, Why

LIKELY = 0.99


@pytest.mark.parametrize(
    ("probability", "whys", "footing", "expected"),
    [
        (LIKELY, (), "native", Tier.MATCH),
        (LIKELY, (Why("same_meaning"),), "native", Tier.MATCH),
        (0.3, (), "native", Tier.POSSIBLE),
        (0.05, (), "native", Tier.POSSIBLE),
        (0.05, (), "foreign", Tier.RELATED),
        (0.03, (), "native", Tier.RELATED),
        (0.001, (), "native", Tier.RELATED),
        (LIKELY, (), "foreign", Tier.POSSIBLE),
        (LIKELY, (Why("number", "4", "9"),), "native", Tier.RELATED),
        (LIKELY, (Why("number", "4", ""),), "native", Tier.POSSIBLE),
        (LIKELY, (Why("negation", "not", ""),), "native", Tier.RELATED),
        (LIKELY, (Why("word", "oak", "willow"),), "native", Tier.POSSIBLE),
        (LIKELY, (Why("word", "oak", "willow"), Why("period", "2019", "2022")), "native", Tier.RELATED),
    ],
)
def test_tier(probability: float, whys: tuple[Why, ...], footing: str, expected: Tier) -> None:
    assert tier(probability, whys, footing) == expected
