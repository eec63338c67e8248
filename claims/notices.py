"""Tell people at the desk what happened: a notice stands on their home until they have read it.

A notice of a claim that somebody may not see is not shown to that person, neither here nor in mails nor in chats, also
where the claim was restricted after the notice was written. It is there again once she may see the claim.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from claims.models import Claim, Notice
from claims.models.desk.notice_words import WHAT
from claims.permissions import User
from claims.visibility import visible
from sources.database.locks import Lock, lock_until_commit

_told: dict[tuple[str, int | None], datetime] = {}
"""When this process last looked whether people were told of something that is told once."""


def notify(
    users: Iterable[User | None],
    what: str,
    *,
    claim: Claim | None = None,
    by: User | None = None,
    path: str = "",
    **parameters: str | int,
) -> None:
    """Put a notice of `what` (claims/models/desk/notice_words.py) on the home of each of these people.

    In the caller's transaction. `by` is who did it, and is not told of it; `path` is the address on this site of what
    it is about, and `parameters` are the other parts of the sentence. Whoever cannot log in, such as the service user
    of a newsroom, gets no notice.
    """
    people = {user.pk: user for user in users if user is not None and user.is_active and user != by}
    Notice.objects.bulk_create(
        Notice(
            recipient=user,
            kind=WHAT[what].kind,
            what=what,
            actor=by,
            claim=claim,
            parameters=parameters,
            path=path,
        )
        for user in people.values()
    )


def notify_once(
    users: Iterable[User | None],
    what: str,
    *,
    within: timedelta,
    claim: Claim | None = None,
    path: str = "",
    number: int,
) -> None:
    """The same, unless somebody was told of it within this time. Each process asks the table once in that time."""
    key, now = (what, None if claim is None else claim.pk), timezone.now()
    if (last := _told.get(key)) is not None and now - last < within:
        return
    _told[key] = now
    with transaction.atomic():
        lock_until_commit(Lock.NOTICED_ONCE)
        if not Notice.objects.filter(what=what, claim=claim, created_at__gt=now - within).exists():
            notify(users, what, claim=claim, path=path, number=number)


def of(user: User) -> QuerySet[Notice]:
    """The notices that this person may see, newest first, with what their sentences need."""
    return visible(Notice.objects.filter(recipient=user.pk), user).select_related("claim", "actor")


def unread(user: User) -> QuerySet[Notice]:
    """Those that this person has not read yet, newest first."""
    return of(user).filter(read_at__isnull=True)


def settled(what: str, claim: Claim | None, *, path: str = "", before: str = "") -> None:
    """Take notices of this about the claim off every home: what they ask for is decided.

    `path` cuts them to those that lead there; `before` are words of the finished sentences of before 0.7.0.
    """
    these = Q(what=what, path=path) if path else Q(what=what)
    if before:
        these |= Q(what="", kind=WHAT[what].kind, sentence__contains=before)
    Notice.objects.filter(these, claim=claim, read_at__isnull=True).update(read_at=timezone.now())


def mark_read(user: User, notice: int) -> bool:
    """Mark a notice as read. Returns False if it is not this person's or was read before."""
    return bool(_unread_rows(user).filter(pk=notice).update(read_at=timezone.now()))


def mark_all_read(user: User, *, until: int) -> int:
    """Mark what this person was shown as read, up to this notice. Returns how many were not."""
    return _unread_rows(user).filter(pk__lte=until).update(read_at=timezone.now())


def _unread_rows(user: User) -> QuerySet[Notice]:
    """`unread` without the rows beside it, which an UPDATE cannot have."""
    return visible(Notice.objects.filter(recipient=user.pk, read_at__isnull=True), user)
