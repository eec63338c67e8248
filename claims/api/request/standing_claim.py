"""Which claim an id of a published claim stands for."""

from claims.models import Claim


def standing_claim(public_id: str) -> str:
    """The id of the claim that this one was merged into, else the id itself."""
    merged = Claim.objects.filter(public_id=public_id, publications__isnull=False, merged_into__isnull=False)
    return merged.values_list("merged_into__public_id", flat=True).first() or public_id
