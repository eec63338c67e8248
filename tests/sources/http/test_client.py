"""Requests to services and messages to webhooks: any status, no redirects, public addresses only."""

import asyncio
import time

import pytest

from sources.http.client import open_sender, request
from sources.http.responses import FetchResult
from sources.outcome import Outcome
from tests.sources.servers import Site, answer, serve

AGENT = "factcheck-test/1"
JSON = "Content-Type: application/json"


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "404 Not Found", "429 Too Many", "503 Down"])
def test_the_response_is_read_whatever_its_status(status: str) -> None:
    with serve({"/save": answer(b'{"a": 1}', status, JSON)}) as site:
        found = request(site.url("/save"), user_agent=AGENT, allow=site.address)
    assert (found.status, found.body) == (int(status[:3]), b'{"a": 1}')
    assert found.final_url == site.url("/save")


def test_method_headers_and_body_are_sent_without_reading_robots_txt() -> None:
    with serve({"/save": answer(b"{}", "200 OK", JSON)}) as site:
        request(
            site.url("/save"),
            user_agent=AGENT,
            method="POST",
            headers={"Authorization": "LOW a:b"},
            body=b"url=x",
            allow=site.address,
        )
        (asked,) = site.asked
    assert asked.startswith(b"POST /save HTTP/1.1\r\n") and b"Authorization: LOW a:b" in asked
    assert b"User-Agent: factcheck-test/1" in asked and b"Content-Length: 5" in asked


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "307 Temporary", "308 Permanent"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_redirect_is_followed(status: str, method: str) -> None:
    with serve() as elsewhere, serve() as site:
        site.pages["/save"] = answer(b"", status, f"Location: {elsewhere.url('/')}")
        found = request(
            site.url("/save"), user_agent=AGENT, method=method, headers={"Authorization": "x"}, allow=site.address
        )
        assert found.status == int(status[:3]) and elsewhere.asked == [] and len(site.asked) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1/save",
        "http://169.254.169.254/latest/",
        "http://[::1]/save",
        "file:///etc/passwd",
        "http://127.1/",
        "https://a:b@web.archive.org/save",
        "not a url",
    ],
)
def test_nothing_is_sent_to_private_addresses(url: str) -> None:
    found = request(url, user_agent=AGENT, method="POST", body=b"x")
    assert found.status is None and found.body is None
    assert found.outcome is not Outcome.OK and found.detail.endswith(".")


def test_only_the_allowed_address_and_port_is_reached() -> None:
    with serve({"/": answer(b"x")}) as site, serve({"/": answer(b"x")}) as other:
        assert request(other.url(), user_agent=AGENT, allow=site.address).body is None
        assert request(site.url(), user_agent=AGENT).body is None
        assert site.asked == other.asked == []


def test_large_and_slow_responses_are_cut_off() -> None:
    with serve({"/": answer(b"x" * 3_000_000), "/slow": lambda connection: time.sleep(5)}) as site:
        large = request(site.url(), user_agent=AGENT, allow=site.address, max_bytes=100_000)
        assert large.body is None and large.outcome is Outcome.TOO_LARGE
        started = time.monotonic()
        slow = request(site.url("/slow"), user_agent=AGENT, allow=site.address, total_deadline=0.5)
        assert slow.body is None and slow.detail.endswith(".")
        assert time.monotonic() - started < 2


# Messages.


def post(site: Site, path: str = "/", **given: object) -> FetchResult:
    async def once() -> FetchResult:
        async with open_sender(user_agent=AGENT, allow=site.address) as sender:
            return await sender.post(site.url(path), headers={"X-Id": "1"}, body=b"{}", **{"seconds": 5, **given})

    return asyncio.run(once())


def test_a_message_has_its_own_connection_and_returns_the_status() -> None:
    with serve({"/": answer(b"x" * 9_000, "202 Accepted"), "/no": answer(b"no", "500 No")}) as site:
        result = post(site, most=100)
        assert (result.status, result.body, result.final_url) == (202, b"x" * 100, site.url("/"))
        assert post(site, "/no").status == 500
        head = site.asked[0]
        assert head.startswith(b"POST / HTTP/1.1\r\n") and b"X-Id: 1" in head and b"Connection: close" in head
        assert b"Accept-Encoding: identity" in head


def test_a_message_follows_no_redirect_and_keeps_its_deadline() -> None:
    with serve({"/": lambda connection: time.sleep(5)}) as site, serve() as elsewhere:
        site.pages["/to"] = answer(b"", "307 Temporary", f"Location: {elsewhere.url('/')}", "Retry-After: 9")
        result = post(site, "/to")
        assert (result.status, result.retry_after, elsewhere.asked) == (307, 9.0, [])
        started = time.monotonic()
        slow = post(site, seconds=0.3)
        assert slow.status is None and "too long" in slow.detail and time.monotonic() - started < 2


def test_no_message_is_sent_to_a_private_address() -> None:
    with serve({"/": answer(b"x")}) as site, serve({"/": answer(b"x")}) as other:

        async def once() -> FetchResult:
            async with open_sender(user_agent=AGENT, allow=site.address) as sender:
                return await sender.post(other.url(), headers={}, body=b"{}", seconds=5)

        result = asyncio.run(once())
        assert result.status is None and result.detail.endswith(".") and other.asked == []
