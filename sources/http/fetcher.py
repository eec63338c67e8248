"""The one way out: every request that leaves for the network is made here.

Promises, whatever a URL, a resolver, a redirect or a server says:
- no byte goes to an address that is not publicly routable: each address is checked when it is resolved, when
  it is connected to, and once more against the connected socket before the first byte is sent;
- one request at a time to a host, robots.txt and the ends of redirects included;
- no answer costs more than its bounds in time, in bytes on the wire and in bytes after inflation;
- a failure is an outcome with a sentence, never an exception and never a body.

Proxies of the environment, cookies, Alt-Svc and automatic redirects are not used. No database, no settings.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from sources.http.addresses import AddressRefused, Target, UrlRefused, address_and_port, target
from sources.http.guard import guarded_session
from sources.http.responses import Failed, FetchResult, Reason, exchange, within
from sources.http.robots import LONGEST as LONGEST_ROBOTS
from sources.http.robots import RobotsAsker, RobotsCache, Rules
from sources.http.robots import read as read_robots
from sources.outcome import Outcome

__all__ = [
    "FetchRequest",
    "FetchResult",
    "Fetcher",
    "Reason",
    "fetch",
    "fetch_many",
    "forget_robots",
    "opened",
]

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_robots = RobotsCache()


@dataclass(frozen=True)
class FetchRequest:
    """A page to fetch, with the validators its server gave last, exactly as they came."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class Bounds:
    """What one fetch may cost: seconds over all hops, bytes of a body on the wire and again when inflated."""

    seconds: float = 30.0
    bytes: int = 10_000_000


@asynccontextmanager
async def opened(
    *,
    user_agent: str,
    allow: str | tuple[str, int] | None = None,
    total_deadline: float = 30.0,
    max_bytes: int = 10_000_000,
    concurrency: int = 100,
    obey_robots: bool = True,
    trust: ssl.SSLContext | None = None,
) -> AsyncIterator["Fetcher"]:
    """A fetcher for the running event loop, with at most `concurrency` connections at a time.

    `allow` is one exact address and port (`127.0.0.1:8001`) that may be reached although it is not public.
    `trust` replaces the certificate authorities. `max_bytes` and `total_deadline` (seconds) are for each page.
    """
    exception = address_and_port(allow)
    bounds = Bounds(total_deadline, max_bytes)
    largest = max(max_bytes, LONGEST_ROBOTS)
    async with guarded_session(user_agent, exception, concurrency, trust, largest) as session:
        yield Fetcher(session, user_agent, exception, bounds, obey_robots)


async def fetch_many(
    requests: Sequence[FetchRequest],
    *,
    concurrency: int = 100,
    allow: str | tuple[str, int] | None = None,
    **given: Any,
) -> list[FetchResult]:
    """Fetch all requests, `concurrency` hosts at a time; results are in the order of the requests.

    Pages of one host are fetched one after the other, so a batch with many of one slow host takes long. The rest is
    given as for `opened`.
    """
    exception = address_and_port(allow)
    gate = asyncio.Semaphore(concurrency)
    results: dict[int, FetchResult] = {}
    async with opened(concurrency=concurrency, allow=exception, **given) as fetcher:

        async def one_host(numbers: list[int]) -> None:
            for number in numbers:
                async with gate:
                    results[number] = await fetcher.fetch(requests[number])

        await asyncio.gather(*map(one_host, _by_host(requests, exception)))
    return [results[number] for number in range(len(requests))]


def fetch(url: str, *, user_agent: str, **given: Any) -> FetchResult:
    """Fetch one page now, outside of any event loop; `given` as for `fetch_many`."""
    return asyncio.run(fetch_many([FetchRequest(url)], user_agent=user_agent, **given))[0]


def forget_robots() -> None:
    """Ask every host for its robots.txt anew."""
    _robots.clear()


def _by_host(requests: Sequence[FetchRequest], allow: tuple[str, int] | None) -> list[list[int]]:
    """The places of the requests, those of one host together."""
    hosts: dict[str, list[int]] = {}
    for number, request in enumerate(requests):
        try:
            host = target(request.url, allow).host
        except (UrlRefused, AddressRefused):
            host = ""  # these cost nothing; fetching them says why not
        hosts.setdefault(host, []).append(number)
    return list(hosts.values())


def _same_page(asked: Target, to: Target) -> bool:
    """Whether a redirect changed but http to https, `www.` or the last slash: the page's full address."""

    def plain(address: Target) -> tuple[str, str, str]:
        parts = urlsplit(address.url)
        return address.host.removeprefix("www."), parts.path.rstrip("/"), parts.query

    return plain(asked) == plain(to)


@dataclass
class Fetcher:
    """Fetches pages in one event loop: see `opened`."""

    session: aiohttp.ClientSession
    user_agent: str
    allow: tuple[str, int] | None
    bounds: Bounds
    obey_robots: bool
    robots: RobotsAsker = field(init=False)
    _asking: dict[str, asyncio.Lock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.robots = RobotsAsker(_robots, self._fetch_robots)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        redirects: list[tuple[int, str]] = []
        result = await within(self.bounds.seconds, lambda: self._follow(request, redirects))
        return replace(
            result,
            redirects=tuple(redirects),
            final_url=result.final_url or (redirects[-1][1] if redirects else request.url),
        )

    async def _follow(self, request: FetchRequest, redirects: list[tuple[int, str]]) -> FetchResult:
        validators = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
        # Other characters would not go back as the bytes they came as.
        headers = {
            name: value for name, value in validators.items() if value and value.isascii() and value.isprintable()
        }
        to = asked = target(request.url, self.allow)
        while True:
            if not _same_page(asked, to):
                headers = {}  # another page may well have the same ETag, or be older than that date
            delay = await self._ask_robots(to) if self.obey_robots else None
            result = await self._exchange(to, headers, self.bounds.bytes)
            if result.status not in REDIRECTS:
                if result.outcome is Outcome.UNCHANGED and not headers:
                    raise Failed(
                        Outcome.ERROR,
                        "The server said “not modified” though nothing was asked of it.",
                        Reason.PROTOCOL,
                        status=304,
                    )
                return replace(result, final_url=to.url, crawl_delay=delay)
            to = self._next(to, result, redirects)

    async def _exchange(self, to: Target, headers: dict[str, str], most: int, *, cut: bool = False) -> FetchResult:
        # Whoever waits here holds no other host, so that two redirects across do not wait for each other.
        async with self._asking.setdefault(to.host, asyncio.Lock()):
            return await exchange(self.session, to, headers, most, cut=cut)

    def _next(self, at: Target, result: FetchResult, redirects: list[tuple[int, str]]) -> Target:
        places = [value for name, value in result.headers if name.lower() == "location"]
        if len(places) != 1:
            raise Failed(
                Outcome.ERROR,
                "The server redirects without saying where to.",
                Reason.PROTOCOL,
                status=result.status,
            )
        if len(redirects) >= MOST_REDIRECTS:
            raise Failed(
                Outcome.ERROR,
                f"The server redirects more than {MOST_REDIRECTS} times.",
                Reason.REDIRECTS,
                status=result.status,
            )
        try:
            place = places[0].encode("latin-1").decode()
        except UnicodeDecodeError:
            place = places[0]
        # urljoin silently drops tabs and line breaks, so the form is checked on what it was given too.
        if re.search("[\x00-\x20\x7f\\\\]", place):
            raise UrlRefused("The server redirects to something that is no URL.")
        to = target(urljoin(at.url, place), self.allow)
        redirects.append((result.status or 0, to.url))
        return to

    async def _ask_robots(self, to: Target) -> float | None:
        """Raise unless robots.txt lets us ask for this URL; else the host's Crawl-delay."""
        rules = await self.robots.rules(to.origin)
        if rules.failure:
            raise Failed(Outcome.ERROR, rules.failure, Reason.ROBOTS, final_url=to.url)
        if not rules.allow(to.url, self.user_agent):
            raise Failed(
                Outcome.DISALLOWED,
                f"The robots.txt of {to.host} asks that this page not be fetched.",
                final_url=to.url,
            )
        return rules.delay(self.user_agent)

    async def _fetch_robots(self, origin: str) -> Rules:
        """RFC 9309, 2.3.1: no file allows all, an unreachable one nothing for now."""
        to = target(f"{origin}/robots.txt", self.allow)
        redirects: list[tuple[int, str]] = []
        while True:
            result = await self._exchange(to, {}, LONGEST_ROBOTS, cut=True)
            if result.status not in REDIRECTS:
                break
            if len(redirects) >= MOST_REDIRECTS:
                return Rules()
            to = self._next(to, result, redirects)
        status = result.status or 0
        if result.outcome is Outcome.OK and result.body is not None:
            return read_robots(result.body)
        if 400 <= status < 500 and status != 429:
            return Rules()
        return Rules(
            failure=f"The robots.txt of {to.host} cannot be read (HTTP {status}), so the page was not asked for."
        )
