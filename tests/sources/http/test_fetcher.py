"""The fetcher against servers on loopback: addresses, redirects, limits, encodings, TLS, robots.txt, concurrency."""

import asyncio
import gzip
import socket
import ssl
import subprocess
import threading
import time
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sources.http import fetcher, guard
from sources.http.fetcher import FetchRequest, FetchResult, Reason
from sources.outcome import Outcome
from tests.sources.servers import Site, answer, page, serve

AGENT = "factcheck-tests/1.0 (https://example.org/contact)"


@pytest.fixture
def site() -> Iterator[Site]:
    with serve({"/": page("<p>Hello</p>")}) as running:
        yield running


@pytest.fixture(autouse=True)
def no_memory_of_robots() -> Iterator[None]:
    fetcher.clear_robots_cache()
    yield
    fetcher.clear_robots_cache()


def get(site: Site, path: str = "/", **given: object) -> FetchResult:
    options = {"allow": site.address, "obey_robots": False, "total_deadline": 10.0, **given}
    return fetcher.fetch(site.url(path), user_agent=AGENT, **options)


def ask(site: Site, request: FetchRequest) -> FetchResult:
    (result,) = asyncio.run(
        fetcher.fetch_many([request], user_agent=AGENT, allow=site.address, obey_robots=False, total_deadline=5)
    )
    return result


# Successful responses.


def test_a_result_has_body_headers_and_metadata(site: Site) -> None:
    site.pages["/a"] = page("<p>Grün</p>", 'ETag: "x"', "Set-Cookie: a=b")
    result = get(site, "/a")
    assert result.outcome is Outcome.OK and result.detail == ""
    assert result.body == "<p>Grün</p>".encode()
    assert (result.status, result.media_type, result.charset) == (200, "text/html", "utf-8")
    assert ("ETag", '"x"') in result.headers
    assert result.final_url == site.url("/a") and result.redirects == ()
    assert 0 < result.elapsed < 5


def test_the_request_has_only_the_expected_headers(site: Site) -> None:
    get(site)
    head = site.asked[0].decode().lower()
    assert f"user-agent: {AGENT.lower()}" in head
    assert "accept-encoding: gzip, deflate\r\n" in head
    for private in ("cookie", "referer", "authorization", "if-none-match"):
        assert f"{private}:" not in head


def test_cookies_are_not_sent_back(site: Site) -> None:
    site.pages["/a"] = answer(b"", "302 Found", "Location: /", "Set-Cookie: a=b; Path=/")
    assert get(site, "/a").outcome is Outcome.OK
    assert b"cookie" not in site.asked[1].lower()


def test_validators_are_sent_back_unchanged(site: Site) -> None:
    site.pages["/"] = answer(b"", "304 Not Modified", length=False)
    result = ask(site, FetchRequest(site.url(), etag='W/"a, b"', last_modified="Mon, 01 Jun 2026 00:00:00 GMT"))
    assert result.outcome is Outcome.UNCHANGED and result.body is None
    assert b'\r\nIf-None-Match: W/"a, b"\r\n' in site.asked[0]
    assert b"\r\nIf-Modified-Since: Mon, 01 Jun 2026 00:00:00 GMT\r\n" in site.asked[0]


def test_an_unsolicited_304_is_an_error(site: Site) -> None:
    site.pages["/"] = answer(b"", "304 Not Modified", length=False)
    assert ask(site, FetchRequest(site.url(), etag="bad\r\nHost: x")).reason is Reason.PROTOCOL
    assert b"bad" not in site.asked[0]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *[(code, Outcome.GONE) for code in ("404 Not Found", "410 Gone")],
        *[(code, Outcome.BLOCKED) for code in ("401 No", "403 No", "429 Slow Down", "451 No")],
        ("402 Pay", Outcome.PAYWALL),
        *[(code, Outcome.ERROR) for code in ("500 Oops", "503 Busy", "400 Bad", "206 Part", "418 Tea", "300 Many")],
    ],
)
def test_statuses(site: Site, status: str, outcome: Outcome) -> None:
    site.pages["/"] = answer(b"<p>words</p>", status, "Retry-After: 120")
    result = get(site)
    assert (result.outcome, result.body, result.retry_after) == (outcome, None, 120.0)
    assert result.detail.endswith(".")


def test_retry_after_may_be_a_date(site: Site) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    site.pages["/"] = answer(b"", "503 Busy", f"Retry-After: {until}")
    assert 590 < (get(site).retry_after or 0) <= 600


@pytest.mark.parametrize(
    "wall",
    [
        answer(b"<p>x", "503 Busy", "cf-mitigated: challenge"),
        answer(b"<p>x", "200 OK", "cf-mitigated: challenge"),
        page("<html><title>Just a moment...</title>"),
    ],
)
def test_bot_walls_are_blocked(site: Site, wall: bytes) -> None:
    site.pages["/"] = wall
    result = get(site)
    assert result.outcome is Outcome.BLOCKED and result.body is None


# Addresses.


def test_loopback_is_refused_without_a_connection(site: Site) -> None:
    result = get(site, allow=None)
    assert (result.outcome, result.reason, site.asked) == (Outcome.ERROR, Reason.ADDRESS, [])


@pytest.mark.parametrize("name", ["localhost", "localhost.localdomain", "ip6-localhost"])
def test_the_exception_does_not_apply_to_names(site: Site, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.http.addresses.PORTS", {site.port})
    monkeypatch.setattr(socket, "getaddrinfo", answers({name: ["127.0.0.1"]}))
    result = fetcher.fetch(f"http://{name}:{site.port}/", user_agent=AGENT, allow=site.address, obey_robots=False)
    assert (result.outcome, result.reason, site.asked) == (Outcome.ERROR, Reason.ADDRESS, [])


def answers(names: dict[str, list[str]]) -> Callable[..., list[object]]:
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *given: object, **more: object) -> list[object]:
        if host not in names:
            return real(host, port, *given, **more)  # type: ignore[arg-type,return-value]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in names[host]
        ]

    return resolve


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["2606:4700::1111", "::1"], ["64:ff9b::7f00:1"]],
)
def test_a_name_with_any_private_address_is_refused(addresses: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers({"news.example": addresses}))
    connected: list[object] = []
    monkeypatch.setattr(guard.GuardedSocket, "connect", lambda self, address: connected.append(address))
    result = fetcher.fetch("http://news.example/", user_agent=AGENT, obey_robots=False)
    assert (result.reason, connected) == (Reason.ADDRESS, [])


def test_the_socket_refuses_an_unchecked_address() -> None:
    with serve() as site, guard.GuardedSocket() as opened, pytest.raises(OSError, match="public Internet"):
        opened.connect(("127.0.0.1", site.port))


def test_nothing_is_sent_to_another_peer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard.GuardedSocket, "getpeername", lambda self: ("127.0.0.2", site.port))
    result = get(site)
    assert (result.reason, site.asked) == (Reason.ADDRESS, [])


def test_an_unresolvable_name_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*given: object, **more: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fails)
    result = fetcher.fetch("http://nowhere.example/", user_agent=AGENT)
    assert (result.outcome, result.reason) == (Outcome.ERROR, Reason.DNS)
    assert "nowhere.example" in result.detail


def test_a_hanging_resolver_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    monkeypatch.setattr(guard, "RESOLVE_SECONDS", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **more: free.wait(20))
    started = time.monotonic()
    result = fetcher.fetch("http://slow.example/", user_agent=AGENT)
    free.set()
    assert result.reason is Reason.DNS and time.monotonic() - started < 3


def test_proxies_of_the_environment_are_ignored(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve({"/": page("proxied")}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://{proxy.address}")
        monkeypatch.delenv("no_proxy", raising=False)
        assert get(site).body == b"<p>Hello</p>"
        assert proxy.asked == []


# Redirects.


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
def test_redirects_are_followed_and_recorded(site: Site, status: str) -> None:
    site.pages["/old"] = answer(b"", status, "Location: new?x=1")
    site.pages["/new?x=1"] = page("new")
    result = get(site, "/old")
    assert (result.body, result.final_url) == (b"new", site.url("/new?x=1"))
    assert result.redirects == ((int(status[:3]), site.url("/new?x=1")),)


def test_at_most_five_redirects_are_followed(site: Site) -> None:
    for number in range(7):
        site.pages[f"/{number}"] = answer(b"", "302 Found", f"Location: /{number + 1}")
    site.pages["/7"] = page("end")
    assert get(site, "/2").outcome is Outcome.OK
    assert get(site, "/1").reason is Reason.REDIRECTS
    site.pages["/loop"] = answer(b"", "302 Found", "Location: /loop")
    assert get(site, "/loop").reason is Reason.REDIRECTS


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("http://127.0.0.1:9/", Reason.ADDRESS),
        ("http://10.0.0.1/", Reason.ADDRESS),
        ("//169.254.169.254/latest/", Reason.ADDRESS),
        ("http://[::1]/", Reason.ADDRESS),
        ("http://2130706433/", Reason.URL),
        ("http://0x7f.1/", Reason.URL),
        ("file:///etc/passwd", Reason.URL),
        ("ftp://example.org/", Reason.URL),
        ("javascript:alert(1)", Reason.URL),
        ("http://user@example.org/", Reason.URL),
        ("http://127.0.0.1:9\\@example.org/", Reason.URL),
        ("http://exa\tmple.org/", Reason.URL),
        ("http://exa mple.org/", Reason.URL),
        ("/\\example.org/", Reason.URL),
        ("\\\\example.org/", Reason.URL),
        ("http://example.org:22/", Reason.URL),
        ("http://①②⑦.⓪.⓪.①/", Reason.URL),
        ("", Reason.REDIRECTS),
    ],
)
def test_forbidden_redirect_targets_are_refused(site: Site, place: str, reason: Reason) -> None:
    site.pages["/"] = f"HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\n\r\n".encode()
    result = get(site)
    assert (result.outcome, result.reason) == (Outcome.ERROR, reason)


@pytest.mark.parametrize(
    ("place", "asked"),
    [
        ("/two words?a b", "/two%20words?a%20b"),
        ("two words", "/from/two%20words"),
        (" /padded\t", "/padded"),
        ("/Gr\u00fcn", "/Gr%C3%BCn"),
        (b"/Gr\xfcn", "/Gr%FCn"),
        ("/already%20encoded|", "/already%20encoded|"),
        ("year\\month", "/from/year/month"),
        ("/a#sec tion", "/a"),
    ],
)
def test_redirects_are_read_as_browsers_read_them(site: Site, place: str | bytes, asked: str) -> None:
    location = place if isinstance(place, bytes) else place.encode()
    site.pages["/from/here"] = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
    site.pages[asked] = page("there")
    assert get(site, "/from/here").body == b"there"


def test_a_location_that_is_repeated_names_one_target(site: Site) -> None:
    site.pages["/"] = answer(b"", "302 Found", "Location: /a", "Location: /a")
    site.pages["/a"] = page("there")
    assert get(site).body == b"there"


def test_a_redirect_to_a_name_with_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", answers({"inside.example": ["10.1.2.3"]}))
    site.pages["/"] = answer(b"", "302 Found", "Location: http://inside.example/")
    assert get(site).reason is Reason.ADDRESS


def test_a_redirect_without_a_location_is_an_error(site: Site) -> None:
    site.pages["/"] = answer(b"", "302 Found")
    assert get(site).reason is Reason.PROTOCOL
    site.pages["/"] = answer(b"", "302 Found", "Location: /a", "Location: /b")
    assert get(site).reason is Reason.PROTOCOL


# Limits.


def drip(first: bytes, each: bytes, pause: float) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        for _ in range(200):
            time.sleep(pause)
            connection.sendall(each)

    return script


@pytest.mark.parametrize(
    "script",
    [
        drip(b"", b"", 0.05),
        drip(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.05),
        drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b"x", 0.05),
        drip(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    ],
    ids=["silence", "headers", "body", "continue"],
)
def test_a_slow_trickle_is_cut_off(site: Site, script: Callable[[socket.socket], None]) -> None:
    site.pages["/"] = script
    started = time.monotonic()
    result = get(site, total_deadline=0.6)
    assert result.reason is Reason.TIMEOUT
    assert time.monotonic() - started < 2


def test_a_silent_server_is_cut_off(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "READ_SECONDS", 0.3)
    site.pages["/"] = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"", 0.1)
    assert get(site, total_deadline=9).reason is Reason.TIMEOUT


def flood(first: bytes, each: bytes) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(each)

    return script


@pytest.mark.parametrize(
    "script",
    [
        flood(b"HTTP/1.1 200 OK\r\n", b"X-Y: " + b"z" * 1000 + b"\r\n"),
        flood(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 10_000),
        flood(b"HTTP/1.1 200 ", b"y" * 10_000),
        flood(b"", b"y" * 10_000),
    ],
    ids=["many headers", "a long header", "a long status", "no HTTP"],
)
def test_endless_headers_are_an_error(site: Site, script: Callable[[socket.socket], None]) -> None:
    site.pages["/"] = script
    result = get(site)
    assert (result.outcome, result.reason) == (Outcome.ERROR, Reason.PROTOCOL)


def test_large_headers_are_read(site: Site) -> None:
    site.pages["/"] = page("read", "Content-Security-Policy: " + "a" * 60_000, *(f"X-{n}: y" for n in range(200)))
    assert get(site).body == b"read"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["text/html; charset=utf-8"], ("text/html", "utf-8")),
        (["text/html charset=utf-8"], ("text/html", "utf-8")),
        (["TEXT/HTML;charset='GBK'"], ("text/html", "gbk")),
        (["text/plain", "text/html; charset=utf-8"], ("text/html", "utf-8")),
        (["text/html; charset=gbk, text/html"], ("text/html", "gbk")),
        (["text/html; charset=gbk", "text/plain"], ("text/plain", None)),
        (["text/html; charset=gbk, */*"], ("text/html", "gbk")),
        (["html"], ("", None)),
        ([], ("", None)),
    ],
)
def test_content_types_are_read_as_browsers_read_them(
    site: Site, lines: list[str], expected: tuple[str, str | None]
) -> None:
    site.pages["/"] = answer(b"text", "200 OK", *(f"Content-Type: {line}" for line in lines))
    result = get(site)
    assert (result.media_type, result.charset) == expected


@pytest.mark.parametrize(
    ("status", "line", "blocked"),
    [
        ("200 OK", "cf-mitigated: challenge", True),
        ("202 Accepted", "x-amzn-waf-action: challenge", True),
        ("405 Method Not Allowed", "X-Amzn-Waf-Action: captcha", True),
        ("200 OK", "Rimon: RWC_BLOCK", True),
        ("200 OK", "Rimon: RWC_PASS", False),
        ("200 OK", "X-Squid-Error: ERR_DNS_FAIL 0", True),
        ("200 OK", "x-vercel-mitigated: deny", True),
        ("200 OK", "X-Sucuri-ID: 18015", False),
        ("200 OK", "X-Cache: Error from cloudfront", False),
    ],
)
def test_a_shield_that_names_itself_is_no_page(site: Site, status: str, line: str, blocked: bool) -> None:
    site.pages["/"] = answer(b"<p>text</p>", status, "Content-Type: text/html", line)
    assert (get(site).outcome is Outcome.BLOCKED) is blocked


def test_a_body_may_be_as_large_as_the_limit(site: Site) -> None:
    site.pages["/"] = answer(b"x" * 5000)
    assert get(site, max_bytes=5000).outcome is Outcome.OK
    assert get(site, max_bytes=4999).outcome is Outcome.TOO_LARGE


def test_an_endless_body_stops_at_the_limit(site: Site) -> None:
    site.pages["/"] = flood(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536)
    result = get(site, max_bytes=100_000)
    assert result.outcome is Outcome.TOO_LARGE and result.body is None


def bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"\x00" * 1_000_000) for _ in range(megabytes)) + packer.flush()


def test_a_decompression_bomb_stops_at_the_limit(site: Site) -> None:
    site.pages["/"] = answer(bomb(100), "200 OK", "Content-Encoding: gzip")
    tracemalloc.start()
    result = get(site, max_bytes=1_000_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.outcome is Outcome.TOO_LARGE
    assert most < 8_000_000


# Encodings and framing.


TEXT = b"<p>Rain fell on twelve days of the month.</p>" * 200


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT[:100]) + gzip.compress(TEXT[100:])),
        ("gzip", gzip.compress(TEXT) + b"\x00" * 20),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", bare_deflate(TEXT)),
        ("identity", TEXT),
        ("gzip", b""),
        ("identity, gzip", gzip.compress(TEXT)),
        ("none", TEXT),
        ("", TEXT),
        ("UTF-8", TEXT),
        ("binary, identity", TEXT),
    ],
)
def test_offered_encodings_are_decoded(site: Site, encoding: str, packed: bytes) -> None:
    site.pages["/"] = answer(packed, "200 OK", f"Content-Encoding: {encoding}")
    assert get(site).body == (TEXT if packed else b"")


@pytest.mark.parametrize(
    "script",
    [
        answer(TEXT, "200 OK", "Content-Encoding: br"),
        answer(TEXT, "200 OK", "Content-Encoding: none, zstd"),
        answer(gzip.compress(gzip.compress(TEXT)), "200 OK", "Content-Encoding: gzip, gzip"),
        answer(gzip.compress(TEXT)[:-9], "200 OK", "Content-Encoding: gzip"),
        answer(gzip.compress(TEXT)[:-1], "200 OK", "Content-Encoding: gzip"),
        answer(zlib.compress(TEXT)[:-5], "200 OK", "Content-Encoding: deflate"),
        answer(TEXT, "200 OK", "Content-Encoding: gzip"),
        answer(gzip.compress(TEXT)[:-8] + b"\x00" * 8, "200 OK", "Content-Encoding: gzip"),
        answer(TEXT, "200 OK", f"Content-Length: {len(TEXT) + 1}", length=False),
        answer(TEXT, "200 OK", f"Content-Length: {len(TEXT)}"),
        answer(TEXT, "200 OK", "Content-Length: 10"),
        answer(TEXT, "200 OK", "Content-Length: -1", length=False),
        answer(TEXT, "200 OK", "Content-Length: ten", length=False),
        answer(TEXT, "200 OK", "Transfer-Encoding: chunked"),
        answer(b"5\r\nhello\r\n", "200 OK", "Transfer-Encoding: chunked", length=False),
        answer(b"5\r\nhello\r\n0\r\n", "200 OK", "Transfer-Encoding: chunked", length=False),
        answer(b"zz\r\nhello\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked", length=False),
        answer(b"3\r\nhello\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked", length=False),
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"<p>no headers at all</p>",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\x00b\r\n\r\nbody",
    ],
)
def test_truncated_and_malformed_responses_are_errors(site: Site, script: bytes) -> None:
    site.pages["/"] = script
    result = get(site)
    assert (result.outcome, result.reason, result.body) == (Outcome.ERROR, Reason.PROTOCOL, None), result
    assert result.detail.endswith(".")


def test_a_chunked_page_is_read(site: Site) -> None:
    site.pages["/"] = answer(
        b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", "200 OK", "Transfer-Encoding: chunked", length=False
    )
    assert get(site).body == b"hello world"


def test_a_closed_port_is_an_error() -> None:
    with serve() as site:
        address = site.address
    result = fetcher.fetch(f"http://{address}/", user_agent=AGENT, allow=address)
    assert (result.outcome, result.reason) == (Outcome.ERROR, Reason.CONNECT)


def test_a_malformed_exception_is_reported() -> None:
    with pytest.raises(ValueError, match="address and port"):
        fetcher.fetch("http://127.0.0.1/", user_agent=AGENT, allow="localhost")


# TLS.


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test"),
            *(
                "-addext",
                "subjectAltName=IP:127.0.0.1,DNS:news.example",
                "-keyout",
                folder / "key.pem",
                "-out",
                folder / "cert.pem",
            ),
        ],
        check=True,
        capture_output=True,
    )
    return folder


def test_tls_is_verified(certificate: Path) -> None:
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    with serve({"/": page("secure")}, tls=server) as site:
        refused = get(site)
        assert (refused.outcome, refused.reason, site.asked) == (Outcome.ERROR, Reason.TLS, [])
        trust = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
        assert get(site, trust=trust).body == b"secure"


def test_plain_http_on_a_tls_port_is_an_error(site: Site) -> None:
    site.scheme = "https"
    assert get(site, total_deadline=3).reason in {Reason.TLS, Reason.PROTOCOL, Reason.TIMEOUT, Reason.CONNECT}


# robots.txt.


def robots(text: str | bytes, status: str = "200 OK") -> bytes:
    return answer(text if isinstance(text, bytes) else text.encode(), status, "Content-Type: text/plain")


@pytest.mark.parametrize(
    ("file", "path", "outcome"),
    [
        (robots("User-agent: *\nDisallow: /private"), "/", Outcome.OK),
        (robots("User-agent: *\nDisallow: /private"), "/private/x", Outcome.DISALLOWED),
        (robots("User-agent: factcheck-tests\nDisallow: /"), "/", Outcome.DISALLOWED),
        (robots("User-agent: other\nDisallow: /"), "/", Outcome.OK),
        (robots("User-agent: *\nDisallow: /\nAllow: /$"), "/", Outcome.OK),
        (robots(b"\xef\xbb\xbfUser-agent: *\nDisallow: /"), "/", Outcome.DISALLOWED),
        (robots(b"\xff\xfe\x00 garbage \x00"), "/", Outcome.OK),
        (robots("nothing", "404 Not Found"), "/", Outcome.OK),
        (robots("nothing", "403 Forbidden"), "/", Outcome.OK),
        (robots("oops", "500 Oops"), "/", Outcome.ERROR),
        (robots("oops", "429 Slow"), "/", Outcome.ERROR),
        (answer(b"", "301 Moved", "Location: /other-robots.txt"), "/", Outcome.DISALLOWED),
        (robots("User-agent: *\nDisallow: /\n" + "# filler\n" * 100_000), "/", Outcome.DISALLOWED),
    ],
)
def test_robots_are_obeyed(site: Site, file: bytes, path: str, outcome: Outcome) -> None:
    site.pages |= {
        "/robots.txt": file,
        "/other-robots.txt": robots("User-agent: *\nDisallow: /"),
        "/private/x": page("private"),
    }
    result = get(site, path, obey_robots=True)
    assert result.outcome is outcome
    if outcome is not Outcome.OK:
        assert path not in site.paths(), "the page was asked for all the same"
        assert result.body is None and result.detail.endswith(".")


def test_robots_apply_to_each_redirect(site: Site) -> None:
    site.pages |= {
        "/robots.txt": robots("User-agent: *\nDisallow: /private"),
        "/a": answer(b"", "302 Found", "Location: /private"),
        "/private": page("private"),
    }
    assert get(site, "/a", obey_robots=True).outcome is Outcome.DISALLOWED
    assert "/private" not in site.paths()


def test_robots_are_fetched_once_and_their_delay_is_reported(site: Site) -> None:
    site.pages["/robots.txt"] = robots("User-agent: *\nCrawl-delay: 7")
    requests = [FetchRequest(site.url(f"/?{number}")) for number in range(5)]
    results = asyncio.run(fetcher.fetch_many(requests, user_agent=AGENT, allow=site.address))
    assert [result.crawl_delay for result in results] == [7.0] * 5
    assert get(site, obey_robots=True).crawl_delay == 7.0
    assert site.paths().count("/robots.txt") == 1


# Many pages.


def test_a_failing_page_does_not_affect_others(site: Site) -> None:
    site.pages |= {"/slow": drip(b"", b"", 0.1), "/cut": b"HTTP/1.1 200", "/gone": answer(b"", "410 Gone")}
    paths = ["/", "/slow", "/cut", "/gone", "/"]
    requests = [FetchRequest(site.url(path)) for path in paths] + [FetchRequest("not a url")]
    started = time.monotonic()
    results = asyncio.run(
        fetcher.fetch_many(requests, user_agent=AGENT, allow=site.address, total_deadline=1.5, obey_robots=False)
    )
    assert [str(result.outcome) for result in results] == ["ok", "error", "error", "gone", "ok", "error"]
    assert time.monotonic() - started < 5


def test_a_hundred_pages_are_fetched(site: Site) -> None:
    for number in range(100):
        site.pages[f"/{number}"] = page(f"<p>page {number}")
    requests = [FetchRequest(site.url(f"/{number}")) for number in range(100)]
    results = asyncio.run(fetcher.fetch_many(requests, user_agent=AGENT, allow=site.address))
    assert [result.body for result in results] == [f"<p>page {number}".encode() for number in range(100)]


# One request at a time per host.


class Busy:
    """Responds after a moment, and records the maximum of concurrent requests."""

    def __init__(self, pause: float = 0.03, then: bytes = page("<p>x")) -> None:
        self.now = self.most = 0
        self.pause, self.then = pause, then
        self._lock = threading.Lock()

    def __call__(self, connection: socket.socket) -> None:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(self.pause)
        with self._lock:
            self.now -= 1
        connection.sendall(self.then)


def test_a_host_receives_one_request_at_a_time(site: Site) -> None:
    busy = Busy()
    site.pages |= {f"/{number}": busy for number in range(6)}
    site.pages["/robots.txt"] = busy
    site.pages["/old"] = answer(b"", "302 Found", "Location: /0")
    paths = ["/old", *[f"/{number}" for number in range(6)], "/old"]
    results = asyncio.run(
        fetcher.fetch_many([FetchRequest(site.url(path)) for path in paths], user_agent=AGENT, allow=site.address)
    )
    assert [result.outcome for result in results] == [Outcome.OK] * 8
    assert busy.most == 1


def test_redirects_from_other_hosts_are_serialised_too(monkeypatch: pytest.MonkeyPatch) -> None:
    here_all(monkeypatch)
    busy = Busy()
    with serve({"/": answer(b"", "302 Found", "Location: http://login.example:8080/in"), "/in": busy}) as site:
        monkeypatch.setattr(guard.GuardedSocket, "connect", leads_to(site))
        requests = [FetchRequest(f"http://news{number}.example:8080/") for number in range(6)]
        results = asyncio.run(fetcher.fetch_many(requests, user_agent=AGENT, obey_robots=False))
    assert [result.final_url for result in results] == ["http://login.example:8080/in"] * 6
    assert busy.most == 1


def test_different_hosts_are_fetched_concurrently(monkeypatch: pytest.MonkeyPatch) -> None:
    here_all(monkeypatch)
    busy = Busy(pause=0.3)
    with serve({"/": busy}) as site:
        monkeypatch.setattr(guard.GuardedSocket, "connect", leads_to(site))
        requests = [FetchRequest(f"http://news{number}.example/") for number in range(6)]
        asyncio.run(fetcher.fetch_many(requests, user_agent=AGENT, obey_robots=False))
    assert busy.most > 1


def test_waiting_for_earlier_pages_does_not_count_towards_the_deadline(site: Site) -> None:
    site.pages["/"] = Busy(pause=0.2)
    requests = [FetchRequest(site.url()) for _ in range(6)]
    results = asyncio.run(
        fetcher.fetch_many(requests, user_agent=AGENT, allow=site.address, obey_robots=False, total_deadline=0.8)
    )
    assert [result.outcome for result in results] == [Outcome.OK] * 6


def here_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name resolves to a public address."""
    names = ("login.example", "news.example", "other.example", *(f"news{number}.example" for number in range(6)))
    monkeypatch.setattr(socket, "getaddrinfo", answers({name: ["8.8.8.8"] for name in names}))


def leads_to(site: Site) -> Callable[[socket.socket, object], None]:
    """A network where every public address is the test's server; the guard's own checks are off."""

    def connect(self: socket.socket, address: object) -> None:
        self._peer_checked = True  # type: ignore[attr-defined]
        socket.socket.connect(self, ("127.0.0.1", site.port))

    return connect


# Host names.


def test_host_header_and_sni_are_the_name_in_the_url(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    here_all(monkeypatch)
    named: list[str | None] = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server.sni_callback = lambda opened, name, context: named.append(name)
    trust = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    with serve({"/": page("x")}, tls=server) as site:
        monkeypatch.setattr(guard.GuardedSocket, "connect", leads_to(site))
        for host in ("news.example", "other.example"):
            results = fetcher.fetch(f"https://{host}/", user_agent=AGENT, obey_robots=False, trust=trust)
            # The certificate is good for one of the two.
            assert results.reason is (None if host == "news.example" else Reason.TLS)
    assert named == ["news.example", "other.example"]
    assert [b"\r\nHost: news.example\r\n" in head for head in site.asked] == [True]


# Validators and redirects.


@pytest.mark.parametrize("place", ["/elsewhere", "//{address}/?other"])
def test_validators_are_not_sent_to_another_page(site: Site, place: str) -> None:
    site.pages["/"] = answer(b"", "302 Found", f"Location: {place.format(address=site.address)}")
    for path in ("/elsewhere", "/?other"):
        site.pages[path] = page("<p>something else")
    result = ask(site, FetchRequest(site.url(), etag='"1"', last_modified="Mon, 01 Jun 2026 00:00:00 GMT"))
    assert result.outcome is Outcome.OK
    assert b"if-none-match" in site.asked[0].lower()
    assert b"if-none-match" not in site.asked[1].lower() and b"if-modified-since" not in site.asked[1].lower()


def test_a_304_of_another_page_is_not_unchanged(site: Site) -> None:
    site.pages["/"] = answer(b"", "302 Found", "Location: /elsewhere")
    site.pages["/elsewhere"] = answer(b"", "304 Not Modified", length=False)
    assert ask(site, FetchRequest(site.url(), etag='"1"')).outcome is Outcome.ERROR


def test_validators_are_sent_to_the_same_page_at_its_full_url(site: Site) -> None:
    site.pages["/a"] = answer(b"", "301 Moved", "Location: /a/")
    site.pages["/a/"] = answer(b"", "304 Not Modified", length=False)
    assert ask(site, FetchRequest(site.url("/a"), etag='"1"')).outcome is Outcome.UNCHANGED


# Media types.


@pytest.mark.parametrize(
    "media_type", ["image/png", "Video/MP4; codecs=x", "audio/mpeg", "font/woff2", "application/zip"]
)
def test_files_without_text_are_not_downloaded(site: Site, media_type: str) -> None:
    site.pages["/"] = flood(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode(), b"x" * 10_000)
    started = time.monotonic()
    result = get(site, max_bytes=10**9)
    assert (result.outcome, result.body) == (Outcome.UNSUPPORTED, None)
    assert result.detail.endswith(".") and time.monotonic() - started < 2


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xhtml+xml", "application/json", "image/svg+xml", "application/pdf", ""]
)
def test_other_files_are_downloaded(site: Site, media_type: str) -> None:
    site.pages["/"] = answer(b"words", "200 OK", f"Content-Type: {media_type}")
    assert get(site).body == b"words"


def test_the_media_type_of_robots_txt_is_ignored(site: Site) -> None:
    site.pages["/robots.txt"] = answer(b"User-agent: *\nDisallow: /", "200 OK", "Content-Type: image/png")
    assert get(site, obey_robots=True).outcome is Outcome.DISALLOWED


# Bytes besides the body.


@pytest.mark.parametrize(
    "script",
    [
        flood(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 500),
        flood(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", (b"1;" + b"x" * 4_000 + b"\r\ny\r\n") * 10),
        flood(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;", b"x" * 40_000),
        flood(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"T: x\r\n" * 5_000),
    ],
    ids=["early hints", "chunk extensions", "one chunk extension", "trailers"],
)
def test_bytes_besides_the_body_are_limited(site: Site, script: Callable[[socket.socket], None]) -> None:
    sent = [0]

    def counted(connection: socket.socket) -> None:
        class Counting:
            def sendall(self, data: bytes) -> None:
                connection.sendall(data)
                sent[0] += len(data)

        script(Counting())  # type: ignore[arg-type]

    site.pages["/"] = counted
    result = get(site, max_bytes=100_000, total_deadline=8)
    assert result.outcome in {Outcome.ERROR, Outcome.TOO_LARGE} and result.body is None
    assert result.reason is not Reason.TIMEOUT
    assert sent[0] < 60_000_000  # the bound, and what the buffers of two sockets hold


@pytest.mark.parametrize(
    "given", ["Mon, 01 Jun 2026 00:00:00 +99999999999999999999", "Mon, 01 Jun 99999 00:00:00 GMT", "soon", "-5", "٣"]
)
def test_a_malformed_retry_after_is_ignored(site: Site, given: str) -> None:
    site.pages["/"] = f"HTTP/1.1 503 Busy\r\nRetry-After: {given}\r\nContent-Length: 0\r\n\r\n".encode()
    result = get(site)
    assert (result.status, result.retry_after) == (503, None)


def test_every_socket_method_checks_the_address() -> None:
    with serve() as site, guard.GuardedSocket() as opened:
        with pytest.raises(OSError, match="public Internet"):
            opened.connect_ex(("127.0.0.1", site.port))
        with pytest.raises(OSError, match="checked"):
            opened.sendall(b"x")
        with pytest.raises(OSError, match="checked"):
            opened.sendto(b"x", ("127.0.0.1", site.port))
    assert site.asked == []


# Kept-alive connections.


@pytest.fixture
def lasting() -> Iterator[tuple[str, list[int]]]:
    """A server that keeps connections open: its address, and the client port of each request."""
    asked: list[int] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked.append(self.client_address[1])
            body = b"<p>words " * 60_000
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *given: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):
                super().handle()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def several(address: str) -> list[FetchResult]:
    requests = [FetchRequest(f"http://{address}/{number}") for number in range(6)]
    bounds = {"max_bytes": 600_000, "total_deadline": 10.0}
    return asyncio.run(
        fetcher.fetch_many(requests, user_agent=AGENT, allow=address, obey_robots=False, **bounds)  # type: ignore[arg-type]
    )


def test_pages_share_a_connection_and_the_limit_is_per_response(lasting: tuple[str, list[int]]) -> None:
    address, asked = lasting
    results = several(address)
    assert [result.outcome for result in results] == ["ok"] * 6
    assert len(asked) == 6 and len(set(asked)) == 1


def test_control_counting_per_connection_would_cut_it_off(
    lasting: tuple[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client then opens another connection."""
    monkeypatch.setattr(guard.GuardedSocket, "reset_count", lambda self: None)
    address, asked = lasting
    several(address)
    assert len(set(asked)) > 1
