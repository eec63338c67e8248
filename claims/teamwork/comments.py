"""Comments on a claim: write, correct, settle, reopen. Colleagues who are named by @username are told."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Claim, Comment, ReviewVersion
from claims.notices import notify
from claims.permissions import Refused, User, may_comment, require
from claims.teamwork.colleagues import colleagues, path_of
from claims.visible_text import unreadable
from sources.database import clock
from sources.database.audit import acting

LONGEST = 5_000  # characters of a comment
EDITABLE_FOR = timedelta(minutes=15)
FIELDS = ("claim", "rating", "summary", "body", "public_note", "true_as_of", "evidence", "statements")
"""What a comment can be about; empty for the claim as a whole."""
MAY_NOT_EDIT = gettext_noop("A comment can be changed by its author, within 15 minutes. Write another one.")
_MENTION = re.compile(r"(?<![\w@.+-])@([\w.@+-]+)")


def comment(claim: Claim, *, text: str, actor: User, about: str = "", version: ReviewVersion | None = None) -> Comment:
    """Write a comment on the claim; the colleagues whom it mentions get a notice. Raises `Refused`."""
    _require(actor, claim)
    if about and about not in FIELDS:
        raise Refused(_("A comment is about a field of the claim or its review, or about the claim as a whole."))
    if version is not None and version.review.claim_id != claim.pk:
        version = None
    with acting(actor, reason="commented"), transaction.atomic():
        made = Comment.objects.create(claim=claim, version=version, about=about, text=_checked(text), author=actor)
        _tell(made, mentioned(made.text, claim))
        return made


def edit(comment: Comment, *, text: str, actor: User) -> Comment:
    """Correct one's own comment within a quarter of an hour; those newly mentioned get a notice. Raises `Refused`."""
    _require(actor, comment.claim)
    with acting(actor, reason="edited a comment"), transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",)).select_related("claim", "author").get(pk=comment.pk)
        if not may_edit(actor, locked):
            raise Refused(_(MAY_NOT_EDIT))
        before = mentioned(locked.text, locked.claim)
        locked.text, locked.edited_at = _checked(text), clock.now()
        locked.save(update_fields=["text", "edited_at"])
        told = {each.pk for each in before}
        _tell(locked, [each for each in mentioned(locked.text, locked.claim) if each.pk not in told])
        return locked


def may_edit(user: User, comment: Comment, *, now: datetime | None = None) -> bool:
    """Whether this person may still change the comment; `now` is the time by the database's clock, if it is known."""
    if comment.author_id != user.pk or comment.settled_at is not None:
        return False
    return (now or clock.now()) - comment.created_at < EDITABLE_FOR


def settle(comment: Comment, *, actor: User) -> Comment:
    """Mark the comment as settled; it stays readable. Does nothing if it is. Raises `Refused`."""
    _require(actor, comment.claim)
    with acting(actor, reason="settled a comment"), transaction.atomic():
        locked = Comment.objects.select_for_update().get(pk=comment.pk)
        if locked.settled_at is None:
            locked.settled_by, locked.settled_at = actor, clock.now()
            locked.save(update_fields=["settled_by", "settled_at"])
        return locked


def reopen(comment: Comment, *, actor: User) -> Comment:
    """Open a settled comment again. Does nothing if it is open. Raises `Refused`."""
    _require(actor, comment.claim)
    with acting(actor, reason="reopened a comment"), transaction.atomic():
        locked = Comment.objects.select_for_update().get(pk=comment.pk)
        if locked.settled_at is not None:
            locked.settled_by, locked.settled_at = None, None
            locked.save(update_fields=["settled_by", "settled_at"])
        return locked


def mentioned(text: str, claim: Claim) -> list[Any]:
    """The colleagues whom the text mentions by @username and who may see the claim."""
    names = {name for written in _MENTION.findall(text) for name in _possible(written)}
    if not names:
        return []
    known = {each.get_username().lower(): each for each in colleagues(claim)}
    found = {}
    for written in _MENTION.findall(text):
        person = next((known[name] for name in _possible(written) if name in known), None)
        if person is not None:
            found[person.pk] = person
    return list(found.values())


def _possible(written: str) -> Iterator[str]:
    """What was written after the @, then without the marks that end a sentence; usernames may hold such marks too."""
    name = written.lower()
    yield name
    while name and name[-1] in ".-+@":
        name = name[:-1]
        yield name


def _tell(comment: Comment, people: list[Any]) -> None:
    path = path_of(comment.claim, f"comment-{comment.pk}")
    notify(people, "mentioned", claim=comment.claim, by=comment.author, path=path, comment=comment.pk)


def _checked(text: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused(_("Write a comment first."))
    if len(text) > LONGEST:
        raise Refused(_("Write the comment in %(most)s characters or fewer.") % {"most": f"{LONGEST:,}"})
    if why := unreadable(text):
        raise Refused(_("Colleagues could not read the comment as it stands. %(why)s") % {"why": why})
    return text


def _require(actor: User, claim: Claim) -> None:
    require(
        may_comment(actor, claim),
        _("You may not comment here; ask an administrator for the role of a reporter or an editor."),
    )
