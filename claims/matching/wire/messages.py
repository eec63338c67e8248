"""Matches and hits as JSON, and back."""

from collections.abc import Iterable
from typing import Any

from claims.matching.types import Hit, Match, Tier, Why


class BadMessage(ValueError):
    """The other side sent something else; the message names no content."""


def matches_as_json(results: Iterable[Iterable[Match] | None]) -> list[Any]:
    return [None if matches is None else [_match_as_json(match) for match in matches] for matches in results]


def matches_of_json(results: Any) -> list[list[Match] | None]:
    """Raises BadMessage."""
    try:
        return [None if matches is None else [_match_of_json(match) for match in matches] for matches in results]
    except (TypeError, ValueError, KeyError):
        raise BadMessage("no list of matches") from None


def hits_as_json(hits: Iterable[Hit]) -> list[Any]:
    return [[hit.claim, hit.score, hit.terms] for hit in hits]


def hits_of_json(hits: Any) -> list[Hit]:
    """Raises BadMessage."""
    try:
        return [Hit(str(claim), float(score), tuple(terms)) for claim, score, terms in hits]
    except (TypeError, ValueError):
        raise BadMessage("no list of hits") from None


def whys_as_json(whys: Iterable[Why]) -> list[Any]:
    return [[why.code, why.text, why.claim] for why in whys]


def whys_of_json(whys: Any) -> tuple[Why, ...]:
    return tuple(Why(code, text, claim) for code, text, claim in whys)


def _match_as_json(match: Match) -> list[Any]:
    others = [[claim, whys_as_json(whys)] for claim, whys in match.others]
    return [
        match.claims,
        match.score,
        match.tier.value,
        whys_as_json(match.why),
        others,
        match.terms,
        match.by_meaning,
        match.shared,
    ]


def _match_of_json(match: Any) -> Match:
    claims, score, tier, why, others, terms, by_meaning, shared = match
    return Match(
        claims=tuple(claims),
        score=float(score),
        tier=Tier(tier),
        why=whys_of_json(why),
        others=tuple((claim, whys_of_json(whys)) for claim, whys in others),
        terms=tuple(terms),
        by_meaning=bool(by_meaning),
        shared=float(shared),
    )
