"""Serve the made-up web of `noisy_pages` on 0.0.0.0:8080, the same to every visitor; one process, all answers ready.

    python bench/noisy_server.py --pages N --hosts H --seed S [--pages-from DIR] [--turns T]

Says `ready` and a line of JSON about the pages. On 127.0.0.1:8081 `GET /visit/1` and `/visit/2` choose what is
served and set the counts to zero; `GET /counts` tells them: requests by kind, pages asked for. After `/visit/0` each
request for a page gets what comes after the last one's, of T turns: the first visit, the second, others like it.
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
class Answer:
    """A whole response but for its `Date`, which goes between head and rest."""

    start: bytes
    rest: bytes
    etag: bytes = b""
    unchanged: bytes = b""


class Site:
    """What is served now, and what was asked for."""

    def __init__(self, web: Web, turns: int = 2) -> None:
        self.turns = turns
        self.answers: dict[int, dict[bytes, Answer]] = {visit: {} for visit in range(1, turns + 1)}
        self.sizes = []
        for page in web.pages:
            first = web.html(page, 1)
            second = web.html(page, 2)
            self.sizes.append(len(first[1].encode()))
            key = page.url.removeprefix("http://").encode()
            self.answers[1][key] = _answer(page, *first)
            self.answers[2][key] = self.answers[1][key] if first == second else _answer(page, *second)
            for visit in range(3, turns + 1):
                later = web.html(page, visit)
                self.answers[visit][key] = self.answers[1][key] if first == later else _answer(page, *later)
        self.visit = 1
        self.counts: Counter[str] = Counter()
        self.asked: Counter[bytes] = Counter()

    def of(self, request: bytes) -> bytes:
        """The response to a request's head."""
        lines = request.split(b"\r\n")
        path = lines[0].split(b" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines[1:])}
        date = f"Date: {datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT\r\n".encode()
        if path == b"/robots.txt":
            self.counts["robots"] += 1
            return _head(200, len(ROBOTS), "text/plain") + date + b"\r\n" + ROBOTS
        key = headers.get(b"host", b"") + path
        answer = self.answers[self.visit or self.asked[key] % self.turns + 1].get(key)
        if answer is None:
            self.counts["not found"] += 1
            return _head(404, 0, "text/html") + date + b"\r\n"
        self.counts["pages"] += 1
        self.asked[key] += 1
        if answer.etag and answer.etag in headers.get(b"if-none-match", b""):
            self.counts["304"] += 1
            return answer.unchanged + date + b"\r\n"
        return answer.start + date + answer.rest

    def control(self, path: str) -> str:
        if path.startswith("/visit/"):
            self.visit = int(path.rsplit("/", 1)[1])
            self.counts.clear()
            self.asked.clear()
        return json.dumps({**self.counts, "asked": len(self.asked), "visit": self.visit})


def _head(status: int, length: int, media: str, more: str = "") -> bytes:
    return (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nServer: nginx\r\nContent-Type: {media}; charset=utf-8\r\n"
        f"Content-Length: {length}\r\nX-Content-Type-Options: nosniff\r\n"
        "Strict-Transport-Security: max-age=31536000\r\n"
        f"Referrer-Policy: strict-origin-when-cross-origin\r\nVary: Accept-Encoding\r\n{more}"
    ).encode()


def _answer(page: NoisyPage, status: int, html: str) -> Answer:
    body = gzip.compress(html.encode(), 6, mtime=0)
    digest = hashlib.sha256(body).hexdigest()
    changed = datetime(2025, 3, 1, tzinfo=UTC) + timedelta(minutes=page.number)
    more = (
        f"ETag: {page.etag}\r\nLast-Modified: {changed:%a, %d %b %Y %H:%M:%S} GMT\r\nCache-Control: max-age=0\r\n"
        if page.etag
        else f"Cache-Control: no-cache, private\r\nX-Request-Id: {digest[:32]}\r\n"
        f"Set-Cookie: session={digest[32:]}; path=/; HttpOnly\r\n"
    )
    # Every visitor here takes gzip, as nearly all of the web is served.
    start = _head(status, len(body), "text/html", f"Content-Encoding: gzip\r\n{more}")
    unchanged = f"HTTP/1.1 304 Not Modified\r\nServer: nginx\r\nETag: {page.etag}\r\n".encode()
    return Answer(start, b"\r\n" + body, page.etag.encode(), unchanged)


class Serving(asyncio.Protocol):
    """HTTP/1.1 with connections kept open, for requests without a body."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.waiting += data
        while b"\r\n\r\n" in self.waiting:
            request, self.waiting = self.waiting.split(b"\r\n\r\n", 1)
            self.transport.write(self.site.of(request))
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
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pages", type=int, default=2_000)
    arguments.add_argument("--hosts", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--pages-from", type=Path, metavar="DIR")
    arguments.add_argument("--turns", type=int, default=2)
    given = arguments.parse_args()
    web = Web(given.pages, given.hosts, seed=given.seed, folder=given.pages_from)
    site = Site(web, given.turns)
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
