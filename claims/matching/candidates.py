"""What the legs found for a text, as the ranker takes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from claims.matching.leg import Query
from claims.matching.types import ClaimEntry


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that a leg found: `scores` and `ranks` (from 0) by the name of the leg; absent for a leg that did not.

    A leg that can score a claim it did not find (`Leg.scores`) has a score here and no rank. One `Found` stands for
    all claims of its normalised text; `titles` are those of all of them.
    """

    entry: ClaimEntry
    titles: tuple[str, ...]
    scores: Mapping[str, float]
    ranks: Mapping[str, int]


_SMOOTHING = 5  # of ranks, where those of the legs are added


def nearness(ranks: Mapping[str, int]) -> float:
    """By ranks alone: how near the top of how many legs a claim stands (reciprocal rank fusion)."""
    return sum(1 / (_SMOOTHING + rank) for rank in ranks.values())


class Ranker(Protocol):
    """Orders what the legs found."""

    def weighs(self, legs: Collection[str]) -> int | None:
        """How many claims of a text it looks at where these legs found any; None for all.

        It is given the very text and then those of the greatest `nearness`.
        """

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        """The calibrated probability, 0 to 1, that the text makes each claim, in the order of `found`."""
