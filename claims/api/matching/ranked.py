"""Search the published claims, the best first, among those that the asker may see and that match the filters.

The matcher ranks; which claims are shown, and how many, is decided by the rows of `ClaimVersion` alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from claims.matching import client
from claims.matching.current.current_claims import standing, whole_of
from claims.matching.types import Hit
from claims.models.publication import ClaimVersionQuerySet

MOST_HITS = 1_000
"""Claims of one search. What ranks lower is not reached by paging, and not counted."""


class RankedClaim(NamedTuple):
    """A claim that may be shown, and how the matcher ranked the claim by which it was found."""

    id: str
    score: float
    terms: tuple[str, ...]


class Ranking(NamedTuple):
    """The claims found, the best first. `degraded`: found by less than the whole matcher."""

    claims: list[RankedClaim]
    degraded: bool


def ranking(
    q: str,
    versions: ClaimVersionQuerySet,
    matching: ClaimVersionQuerySet,
    *,
    most: int = MOST_HITS,
    filters: Mapping[str, Sequence[str]] | None = None,
) -> Ranking:
    """Rank those of the current `versions` that are in `matching` too, by the query.

    Looks at the best `most` hits of the matcher; `filters` are those that it can apply itself, by which more of the
    hits pass.
    """
    answer = client.search(q, min(most, MOST_HITS), filters or {})
    leads_to = whole_of(versions, {hit.claim for hit in answer.hits})
    shown = set(standing(matching, set(leads_to.values())).values_list("claim_public_id", flat=True))
    return Ranking(list(_distinct(answer.hits, leads_to, shown)), answer.degraded)


def _distinct(hits: Sequence[Hit], leads_to: Mapping[str, str], shown: set[str]) -> Iterator[RankedClaim]:
    done: set[str] = set()
    for hit in hits:
        whole = leads_to.get(hit.claim)
        if whole is not None and whole in shown and whole not in done:
            done.add(whole)
            yield RankedClaim(whole, hit.score, hit.terms)
