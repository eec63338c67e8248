"""The colleagues who may work on a claim, and the address at which they do."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import Claim, Restriction
from claims.permissions import remembered


def colleagues(claim: Claim | None = None, *, right: str = "change_reviewversion") -> QuerySet[Any]:
    """Everybody who can log in and writes at the desk, by name; of a claim, those who may see it.

    Another `right` than that to write is the name of a permission of claims.
    """
    people = get_user_model()._default_manager.filter(_holds(right), is_active=True, is_staff=True)
    restriction = None if claim is None else restriction_of(claim)
    if restriction is not None:
        members = Restriction.members.through.objects.filter(restriction=restriction, user=OuterRef("pk"))
        people = people.filter(Exists(members) | _holds("change_restriction"))
    return people.order_by("first_name", "last_name", "username")


def restriction_of(claim: Claim) -> Restriction | None:
    """The restriction of the claim with its members, or None."""
    rows = Restriction.objects.filter(claim=claim).prefetch_related("members")
    found: Restriction | None = remembered(("restriction", claim.pk), rows.first)
    return found


def path_of(claim: Claim, part: str = "") -> str:
    """The address of the claim's workbench, at a part of it if one is named."""
    return f"/admin/claims/{claim.pk}/" + (f"#{part}" if part else "")


def _holds(codename: str) -> Exists | Q:
    """Whether a role or an administrator gave the person this permission of claims."""
    given = Permission.objects.filter(codename=codename, content_type__app_label="claims")
    return Exists(given.filter(Q(group__user=OuterRef("pk")) | Q(user=OuterRef("pk"))))
