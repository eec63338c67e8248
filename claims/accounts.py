"""Who made an account, and what it may therefore not approve yet; what chiefs read of it.

For 72 hours an account approves nothing that its makers wrote: whoever made it, gave it a right, activated it or reset
its log-in, and whoever had made these in turn. A maker whom the audit does not name counts as everybody. The database
holds the same rule by a trigger (claims/models/review.py), with its own clock.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.models import AccountChange, Publication
from claims.models.accounts.change import HOURS, MAKERS, AccountChangeReading
from claims.roles import GROUPS, Role

_SENTENCE = (
    "Your account was made, given a right or given a new password by {who} within the last {hours} hours, so it cannot"
    " approve this yet. Ask another colleague."
)


def makers(user: Any) -> set[int | None]:
    """The ids of those who made the account, None among them for somebody whom the audit does not name."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT maker FROM {MAKERS}(%s)", [user.pk])  # noqa: S608 - a name of ours
        return {maker for (maker,) in cursor.fetchall()}


def why_not_approve(user: Any, authors: Iterable[int | None]) -> str | None:
    """Why this account may not approve yet what these people wrote, as a sentence; None if it may."""
    found = makers(user)
    if None in found:
        return _SENTENCE.format(who="somebody whom the audit does not name", hours=HOURS)
    if found & set(authors):
        return _SENTENCE.format(who="somebody whose words these are", hours=HOURS)
    return None


def nothing_published() -> bool:
    """Whether nothing was ever published: what is done to accounts until then makes nobody a maker."""
    return not Publication.objects.exists()


def hears_of_grants(user: Any) -> bool:
    """Whether this person's home shows who was given the right to approve: chiefs', or all approvers' without any."""
    people: Any = get_user_model()._default_manager.filter(is_active=True)
    chiefs = people.filter(groups__name=GROUPS[Role.CHIEF])
    if chiefs.filter(pk=user.pk).exists():
        return True
    return bool(user.has_perm("claims.approve_review")) and not chiefs.exists()


def unread_grants(chief: Any) -> QuerySet[AccountChange]:
    """What gave people the right to approve, or let them in anew, and this person has not read yet; oldest last."""
    read = AccountChangeReading.objects.filter(change=OuterRef("pk"), reader=chief.pk)
    approves = Q(may_approve=True) | Q(what=AccountChange.What.GUEST)
    rows = AccountChange.objects.filter(approves, makes=True, exempt=False, at__gte=chief.date_joined)
    return rows.exclude(Exists(read)).select_related("maker")


def mark_read(chief: Any, change: int) -> bool:
    """Record that this person has read of a change. Returns False if there was nothing to read."""
    row = unread_grants(chief).filter(pk=change).first()
    if row is None:
        return False
    AccountChangeReading.objects.get_or_create(change=row, reader=chief)
    return True
