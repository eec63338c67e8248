"""Parse robots.txt (RFC 9309), and cache its rules per origin. The fetcher downloads the file."""

import asyncio
import re
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from protego import Protego

MAX_BYTES = 512_000
"""Bytes read of a robots.txt; RFC 9309 requires at least 500 KiB."""
_CACHE_SECONDS = 3_600.0  # RFC 9309 allows a day
_CACHE_SECONDS_OF_FAILURE = 300.0
_MAX_ORIGINS = 20_000
_MAX_CACHED_BYTES = 20_000_000  # of robots.txt files; parsed, they take some thirty times as much
_VERSION = re.compile(r"(?im)^([ \t]*user[- ]?agents?[ \t]*:[ \t]*[^\s/#(]+)(?:/|[ \t]+(?=[v(]?\d|\())[^\r\n#]*")


@dataclass(frozen=True)
class Rules:
    """The rules of one origin. Without a parsed file, every URL is allowed."""

    parsed: Protego | None = None
    failure: str = ""
    """Why robots.txt could not be read, as a sentence; then nothing may be fetched for now."""
    size: int = 0
    """Bytes of the file."""

    def allow(self, url: str, agent: str) -> bool:
        return self.parsed is None or self.parsed.can_fetch(url, product_token(agent))

    def delay(self, agent: str) -> float | None:
        """Return the Crawl-delay in seconds."""
        return None if self.parsed is None else self.parsed.crawl_delay(product_token(agent))


def parse(body: bytes) -> Rules:
    """Parse a robots.txt, without its byte order mark, which would invalidate the first line.

    A group that names `FactCheck/1.0` is read as one for `FactCheck`, the product token of RFC 9309: its author means
    us, whatever our version is.
    """
    body = body[:MAX_BYTES]
    text = "\n".join(body.decode("utf-8-sig", errors="replace").splitlines())  # RFC 9309 allows CR alone
    return Rules(Protego.parse(_VERSION.sub(r"\1", text)), size=len(body))


def product_token(agent: str) -> str:
    """Return the name by which a robots.txt addresses us: the first word of the User-Agent, without its version."""
    return agent.partition("/")[0].partition(" ")[0]


@dataclass
class RobotsCache:
    """A cache of rules per origin, which threads and event loops may share: at worst two fetch the same file.

    Its origins and bytes are limited, since a server may redirect to any number of hosts.
    """

    _rules: dict[str, tuple[float, Rules]] = field(default_factory=dict)
    _bytes: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, origin: str) -> Rules | None:
        until, rules = self._rules.get(origin, (0.0, None))
        return rules if until > time.monotonic() else None

    def put(self, origin: str, rules: Rules) -> None:
        seconds = _CACHE_SECONDS_OF_FAILURE if rules.failure else _CACHE_SECONDS
        with self._lock:
            self._remove(origin)
            self._rules[origin] = (time.monotonic() + seconds, rules)
            self._bytes += rules.size
            while len(self._rules) > _MAX_ORIGINS or self._bytes > _MAX_CACHED_BYTES:
                self._remove(next(iter(self._rules)))

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._bytes = 0

    def _remove(self, origin: str) -> None:
        _, rules = self._rules.pop(origin, (0.0, Rules()))
        self._bytes -= rules.size


@dataclass
class RobotsClient:
    """Returns cached rules, or fetches them once at a time per origin within one event loop."""

    cache: RobotsCache
    fetch: Callable[[str], Awaitable[Rules]]
    _locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    async def rules(self, origin: str) -> Rules:
        if (rules := self.cache.get(origin)) is not None:
            return rules
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if (rules := self.cache.get(origin)) is None:
                rules = await self.fetch(origin)
                self.cache.put(origin, rules)
        return rules
