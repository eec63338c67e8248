"""The words of a mail: how many notices, of which kinds, about which claims, and where they stand."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Notice, Preferences
from claims.notifying.outside import About, about, notices_url, site
from claims.permissions import User

MOST_GROUPS = 40
"""Claims that one mail names; the rest stands at the desk."""


def mail_of(user: User, wanted: Preferences, notices: Sequence[Notice]) -> EmailMessage:
    """One mail about all of them, in the person's language. Raises `ValueError` for an address that is none."""
    with translation.override(wanted.language or settings.LANGUAGE_CODE):
        subject = ngettext(
            "%(count)d notice waits for you at the desk", "%(count)d notices wait for you at the desk", len(notices)
        ) % {"count": len(notices)}
        text = _text(notices)
    own = site() + reverse("desk:preferences")
    return EmailMessage(
        subject,
        text,
        settings.DEFAULT_FROM_EMAIL,
        [user.email],
        headers={
            "List-Unsubscribe": f"<{own}>",
            "Auto-Submitted": "auto-generated",
            "Message-ID": _message_id(user, notices),
        },
    )


def _text(notices: Sequence[Notice]) -> str:
    known = about(notices)
    groups: dict[tuple[str, str], list[Notice]] = {}
    for notice in notices:
        of = known[notice.pk]
        groups.setdefault((of.id, of.url), []).append(notice)
    parts = [_group(known[group[0].pk], group) for group in list(groups.values())[:MOST_GROUPS]]
    if len(groups) > MOST_GROUPS:
        left = len(groups) - MOST_GROUPS
        parts.append(
            ngettext("%(count)d more stands at the desk.", "%(count)d more stand at the desk.", left) % {"count": left}
        )
    own = site() + reverse("desk:preferences")
    parts.append(_("What happened is said at the desk alone: %(url)s") % {"url": notices_url()})
    parts.append(_("Choose what is mailed to you, and when, or stop it: %(url)s") % {"url": own})
    return "\n\n".join(parts) + "\n"


def _group(of: About, notices: Sequence[Notice]) -> str:
    lines = []
    if of.words:
        lines.append(_("Claim %(id)s: “%(words)s”") % {"id": of.id, "words": of.words})
    elif of.id:
        lines.append(_("Claim %(id)s") % {"id": of.id})
    kinds = Counter(notice.kind for notice in notices)
    lines += [_kind(kind, count) for kind, count in kinds.items()]
    return "\n".join([*lines, of.url])


def _kind(kind: str, count: int) -> str:
    label = Notice.Kind(kind).label
    if count == 1:
        return f"- {label}"
    return "- " + _("%(kind)s (%(count)d times)") % {"kind": label, "count": count}


def _message_id(user: User, notices: Sequence[Notice]) -> str:
    """The same for the same notices, so that a mail program shows one that came twice once."""
    keys = ",".join(str(notice.pk) for notice in notices)
    named = hashlib.sha256(f"{settings.SECRET_KEY}:{user.pk}:{keys}".encode()).hexdigest()[:32]
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return f"<notices.{named}@{host}>"
