"""How many ask what a group of tips asks, since when, and whether it is answered in public."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from claims.models import ClaimVersion, Tip, TipGroup
from claims.models.publication import Audience
from claims.models.verification import Verification
from claims.permissions import User
from claims.visibility import visible

RECENT = timedelta(days=7)
STATES = {"new": "new", "taken": "taken up", "answered": "answered", "set_aside": "set aside"}
"""What a group may be for an editor, who sees whether its claim is published."""


def with_demand(groups: QuerySet[TipGroup]) -> QuerySet[Any]:
    """Annotate groups that have tips: `asked` and `recently` (senders), `sent` (tips), `first_at`, `last_at`.

    `first_says` is what the first tip says, by which the group is named.
    """
    counting, since = Q(tips__counts=True), timezone.now() - RECENT
    first = Tip.objects.filter(group=OuterRef("pk")).order_by("pk")
    says = Coalesce(NullIf("text", Value("")), "url", output_field=TextField())
    return groups.filter(tips__isnull=False).annotate(
        asked=Count("tips", filter=counting),
        recently=Count("tips", filter=counting & Q(tips__received_at__gte=since)),
        sent=Count("tips"),
        first_at=Min("tips__received_at"),
        last_at=Max("tips__received_at"),
        first_says=Subquery(first.values(says=says)[:1]),
    )


def with_answer(groups: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate `answered`: whether those who asked read a published review that was not withdrawn."""
    published = ClaimVersion.objects.current(Audience.PUBLIC).filter(claim=OuterRef("claim"))
    standing = Exists(published.exclude(verification=Verification.WITHDRAWN))
    annotated: QuerySet[Any] = groups.annotate(answered=standing)
    return annotated


def in_state(groups: QuerySet[Any], state: str) -> QuerySet[Any]:
    """The groups in one of `STATES`; call it on groups `with_answer`."""
    if state == "answered":
        return groups.filter(answered=True)
    return groups.filter(state=state, answered=False)


def asked_most(user: User, shown: int = 5) -> list[Any]:
    """The new groups that most people asked lately, as `with_demand` annotates them."""
    new = visible(TipGroup.objects.filter(state=TipGroup.State.NEW), user)
    return list(with_demand(new).order_by("-recently", "-asked", "-last_at", "-pk")[:shown])
