"""HTTP client for services and webhooks: send a request of any method and read the response whatever its status.

Redirects are never followed, so that a key is sent to no other host. robots.txt is ignored, because it is for web
pages. Everything else is as in `sources.http.fetcher`. No database, no settings.

`request` sends one request outside an event loop; `open_sender` opens a `MessageSender` for many concurrent messages.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from sources.http.addresses import address_and_port, target
from sources.http.guard import Session, guarded_session
from sources.http.responses import FetchResult, post_message, run_within, send_request

# Bytes of a response that a connection may receive besides the part that is kept.
_MAX_REMAINDER = 64_000


def request(
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
    """Send one request, outside an event loop. A failure is a result with a sentence, never an exception.

    `allow` is one private address and port that may be reached nevertheless, `total_deadline` is in seconds.
    """
    exception = address_and_port(allow)

    async def once() -> FetchResult:
        async with guarded_session(user_agent, exception, 1, None, max_bytes) as session:
            return await send_request(session, target(url, exception), method, dict(headers or {}), body, max_bytes)

    return replace(asyncio.run(run_within(total_deadline, once)), final_url=url)


@asynccontextmanager
async def open_sender(
    *, user_agent: str, allow: str | tuple[str, int] | None = None, concurrency: int = 100
) -> AsyncIterator["MessageSender"]:
    """Open a sender in the running event loop, with at most `concurrency` connections; `allow` as for `request`."""
    exception = address_and_port(allow)
    async with guarded_session(user_agent, exception, concurrency, None, _MAX_REMAINDER) as session:
        yield MessageSender(session, exception)


@dataclass
class MessageSender:
    """Sends messages in one event loop: see `open_sender`."""

    session: Session
    exception: tuple[str, int] | None

    async def post(
        self, url: str, *, headers: Mapping[str, str], body: bytes, seconds: float, most: int = 2_000
    ) -> FetchResult:
        """POST a message and return its status with the first `most` bytes of the response.

        Each message has a new connection, so its address is checked again and no stale connection is used. A failure is
        a result with a sentence, never an exception.
        """
        result = await run_within(
            seconds, lambda: post_message(self.session, target(url, self.exception), dict(headers), body, most)
        )
        return replace(result, final_url=url)
