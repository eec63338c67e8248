"""Who may do what at the desk, as small named predicates, and how a verb says no.

A newsroom that writes by API is no person: a user that cannot log in stands for it as author. It may write its
own drafts and submit them; approving, publishing and deciding stay with people.
"""

from typing import Any

from claims.models import ReviewVersion, Sender

# Django's user model is swappable, and its stubs give two unrelated types for it.
User = Any


class Refused(Exception):
    """A verb was not carried out, nothing was changed. The message is a sentence that says what to do."""


def may_edit(user: User) -> bool:
    """Write claims, statements, evidence and drafts."""
    return bool(user.is_active and user.has_perm("claims.change_reviewversion"))


def is_newsroom(user: User) -> bool:
    """Stands for a newsroom that writes by API, and for no person."""
    return not user.is_active and Sender.objects.filter(user=user.pk).exists()


def may_begin(user: User) -> bool:
    """Begin a review, make a claim, link a statement: editors, and newsrooms with what is theirs."""
    return may_edit(user) or is_newsroom(user)


def may_write(user: User, version: ReviewVersion) -> bool:
    """Work on this version: editors on any, a newsroom on its own draft."""
    own = version.author_id == user.pk and version.state == ReviewVersion.State.DRAFT
    return may_edit(user) or (own and is_newsroom(user))


def may_approve(user: User, version: ReviewVersion) -> bool:
    """Approve somebody else's version. The database holds the second half of this rule too."""
    return bool(user.is_active and user.has_perm("claims.approve_review") and user.pk != version.author_id)


def may_publish(user: User) -> bool:
    """Publish what another person has approved."""
    return bool(user.is_active and user.has_perm("claims.publish_review"))


def may_decide(user: User) -> bool:
    """Confirm, dismiss and resolve re-checks."""
    return bool(user.is_active and user.has_perm("claims.decide_recheck"))


def require(allowed: bool, sentence: str) -> None:
    """Raise `Refused` with the sentence unless allowed."""
    if not allowed:
        raise Refused(sentence)
