"""One request and its answer, within bounds: status, headers, and a body that is inflated in steps."""

import asyncio
import logging
import re
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

import aiohttp
from isal import isal_zlib
from yarl import URL

from sources.http.addresses import AddressRefused, Target, UrlRefused
from sources.http.guard import TooMuchReceived
from sources.outcome import Outcome

_STEP = 65_536
_GZIP = 16 + zlib.MAX_WBITS
_log = logging.getLogger(__name__)
Headers = tuple[tuple[str, str], ...]
_Damaged: type[Exception] = isal_zlib.error  # type: ignore[assignment]


class Reason(StrEnum):
    """What kind of error."""

    URL = "url"
    ADDRESS = "address_refused"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    STATUS = "status"
    REDIRECTS = "redirects"
    ROBOTS = "robots_unreachable"


@dataclass(frozen=True)
class FetchResult:
    outcome: Outcome
    detail: str = ""
    """A sentence for people; empty when all is well."""
    reason: Reason | None = None
    status: int | None = None
    final_url: str = ""
    redirects: tuple[tuple[int, str], ...] = ()
    """Status of each redirect and the URL it led to."""
    headers: Headers = ()
    body: bytes | None = None
    media_type: str = ""
    charset: str | None = None
    retry_after: float | None = None
    """Seconds the server asked to be left alone."""
    crawl_delay: float | None = None
    """Seconds between requests that the host's robots.txt asks for."""
    elapsed: float = 0.0


class Failed(Exception):
    """Ends a fetch with this result."""

    def __init__(self, outcome: Outcome, detail: str, reason: Reason | None = None, **seen: Any) -> None:
        super().__init__(detail)
        self.result = FetchResult(outcome, detail, reason, **seen)


@asynccontextmanager
async def _request(
    session: aiohttp.ClientSession, method: str, url: str, headers: dict[str, str], sent: bytes | None = None
) -> AsyncIterator[tuple[aiohttp.ClientResponse, Headers, dict[str, Any]]]:
    """The answer, its headers, and what a `FetchResult` says of both; where it leads is not followed."""
    address = URL(url, encoded=True)
    async with session.request(method, address, headers=headers, data=sent, allow_redirects=False) as response:
        pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)
        yield response, pairs, {"status": response.status, "headers": pairs, **_content_type(pairs)}


async def exchange(
    session: aiohttp.ClientSession, to: Target, headers: dict[str, str], most: int, *, cut: bool = False
) -> FetchResult:
    """Ask for one URL, without following where it leads.

    With `cut` a body of any media type is read, up to `most` bytes.
    """
    async with _request(session, "GET", to.url, headers) as (response, pairs, seen):
        outcome, detail, reason = _of_status(response.status, to.host)
        if _value(pairs, "cf-mitigated").lower() == "challenge":
            outcome, detail, reason = Outcome.BLOCKED, f"{to.host} asks visitors to prove they are human.", None
        if outcome is not Outcome.OK:
            return FetchResult(outcome, detail, reason, **seen, retry_after=_retry_after(pairs))
        if not cut and (kind := _holds_no_text(seen["media_type"])):
            return FetchResult(Outcome.UNSUPPORTED, f"This is {kind}, not a page of text.", **seen)
        lengths = [value for name, value in pairs if name.lower() == "content-length"]
        if len(lengths) > 1:
            raise Failed(Outcome.ERROR, "The answer states its length twice.", Reason.PROTOCOL, **seen)
        if not cut and lengths and lengths[0].isdecimal() and int(lengths[0]) > most:
            raise Failed(Outcome.TOO_LARGE, f"The page is larger than {most:,} bytes.", **seen)
        body = await _read(response, _value(pairs, "content-encoding"), most, cut, seen)
        if _BOT_WALL.search(body[:20_000]) and len(body) < 100_000:
            return FetchResult(Outcome.BLOCKED, f"{to.host} asks visitors to prove they are human.", **seen)
        return FetchResult(Outcome.OK, **seen, body=body)


async def converse(
    session: aiohttp.ClientSession, to: Target, method: str, headers: dict[str, str], sent: bytes | None, most: int
) -> FetchResult:
    """One request of any method, and its body whatever the status: for services that answer in JSON."""
    async with _request(session, method, to.url, headers, sent) as (response, pairs, seen):
        body = await _read(response, _value(pairs, "content-encoding"), most, False, seen)
        outcome, detail, reason = _of_status(response.status, to.host)
        return FetchResult(outcome, detail, reason, **seen, body=body, retry_after=_retry_after(pairs))


# Seconds for which the body of an answer is read whose status is known: nothing depends on it.
_PATIENCE = 2.0


async def tell(
    session: aiohttp.ClientSession, to: Target, headers: dict[str, str], sent: bytes, most: int
) -> FetchResult:
    """POST a message; only the status matters. Of the body the first bytes that come within a moment are kept."""
    asked = {**headers, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    async with _request(session, "POST", to.url, asked, sent) as (response, pairs, seen):
        body = b"" if _value(pairs, "content-encoding") else await _first_bytes(response, most)
        outcome, detail, reason = _of_status(response.status, to.host)
        response.close()
        return FetchResult(outcome, detail, reason, **seen, body=body, retry_after=_retry_after(pairs))


async def _first_bytes(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    with suppress(TimeoutError, aiohttp.ClientError, OSError):
        async with asyncio.timeout(_PATIENCE):
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) >= most:
                    break
    return bytes(body[:most])


def _of_status(status: int, host: str) -> tuple[Outcome, str, Reason | None]:
    if status in {200, 203, 204, 301, 302, 303, 307, 308}:
        # A redirect's body is read by nobody.
        return (Outcome.OK if status < 300 else Outcome.ERROR), "", None
    if status == 304:
        return Outcome.UNCHANGED, "", None
    if status in {404, 410}:
        return Outcome.GONE, f"{host} says that this page does not exist (HTTP {status}).", None
    if status in {401, 403, 429, 451, 999}:
        return Outcome.BLOCKED, f"{host} refused us (HTTP {status}).", None
    if status == 402:
        return Outcome.PAYWALL, f"{host} wants to be paid for this page (HTTP 402).", None
    return Outcome.ERROR, f"{host} answered with an error (HTTP {status}).", Reason.STATUS


# What text can be read from is for those to say who read it; these are not worth downloading. Drawings in SVG
# hold text, and what is gzip'd may be a sitemap.
_NO_TEXT = re.compile(
    r"(?P<picture>image/(?!svg\+xml$).*)|(?P<sound>audio/.*)|(?P<film>video/.*)|(?P<font>font/.*)"
    r"|(?P<archive>application/(?:(?:x-)?(?:zip|bzip2?|xz|tar|7z-compressed|rar-compressed|zip-compressed)"
    r"|vnd\.rar|zstd|java-archive|vnd\.android\.package-archive|x-iso9660-image|x-apple-diskimage))"
)


def _holds_no_text(media_type: str) -> str:
    """What it is, with its article; empty if it may be text."""
    match = _NO_TEXT.fullmatch(media_type)
    kinds = {
        "picture": "a picture",
        "sound": "a recording",
        "film": "a film",
        "font": "a font",
        "archive": "an archive",
    }
    return kinds[match.lastgroup] if match and match.lastgroup else ""


# Titles of the interstitials of the common bot managers; pages that merely load their scripts have others.
_BOT_WALL = re.compile(
    rb"<title[^>]{0,100}>\s{0,50}(?:just a moment\.\.\.|attention required! \| cloudflare|access denied|"
    rb"pardon our interruption|robot check|human verification|are you a robot\?|security check|"
    rb"ddos-guard|checking your browser[^<]{0,60}|verifying your browser[^<]{0,60})\s{0,50}</title>",
    re.IGNORECASE,
)


async def _read(response: aiohttp.ClientResponse, encoding: str, most: int, cut: bool, seen: dict[str, Any]) -> bytes:
    """The body, inflated in steps, so that a bomb stops at the bound."""
    inflate = _Inflater(encoding.strip().lower(), seen)
    body = bytearray()
    wire = 0
    async for chunk in response.content.iter_any():
        wire += len(chunk)
        while chunk:
            piece, chunk = inflate.step(chunk)
            body += piece
            if len(body) > most or wire > most:
                if cut:
                    return bytes(body[:most])
                raise Failed(Outcome.TOO_LARGE, f"The page is larger than {most:,} bytes.", **seen)
    body += inflate.finish()
    return bytes(body)


class _Inflater:
    """gzip and deflate, a step at a time; anything that was not offered is refused."""

    def __init__(self, encoding: str, seen: dict[str, Any]) -> None:
        self._seen = seen
        self._encoding = encoding
        self._started = False
        if encoding not in {"", "identity", "gzip", "x-gzip", "deflate"}:
            raise self._wrong(f"The answer is encoded as {encoding[:40]}, which was not asked for.")
        self._zip = None if encoding in {"", "identity"} else isal_zlib.decompressobj(_GZIP)

    def step(self, data: bytes) -> tuple[bytes, bytes]:
        """Some inflated bytes, and what of `data` is still to be read."""
        if self._zip is None:
            return data, b""
        if not self._started:
            self._started = True
            if self._encoding == "deflate":  # zlib's format by the standard, bare by some servers
                self._zip = isal_zlib.decompressobj(zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        elif self._zip.eof:
            if self._encoding == "deflate" or not data.startswith(b"\x1f"):
                return b"", b""  # padding after the end, which browsers ignore as well
            self._zip = isal_zlib.decompressobj(_GZIP)
        try:
            piece = self._zip.decompress(data, _STEP)
        except _Damaged as error:
            raise self._wrong("The answer is compressed wrongly.") from error
        return piece, self._zip.unused_data if self._zip.eof else self._zip.unconsumed_tail

    def finish(self) -> bytes:
        """The few bytes that a step may hold back."""
        if self._zip is None or not self._started:
            return b""
        rest = self._zip.flush()
        if not self._zip.eof:
            raise self._wrong("The compressed answer was cut short.")
        return rest

    def _wrong(self, sentence: str) -> Failed:
        return Failed(Outcome.ERROR, sentence, Reason.PROTOCOL, **self._seen)


def _value(pairs: Headers, wanted: str) -> str:
    return ", ".join(value for name, value in pairs if name.lower() == wanted)


def _content_type(pairs: Headers) -> dict[str, Any]:
    given = _value(pairs, "content-type")
    charset = re.search(r";\s*charset\s*=\s*[\"']?([\w.:-]{1,40})", given, re.IGNORECASE)
    return {
        "media_type": given.partition(";")[0].strip().lower()[:200],
        "charset": charset[1].lower() if charset else None,
    }


def _retry_after(pairs: Headers) -> float | None:
    """Seconds, from a number of them or an HTTP date."""
    given = _value(pairs, "retry-after").strip()
    if re.fullmatch("[0-9]{1,9}", given):
        return float(given)
    try:
        until = parsedate_to_datetime(given)
    except (TypeError, ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


async def within(seconds: float, work: Callable[[], Awaitable[FetchResult]]) -> FetchResult:
    """What the work came to, failures and a passed deadline included, and the seconds that it took."""
    started = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            result = await work()
    except Exception as error:  # noqa: BLE001 - a failure is an outcome, and one must not cost the others
        result = _as_result(error, seconds)
    return replace(result, elapsed=time.monotonic() - started)


def _as_result(error: Exception, seconds: float) -> FetchResult:
    """The result that an exception on the way stands for."""
    if isinstance(error, Failed):
        return error.result
    for cause in _causes(error):
        if isinstance(cause, AddressRefused):
            return FetchResult(Outcome.ERROR, str(cause), Reason.ADDRESS)
        if isinstance(cause, TooMuchReceived):
            return FetchResult(Outcome.TOO_LARGE, str(cause))
    if isinstance(error, UrlRefused):
        return FetchResult(Outcome.ERROR, str(error), Reason.URL)
    if isinstance(error, TimeoutError):  # aiohttp's are subclasses
        return FetchResult(Outcome.ERROR, f"The server took too long (at most {seconds:g} s).", Reason.TIMEOUT)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return FetchResult(Outcome.ERROR, f"The name {error.host} cannot be resolved.", Reason.DNS)
    if isinstance(error, (aiohttp.ClientSSLError, ssl.SSLError)):
        return FetchResult(Outcome.ERROR, f"No secure connection could be made ({error}).", Reason.TLS)
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchResult(Outcome.ERROR, f"No connection could be made ({error.strerror or error}).", Reason.CONNECT)
    if isinstance(error, (aiohttp.ClientError, OSError, _Damaged)):
        said = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        return FetchResult(Outcome.ERROR, f"The answer was cut short or malformed ({said}).", Reason.PROTOCOL)
    _log.error("A fetch failed in a way that is not known", exc_info=error)
    return FetchResult(Outcome.ERROR, f"The page could not be fetched ({type(error).__name__}).", Reason.PROTOCOL)


def _causes(error: BaseException) -> list[BaseException]:
    """The exception and all it came from, groups and aiohttp's `os_error` included."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is None or each in found:
            continue
        found.append(each)
        waiting += [each.__cause__, each.__context__, getattr(each, "os_error", None)]
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
    return found
