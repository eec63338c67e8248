"""What newsrooms and readers will read of an answer: by doing it, and taking it back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims.desk.rechecks import answers
from claims.desk.record.words import event_label
from claims.models import Recheck
from claims.models.publication import Audience
from claims.permissions import Refused, User
from claims.publication.published_claim import PATHS
from claims.reviews import rechecks
from claims.reviews.preview import FieldChange, Leaving, preview

SHOWN = "shown"
_LONGEST_WAIT = "5s"
_SENTENCES = re.compile(r"(^|\.)(wording|display)$")
"""Fields that hold sentences for the public."""


@dataclass(frozen=True)
class Line:
    """A field of the published claim that changes."""

    path: str
    meaning: str
    before: str
    after: str


@dataclass(frozen=True)
class Told:
    """What one audience will be told: an event in words, the sentences for the public, and every field."""

    is_told: bool
    event: str
    sentences: tuple[str, ...]
    rating_changes: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class GoingOut:
    """What an answer sends. `refusal` says why it cannot be given as it stands."""

    newsrooms: Told | None = None
    readers: Told | None = None
    refusal: str = ""


def going_out(recheck: Recheck, act: Callable[[], object]) -> GoingOut:
    """Run the act, compare, and take it back. The log is locked meanwhile: for a person who is about to decide."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = %s", [_LONGEST_WAIT])
        act()

    try:
        leaving = {each.audience: _told(each) for each in preview(recheck.review.claim, run)}
    except Refused as refusal:
        return GoingOut(refusal=str(refusal))
    except OperationalError:  # as while many rows are published at once
        return GoingOut(refusal=_("The public record is being written just now, so this cannot be shown. Try again."))
    return GoingOut(leaving[Audience.NEWSROOMS], leaving[Audience.PUBLIC])


def shown_token(recheck: Recheck, answer: str, user: User, data: QueryDict) -> str:
    """What the page that shows an answer carries: it says that this person was shown what just this answer sends.

    Notes are left out, since they never leave the desk.
    """
    quotes = answers.chosen_places(data, recheck)
    copies = answers.chosen_copies(data, quotes)
    chosen = (recheck.pk, answer, user.pk, rechecks.shown(recheck), sorted(quotes.items()), sorted(copies.items()))
    return salted_hmac("claims.desk.rechecks.going_out", repr(chosen)).hexdigest()


def _told(leaving: Leaving) -> Told:
    lines = tuple(_line(change) for change in leaving.changes)
    said = [str(change.after) for change in leaving.changes if _SENTENCES.search(change.path) and change.after]
    return Told(
        is_told=bool(leaving.event),
        event=event_label(leaving.event) if leaving.event else "",
        sentences=tuple(dict.fromkeys(said)),
        rating_changes=any(".rating." in change.path for change in leaving.changes),
        lines=lines,
    )


def _line(change: FieldChange) -> Line:
    field = PATHS.get(re.sub(r"\[[^]]*\]", "[]", change.path))
    return Line(change.path, field.meaning.text if field else "", _text(change.before), _text(change.after))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) if value else ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)
