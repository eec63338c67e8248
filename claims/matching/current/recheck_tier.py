"""Compare a text again with claims that changed since the matcher has read the log: it knows their words of before.

Never makes a tier better.
"""

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from claims.json_object import Json
from claims.matching import client
from claims.matching.current.current_claims import CurrentClaim
from claims.matching.differences import differences, turns
from claims.matching.published_entry import Wording, wording_of
from claims.matching.types import Match, Tier, Why

LATELY = timedelta(minutes=10)
"""How long ago a claim may have changed that is compared again if the matcher does not say what it has read."""


def position() -> int | None:
    """The sequence of the last event that the matcher has read; None if it does not say. To be asked before it is."""
    found = client.state().get("sequence")
    return found if isinstance(found, int) else None


def tier_now(
    match: Match, claim: CurrentClaim, text: str, language: str, read_until: int | None
) -> tuple[Tier, tuple[Why, ...]]:
    """The tier of a text and a claim as it reads now, and the reasons.

    `read_until` is the matcher's position. Of a claim into which others were merged, the words of each count: two
    people found that they say the same.
    """
    if match.tier is not Tier.MATCH or not _is_newer(claim, read_until):
        return match.tier, match.why
    found = min((_differences(text, language, each) for each in _wordings(claim.body)), key=len)
    if not found:
        return match.tier, match.why
    return (Tier.RELATED if any(map(turns, found)) else Tier.POSSIBLE), found


def _is_newer(claim: CurrentClaim, read_until: int | None) -> bool:
    if read_until is None:
        return claim.changed_at > timezone.now() - LATELY
    return bool(claim.body["sequence"] > read_until)


def _wordings(body: Json) -> Iterator[Wording]:
    yield from map(wording_of, (body, *body.get("merged_from", ())))


def _differences(text: str, language: str, wording: Wording) -> tuple[Why, ...]:
    return differences(
        text,
        wording.text,
        language=language,
        claim_language=wording.language,
        period=wording.period,
        place=wording.place,
    )
