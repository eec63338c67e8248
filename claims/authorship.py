"""Who wrote a version of a review, counted from the audit by claims/sql/factcheck_authors.sql."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.people import name_of

_WHOLE = {
    "evidence": gettext_noop("evidence"),
    "topics": gettext_noop("topics"),
    "statements": gettext_noop("statements"),
    "attribution": gettext_noop("attribution"),
}
_PARTS = {
    "claim": gettext_noop("claim"),
    "article": gettext_noop("article"),
    "organisation": gettext_noop("organisation"),
    "rating": gettext_noop("rating"),
    "scale": gettext_noop("scale"),
    "speaker": gettext_noop("speaker"),
    "statement": gettext_noop("statement"),
    "document": gettext_noop("document"),
    "page": gettext_noop("page"),
    "source": gettext_noop("source"),
    "topic": gettext_noop("topic"),
}
_FIELDS = {
    "rating": gettext_noop("rating"),
    "summary": gettext_noop("summary"),
    "body": gettext_noop("body"),
    "true_as_of": gettext_noop("day for which it holds"),
    "bylines": gettext_noop("bylines"),
    "public_note": gettext_noop("public note"),
    "right of reply": gettext_noop("right of reply"),
    "text": gettext_noop("text"),
    "language": gettext_noop("language"),
    "place": gettext_noop("place"),
    "title": gettext_noop("title"),
    "name": gettext_noop("name"),
    "url": gettext_noop("address"),
    "site": gettext_noop("site"),
    "licence": gettext_noop("licence"),
}


@dataclass(frozen=True)
class Contribution:
    """One change of what readers will see that counts: since the last approved version, and not taken back.

    `user_id` is None if the audit names no known actor; `at` is None if it does not know the change at all. `row_id` is
    the row of the `part` (version, evidence, claim, statement, …) whose `field` was changed.
    """

    user_id: int | None
    actor: str
    part: str
    row_id: int
    field: str
    at: datetime | None

    @property
    def label(self) -> str:
        """What was changed, for people: `summary`, `text of the claim`, `evidence`."""
        if self.part in _WHOLE:
            return _(_WHOLE[self.part])
        field = _(_FIELDS.get(self.field, self.field))
        if self.part == "suggestion":
            return _("your suggestion for the %(field)s, which was accepted") % {"field": field}
        if self.part in ("version", "review"):
            return field
        return _("%(field)s of the %(part)s") % {"field": field, "part": _(_PARTS.get(self.part, self.part))}


def contributions(version_id: int) -> list[Contribution]:
    """The changes that make somebody an author of the version, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT author_id, COALESCE(actor, ''), part, row_id, field, changed_at FROM factcheck_authors(%s)"
            " ORDER BY changed_at, part, field, row_id, author_id",
            [version_id],
        )
        return [Contribution(*row) for row in cursor.fetchall()]


def described(changes: Iterable[Contribution]) -> str:
    """What was changed and when, for people: `summary, evidence, 29 Nov`."""
    changes = list(changes)
    labels = list(dict.fromkeys(change.label for change in changes))
    days = [change.at.astimezone(UTC) for change in changes if change.at is not None]
    return ", ".join([*labels, *([f"{max(days):%-d %b}"] if days else [])])


def authors(changes: Iterable[Contribution]) -> list[Any]:
    """The users who made these changes, in the order of their first."""
    ids = list(dict.fromkeys(change.user_id for change in changes if change.user_id is not None))
    users = get_user_model()._default_manager.in_bulk(ids)
    return [users[each] for each in ids]


def byline(changes: Iterable[Contribution]) -> str:
    """The names of the authors: `Ana, Ben and Cleo`; empty if nobody wrote anything yet."""
    names = [name_of(user) for user in authors(changes)]
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)
