"""Receive tips from readers: store one, put it into the group of those that ask the same, and make its private link.

Nothing of a tip leaves the desk. The address that it names is noted and never fetched.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Func, TextField, Value
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils import timezone

from claims.models import Tip, TipContact, TipSender
from claims.notices import notify_once
from claims.teamwork.colleagues import colleagues
from claims.tips import grouping
from sources.database.audit import acting_as
from sources.database.locks import Lock, lock_until_commit

REMEMBERED = timedelta(hours=1)
"""How long the hash of a sender is kept. Its key is forgotten sooner (factcheck/newsrooms/client_hash.py)."""

_LIST = "/admin/inbox/"
_TOKEN_BYTES = 24
_TAG = r"\+[^@]*@"  # mail to a+b@… arrives at a@…
_MAILBOX = Func(Lower("contact__email"), Value(_TAG), Value("@"), function="regexp_replace", output_field=TextField())
READER = Coalesce(NullIf(_MAILBOX, Value("")), Lower("contact__name"), Value(""), output_field=TextField())
"""In a query of tips what `_reader` is of one."""


class TooManyTips(Exception):
    """The sender has sent as many tips within the hour as it may; `limit` says how many that is."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"limit of {limit} tips an hour")
        self.limit = limit


class TooManyTipsAtOnce(Exception):
    """More tips came from readers within the hour, from anywhere, than anybody can read."""


@dataclass(frozen=True)
class Received:
    """A stored tip, and the token of its private link, which is stored nowhere."""

    tip: Tip
    token: str


def receive(
    *,
    actor: str,
    text: str = "",
    url: str = "",
    language: str = "",
    name: str = "",
    email: str = "",
    newsroom: str = "",
    sender: str = "",
    limit: int | None = None,
) -> Received:
    """Store a tip for the editors. Name and email go to a separate row that expires after TIP_CONTACT_DAYS.

    `sender` is the hash of who sends it; `newsroom` the name of the newsroom whose key does, if one does. A
    newsroom counts once for each of its readers, anybody else once. Raises `TooManyTips`, and `TooManyTipsAtOnce` for
    what no newsroom sends.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with acting_as(actor, reason="sent a tip"), transaction.atomic():
        lock_until_commit(Lock.TIPS)
        forget_senders()
        if sender and limit is not None and TipSender.objects.filter(digest=sender).count() >= limit:
            raise TooManyTips(limit)
        if not newsroom and _is_flooded():
            raise TooManyTipsAtOnce
        place = grouping.place(text, url, language)
        tip = Tip(text=text, url=url, language=language, group=place.group, newsroom=newsroom)
        tip.token_sha256 = token_sha256(token)
        tip.counts = place.is_new or not _has_asked(place.group.pk, newsroom, sender, name, email)
        tip.save()
        grouping.index_tip(tip, place)
        if sender:
            TipSender.objects.create(tip=tip, digest=sender)
        if name or email:
            until = timezone.now() + timedelta(days=settings.TIP_CONTACT_DAYS)
            TipContact.objects.create(tip=tip, name=name, email=email, delete_after=until)
        return Received(tip, token)


def tell_of_flood() -> None:
    """Tell editors, once an hour, that readers send more than is taken."""
    with acting_as("a reader, by the form", reason="sent a tip"):
        most = settings.ANONYMOUS_TIPS_PER_HOUR_IN_ALL
        notify_once(colleagues(right="publish_review"), "tips_flood", within=REMEMBERED, path=_LIST, number=most)


def _is_flooded() -> bool:
    """Whether as many tips came from readers within the hour as are taken."""
    latest = Tip.objects.filter(newsroom="").order_by("-pk").values_list("received_at", flat=True)
    most = settings.ANONYMOUS_TIPS_PER_HOUR_IN_ALL
    return any(at > timezone.now() - REMEMBERED for at in latest[most - 1 : most])


def add_by_hand(tip: Tip) -> None:
    """Store a tip that somebody at the desk was told, in the group of those that ask the same. It has no link."""
    with transaction.atomic():
        lock_until_commit(Lock.TIPS)
        place = grouping.place(tip.text, tip.url, tip.language)
        tip.group = place.group
        tip.save()
        grouping.index_tip(tip, place)


def token_sha256(token: str) -> str:
    """By what a private link is found: of a tip, and of a complaint."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def forget_senders() -> int:
    """Delete the hashes of senders after an hour. Returns the number of rows deleted."""
    return TipSender.objects.filter(at__lt=timezone.now() - REMEMBERED).delete()[0]


def delete_expired_contacts() -> int:
    """Delete expired contact data. Returns the number of rows deleted."""
    deleted, _ = TipContact.objects.filter(delete_after__lte=timezone.now()).delete()
    return deleted


def delete_contact(tip: int) -> None:
    """Delete the contact data of a tip because its sender wants it, if there is any."""
    TipContact.objects.filter(pk=tip).delete()


def _has_asked(group: int, newsroom: str, sender: str, name: str, email: str) -> bool:
    """Whether the sender has a tip in the group already; of a newsroom, whether this reader of its has."""
    tips = Tip.objects.filter(group=group, newsroom=newsroom)
    if not newsroom:
        return bool(sender) and tips.filter(sender__digest=sender).exists()
    return tips.annotate(reader=READER).filter(reader=_reader(name, email)).exists()


def _reader(name: str, email: str) -> str:
    """By what one reader of a newsroom is told from another: the mailbox, or else the name."""
    return re.sub(_TAG, "@", email.lower(), count=1) or name.lower()
