"""When two accounts count as one person, because one person could have logged in to both; what chiefs read of it.

Whoever made an account, gave it a right, activated it or reset its log-in is its maker for 72 hours; whoever made a key
of a newsroom can write as the newsroom for as long as the key lives. An account, its makers and their makers are its
circle. Two people whose circles meet cannot be author and approver. A maker whom the audit does not name counts as
everybody. The database holds the same rules by triggers, with its own clock (claims/sql/accounts.sql).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from claims.models import AccountChange, Publication
from claims.models.accounts.change import HOURS, MAKERS, SAME_HAND, UNREAD_UNTIL, AccountChangeReading


@dataclass(frozen=True)
class SameHand:
    """Why one person may be behind two accounts: `member` of both circles, None for somebody unknown.

    `until` is None if a key of a newsroom has to be revoked first.
    """

    other: int
    member: int | None
    until: datetime | None


def same_hand(user: Any, others: Iterable[int | None]) -> list[SameHand]:
    """Those of the other accounts behind which the same person may be, the longest first, then the most direct."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT other.id, hand.member, NULLIF(hand.until, 'infinity')
            FROM unnest(%s::bigint[]) AS other (id) CROSS JOIN LATERAL {SAME_HAND}(%s, other.id) AS hand
            ORDER BY hand.until DESC, hand.member IN (%s, other.id) DESC,
                hand.member IN (SELECT maker FROM {MAKERS}(%s, clock_timestamp())) DESC, hand.member, other.id
            """,  # noqa: S608 - names of ours
            [sorted(each for each in set(others) if each is not None), user.pk, user.pk, user.pk],
        )
        return [SameHand(*row) for row in cursor.fetchall()]


def of_one_hand(people: Iterable[int], others: Iterable[int | None]) -> set[int]:
    """Those of the people who may be the same person as one of the others."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT one.id FROM unnest(%s::bigint[]) AS one (id), unnest(%s::bigint[]) AS other (id)
            CROSS JOIN LATERAL {SAME_HAND}(one.id, other.id) AS hand
            """,  # noqa: S608 - a name of ours
            [list(people), [each for each in others if each is not None]],
        )
        return {row[0] for row in cursor.fetchall()}


def why_not_approve(user: Any, authors: Iterable[int | None]) -> str | None:
    """Why this account may not approve yet what these people wrote, as a sentence; None if it may.

    It names through whom, until when, and what to do.
    """
    found = same_hand(user, authors)
    if not found:
        return None
    hand = found[0]
    ids = [each for each in (hand.other, hand.member) if each is not None]
    names = {each.pk: each.get_username() for each in get_user_model()._default_manager.filter(pk__in=ids)}
    author = names.get(hand.other, _("an author"))
    if hand.until is None:
        return _(
            "You made a key with which %(author)s writes here, so you cannot be the second person for it. Ask another"
            " colleague, or have the key revoked and replaced by somebody else, and come back %(hours)s hours later."
        ) % {"author": author, "hours": HOURS}
    return _how(user, hand) % {
        "author": author,
        "maker": names.get(hand.member or 0, _("somebody")),
        "hours": HOURS,
        "until": f"{hand.until.astimezone(UTC):%-d %b %H:%M} UTC",
    }


def _how(user: Any, hand: SameHand) -> str:
    """The sentence with its gaps."""
    if hand.member is None and hand.other == user.pk:
        return _(
            "Your account was made, given a right or given a new password within the last %(hours)s hours by somebody"
            " whom the audit does not name, so the two count as one person until %(until)s. Ask another colleague, or"
            " come back then."
        )
    if hand.member is None:
        return _(
            "Your account or that of %(author)s was made, given a right or given a new password within the last"
            " %(hours)s hours by somebody whom the audit does not name, so the two count as one person until %(until)s."
            " Ask another colleague, or come back then."
        )
    if hand.member == hand.other:
        return _(
            "Your account was made, given a right or given a new password within the last %(hours)s hours by"
            " %(author)s, whose words these are, so the two count as one person until %(until)s. Ask another colleague,"
            " or come back then."
        )
    if hand.member == user.pk:
        return _(
            "The account %(author)s, whose words these are, was made, given a right or given a new password within the"
            " last %(hours)s hours by you, so the two count as one person until %(until)s. Ask another colleague, or"
            " come back then."
        )
    return _(
        "Your account and that of %(author)s, whose words these are, were both made, given a right or given a new"
        " password within the last %(hours)s hours by %(maker)s, so the two count as one person until %(until)s. Ask"
        " another colleague, or come back then."
    )


def nothing_published() -> bool:
    """Whether nothing was ever published: what is done to accounts until then makes nobody a maker."""
    return not Publication.objects.exists()


def hears_of_grants(user: Any) -> bool:
    """Whether this person's home shows who was given the right to approve: chiefs'.

    All who may approve are shown it if there is no chief, or none but such as somebody made or let in within 72 hours.
    """
    people: Any = get_user_model()._default_manager.filter(is_active=True)
    # By a right that only chiefs have, since groups can be renamed.
    right = Permission.objects.filter(content_type__app_label="claims", codename="change_restriction")
    chiefs = people.filter(Q(groups__permissions__in=right) | Q(user_permissions__in=right)).distinct()
    if chiefs.filter(pk=user.pk).exists():
        return True
    if not user.has_perm("claims.approve_review"):
        return False
    lately = AccountChange.objects.filter(
        account=OuterRef("pk"), makes=True, exempt=False, at__gt=Now() - timedelta(hours=HOURS)
    )
    return not chiefs.exclude(Exists(lately)).exists()


def unread_grants(chief: Any) -> QuerySet[AccountChange]:
    """What gave people the right to approve, or let them in anew, and this person has not read yet; oldest first.

    So it is of those who may manage accounts, since they can make others that approve.
    """
    read = AccountChangeReading.objects.filter(change=OuterRef("pk"), reader=chief.pk)
    manages = Permission.objects.filter(content_type__app_label="auth", codename="change_user")
    people: Any = get_user_model()._default_manager
    managers = people.filter(
        Q(groups__permissions__in=manages) | Q(user_permissions__in=manages) | Q(is_superuser=True)
    )
    approves = Q(may_approve=True) | Q(what=AccountChange.What.GUEST) | Q(account__in=managers.values("pk"))
    # Not `date_joined`, which administrators can change.
    joined = AccountChange.objects.filter(account=chief.pk, what=AccountChange.What.CREATED).order_by("-pk").first()
    rows = AccountChange.objects.filter(approves, makes=True, exempt=False, pk__gte=joined.pk if joined else 0)
    return rows.exclude(Exists(read)).select_related("maker").order_by("pk")


def unread_until(reader: Any, changes: Iterable[AccountChange]) -> dict[int, datetime]:
    """Until when this reader cannot mark these changes as read, by key; those that she can are left out.

    Whoever let her in within 72 hours may be the one who presses “Read”, and hide what he did.
    """
    makers = {each.pk: each.maker_id for each in changes}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT change, {UNREAD_UNTIL}(%s, maker) FROM unnest(%s::bigint[], %s::bigint[]) AS row (change, maker)",  # noqa: S608 - a name of ours
            [reader.pk, list(makers), list(makers.values())],
        )
        return {change: until for change, until in cursor.fetchall() if until is not None}


def mark_read(chief: Any, change: int) -> str | None:
    """Record that this person has read of a change. Returns why she cannot yet, as a sentence; None if all is well."""
    row = unread_grants(chief).filter(pk=change).first()
    if row is None:
        return None
    until = unread_until(chief, [row]).get(row.pk)
    if until is not None:
        return _(
            "Whoever made this change, or somebody whom the audit does not name, let you in within the last"
            " %(hours)s hours, so it stays unread until %(until)s. If you did not ask for a new log-in, tell the"
            " other chiefs."
        ) % {"hours": HOURS, "until": f"{until.astimezone(UTC):%-d %b %H:%M} UTC"}
    AccountChangeReading.objects.get_or_create(change=row, reader=chief)
    return None
