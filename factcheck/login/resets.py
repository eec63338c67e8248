"""New passwords by mail: a one-time link is sent to the account's own address, beside the answer.

The answer is the same, and takes as long, for an address that no account has: nothing is looked up before it is sent.
A stranger who asks again and again gets nothing but mails sent to the owner, one in five minutes at most, whose links
all work until one of them is used.
"""

import logging
import threading
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import connections, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest
from django.template.loader import render_to_string

from claims.models import AccountChange, Sender
from claims.models.accounts.change import HOURS
from factcheck.login import links
from factcheck.login.models import LogInLink
from sources.site_address import PORT, address_on

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
"""At most one mail to an account within this time."""
_AT_ONCE = threading.BoundedSemaphore(8)
_MOST = 5  # accounts of one address


def send_later(request: HttpRequest, address: str) -> None:
    """Send links to the accounts with this e-mail address, in a thread of its own."""
    site = address_on(PORT) if settings.HTTPS else request.build_absolute_uri("/").rstrip("/")
    if not _AT_ONCE.acquire(blocking=False):
        logger.error("A link for a new password was not sent: the mail server keeps eight others waiting.")
        return
    threading.Thread(target=_send_and_close, args=(address, site), daemon=True).start()


def _send_and_close(address: str, site: str) -> None:
    try:
        send(address, site)
    except Exception:
        logger.exception("A link for a new password could not be made.")
    finally:
        connections.close_all()
        _AT_ONCE.release()


def send(address: str, site: str) -> None:
    """Send links to the accounts with this e-mail address; to disabled ones and such without a password none."""
    stand_ins = Sender.objects.values("user")
    accounts = User.objects.filter(email__iexact=address, is_active=True).exclude(pk__in=stand_ins).order_by("pk")
    for account in accounts[:_MOST]:
        # Whoever logs in by single sign-on alone, or was invited and has not come yet, has no password to forget.
        if account.has_usable_password() and (token := _link(account)):
            _mail(account, f"{site}{links.path(token)}")


def _link(account: User) -> str | None:
    """A new link; None if one was made a moment ago."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=account.pk)
        recent = LogInLink.objects.filter(account=account.pk, purpose=links.Purpose.BY_MAIL)
        if recent.filter(created_at__gt=Now() - EVERY).exists():
            return None
        return links.create(account, purpose=links.Purpose.BY_MAIL, maker=_maker(account))


def _maker(account: User) -> User | None:
    """Whose doing the new password is: hers, unless somebody else chose the address of the mail within 72 hours.

    None, which counts as everybody's, if that somebody is not named or manages accounts no more.
    """
    chosen = Q(what=AccountChange.What.EMAIL) | Q(what=AccountChange.What.CREATED)
    lately = AccountChange.objects.filter(
        chosen, account=account.pk, makes=True, exempt=False, at__gt=Now() - timedelta(hours=HOURS)
    )
    change = lately.order_by("-pk").first()
    if change is None or change.maker_id == account.pk:
        return account
    maker = User.objects.filter(pk=change.maker_id).first() if change.maker_id is not None else None
    return maker if maker is not None and links.may_make(maker, account) else None


def _mail(account: User, link: str) -> None:
    context = {"username": account.get_username(), "link": link}
    text = render_to_string("login/reset_mail.txt", context)
    message = EmailMessage("Set a new password for the desk", text, settings.DEFAULT_FROM_EMAIL, [account.email])
    try:
        message.send()
    except OSError as error:
        logger.error("A mail could not be sent; check FACTCHECK_SMTP: %s", error)
