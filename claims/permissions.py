"""Decide who may edit, approve, publish and decide on re-checks, as small predicates; define `Refused`.

A newsroom that writes by API acts through a service user that cannot log in. It may write and submit its own drafts;
approving, publishing and deciding are left to people.
"""

from typing import Any

from claims.models import ReviewVersion, Sender

# Django's user model is swappable, and its stubs give two unrelated types for it.
User = Any


class Refused(Exception):
    """An action was refused and changed nothing. The message is a sentence that says what to do."""


def may_edit(user: User) -> bool:
    """Write claims, statements, evidence and drafts."""
    return bool(user.is_active and user.has_perm("claims.change_reviewversion"))


def is_newsroom(user: User) -> bool:
    """Whether the user is the service user of a newsroom rather than a person."""
    return not user.is_active and Sender.objects.filter(user=user.pk).exists()


def may_create(user: User) -> bool:
    """Start a review, create a claim, link a statement: editors, and newsrooms with their own rows."""
    return may_edit(user) or is_newsroom(user)


def may_write(user: User, version: ReviewVersion) -> bool:
    """Edit this version: editors any, a newsroom its own draft."""
    own = version.author_id == user.pk and version.state == ReviewVersion.State.DRAFT
    return may_edit(user) or (own and is_newsroom(user))


def may_approve(user: User, version: ReviewVersion) -> bool:
    """Approve somebody else's version. A database constraint also keeps authors from approving their own."""
    return bool(user.is_active and user.has_perm("claims.approve_review") and user.pk != version.author_id)


def may_publish(user: User) -> bool:
    """Publish what another person has approved."""
    return bool(user.is_active and user.has_perm("claims.publish_review"))


def may_decide(user: User) -> bool:
    """Confirm, dismiss and resolve re-checks."""
    return bool(user.is_active and user.has_perm("claims.decide_recheck"))


def require(allowed: bool, sentence: str) -> None:
    """Raise `Refused` with the sentence unless `allowed`."""
    if not allowed:
        raise Refused(sentence)
