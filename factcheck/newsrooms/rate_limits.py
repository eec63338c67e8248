"""Rate limits of newsrooms and of addresses without a key: token buckets in PostgreSQL or Redis.

Each client has a token bucket of one minute's requests that refills evenly. The store keeps only the time at which the
bucket will be full (the generic cell rate algorithm), in an unlogged table of PostgreSQL or in Redis. A crash that
empties the store fills every bucket, and while the store does not answer nobody is limited: the limit protects the
service and must not take it down.

Addresses are counted by hashes that nobody can undo after an hour (client_hash.py); none is stored.

A process takes up to a tenth of a second's tokens at once and spends them locally, so that a busy newsroom costs about
ten statements a second in a thread of a process, however many requests it sends. From a full bucket on, at most
`per_minute · (1 + seconds / 60)` requests pass, whatever the number of processes: nothing is spent that was not taken
first. A period that begins later may also include the tokens that threads had taken before, each at most a tenth of a
second's.

A request that asks for several answers at once is charged for each (`charge`): all of its tokens are taken, or none.
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

from factcheck.newsrooms import client_hash
from factcheck.newsrooms.models import Bucket, Newsroom

logger = logging.getLogger(__name__)

WINDOW = 60.0  # seconds in which an empty bucket refills
BATCH_SECONDS = 0.1  # seconds' worth of tokens that a process takes at once
FEED_TOKEN_PER_MINUTE = 30  # requests with one feed token; a reader asks every few minutes
_PAUSE = 5.0  # seconds without requests to a store that failed
_MAX_CLIENTS = 10_000  # clients whose state a process keeps


@dataclass(frozen=True)
class Allowance:
    """Whether a request may pass, and how many are left."""

    policy: str
    per_minute: int
    granted: bool
    remaining: int
    reset: int
    """Seconds until the bucket is full again."""
    retry_after: int = 0
    """Seconds until the next request may pass; 0 if this one does."""
    known: bool = True
    """False if the store did not answer, so that the number left is unknown."""

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy (draft-ietf-httpapi-ratelimit-headers-10), and Retry-After on a refusal."""
        if not self.known:
            return {}
        headers = {
            "RateLimit-Policy": f'"{self.policy}";q={self.per_minute};w={WINDOW:.0f}',
            "RateLimit": f'"{self.policy}";r={self.remaining};t={self.reset}',
        }
        return headers if self.granted else {**headers, "Retry-After": str(self.retry_after)}


def take(newsroom: Newsroom, *, more: int = 0) -> Allowance:
    """Count one request of a newsroom, with any of its keys; or so many `more` for one that was counted already."""
    who = ("newsroom", newsroom.public_id, newsroom.requests_per_minute)
    return _charge(*who, more) if more else _take(*who)


def take_without_key(address: str, *, more: int = 0) -> Allowance:
    """Count one request without a key, or so many `more` for one that was counted already."""
    who = ("address", client_hash.digest(f"address:{address}"), settings.ANONYMOUS_PER_MINUTE)
    return _charge(*who, more) if more else _take(*who)


def take_with_feed_token(prefix: str) -> Allowance:
    """Count one request with a feed token. Each has its own limit: a leaked one costs its newsroom nothing."""
    return _take("feed-token", prefix, FEED_TOKEN_PER_MINUTE)


def take_failure(address: str) -> Allowance:
    """Count one request with an invalid key."""
    return _take("failed-keys", client_hash.digest(f"address:{address}"), settings.FAILED_KEYS_PER_MINUTE)


class Store(Protocol):
    """The buckets that all processes share."""

    def take(self, name: str, per_minute: int, wanted: int, least: int = 1) -> tuple[int, float]:
        """Take up to `wanted` tokens, and none if there are fewer than `least`.

        Returns how many were given, and the seconds until the bucket is full again.
        """


class PostgreSQLStore:
    """Rows of an unlogged table. One statement, which waits only for another on the same bucket."""

    _TAKE = """
        INSERT INTO newsrooms_bucket AS bucket (name, full_at, given)
        VALUES (%(name)s, clock_timestamp() + make_interval(secs => %(wanted)s * %(each)s), %(wanted)s)
        ON CONFLICT (name) DO UPDATE SET (full_at, given) = (
            SELECT asked.starts + make_interval(secs => granted.number * %(each)s), granted.number
            FROM (SELECT clock_timestamp() AS at) AS clock,
                 LATERAL (SELECT least(greatest(bucket.full_at, clock.at),
                                       clock.at + make_interval(secs => %(window)s)) AS starts) AS asked,
                 LATERAL (SELECT extract(epoch FROM asked.starts - clock.at)::float8 AS lacks) AS bucket_lacks,
                 LATERAL (SELECT greatest(0, floor((%(window)s - lacks) / %(each)s + 1e-6)) AS tokens) AS bucket_has,
                 LATERAL (SELECT CASE WHEN tokens < %(least)s THEN 0
                                 ELSE least(%(wanted)s, tokens) END::integer AS number) AS granted)
        RETURNING given, extract(epoch FROM full_at - clock_timestamp())::float8
    """

    def take(self, name: str, per_minute: int, wanted: int, least: int = 1) -> tuple[int, float]:
        values: dict[str, str | float] = {"name": name, "wanted": wanted, "least": least}
        values |= {"each": WINDOW / per_minute, "window": WINDOW}
        with connection.cursor() as cursor:
            cursor.execute(self._TAKE, values)
            given, lacks = cursor.fetchone()
        return given, lacks


class StoreUnavailable(Exception):
    """The store does not answer."""


class RedisStore:
    """One Redis key per bucket, which expires once the bucket is full."""

    _TAKE = """
        local clock = redis.call('TIME')
        local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
        local wanted, each, window, least = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
        local full = tonumber(redis.call('GET', KEYS[1]) or now)
        local starts = math.min(math.max(full, now), now + window)
        local tokens = math.max(0, math.floor((window - (starts - now)) / each + 1e-6))
        local given = tokens < least and 0 or math.min(wanted, tokens)
        full = starts + given * each
        redis.call('SET', KEYS[1], string.format('%.6f', full), 'EX', math.ceil(window) + 1)
        return {given, string.format('%.6f', full - now)}
    """

    def __init__(self, url: str) -> None:
        import redis  # only this store needs it

        # Celery has its own scheme for the address of a socket file.
        url = url.replace("redis+socket://", "unix://", 1)
        self._redis = redis.Redis.from_url(url, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._script = self._redis.register_script(self._TAKE)
        self._error = redis.RedisError

    def take(self, name: str, per_minute: int, wanted: int, least: int = 1) -> tuple[int, float]:
        arguments = [wanted, WINDOW / per_minute, WINDOW, least]
        try:
            given, lacks = self._script(keys=[f"factcheck:limit:{name}"], args=arguments)
        except self._error as error:
            raise StoreUnavailable(str(error)) from error
        return int(given), float(lacks)


@functools.cache
def _store(address: str) -> Store:
    return PostgreSQLStore() if address == "postgresql" else RedisStore(address)


@dataclass
class _ClientState:
    """What this process knows of a bucket."""

    tokens: int = 0  # taken and not spent
    full_at: float = 0.0  # on this process's monotonic clock
    refused_until: float = 0.0


_clients: OrderedDict[tuple[str, int], _ClientState] = OrderedDict()
_lock = threading.Lock()
_paused_until = 0.0  # the store is not asked before


def reset() -> None:
    """Clear the state of this process, as in a new process."""
    global _paused_until
    with _lock:
        _clients.clear()
        _paused_until = 0.0
    client_hash.reset()


def delete_full() -> int:
    """Delete the rows of full buckets, which mean the same as no row; returns their number."""
    return Bucket.objects.filter(full_at__lt=Now()).delete()[0]


def _take(policy: str, who: str, per_minute: int) -> Allowance:
    per_minute = max(1, per_minute)
    name = f"{policy}:{who}"
    now = time.monotonic()
    with _lock:
        state = _clients.setdefault((name, per_minute), _ClientState())
        _clients.move_to_end((name, per_minute))
        while len(_clients) > _MAX_CLIENTS:
            _clients.popitem(last=False)
        if state.tokens:
            state.tokens -= 1
            return _allowance(policy, per_minute, state, now, granted=True)
        # The bucket stays empty until then whatever other processes do: no need to ask the store.
        if now < state.refused_until:
            return _allowance(policy, per_minute, state, now, granted=False)
    wanted = max(1, int(per_minute * BATCH_SECONDS / WINDOW))
    taken = _take_from_store(name, per_minute, wanted)
    if taken is None:
        return Allowance(policy, per_minute, granted=True, remaining=per_minute, reset=0, known=False)
    given, lacks = taken
    now = time.monotonic()
    with _lock:
        state.full_at = now + lacks
        if given:
            state.tokens += given - 1
        else:
            state.refused_until = now + max(0.0, lacks + WINDOW / per_minute - WINDOW)
        return _allowance(policy, per_minute, state, now, granted=bool(given))


def _charge(policy: str, who: str, per_minute: int, more: int) -> Allowance:
    """Take all of `more` tokens, or none. A whole bucket is enough for any request, which has taken one token already.

    If there are too few, the tokens that this process holds for others stay with it.
    """
    per_minute = max(1, per_minute)
    name = f"{policy}:{who}"
    more = min(more, per_minute - 1)
    if more < 1:
        return Allowance(policy, per_minute, granted=True, remaining=0, reset=math.ceil(WINDOW))
    taken = _take_from_store(name, per_minute, more, least=more)
    if taken is None:
        return Allowance(policy, per_minute, granted=True, remaining=per_minute, reset=0, known=False)
    given, lacks = taken
    now = time.monotonic()
    with _lock:
        state = _clients.setdefault((name, per_minute), _ClientState())
        state.full_at = now + lacks
        if given:
            return _allowance(policy, per_minute, state, now, granted=True)
        left = max(0, math.floor((WINDOW - lacks) / (WINDOW / per_minute)))
    # The next try takes a token for itself before it is charged.
    wait = max(1, math.ceil(lacks + (more + 1) * WINDOW / per_minute - WINDOW))
    return Allowance(policy, per_minute, granted=False, remaining=left, reset=math.ceil(lacks), retry_after=wait)


def _take_from_store(name: str, per_minute: int, wanted: int, least: int = 1) -> tuple[int, float] | None:
    """Take tokens from the shared store; None if it does not answer."""
    global _paused_until
    if time.monotonic() < _paused_until:
        return None
    try:
        return _store(settings.RATE_LIMIT_STORE).take(name, per_minute, wanted, least)
    except (DatabaseError, StoreUnavailable) as error:
        logger.error("The rate limit store does not answer; no limit applies for the moment: %s", error)
        _paused_until = time.monotonic() + _PAUSE
        return None


def _allowance(policy: str, per_minute: int, state: _ClientState, now: float, *, granted: bool) -> Allowance:
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
