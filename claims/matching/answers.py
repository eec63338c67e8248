"""Make the answers to a text of what was found: claims of one text together, what differs, the tier and the reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from claims.matching.leg import Query
from claims.matching.normalization import normalize
from claims.matching.types import ClaimEntry, Match, Tier, Why
from claims.matching.words.analysis import primary
from claims.matching.words.shared_terms import SharedTerms

LEAST_PROBABILITY = 0.003  # what is less likely is no answer
_DIFFERING = 0.5  # weight of an answer that differs
_COMPARED = 3  # times the limit: how many answers are looked at for differences


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as it was asked."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Group:
    """Claims of one text: one of them, how likely it is, and the text or the part of it that found them."""

    entry: ClaimEntry
    probability: float
    query: Query
    is_part: bool


@dataclass(frozen=True, slots=True)
class _Compared:
    """Claims of one text, period and place, compared with what was asked."""

    claims: tuple[str, ...]
    whys: tuple[Why, ...]
    tier: Tier


def answer(
    asked: Asked, groups: Sequence[Group], of_text: Callable[[str], list[ClaimEntry]], limit: int
) -> list[Match]:
    """The best `limit` matches; `of_text` gives all claims of a text."""
    likely = sorted(
        (group for group in groups if group.probability >= LEAST_PROBABILITY),
        key=lambda group: (-group.probability, group.entry.id),
    )
    found = [_match(asked, group, of_text(group.entry.text) or [group.entry]) for group in likely[: limit * _COMPARED]]
    return sorted(found, key=lambda match: (-match.score, match.claims))[:limit]


def _match(asked: Asked, group: Group, claims: list[ClaimEntry]) -> Match:
    by_scope: dict[tuple[date | None, date | None, str], list[ClaimEntry]] = {}
    for claim in claims:
        by_scope.setdefault((claim.period_start, claim.period_end, claim.place), []).append(claim)
    compared = [_compare(asked, group, scope) for scope in by_scope.values()]
    best = min(compared, key=lambda each: _TIERS.index(each.tier))
    same = [each for each in compared if each.tier == best.tier]
    others = [each for each in compared if each.tier != best.tier]
    weight = _DIFFERING if best.tier == Tier.RELATED else 1.0
    return Match(
        claims=tuple(claim for each in same for claim in each.claims),
        score=round(group.probability * weight, 4),
        tier=best.tier,
        why=(*best.whys, *_reasons(asked, group, best.whys)),
        others=tuple((claim, each.whys) for each in others for claim in each.claims),
        terms=SharedTerms(group.query.text, group.query.language).with_claim(group.entry.text, group.entry.language),
    )


_TIERS = (Tier.MATCH, Tier.POSSIBLE, Tier.RELATED)


def _compare(asked: Asked, group: Group, claims: list[ClaimEntry]) -> _Compared:
    whys: tuple[Why, ...] = ()
    is_same = normalize(group.query.text) == normalize(group.entry.text)
    scoped = bool(claims[0].period_start or claims[0].period_end or claims[0].place)
    tier = Tier.MATCH if is_same and not scoped and not group.is_part else Tier.POSSIBLE
    return _Compared(tuple(claim.id for claim in claims), whys, tier)


def _reasons(asked: Asked, group: Group, whys: Sequence[Why]) -> list[Why]:
    reasons = []
    if not whys:
        same = normalize(group.query.text) == normalize(group.entry.text)
        reasons.append(Why("same_words" if same else "same_meaning"))
    if group.is_part:
        reasons.append(Why("part_of_text", group.query.text))
    known = primary(asked.language)
    if known and group.entry.language and known != primary(group.entry.language):
        reasons.append(Why("foreign_language", asked.language, group.entry.language))
    return reasons
