"""Compare a text again with claims that changed lately: the matcher may have read their words before the change.

Never makes a tier better.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone

from claims.api.matching.current_claims import CurrentClaim
from claims.json_object import Json
from claims.matching.differences import differences, turns
from claims.matching.types import Tier, Why

LATELY = timedelta(hours=1)
"""How long ago a claim may have changed that the matcher has not read anew; it follows within seconds."""


def tier_now(
    tier: Tier, why: tuple[Why, ...], claim: CurrentClaim, text: str, language: str
) -> tuple[Tier, tuple[Why, ...]]:
    """The tier of a text and a claim as it reads now, and the reasons.

    Of a claim into which others were merged, the words of each count: two people found that they say the same.
    """
    if tier is not Tier.MATCH or claim.changed_at < timezone.now() - LATELY:
        return tier, why
    found = min((_differences(text, language, each) for each in _wordings(claim.body)), key=len)
    if not found:
        return tier, why
    return (Tier.RELATED if any(map(turns, found)) else Tier.POSSIBLE), found


def _wordings(body: Json) -> Iterator[Json]:
    yield body
    yield from body.get("merged_from", ())


def _differences(text: str, language: str, wording: Json) -> tuple[Why, ...]:
    period = wording["period"] or {}
    return differences(
        text,
        wording["text"],
        language=language,
        claim_language="" if wording["language"] == "und" else wording["language"],
        period=(_day(period.get("start")), _day(period.get("end"))),
        place=wording["place"] or "",
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
