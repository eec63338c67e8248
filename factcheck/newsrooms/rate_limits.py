"""How often a newsroom, or an address without a key, may ask: one allowance over all processes and hosts.

A token bucket that holds a minute's worth and fills evenly. What is kept is the moment at which it will be full
again, which is all there is to know (the generic cell rate algorithm): in an unlogged table of PostgreSQL, or in
Redis. A crash that empties the store fills every bucket, and a store that does not answer lets everybody pass:
the limit protects the service and must not be what takes it down.

A process takes up to a tenth of a second's worth at once and spends it by itself, so that a busy newsroom costs
some ten statements a second in a thread of a process, however many requests it sends. The bound: nothing is spent
that was not taken first, so from a full bucket on at most `per_minute · (1 + seconds / 60)` requests pass, whatever
the number of processes. A span that begins in the midst of things may see besides what the threads had in hand
then, each at most a tenth of a second's worth.
"""

import functools
import logging
import math
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from factcheck.newsrooms.models import Bucket, Newsroom

logger = logging.getLogger(__name__)

WINDOW = 60.0  # seconds that an empty bucket takes to fill
AT_ONCE = 0.1  # seconds of filling that a process takes in one go
_PAUSE = 5.0  # seconds for which a store that failed is not asked
_REMEMBERED = 10_000  # clients whose state a process keeps


@dataclass(frozen=True)
class Allowance:
    """Whether a request may pass, and what is left."""

    policy: str
    per_minute: int
    granted: bool
    remaining: int
    reset: int
    """Seconds until the bucket is full again."""
    retry_after: int = 0
    """Seconds until the next request may pass; 0 if this one does."""
    known: bool = True
    """False if the store did not answer, so that nothing can be said of what is left."""

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After on a refusal."""
        if not self.known:
            return {}
        told = {
            "RateLimit-Policy": f'"{self.policy}";q={self.per_minute};w={WINDOW:.0f}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset}',
        }
        return told if self.granted else {**told, "Retry-After": str(self.retry_after)}


def take(newsroom: Newsroom) -> Allowance:
    """One request of a newsroom, with any of its keys."""
    return _take("newsroom", newsroom.public_id, newsroom.requests_per_minute)


def take_without_key(address: str) -> Allowance:
    """One request that came without a key."""
    return _take("address", address, settings.ANONYMOUS_PER_MINUTE)


def take_failure(address: str) -> Allowance:
    """One request whose key opens nothing."""
    return _take("failed-keys", address, settings.FAILED_KEYS_PER_MINUTE)


class Store(Protocol):
    """Where the buckets are that all processes share."""

    def take(self, name: str, per_minute: int, wanted: int) -> tuple[int, float]:
        """Take up to `wanted` from the bucket: how many were given, and seconds until it is full again."""


class InPostgreSQL:
    """Rows of an unlogged table; one statement, which waits only for another that takes from the same bucket."""

    _TAKE = """
        INSERT INTO newsrooms_bucket AS bucket (name, full_at, given)
        VALUES (%(name)s, clock_timestamp() + make_interval(secs => %(wanted)s * %(each)s), %(wanted)s)
        ON CONFLICT (name) DO UPDATE SET (full_at, given) = (
            SELECT asked.starts + make_interval(secs => granted.number * %(each)s), granted.number
            FROM (SELECT clock_timestamp() AS at) AS clock,
                 LATERAL (SELECT least(greatest(bucket.full_at, clock.at),
                                       clock.at + make_interval(secs => %(window)s)) AS starts) AS asked,
                 LATERAL (SELECT extract(epoch FROM asked.starts - clock.at)::float8 AS lacks) AS bucket_lacks,
                 LATERAL (SELECT least(%(wanted)s, greatest(0, floor(
                     (%(window)s - lacks) / %(each)s + 1e-6)))::integer AS number) AS granted)
        RETURNING given, extract(epoch FROM full_at - clock_timestamp())::float8
    """

    def take(self, name: str, per_minute: int, wanted: int) -> tuple[int, float]:
        each = WINDOW / per_minute
        with connection.cursor() as cursor:
            cursor.execute(self._TAKE, {"name": name, "wanted": wanted, "each": each, "window": WINDOW})
            given, lacks = cursor.fetchone()
        return given, lacks


class Silent(Exception):
    """The store does not answer."""


class InRedis:
    """A key per bucket that Redis forgets once it is full."""

    _TAKE = """
        local clock = redis.call('TIME')
        local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
        local wanted, each, window = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
        local full = tonumber(redis.call('GET', KEYS[1]) or now)
        local starts = math.min(math.max(full, now), now + window)
        local given = math.min(wanted, math.max(0, math.floor((window - (starts - now)) / each + 1e-6)))
        full = starts + given * each
        redis.call('SET', KEYS[1], string.format('%.6f', full), 'EX', math.ceil(window) + 1)
        return {given, string.format('%.6f', full - now)}
    """

    def __init__(self, url: str) -> None:
        import redis  # where PostgreSQL counts, nothing needs it

        # Celery writes the address of a socket file in its own way.
        url = url.replace("redis+socket://", "unix://", 1)
        self._redis = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._script = self._redis.register_script(self._TAKE)
        self._error = redis.RedisError

    def take(self, name: str, per_minute: int, wanted: int) -> tuple[int, float]:
        try:
            given, lacks = self._script(keys=[f"factcheck:limit:{name}"], args=[wanted, WINDOW / per_minute, WINDOW])
        except self._error as error:
            raise Silent(str(error)) from error
        return int(given), float(lacks)


@functools.cache
def _store(address: str) -> Store:
    return InPostgreSQL() if address == "postgresql" else InRedis(address)


@dataclass
class _InHand:
    """What this process knows of a bucket."""

    tokens: int = 0
    full_at: float = 0.0  # on this process's monotonic clock
    refused_until: float = 0.0


_clients: OrderedDict[tuple[str, int], _InHand] = OrderedDict()
_lock = threading.Lock()
_silent_until = 0.0  # until then the store is not asked


def forget() -> None:
    """Forget what this process has in hand, as a new process would."""
    global _silent_until
    with _lock:
        _clients.clear()
        _silent_until = 0.0


def forget_full() -> int:
    """Delete the rows of buckets that are full again, as one without a row is; returns how many."""
    return Bucket.objects.filter(full_at__lt=Now()).delete()[0]


def _take(policy: str, who: str, per_minute: int) -> Allowance:
    per_minute = max(1, per_minute)
    name = f"{policy}:{who}"
    now = time.monotonic()
    with _lock:
        state = _clients.setdefault((name, per_minute), _InHand())
        _clients.move_to_end((name, per_minute))
        while len(_clients) > _REMEMBERED:
            _clients.popitem(last=False)
        if state.tokens:
            state.tokens -= 1
            return _allowance(policy, per_minute, state, now, granted=True)
        # Refused once, a bucket stays empty that long whatever others do: no need to ask again.
        if now < state.refused_until:
            return _allowance(policy, per_minute, state, now, granted=False)
    wanted = max(1, int(per_minute * AT_ONCE / WINDOW))
    answer = _ask(name, per_minute, wanted)
    if answer is None:
        return Allowance(policy, per_minute, granted=True, remaining=per_minute, reset=0, known=False)
    given, lacks = answer
    now = time.monotonic()
    with _lock:
        state.full_at = now + lacks
        if given:
            state.tokens += given - 1
        else:
            state.refused_until = now + max(0.0, lacks + WINDOW / per_minute - WINDOW)
        return _allowance(policy, per_minute, state, now, granted=bool(given))


def _ask(name: str, per_minute: int, wanted: int) -> tuple[int, float] | None:
    """What the shared store gives; None if it does not answer."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return None
    try:
        return _store(settings.RATE_LIMIT_STORE).take(name, per_minute, wanted)
    except (DatabaseError, Silent) as error:
        logger.error("Requests are not limited for the moment, the store of limits does not answer: %s", error)
        _silent_until = time.monotonic() + _PAUSE
        return None


def _allowance(policy: str, per_minute: int, state: _InHand, now: float, *, granted: bool) -> Allowance:
    lacks = max(0.0, state.full_at - now)
    left = max(0, math.floor((WINDOW - lacks) / (WINDOW / per_minute)))
    return Allowance(
        policy,
        per_minute,
        granted=granted,
        remaining=min(per_minute, state.tokens + left) if granted else 0,
        reset=math.ceil(lacks),
        retry_after=0 if granted else max(1, math.ceil(state.refused_until - now)),
    )
