"""Two versions side by side, word by word: their words, and what each rests on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from claims.models import Evidence, ReviewVersion
from sources.admin.difference import Piece, difference


@dataclass(frozen=True)
class Compared:
    """One field of two versions."""

    label: str
    pieces: list[Piece]
    is_changed: bool


def compared(before: ReviewVersion, after: ReviewVersion) -> dict[str, Any]:
    """The fields of two versions with their differences, and the evidence that only one of them has."""
    fields = [
        _field(_("Rating"), _rating(before), _rating(after)),
        _field(_("Finding"), before.summary, after.summary),
        _field(_("How we checked"), before.body, after.body),
        _field(_("What changed, for readers"), before.public_note, after.public_note),
        _field(_("True as of"), _day(before.true_as_of), _day(after.true_as_of)),
        _field(_("Right of reply: who was asked"), before.reply_asked, after.reply_asked),
        _field(_("Right of reply: asked on"), _day(before.reply_asked_on), _day(after.reply_asked_on)),
        _field(_("Right of reply: answered on"), _day(before.reply_answered_on), _day(after.reply_answered_on)),
        _field(_("Right of reply: the answer"), before.reply, after.reply),
        _field(_("Right of reply: where it can be read whole"), before.reply_url, after.reply_url),
        _field(_("Right of reply: no answer by"), _day(before.reply_none_by), _day(after.reply_none_by)),
    ]
    rows = Evidence.objects.filter(version__in=[before, after]).select_related("page__source").order_by("pk")
    old = {_same(each): each for each in rows if each.version_id == before.pk}
    new = {_same(each): each for each in rows if each.version_id == after.pk}
    return {
        "fields": [each for each in fields if each.pieces],
        "gone": [each for key, each in old.items() if key not in new],
        "came": [each for key, each in new.items() if key not in old],
        "stayed": len(old.keys() & new.keys()),
    }


def _field(label: str, before: str, after: str) -> Compared:
    return Compared(label, difference(before, after), before != after)


def _rating(version: ReviewVersion) -> str:
    return str(version.rating) if version.rating is not None else version.rating_as_given


def _day(day: date | None) -> str:
    return date_format(day, "DATE_FORMAT") if day else ""


def _same(evidence: Evidence) -> tuple[object, ...]:
    """What makes two pieces of evidence the same: a copy says what its original says."""
    return (
        evidence.kind,
        evidence.page_id,
        evidence.exact,
        evidence.note,
        evidence.stance,
        evidence.who,
        evidence.value,
    )
