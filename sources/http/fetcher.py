"""Fetch web pages safely: only from public addresses, obeying robots.txt, within limits of time and size.

Guarantees, whatever a URL, a resolver, a redirect or a server returns:
- no byte is sent to an address that is not publicly routable: each address is checked when it is resolved, when
  it is connected to, and against the connected socket before the first byte is sent;
- a host receives one request at a time, including requests for robots.txt and redirect targets;
- no response exceeds its limits of time, bytes on the wire and bytes after decompression;
- a failure is an outcome with a sentence, never an exception and never a body.

Environment proxies, cookies, Alt-Svc and automatic redirects are not used. No database, no settings.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import aiohttp

from sources.http.addresses import AddressRefused, Target, UrlRefused, address_and_port, target
from sources.http.guard import guarded_session
from sources.http.responses import FetchFailed, FetchResult, Reason, get_page, run_within
from sources.http.robots import MAX_BYTES as MAX_ROBOTS_BYTES
from sources.http.robots import RobotsCache, RobotsClient, Rules
from sources.http.robots import parse as parse_robots
from sources.outcome import Outcome

__all__ = [
    "FetchRequest",
    "FetchResult",
    "Fetcher",
    "Reason",
    "clear_robots_cache",
    "fetch",
    "fetch_many",
    "open_fetcher",
]

MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_robots = RobotsCache()


@dataclass(frozen=True)
class FetchRequest:
    """A page to fetch, with the validators that its server sent last, unchanged."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True)
class FetchLimits:
    """The limits of one fetch: seconds over all redirects, and bytes of a body, on the wire and decompressed."""

    seconds: float = 30.0
    bytes: int = 10_000_000


@asynccontextmanager
async def open_fetcher(
    *,
    user_agent: str,
    allow: str | tuple[str, int] | None = None,
    total_deadline: float = 30.0,
    max_bytes: int = 10_000_000,
    concurrency: int = 100,
    obey_robots: bool = True,
    trust: ssl.SSLContext | None = None,
) -> AsyncIterator["Fetcher"]:
    """Open a fetcher in the running event loop, with at most `concurrency` connections.

    `allow` is one private address and port (`127.0.0.1:8001`) that may be reached nevertheless. `trust` replaces the
    certificate authorities. `max_bytes` and `total_deadline` (seconds) apply to each page.
    """
    exception = address_and_port(allow)
    limits = FetchLimits(total_deadline, max_bytes)
    largest = max(max_bytes, MAX_ROBOTS_BYTES)
    async with guarded_session(user_agent, exception, concurrency, trust, largest) as session:
        yield Fetcher(session, user_agent, exception, limits, obey_robots)


async def fetch_many(
    requests: Sequence[FetchRequest],
    *,
    concurrency: int = 100,
    allow: str | tuple[str, int] | None = None,
    **options: Any,
) -> list[FetchResult]:
    """Fetch all requests, from `concurrency` hosts at a time, and return the results in the order of the requests.

    Pages of one host are fetched one after the other, so many pages of one slow host take long. `options` are those
    of `open_fetcher`.
    """
    exception = address_and_port(allow)
    slots = asyncio.Semaphore(concurrency)
    results: dict[int, FetchResult] = {}
    async with open_fetcher(concurrency=concurrency, allow=exception, **options) as fetcher:

        async def fetch_host(numbers: list[int]) -> None:
            for number in numbers:
                async with slots:
                    results[number] = await fetcher.fetch(requests[number])

        await asyncio.gather(*map(fetch_host, _by_host(requests, exception)))
    return [results[number] for number in range(len(requests))]


def fetch(url: str, *, user_agent: str, **options: Any) -> FetchResult:
    """Fetch one page, outside an event loop; `options` as for `fetch_many`."""
    return asyncio.run(fetch_many([FetchRequest(url)], user_agent=user_agent, **options))[0]


def clear_robots_cache() -> None:
    """Forget the robots.txt of every host."""
    _robots.clear()


def _by_host(requests: Sequence[FetchRequest], allow: tuple[str, int] | None) -> list[list[int]]:
    """Return the positions of the requests, grouped by host."""
    hosts: dict[str, list[int]] = {}
    for number, request in enumerate(requests):
        try:
            host = target(request.url, allow).host
        except (UrlRefused, AddressRefused):
            host = ""  # refused without a request, when fetched
        hosts.setdefault(host, []).append(number)
    return list(hosts.values())


def _same_page(requested: Target, to: Target) -> bool:
    """Whether two URLs differ only in http or https, `www.`, or a trailing slash."""

    def plain(address: Target) -> tuple[str, str, str]:
        parts = urlsplit(address.url)
        return address.host.removeprefix("www."), parts.path.rstrip("/"), parts.query

    return plain(requested) == plain(to)


_AUTHORITY = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*|", re.I)
_ENCODABLE = "".join(map(chr, range(0x21, 0x7F)))  # everything but spaces and what is not ASCII
_NO_URL = re.compile(r"[\x00-\x1f\x7f]")


def _location(header: str) -> str:
    """Return the target in a Location header as browsers read it; raise `UrlRefused` for what is not a URL.

    White space around it is dropped, a space or a byte beyond ASCII in path and query is percent-encoded, and a
    backslash in the path is a slash. None of this applies to the host, where readings could differ.
    """
    header = header.strip(" \t")
    if not header.isascii():
        try:
            header = header.encode("latin-1").decode()
        except UnicodeDecodeError:
            header = quote(header.encode("latin-1"), safe=_ENCODABLE + " ")
    found = _AUTHORITY.match(header)
    authority = found[0] if found else ""
    path, mark, query = header[len(authority) :].partition("?")
    # Checked before urljoin too, which silently drops tabs and line breaks.
    if _NO_URL.search(header) or re.search(r"[ \\]", authority) or "\\" in path[:2]:
        raise UrlRefused("The server redirects to something that is not a URL.")
    return authority + quote(path.replace("\\", "/"), safe=_ENCODABLE) + mark + quote(query, safe=_ENCODABLE)


@dataclass
class Fetcher:
    """Fetches pages in one event loop: see `open_fetcher`."""

    session: aiohttp.ClientSession
    user_agent: str
    allow: tuple[str, int] | None
    limits: FetchLimits
    obey_robots: bool
    robots: RobotsClient = field(init=False)
    _host_locks: dict[str, asyncio.Lock] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.robots = RobotsClient(_robots, self._fetch_robots)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        redirects: list[tuple[int, str]] = []
        result = await run_within(self.limits.seconds, lambda: self._follow(request, redirects))
        return replace(
            result,
            redirects=tuple(redirects),
            final_url=result.final_url or (redirects[-1][1] if redirects else request.url),
        )

    async def _follow(self, request: FetchRequest, redirects: list[tuple[int, str]]) -> FetchResult:
        validators = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
        # Other characters would not be sent back as the same bytes.
        headers = {
            name: value for name, value in validators.items() if value and value.isascii() and value.isprintable()
        }
        to = requested = target(request.url, self.allow)
        while True:
            if not _same_page(requested, to):
                headers = {}  # another page may have the same ETag, or be older than that date
            delay = await self._check_robots(to) if self.obey_robots else None
            result = await self._get(to, headers, self.limits.bytes)
            if result.status not in REDIRECTS:
                if result.outcome is Outcome.UNCHANGED and not headers:
                    raise FetchFailed(
                        Outcome.ERROR,
                        "The server responded “not modified” to an unconditional request.",
                        Reason.PROTOCOL,
                        status=304,
                    )
                return replace(result, final_url=to.url, crawl_delay=delay)
            to = self._redirect_target(to, result, redirects)

    async def _get(self, to: Target, headers: dict[str, str], most: int, *, cut: bool = False) -> FetchResult:
        # A waiting request holds no other host's lock, so two redirects across hosts cannot deadlock.
        async with self._host_locks.setdefault(to.host, asyncio.Lock()):
            return await get_page(self.session, to, headers, most, cut=cut)

    def _redirect_target(self, at: Target, result: FetchResult, redirects: list[tuple[int, str]]) -> Target:
        locations = {value for name, value in result.headers if name.lower() == "location"}
        if len(locations) != 1:
            raise FetchFailed(
                Outcome.ERROR,
                "The server redirects without naming one target.",
                Reason.PROTOCOL,
                status=result.status,
            )
        if len(redirects) >= MAX_REDIRECTS:
            raise FetchFailed(
                Outcome.ERROR,
                f"The server redirects more than {MAX_REDIRECTS} times.",
                Reason.REDIRECTS,
                status=result.status,
            )
        to = target(urljoin(at.url, _location(locations.pop())), self.allow)
        redirects.append((result.status or 0, to.url))
        return to

    async def _check_robots(self, to: Target) -> float | None:
        """Raise unless robots.txt allows this URL; return the host's Crawl-delay in seconds."""
        rules = await self.robots.rules(to.origin)
        if rules.failure:
            raise FetchFailed(Outcome.ERROR, rules.failure, Reason.ROBOTS, final_url=to.url)
        if not rules.allow(to.url, self.user_agent):
            raise FetchFailed(
                Outcome.DISALLOWED,
                f"The robots.txt of {to.host} disallows fetching this page.",
                final_url=to.url,
            )
        return rules.delay(self.user_agent)

    async def _fetch_robots(self, origin: str) -> Rules:
        """Fetch robots.txt (RFC 9309, 2.3.1): a missing file allows everything, an unreachable one nothing for now."""
        to = target(f"{origin}/robots.txt", self.allow)
        redirects: list[tuple[int, str]] = []
        while True:
            result = await self._get(to, {}, MAX_ROBOTS_BYTES, cut=True)
            if result.status not in REDIRECTS:
                break
            if len(redirects) >= MAX_REDIRECTS:
                return Rules()
            to = self._redirect_target(to, result, redirects)
        status = result.status or 0
        if result.outcome is Outcome.OK and result.body is not None:
            return parse_robots(result.body)
        if 400 <= status < 500 and status != 429:
            return Rules()
        return Rules(
            failure=f"The robots.txt of {to.host} cannot be read (HTTP {status}), so the page was not requested."
        )
