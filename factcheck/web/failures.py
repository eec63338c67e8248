"""What lies behind an exception that no code of ours can do anything about: a full disk, a slow query, no database."""

import errno
import itertools
import time
from collections.abc import Iterator
from enum import StrEnum

import django.db
import psycopg
from psycopg import errors

_UNAVAILABLE = (
    *(psycopg.OperationalError, psycopg.InterfaceError),
    *(django.db.OperationalError, django.db.InterfaceError),
)
_NO_SPACE = frozenset({errno.ENOSPC, errno.EDQUOT})


class Failure(StrEnum):
    """The kinds that people are told apart, since they can do different things about them."""

    DISK_FULL = "disk-full"
    TOO_SLOW = "too-slow"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


def failure_of(error: BaseException | None) -> Failure | None:
    """The failure behind an exception, which other exceptions may have replaced on its way; None for a bug."""
    causes = list(itertools.islice(_causes(error), 20))
    for failure, fits in _KINDS:
        if any(fits(each) for each in causes):
            return failure
    return None


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_full_disk(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_SPACE
    # PostgreSQL has the class 53100 for most places, and says so in words where it has not.
    return isinstance(error, errors.DiskFull) or (
        isinstance(error, psycopg.Error) and "No space left on device" in str(error)
    )


_KINDS = (
    (Failure.DISK_FULL, _is_full_disk),
    (Failure.TOO_SLOW, lambda error: isinstance(error, errors.QueryCanceled)),
    (Failure.LOCKED, lambda error: isinstance(error, errors.LockNotAvailable)),
    (
        Failure.UNAVAILABLE,
        lambda error: isinstance(
            error,
            (*_UNAVAILABLE, errors.IdleInTransactionSessionTimeout),
        ),
    ),
)


class _FullDisk:
    """When this process last failed to write because a disk was full: its own or that of the database."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        self._seen_at = float("-inf")

    def seen(self) -> None:
        self._seen_at = time.monotonic()

    def within(self, seconds: float) -> bool:
        return time.monotonic() - self._seen_at < seconds


full_disk = _FullDisk()
