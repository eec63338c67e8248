"""Asking a service: one request of any method through the gate, its answer read whatever the status.

Redirects are never followed, so that a key goes to no other host; robots.txt is for pages, not for services
one has an account with. Everything else is as in `sources.http.fetcher`. No database, no settings.

`ask` is for one question outside of any event loop; `telling` opens a `Teller`, which sends many messages at once and
wants to know of each whether it was received.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sources.http.addresses import address_and_port, target
from sources.http.guard import Session, guarded_session
from sources.http.responses import FetchResult, converse, tell, within

# Bytes of an answer that a connection may bring beside the part that is kept.
_SMALL = 64_000


def ask(
    url: str,
    *,
    user_agent: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    allow: str | tuple[str, int] | None = None,
    total_deadline: float = 30.0,
    max_bytes: int = 1_000_000,
) -> FetchResult:
    """Send one request, outside of any event loop. A failure is a result with a sentence; `allow` as for a fetch."""
    exception = address_and_port(allow)

    async def once() -> FetchResult:
        async with guarded_session(user_agent, exception, 1, None, max_bytes) as session:
            return await converse(session, target(url, exception), method, dict(headers or {}), body, max_bytes)

    return replace(asyncio.run(within(total_deadline, once)), final_url=url)


@asynccontextmanager
async def telling(
    *, user_agent: str, allow: str | tuple[str, int] | None = None, concurrency: int = 100
) -> AsyncIterator["Teller"]:
    """A teller for the running event loop, with at most so many connections at a time; `allow` as for a fetch."""
    exception = address_and_port(allow)
    async with guarded_session(user_agent, exception, concurrency, None, _SMALL) as session:
        yield Teller(session, exception)


@dataclass
class Teller:
    """Sends messages in one event loop: see `telling`."""

    session: Session
    exception: tuple[str, int] | None

    async def tell(
        self, url: str, *, headers: Mapping[str, str], body: bytes, seconds: float, most: int = 2_000
    ) -> FetchResult:
        """POST a message. The status says whether it was received; of the answer the first `most` bytes are kept.

        A new connection each time: its address is checked anew, and none that was closed meanwhile is written into. A
        failure is a result with a sentence.
        """
        result = await within(
            seconds, lambda: tell(self.session, target(url, self.exception), dict(headers), body, most)
        )
        return replace(result, final_url=url)
