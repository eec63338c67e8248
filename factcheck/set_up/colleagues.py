"""Invite colleagues: an account with a role, and a one-time link by which its owner sets the password."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import Group
from django.contrib.auth.models import User as Account
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Sender
from claims.permissions import Refused, User, require
from claims.roles import GROUPS, RIGHTS, Role, ensure_groups
from factcheck.login import links
from factcheck.login.models import LogInLink
from factcheck.set_up.administrators import can_log_in
from sources.database.audit import acting

_SECOND_CLICK = timedelta(seconds=10)
_MANAGE = gettext_noop("You may not manage accounts; ask an administrator.")


@dataclass(frozen=True)
class Colleague:
    """Somebody with an account at the desk."""

    account: Account
    roles: str
    has_logged_in: bool
    link: LogInLink | None
    """The newest log-in link, if it can be used still."""


def invite(*, username: str, email: str, role: Role, actor: User) -> tuple[Account, str]:
    """Make the account and a link for it; returns both, and the token cannot be read again. Raises `Refused`."""
    require(actor.has_perm("auth.add_user"), _MANAGE)
    ensure_groups()
    account = Account(username=username, email=email, is_staff=True)
    account.set_unusable_password()
    try:
        with acting(actor, reason="invited a colleague"), transaction.atomic():
            account.save()
            account.groups.add(Group.objects.get(name=GROUPS[role]))
            return account, links.create(account, purpose=links.Purpose.INVITATION, maker=actor)
    except IntegrityError as error:
        raise Refused(
            _("There is an account %(username)s already; choose another user name.") % {"username": username}
        ) from error


def invited_already(form: Mapping[str, str], *, actor: User) -> Account | None:
    """The account for which this person has sent the same invitation before, if its owner is not in yet."""
    account = Account.objects.exclude(can_log_in()).filter(username=form.get("username", "").strip()).first()
    if account is None or account.email.lower() != form.get("email", "").strip().lower():
        return None
    link = _usable_link(account)
    roles = [group.name for group in account.groups.all()]
    same = link is not None and link.maker_id == actor.pk and roles == [_group(form.get("role", ""))]
    return account if same else None


def a_moment_ago(account: Account) -> bool:
    """Whether the newest link was made within the last seconds: then a second click follows the first."""
    return account.log_in_links.filter(created_at__gt=Now() - _SECOND_CLICK).exists()


def invite_again(account: Account, *, actor: User) -> str:
    """A new link for somebody who has not set a password yet. Raises `Refused`."""
    require(actor.has_perm(links.MANAGES), _MANAGE)
    if Account.objects.filter(can_log_in(), pk=account.pk).exists():
        raise Refused(
            _("%(person)s has logged in already and needs no invitation.") % {"person": account.get_username()}
        )
    return links.create(account, purpose=links.Purpose.INVITATION, maker=actor)


def colleagues() -> list[Colleague]:
    """Everybody with an active account, newsrooms' stand-ins left out."""
    accounts = Account.objects.filter(is_active=True).exclude(pk__in=Sender.objects.values("user"))
    able = set(accounts.filter(can_log_in()).values_list("pk", flat=True))
    return [
        Colleague(
            account,
            ", ".join(group.name for group in account.groups.all()) or "no role",
            account.pk in able,
            None if account.pk in able else _usable_link(account),
        )
        for account in accounts.prefetch_related("groups").order_by("pk")[:200]
    ]


def two_can_publish() -> bool:
    """Whether two people who can log in are enough to publish: one writes, and another may approve."""
    return len(_able(Role.REPORTER, Role.EDITOR, Role.CHIEF)) >= 2 and bool(_able(Role.EDITOR, Role.CHIEF))


def _able(*roles: Role) -> set[int]:
    """Accounts that can log in and have the rights of one of the roles to write."""
    names = [GROUPS[role] for role in roles if RIGHTS[role]]
    return set(Account.objects.filter(can_log_in(), Q(groups__name__in=names)).values_list("pk", flat=True))


def _group(role: str) -> str:
    return GROUPS[Role(role)] if role in {each.value for each in Role} else ""


def _usable_link(account: Account) -> LogInLink | None:
    newest = account.log_in_links.order_by("-pk").first()
    return newest if newest is not None and links.why_not(newest) is None else None
