"""Tell people at the desk what happened: a notice stands on their home until they have read it."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone

from claims.models import Notice
from claims.permissions import User


def notify(users: Iterable[User], kind: Notice.Kind, sentence: str, path: str = "") -> None:
    """Put the sentence on the home of each of these people, in the caller's transaction.

    `path` is the address on this site of what it is about. Whoever cannot log in, such as the service user of a
    newsroom, gets no notice.
    """
    people = {user.pk: user for user in users if user.is_active}
    for user in people.values():
        Notice.objects.create(recipient=user, kind=kind, sentence=sentence, path=path)


def unread(user: User) -> QuerySet[Notice]:
    """The notices that this person has not read yet, newest first."""
    return Notice.objects.filter(recipient=user.pk, read_at__isnull=True)


def settled(kind: Notice.Kind, path: str, words: str) -> None:
    """Take notices with these words about this address off every home: what they ask for is decided."""
    notices = Notice.objects.filter(kind=kind, path=path, sentence__contains=words, read_at__isnull=True)
    notices.update(read_at=timezone.now())


def mark_read(user: User, notice: int) -> bool:
    """Mark a notice as read. Returns False if it is not this person's or was read before."""
    return bool(unread(user).filter(pk=notice).update(read_at=timezone.now()))


def mark_all_read(user: User, *, until: int) -> int:
    """Mark this person's notices up to this one as read. Returns how many were not."""
    return unread(user).filter(pk__lte=until).update(read_at=timezone.now())
