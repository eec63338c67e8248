"""One request to a service: any method, any status read, no redirect followed, nothing past the gate."""

import asyncio
import time

import pytest

from sources.http.client import ask, telling
from sources.http.responses import FetchResult
from sources.outcome import Outcome
from tests.sources.servers import Site, answer, serve

AGENT = "factcheck-test/1"
JSON = "Content-Type: application/json"


@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "404 Not Found", "429 Too Many", "503 Down"])
def test_the_answer_is_read_whatever_the_status(status: str) -> None:
    with serve({"/save": answer(b'{"a": 1}', status, JSON)}) as site:
        found = ask(site.url("/save"), user_agent=AGENT, allow=site.address)
    assert (found.status, found.body) == (int(status[:3]), b'{"a": 1}')
    assert found.final_url == site.url("/save")


def test_method_headers_and_body_are_sent_and_robots_txt_is_not_asked_for() -> None:
    with serve({"/save": answer(b"{}", "200 OK", JSON)}) as site:
        ask(
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
        found = ask(
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
def test_what_is_not_public_is_not_asked(url: str) -> None:
    found = ask(url, user_agent=AGENT, method="POST", body=b"x")
    assert found.status is None and found.body is None
    assert found.outcome is not Outcome.OK and found.detail.endswith(".")


def test_the_exception_is_one_address_and_port_alone() -> None:
    with serve({"/": answer(b"x")}) as site, serve({"/": answer(b"x")}) as other:
        assert ask(other.url(), user_agent=AGENT, allow=site.address).body is None
        assert ask(site.url(), user_agent=AGENT).body is None
        assert site.asked == other.asked == []


def test_an_answer_beyond_its_bounds_costs_no_more_than_them() -> None:
    with serve({"/": answer(b"x" * 3_000_000), "/slow": lambda connection: time.sleep(5)}) as site:
        large = ask(site.url(), user_agent=AGENT, allow=site.address, max_bytes=100_000)
        assert large.body is None and large.outcome is Outcome.TOO_LARGE
        started = time.monotonic()
        slow = ask(site.url("/slow"), user_agent=AGENT, allow=site.address, total_deadline=0.5)
        assert slow.body is None and slow.detail.endswith(".")
        assert time.monotonic() - started < 2


# Telling.


def tell(site: Site, path: str = "/", **given: object) -> FetchResult:
    async def once() -> FetchResult:
        async with telling(user_agent=AGENT, allow=site.address) as teller:
            return await teller.tell(site.url(path), headers={"X-Id": "1"}, body=b"{}", **{"seconds": 5, **given})

    return asyncio.run(once())


def test_a_message_is_posted_on_a_connection_of_its_own_and_the_status_is_what_counts() -> None:
    with serve({"/": answer(b"x" * 9_000, "202 Accepted"), "/no": answer(b"no", "500 No")}) as site:
        told = tell(site, most=100)
        assert (told.status, told.body, told.final_url) == (202, b"x" * 100, site.url("/"))
        assert tell(site, "/no").status == 500
        head = site.asked[0]
        assert head.startswith(b"POST / HTTP/1.1\r\n") and b"X-Id: 1" in head and b"Connection: close" in head
        assert b"Accept-Encoding: identity" in head


def test_a_message_follows_no_redirect_and_waits_no_longer_than_it_may() -> None:
    with serve({"/": lambda connection: time.sleep(5)}) as site, serve() as elsewhere:
        site.pages["/to"] = answer(b"", "307 Temporary", f"Location: {elsewhere.url('/')}", "Retry-After: 9")
        told = tell(site, "/to")
        assert (told.status, told.retry_after, elsewhere.asked) == (307, 9.0, [])
        started = time.monotonic()
        slow = tell(site, seconds=0.3)
        assert slow.status is None and "too long" in slow.detail and time.monotonic() - started < 2


def test_a_message_goes_to_no_private_address() -> None:
    with serve({"/": answer(b"x")}) as site, serve({"/": answer(b"x")}) as other:

        async def once() -> FetchResult:
            async with telling(user_agent=AGENT, allow=site.address) as teller:
                return await teller.tell(other.url(), headers={}, body=b"{}", seconds=5)

        told = asyncio.run(once())
        assert told.status is None and told.detail.endswith(".") and other.asked == []
