"""What robots.txt lets us fetch (RFC 9309), remembered per origin for a while.

The file itself is fetched by the caller, through the same gate as everything else.
"""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from protego import Protego

LONGEST = 512_000
"""Bytes that are read of a robots.txt; RFC 9309 asks for at least 500 KiB."""
_KEPT = 3_600.0  # seconds; RFC 9309 allows a day
_KEPT_FAILURE = 300.0
_MOST_ORIGINS = 20_000
_MOST_BYTES = 20_000_000  # of robots.txt; parsed they take some thirty times that


@dataclass(frozen=True)
class Rules:
    """The rules of one origin for one product token. Without a parsed file, `allowed` holds for every URL."""

    parsed: Protego | None = None
    failure: str = ""
    """Why robots.txt could not be read, as a sentence; then nothing may be fetched for now."""
    size: int = 0
    """Bytes of the file."""

    def allow(self, url: str, agent: str) -> bool:
        return self.parsed is None or self.parsed.can_fetch(url, product_token(agent))

    def delay(self, agent: str) -> float | None:
        """Crawl-delay in seconds."""
        return None if self.parsed is None else self.parsed.crawl_delay(product_token(agent))


def read(body: bytes) -> Rules:
    """Rules from a robots.txt. The byte order mark goes first: with it the first line would not count."""
    body = body[:LONGEST]
    return Rules(Protego.parse(body.decode("utf-8-sig", errors="replace")), size=len(body))


def product_token(agent: str) -> str:
    """What a robots.txt calls us: the first word of the User-Agent, without its version."""
    return agent.partition("/")[0].partition(" ")[0]


@dataclass
class RobotsCache:
    """Rules per origin. May be shared by threads and event loops: at worst two fetch the same file.

    Bounded in origins and bytes, since a server may redirect to as many hosts as it likes.
    """

    _rules: dict[str, tuple[float, Rules]] = field(default_factory=dict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self, origin: str) -> Rules | None:
        until, rules = self._rules.get(origin, (0.0, None))
        return rules if until > time.monotonic() else None

    def keep(self, origin: str, rules: Rules) -> None:
        with self._lock:
            self._forget(origin)
            self._rules[origin] = (time.monotonic() + (_KEPT_FAILURE if rules.failure else _KEPT), rules)
            self._bytes += rules.size
            while len(self._rules) > _MOST_ORIGINS or self._bytes > _MOST_BYTES:
                self._forget(next(iter(self._rules)))

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._bytes = 0

    def _forget(self, origin: str) -> None:
        _, rules = self._rules.pop(origin, (0.0, Rules()))
        self._bytes -= rules.size


@dataclass
class RobotsAsker:
    """Asks each origin once at a time, within one event loop."""

    cache: RobotsCache
    fetch: Callable[[str], Awaitable[Rules]]
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def rules(self, origin: str) -> Rules:
        if (rules := self.cache.known(origin)) is not None:
            return rules
        async with self._asking.setdefault(origin, asyncio.Lock()):
            if (rules := self.cache.known(origin)) is None:
                rules = await self.fetch(origin)
                self.cache.keep(origin, rules)
        return rules
