"""Who has a claim's workbench open at this moment. Forgotten a minute after the last sign, and never audited."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Now

from claims.models import Claim, Presence
from claims.permissions import User
from claims.visibility import visible_claims

FORGOTTEN_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class Other:
    """A colleague who has the page open."""

    user: Any
    is_editing: bool


def sign(user: User, claim: int, *, is_editing: bool) -> list[Other] | None:
    """Note that the person has the claim open. Returns the others who have; None if she may not see the claim."""
    if not visible_claims(user).filter(pk=claim).exists():
        return None
    Presence.objects.bulk_create(
        [Presence(user=user, claim_id=claim, is_editing=is_editing, seen_at=Now())],
        update_conflicts=True,
        unique_fields=["user", "claim"],
        update_fields=["is_editing", "seen_at"],
    )
    return others(user, Claim(pk=claim))


def leave(user: User, claim: int) -> None:
    """Forget that the person has the claim open."""
    Presence.objects.filter(user=user.pk, claim=claim).delete()


def others(user: User, claim: Claim) -> list[Other]:
    """The colleagues who have the claim open, those who edit first."""
    rows = Presence.objects.filter(claim=claim.pk, seen_at__gt=Now() - FORGOTTEN_AFTER, user__is_active=True)
    rows = rows.exclude(user=user.pk).select_related("user").order_by("-is_editing", F("seen_at").desc())
    return [Other(row.user, row.is_editing) for row in rows]


def forget() -> int:
    """Delete the signs that are over. Returns their number."""
    gone, _ = Presence.objects.filter(seen_at__lte=Now() - FORGOTTEN_AFTER).delete()
    return gone
