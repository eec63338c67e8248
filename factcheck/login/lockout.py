"""Lock-out after wrong passwords, counted in the database for all processes, and the backend that asks it.

A try is counted before the password is looked at, so that many at once get no more than one after the other:

    account and address   FACTCHECK_LOGIN_FAILURES (5)
    address               6 times as many, whatever the names
    account               20 times as many, from anywhere

Who goes beyond is refused for FACTCHECK_LOGIN_LOCK_MINUTES (15), whatever the password, and a name that nobody has is
counted like one that somebody has. A browser in which the account logged in before has a count of its own: a
stranger's tries do not lock it out. A one-time link of an administrator opens a locked account too.

Hashing a password takes a core for a good part of a second. Few are hashed at once in a process, and few wait for a
turn, so that strangers who try many cannot hold up everything else; known browsers have a turn of their own.
"""

import hashlib
import logging
import math
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission
from django.core import signing
from django.db import connection
from django.db.models import Q
from django.db.models.functions import Now
from django.http import HttpRequest, HttpResponse

from factcheck.login import events
from factcheck.login.models import Throttle
from factcheck.newsrooms.client_identity import address_of
from sources.database.audit import acting

logger = logging.getLogger(__name__)

COOKIE = "factcheck_browser"
_COOKIE_AGE = timedelta(days=180)
_SALT = "factcheck.login.browser"
_OF_ADDRESS, _OF_ACCOUNT = 6, 20  # times the failures of an account at one address
_NEW_BROWSER = "_factcheck_browser"
_MOST_ACCOUNTS = 12  # of one browser


@dataclass(frozen=True)
class Locked:
    """How long the account or the address is refused."""

    seconds: float

    def __str__(self) -> str:
        minutes = max(1, math.ceil(self.seconds / 60))
        return (
            f"Too many wrong passwords. Try again in {minutes} minute{'s' if minutes > 1 else ''}, or ask an"
            " administrator for a log-in link."
        )


@dataclass(frozen=True)
class Busy:
    """The password was not looked at, because too many others are."""

    def __str__(self) -> str:
        return "Too many people are logging in at this moment. Wait a few seconds, then try again."


class _Turns:
    """How many passwords are hashed at once, and how many tries wait for it."""

    def __init__(self, turns: int, *, waiting: int, seconds: float) -> None:
        self._places = threading.BoundedSemaphore(turns + waiting)
        self._turns = threading.BoundedSemaphore(turns)
        self._seconds = seconds

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Wait for a turn; False if there is none in time, or too many wait already."""
        if not self._places.acquire(blocking=False):
            yield False
            return
        try:
            got = self._turns.acquire(timeout=self._seconds)
            try:
                yield got
            finally:
                if got:
                    self._turns.release()
        finally:
            self._places.release()


strangers = _Turns(max(1, (os.cpu_count() or 2) // 2), waiting=2, seconds=2)
known_browsers = _Turns(1, waiting=3, seconds=10)


def count(name: str) -> tuple[int, float]:
    """Count a try; returns the tries within the window, this one included, and the seconds until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO login_throttle AS known (name, tries, until)
            VALUES (%(name)s, 1, clock_timestamp() + make_interval(secs => %(window)s))
            ON CONFLICT (name) DO UPDATE SET
                tries = CASE WHEN known.until <= clock_timestamp() THEN 1 ELSE least(known.tries + 1, 1000000) END,
                until = CASE WHEN known.until <= clock_timestamp() THEN excluded.until ELSE known.until END
            RETURNING tries, extract(epoch FROM until - clock_timestamp())::float8
            """,
            {"name": name, "window": settings.LOGIN_LOCK.total_seconds()},
        )
        tries, seconds = cursor.fetchone()
    return tries, seconds


def _limits(request: HttpRequest | None, username: str, account: Any) -> dict[str, int]:
    """The counts that a try belongs to, by their names, and how many each allows."""
    limit = settings.LOGIN_FAILURES
    if request is not None and account is not None and (browser := _known_browser(request, account)):
        return {f"browser:{browser}": 2 * limit}
    name = hashlib.sha256(username.encode()).hexdigest()[:32]
    address = address_of(request) if request is not None else ""
    return {
        f"account:{name}@{address}": limit,
        f"address:{address}": _OF_ADDRESS * limit,
        f"account:{name}": _OF_ACCOUNT * limit,
    }


class PasswordBackend(ModelBackend):
    """Django's own backend behind the lock-out. It sets `request.locked` where it refuses to look at the password.

    It asks for the rights of somebody and of her roles at once, which Django asks for one after the other.
    """

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if user_obj.is_anonymous or user_obj.is_superuser or not user_obj.is_active or obj is not None:
            return super().get_all_permissions(user_obj, obj)
        if not hasattr(user_obj, "_perm_cache"):
            own = user_obj.user_permissions.through.objects.filter(user=user_obj.pk).values("permission")
            of_roles = Group.permissions.through.objects.filter(group__user=user_obj.pk).values("permission")
            held = Permission.objects.filter(Q(pk__in=own) | Q(pk__in=of_roles))
            names = held.order_by().values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{name}" for app, name in names}
        return set(user_obj._perm_cache)

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Any:
        if username is None or password is None:
            return None
        username = username[:150].replace("\x00", "")
        owner = get_user_model()._default_manager.filter(username=username).first()
        limits = _limits(request, username, owner)
        turns = known_browsers if _is_of_browser(limits) else strangers
        with turns.turn() as got:
            if not got:
                if request is not None:
                    request.locked = Busy()  # type: ignore[attr-defined]
                return None
            return self._authenticate(request, username, password, owner, limits, **kwargs)

    def _authenticate(
        self,
        request: HttpRequest | None,
        username: str,
        password: str,
        owner: Any,
        limits: dict[str, int],
        **kwargs: Any,
    ) -> Any:
        for name, limit in limits.items():
            tries, seconds = count(name)
            if tries > limit:
                if tries == limit + 1:
                    events.record(events.Kind.LOCKED, request, owner, detail=_which(name))
                if request is not None:
                    request.locked = Locked(seconds)  # type: ignore[attr-defined]
                return None
        # Django rewrites an outdated hash of a password when its owner logs in: that is her own doing.
        with acting(owner, reason="logged in") if owner is not None else nullcontext():
            user = super().authenticate(request, username=username, password=password, **kwargs)
        if user is None:
            events.record(events.Kind.WRONG_PASSWORD, request, owner)
            return None
        _forget(limits)
        return user


def _is_of_browser(limits: dict[str, int]) -> bool:
    return any(name.startswith("browser:") for name in limits)


def _which(name: str) -> str:
    if name.startswith("address:"):
        return "many accounts from one address"
    return "one account from one address" if "@" in name or name.startswith("browser:") else "one account from many"


def _forget(limits: dict[str, int]) -> None:
    """After a right password: this try counts nowhere, and the account's failures at this address are forgotten.

    Those of the address and of the account stay, or somebody with an account could clear them between guesses.
    """
    first, *others = limits
    Throttle.objects.filter(name=first).delete()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE login_throttle SET tries = greatest(tries - 1, 0) WHERE name = ANY (%s)", [others])


def delete_old() -> int:
    """Delete counts whose window has ended; returns their number."""
    return Throttle.objects.filter(until__lt=Now()).delete()[0]


def remember_browser(request: HttpRequest, account: Any) -> None:
    """Have the response tell the browser that this account logged in here, too."""
    known = _accounts_of(request)
    if account.pk not in known:
        newest = [[account.pk, secrets.token_urlsafe(16)], *([pk, number] for pk, number in known.items())]
        setattr(request, _NEW_BROWSER, signing.dumps(newest[:_MOST_ACCOUNTS], salt=_SALT))


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    value = getattr(request, _NEW_BROWSER, None)
    if value is not None:
        response.set_cookie(
            COOKIE,
            value,
            max_age=_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _known_browser(request: HttpRequest, account: Any) -> str | None:
    """The number of a browser in which this account logged in before; None if it did not."""
    return _accounts_of(request).get(account.pk)


def _accounts_of(request: HttpRequest) -> dict[int, str]:
    """The accounts that logged in in this browser before, each with its number there, the newest first."""
    try:
        pairs = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_COOKIE_AGE)
        return {int(pk): str(number) for pk, number in pairs}
    except (signing.BadSignature, ValueError, TypeError):
        return {}
