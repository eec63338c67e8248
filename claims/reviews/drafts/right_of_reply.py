"""The right of reply of whom a review judges: who was asked, when, and what was answered, or that nobody did.

A version says it whole or not at all; a draft may be unfinished. The database has a CHECK of the same rules
(`review_reply_whole` in claims/models/review.py). Letters to sources are something else, and never leave.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from claims.models import ReviewVersion
from claims.reviews.drafts.days import is_to_come
from claims.visible_text import unreadable

FIELDS = ("reply_asked", "reply_asked_on", "reply_answered_on", "reply", "reply_url", "reply_none_by")


def missing(version: ReviewVersion) -> list[str]:
    """What has to be done before the version can say it to readers, each as an instruction."""
    return list(_missing(version)) if any(getattr(version, name) for name in FIELDS) else []


def _missing(version: ReviewVersion) -> Iterator[str]:
    asked, answered, silent = version.reply_asked_on, version.reply_answered_on, version.reply_none_by
    answer = version.reply.strip() or version.reply_url
    if not version.reply_asked.strip():
        yield _("say who was asked to respond")
    if any(unreadable(text) for text in (version.reply_asked, version.reply) if text.strip()):
        yield _("write the right of reply in words that can be read, without control and invisible characters")
    if asked is None:
        yield _("say on which day they were asked to respond")
    if silent is not None and (answered is not None or answer):
        yield _("say either what they answered or until when no answer came")
    elif silent is None and not (answered is not None and answer):
        yield _("say what they answered and on which day, or until when no answer came")
    if any(day is not None and is_to_come(day) for day in (asked, answered, silent)):
        yield _("say days of the right of reply that have been")
    if asked is not None and any(day is not None and day < asked for day in (answered, silent)):
        yield _("say days of the right of reply in their order: they were asked first")
