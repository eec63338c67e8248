"""Whether an administrator can log in, and the link by which the first one does."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from claims.roles import GROUPS, Role, ensure_groups
from factcheck.login import links
from sources.database.audit import acting_as

FIRST = "administrator"
"""The user name of the first administrator, who can choose another."""


def can_log_in() -> Q:
    """Accounts that have a password, or logged in without one."""
    no_password = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return Q(is_active=True) & (~no_password | Q(last_login__isnull=False))


def administrators() -> QuerySet[User]:
    """Active accounts that may manage accounts."""
    app, _, codename = links.MANAGES.partition(".")
    right = Permission.objects.filter(content_type__app_label=app, codename=codename)
    by_group = User.groups.through.objects.filter(user=OuterRef("pk"), group__permissions__in=right)
    by_user = User.user_permissions.through.objects.filter(user=OuterRef("pk"), permission__in=right)
    return User.objects.filter(Q(is_superuser=True) | Exists(by_group) | Exists(by_user), is_active=True)


def first_link(*, but: tuple[str, ...] = ()) -> str | None:
    """A token that lets the first administrator in; None if an administrator can log in already.

    The account is made at the first call, with the roles of an administrator and of a chief, who defines the
    organisation and its scale. `but` names accounts that do not count.
    """
    if administrators().filter(can_log_in()).exclude(username__in=but).exists():
        return None
    with acting_as(links.CONSOLE, reason="made the first administrator"), transaction.atomic():
        account = administrators().exclude(username__in=but).order_by("pk").first() or _make_account()
        return links.create(account, purpose=links.Purpose.FIRST_ADMINISTRATOR, maker=None)


def _make_account() -> User:
    ensure_groups()
    number, name = 1, FIRST
    while User.objects.filter(username=name).exists():
        number, name = number + 1, f"{FIRST}-{number + 1}"
    account = User(username=name, is_staff=True)
    account.set_unusable_password()
    account.save()
    account.groups.add(*Group.objects.filter(name__in=[GROUPS[Role.ADMINISTRATOR], GROUPS[Role.CHIEF]]))
    return account
