"""One-time links: whoever holds one can set the password of one account.

    token = links.create(account, purpose=Purpose.RESET, maker=request.user)
    links.path(token)                       # "/link/#…": show it once, or send it
    link = links.find(token)                # Raises Refused. Looking uses nothing up
    account = links.use(link, password=…)   # sets the password; the link is dead

A link can be used until it was used, has expired, somebody made a newer one for the same account, the account was
disabled or got a password otherwise, or its maker may no longer manage accounts. One that was mailed ends no other,
since strangers can ask for it, and ends with a change of the address. Only the sha256 of its token is stored. The token
stands behind the `#` of the address, which browsers send to no server: no access log and no referrer has it, and
a mail scanner that opens the address learns and uses nothing. A script moves it into the body of a POST.

Whoever makes a link for another account can have used it, so the password that is set through it counts as set by
its maker (claims/accounts.py: the two are one person for 72 hours; not before anything was ever published). Pass the
person herself as `maker` only if nobody else was shown the link, and None for the server's console, which could be
anybody.
"""

import hashlib
import secrets
import string
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse

from claims.models import AccountChange, Sender
from claims.permissions import Refused
from factcheck.login.models import LogInLink, Session
from sources.database.audit import acting, acting_as

Purpose = LogInLink.Purpose

CONSOLE = "administrator at the server's console"
"""The name in the audit of whoever runs a command on the server."""
_BY_MAIL = "somebody who chose the e-mail address"
MANAGES = "auth.change_user"
"""The right by which people manage accounts; only the role of administrators has it."""
LIVES = {
    Purpose.FIRST_ADMINISTRATOR: timedelta(hours=1),
    Purpose.INVITATION: timedelta(hours=24),
    Purpose.RESET: timedelta(hours=24),
    Purpose.BY_MAIL: timedelta(hours=1),
}
# Letters and digits alone, since programs that find addresses in a text often leave out a last "-" or "_".
_LETTERS = string.ascii_letters + string.digits
_LENGTH = 43  # of 62 letters: 256 random bits
_ASK = {
    Purpose.FIRST_ADMINISTRATOR: "Start `manage.py up` again: it prints a new one as long as no administrator can"
    " log in. Later, `manage.py link USERNAME` on the server prints one.",
    Purpose.INVITATION: "Ask whoever invited you for a new one.",
    Purpose.RESET: "Ask an administrator for a new one.",
    Purpose.BY_MAIL: "Ask for a new one at “Forgotten your password?”.",
}
_ENDING = (AccountChange.What.DEACTIVATED, AccountChange.What.PASSWORD)


def create(account: User, *, purpose: Purpose, maker: User | None) -> str:
    """Make a link for the account, which ends all earlier ones of it; returns the token, which cannot be read again.

    `maker` is None for the server's console. Raises `Refused` if the account is disabled, stands in for a newsroom,
    or is not the maker's to manage.
    """
    name = account.get_username()
    with _by(maker, purpose, reason=f"made a log-in link for {name}"), transaction.atomic():
        locked = User.objects.select_for_update().get(pk=account.pk)
        if Sender.objects.filter(user=locked.pk).exists():
            raise Refused(f"The account {name} stands in for a newsroom, and nobody logs in to it.")
        if not locked.is_active:
            raise Refused(f"The account {name} is disabled; activate it first.")
        if maker is not None and not may_make(maker, locked):
            raise Refused(f"You may not manage the account {name}; ask an administrator.")
        token = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        LogInLink.objects.create(
            account=locked,
            purpose=purpose,
            token_sha256=_sha256(token),
            maker=maker,
            expires_at=Now() + LIVES[purpose],
        )
    return token


def may_make(maker: User, account: User) -> bool:
    """Whether this person may make a link for the account: her own, or one that she may manage."""
    if not maker.is_active:
        return False
    return maker.pk == account.pk or (maker.has_perm(MANAGES) and (maker.is_superuser or not account.is_superuser))


def path(token: str) -> str:
    """The address of a link on this site, without the host."""
    return f"{reverse('login:link')}#{token}"


def find(token: str) -> LogInLink:
    """The link of a token, if it can be used now. Raises `Refused` with what to do."""
    link = LogInLink.objects.select_related("account").filter(token_sha256=_sha256(token.strip())).first()
    if link is None:
        raise Refused("This log-in link is not known. Check that you copied the whole address.")
    if sentence := why_not(link):
        raise Refused(sentence)
    return link


def why_not(link: LogInLink) -> str | None:
    """Why the link cannot be used any more, as a sentence with what to do; None if it can."""
    ask = _ASK[Purpose(link.purpose)]
    of_account = LogInLink.objects.filter(account=link.account_id)
    changes = AccountChange.objects.filter(account=link.account_id, at__gte=link.created_at)
    if link.used_at is not None:
        return f"This log-in link was used already; it works once. If that was not you, tell an administrator. {ask}"
    if not of_account.filter(pk=link.pk, expires_at__gt=Now()).exists():
        return f"This log-in link has expired. {ask}"
    if of_account.filter(pk__gt=link.pk).exclude(purpose=Purpose.BY_MAIL).exists():
        return "A newer log-in link was made for this account; use that one."
    if not link.account.is_active or changes.filter(what__in=_ENDING).exists():
        return f"The account was disabled or got another password since this log-in link was made. {ask}"
    if link.purpose == Purpose.BY_MAIL and changes.filter(what=AccountChange.What.EMAIL).exists():
        return f"The account got another e-mail address since this log-in link was mailed. {ask}"
    if link.maker_id is not None:
        maker = User.objects.filter(pk=link.maker_id).first()
        if maker is None or not may_make(maker, link.account):
            return "Whoever made this log-in link may no longer manage accounts. Ask an administrator for a new one."
    return None


def use(link: LogInLink, *, password: str) -> User:
    """Set the password of the link's account, and end the link; returns the account.

    The change counts as the maker's. Raises `Refused` if the link cannot be used any more, and Django's
    ValidationError for a password that is too weak.
    """
    with transaction.atomic():
        # The account first, as `create` does: a newer link is seen, or waits.
        account = User.objects.select_for_update().get(pk=link.account_id)
        locked = LogInLink.objects.select_for_update(of=("self",)).select_related("account").get(pk=link.pk)
        if sentence := why_not(locked):
            raise Refused(sentence)
        validate_password(password, account)
        maker = User.objects.get(pk=locked.maker_id) if locked.maker_id is not None else None
        reason = f"{account.get_username()}'s password set through a log-in link ({locked.get_purpose_display()})"
        with _by(maker, locked.purpose, reason=reason):
            LogInLink.objects.filter(pk=locked.pk).update(used_at=Now())
            account.set_password(password)
            account.save(update_fields=["password"])
            Session.objects.filter(account=account.pk).delete()
    return account


def _by(maker: User | None, purpose: str, *, reason: str) -> AbstractContextManager[Any]:
    if maker is not None:
        return acting(maker, reason=reason)
    return acting_as(_BY_MAIL if purpose == Purpose.BY_MAIL else CONSOLE, reason=reason)


def _sha256(token: str) -> str:
    # 256 random bits need no slow hash.
    return hashlib.sha256(token.encode()).hexdigest()
