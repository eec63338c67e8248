"""What the legs found for a text, as the ranker takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class Ranker(Protocol):
    """Orders what the legs found."""

    def probabilities(self, query: Query, found: Sequence[Found]) -> list[float]:
        """The calibrated probability, 0 to 1, that the text makes each claim, in the order of `found`."""
