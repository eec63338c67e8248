"""Asking a service: one request of any method through the gate, its answer read whatever the status.

Redirects are never followed, so that a key goes to no other host; robots.txt is for pages, not for services
one has an account with. Everything else is as in `sources.fetching`. No database, no settings.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from sources.addresses import address_and_port, target
from sources.answers import FetchResult, as_result, converse
from sources.gate import guarded_session


def ask(
    url: str,
    *,
    user_agent: str,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    allow: str | None = None,
    total_deadline: float = 30.0,
    max_bytes: int = 1_000_000,
) -> FetchResult:
    """Send one request, outside of any event loop. A failure is a result with a sentence; `allow` as for a fetch."""
    exception = address_and_port(allow) if allow else None

    async def once() -> FetchResult:
        async with guarded_session(user_agent, exception, 1, None, max_bytes) as session:
            async with asyncio.timeout(total_deadline):
                to = target(url, exception)
                return await converse(session, to, method, dict(headers or {}), body, max_bytes)

    try:
        return replace(asyncio.run(once()), final_url=url)
    except Exception as error:  # noqa: BLE001 - a failure is an outcome
        return replace(as_result(error, total_deadline), final_url=url)
