"""The interface of a leg: one way of finding candidates, by words or by meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from claims.matching.types import ClaimEntry


@dataclass(frozen=True, slots=True)
class Query:
    """A text to find candidates for; `language` is a language tag, or "" when it is not known."""

    text: str
    language: str = ""


class Candidate(NamedTuple):
    """A claim and the leg's own score for it; higher is better, and scores of two legs do not compare."""

    id: str
    score: float


class Leg(Protocol):
    """One way of finding candidates. One thread writes (`add`, `remove`, `commit`) while others read.

    `tests/claims/matching/test_legs.py` runs the same tests on every implementation.
    """

    name: str

    def add(self, entries: Iterable[ClaimEntry]) -> None:
        """Add entries; one whose id is there already replaces it. Readers see it after `commit`."""

    def remove(self, ids: Iterable[str]) -> None:
        """Remove claims; ids that are not there are ignored. Readers see it after `commit`."""

    def commit(self) -> None:
        """Make what was added and removed visible to readers."""

    def candidates(self, query: Query, limit: int) -> list[Candidate]:
        """The best claims for a text, best first, at most `limit`; empty for a text without any word.

        Claims whose normalised text is equal count as one, and any of them stands for all: the engine knows the
        others. So a text that hundreds of claims repeat leaves room for other texts.
        """

    def scores(self, query: Query, ids: Sequence[str]) -> list[float | None]:
        """This leg's score of each given claim, in the order given.

        None stands for a claim that the leg does not know, or whose score it cannot tell without a search.
        """

    def state(self) -> Mapping[str, int]:
        """Counts for health: `claims` that are searchable, `pending` ones that are not yet."""
