"""Serve the synthetic pages of `noisy_pages` on 0.0.0.0:8080 from one process, with all responses prepared.

    python bench/noisy_server.py --pages N --hosts H --seed S [--pages-from DIR] [--turns T]

Prints `ready` and a JSON object about the pages. Every visitor gets the same responses. On 127.0.0.1:8081
`GET /visit/1` and `/visit/2` select the version of the pages and reset the counts; `GET /counts` returns them: requests
by kind, and the number of distinct pages. After `/visit/0` each request for a page gets the next of T versions: the
first visit, the second, and others like it.
"""

import argparse
import asyncio
import gzip
import hashlib
import json
import statistics
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from noisy_pages import PORT, NoisyPage, Web

CONTROL = 8081
ROBOTS = b"User-agent: *\nDisallow: /search\nDisallow: /admin/\nCrawl-delay: 0\nSitemap: /sitemap.xml\n"
_REASONS = {200: "OK", 304: "Not Modified", 403: "Forbidden", 404: "Not Found"}


@dataclass(frozen=True)
class Response:
    """A prepared response without its `Date`, which goes between `start` and `rest`."""

    start: bytes
    rest: bytes
    etag: bytes = b""
    unchanged: bytes = b""


class Site:
    """The responses of all visits, the visit served now, and counts of requests."""

    def __init__(self, web: Web, turns: int = 2) -> None:
        self.turns = turns
        self.responses: dict[int, dict[bytes, Response]] = {visit: {} for visit in range(1, turns + 1)}
        self.sizes = []
        for page in web.pages:
            first = web.html(page, 1)
            second = web.html(page, 2)
            self.sizes.append(len(first[1].encode()))
            key = page.url.removeprefix("http://").encode()
            self.responses[1][key] = as_response(page, *first)
            self.responses[2][key] = self.responses[1][key] if first == second else as_response(page, *second)
            for visit in range(3, turns + 1):
                later = web.html(page, visit)
                self.responses[visit][key] = self.responses[1][key] if first == later else as_response(page, *later)
        self.visit = 1
        self.counts: Counter[str] = Counter()
        self.requested: Counter[bytes] = Counter()

    def respond(self, request: bytes) -> bytes:
        """Return the response to a request, given its head."""
        lines = request.split(b"\r\n")
        path = lines[0].split(b" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
        date = f"Date: {datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT\r\n".encode()
        if path == b"/robots.txt":
            self.counts["robots"] += 1
            return _head(200, len(ROBOTS), "text/plain") + date + b"\r\n" + ROBOTS
        key = headers.get(b"host", b"") + path.partition(b"?")[0]
        response = self.find(key)
        if response is None:
            self.counts["not found"] += 1
            return _head(404, 0, "text/html") + date + b"\r\n"
        self.counts["pages"] += 1
        self.requested[key] += 1
        if response.etag and response.etag in headers.get(b"if-none-match", b""):
            self.counts["304"] += 1
            return response.unchanged + date + b"\r\n"
        return response.start + date + response.rest

    def find(self, key: bytes) -> Response | None:
        """Return the response for an address, host and path."""
        return self.responses[self.visit or self.requested[key] % self.turns + 1].get(key)

    def control(self, path: str) -> str:
        if path.startswith("/visit/"):
            self.visit = int(path.rsplit("/", 1)[1])
            self.counts.clear()
            self.requested.clear()
        return json.dumps({**self.counts, "distinct_pages": len(self.requested), "visit": self.visit})


def _head(status: int, length: int, media: str, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nServer: nginx\r\nContent-Type: {media}; charset=utf-8\r\n"
        f"Content-Length: {length}\r\nX-Content-Type-Options: nosniff\r\n"
        "Strict-Transport-Security: max-age=31536000\r\n"
        f"Referrer-Policy: strict-origin-when-cross-origin\r\nVary: Accept-Encoding\r\n{more}"
    ).encode()


def as_response(page: NoisyPage, status: int, html: str) -> Response:
    body = gzip.compress(html.encode(), 6, mtime=0)
    digest = hashlib.sha256(body).hexdigest()
    changed = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=page.number)
    more = (
        f"ETag: {page.etag}\r\nLast-Modified: {changed:%a, %d %b %Y %H:%M:%S} GMT\r\nCache-Control: max-age=0\r\n"
        if page.etag
        else f"Cache-Control: no-cache, private\r\nX-Request-Id: {digest[:32]}\r\n"
        f"Set-Cookie: session={digest[32:]}; path=/; HttpOnly\r\n"
    )
    # Every visitor here accepts gzip, as nearly all of the web is served.
    start = _head(status, len(body), "text/html", f"Content-Encoding: gzip\r\n{more}")
    unchanged = f"HTTP/1.1 304 Not Modified\r\nServer: nginx\r\nETag: {page.etag}\r\n".encode()
    return Response(start, b"\r\n" + body, page.etag.encode(), unchanged)


class Serving(asyncio.Protocol):
    """HTTP/1.1 with persistent connections, for requests without a body."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            request, self.waiting = self.waiting.split(b"\r\n\r\n", 1)
            self.transport.write(self.site.respond(request))
            if b"connection: close" in request.lower():
                self.transport.close()
                return


class Control(Serving):
    def data_received(self, data: bytes) -> None:
        body = self.site.control(data.split(b" ")[1].decode()).encode()
        self.transport.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        self.transport.close()


async def _serve(site: Site, about: dict[str, object]) -> None:
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: Serving(site), "0.0.0.0", PORT, backlog=1_000)
    await loop.create_server(lambda: Control(site), "127.0.0.1", CONTROL)
    print("ready", json.dumps(about), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages-from", type=Path, metavar="DIR")
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    web = Web(options.pages, options.hosts, seed=options.seed, folder=options.pages_from)
    site = Site(web, options.turns)
    sizes = sorted(site.sizes)
    about = {
        "pages": [asdict(page) for page in web.pages],
        "kb": {
            "least": round(sizes[0] / 1_000),
            "median": round(statistics.median(sizes) / 1_000),
            "most": round(sizes[-1] / 1_000),
        },
    }
    asyncio.run(_serve(site, about))


if __name__ == "__main__":
    main()
