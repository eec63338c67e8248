"""Claims that a page is known for: they appeared at its address, or are checked there."""

from django.db.models import Q

from claims.matching.types import Match, Tier, Why
from claims.models import ClaimVersion
from claims.models.publication import holding
from claims.publication.body_parts import address_key

_AT_THE_ADDRESS = 0.3  # the score of a claim that is known to stand at the address, and no more


def same_page(audience: str, url: str, limit: int) -> list[Match]:
    """A match for each claim of the page that the audience may see, the newest first, at most `limit`.

    Nobody knows which of them is meant, so they are `possible`. `url` may lack its `https://`.
    """
    url = url.strip()
    url = url if "://" in url else f"https://{url}"
    condition = Q()
    for kind in ("doc", "art"):
        if key := address_key(kind, url):
            condition |= holding(key)
    if not condition:
        return []
    rows = ClaimVersion.objects.current(audience).filter(condition).order_by("-sequence_from")
    names = rows.values_list("claim_public_id", flat=True)[:limit]
    return [Match((name,), _AT_THE_ADDRESS, Tier.POSSIBLE, (Why("same_page"),)) for name in names]
