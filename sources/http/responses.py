"""Send one HTTP request and read its response within limits, decompressing the body in steps; map errors to results."""

import asyncio
import logging
import re
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
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
    """The cause of an `error` outcome."""

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
    """The result of a request, a failed one included. `elapsed` is in seconds."""

    outcome: Outcome
    detail: str = ""
    """A sentence for people about a failure."""
    reason: Reason | None = None
    status: int | None = None
    final_url: str = ""
    redirects: tuple[tuple[int, str], ...] = ()
    """The status and target URL of each redirect."""
    headers: Headers = ()
    body: bytes | None = None
    refused_body: bytes = field(default=b"", repr=False)
    """The body that came with a refusal or an error; empty if none was read. It proves nothing about the page."""
    media_type: str = ""
    charset: str | None = None
    retry_after: float | None = None
    """Seconds before the next request, as the server demands."""
    crawl_delay: float | None = None
    """Seconds between requests, as the host's robots.txt demands."""
    elapsed: float = 0.0


class FetchFailed(Exception):
    """Ends a fetch with this result."""

    def __init__(self, outcome: Outcome, detail: str, reason: Reason | None = None, **fields: Any) -> None:
        super().__init__(detail)
        self.result = FetchResult(outcome, detail, reason, **fields)


@asynccontextmanager
async def _request(
    session: aiohttp.ClientSession, method: str, url: str, headers: dict[str, str], sent: bytes | None = None
) -> AsyncIterator[tuple[aiohttp.ClientResponse, Headers, dict[str, Any]]]:
    """Send a request without following redirects. Yields the response, its headers, and fields of a `FetchResult`."""
    address = URL(url, encoded=True)
    async with session.request(method, address, headers=headers, data=sent, allow_redirects=False) as response:
        pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.raw_headers)
        yield response, pairs, {"status": response.status, "headers": pairs, **_content_type(pairs)}


async def get_page(
    session: aiohttp.ClientSession, to: Target, headers: dict[str, str], most: int, *, cut: bool = False
) -> FetchResult:
    """GET one page, without following redirects. Raises `FetchFailed`.

    `cut` reads a body of any media type and truncates it to `most` bytes, instead of failing.
    """
    async with _request(session, "GET", to.url, headers) as (response, pairs, fields):
        outcome, detail, reason = _of_status(response.status, to.host)
        if detail_of_shield := _shield(pairs):
            outcome, detail, reason = Outcome.BLOCKED, f"{to.host} {detail_of_shield}", None
        if outcome is not Outcome.OK:
            body = b"" if cut else await _refused_body(response, outcome, pairs, fields, most)
            return FetchResult(outcome, detail, reason, **fields, retry_after=_retry_after(pairs), refused_body=body)
        if not cut and (kind := _without_text(fields["media_type"])):
            return FetchResult(Outcome.UNSUPPORTED, f"This is {kind}, not a page of text.", **fields)
        lengths = [value for name, value in pairs if name.lower() == "content-length"]
        if len(lengths) > 1:
            raise FetchFailed(Outcome.ERROR, "The response states its length twice.", Reason.PROTOCOL, **fields)
        if not cut and lengths and lengths[0].isdecimal() and int(lengths[0]) > most:
            raise FetchFailed(Outcome.TOO_LARGE, f"The page is larger than {most:,} bytes.", **fields)
        body = await _read(response, header_value(pairs, "content-encoding"), most, cut, fields)
        if _BOT_WALL.search(body[:20_000]) and len(body) < 100_000:
            return FetchResult(Outcome.BLOCKED, f"{to.host} asks visitors to prove they are human.", **fields)
        return FetchResult(Outcome.OK, **fields, body=body)


async def send_request(
    session: aiohttp.ClientSession, to: Target, method: str, headers: dict[str, str], sent: bytes | None, most: int
) -> FetchResult:
    """Send a request of any method and read the body whatever the status, for services that respond in JSON."""
    async with _request(session, method, to.url, headers, sent) as (response, pairs, fields):
        body = await _read(response, header_value(pairs, "content-encoding"), most, False, fields)
        outcome, detail, reason = _of_status(response.status, to.host)
        return FetchResult(outcome, detail, reason, **fields, body=body, retry_after=_retry_after(pairs))


# Seconds for reading the body of a response whose status is all that matters.
_BODY_SECONDS = 2.0


async def post_message(
    session: aiohttp.ClientSession, to: Target, headers: dict[str, str], sent: bytes, most: int
) -> FetchResult:
    """POST a message. The status matters; of the body only the first bytes are read, for two seconds at most."""
    headers = {**headers, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
    async with _request(session, "POST", to.url, headers, sent) as (response, pairs, fields):
        body = b"" if header_value(pairs, "content-encoding") else await _first_bytes(response, most)
        outcome, detail, reason = _of_status(response.status, to.host)
        response.close()
        return FetchResult(outcome, detail, reason, **fields, body=body, retry_after=_retry_after(pairs))


async def _first_bytes(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    with suppress(TimeoutError, aiohttp.ClientError, OSError):
        async with asyncio.timeout(_BODY_SECONDS):
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) >= most:
                    break
    return bytes(body[:most])


# Bodies of refusals that are read, as some sites send the page itself with them; and for how long at most.
_WITH_A_PAGE = frozenset({200, 203, 401, 403, 451, 500, 502, 503, 504})
_REFUSED_BYTES = 2_000_000
_REFUSED_SECONDS = 3.0


async def _refused_body(
    response: aiohttp.ClientResponse, outcome: Outcome, pairs: Headers, fields: dict[str, Any], most: int
) -> bytes:
    """Read the HTML that came with a refusal or an error; nothing if it is no HTML, too large, slow or damaged."""
    html = fields["media_type"] in {"text/html", "application/xhtml+xml"}
    if outcome not in (Outcome.BLOCKED, Outcome.ERROR) or response.status not in _WITH_A_PAGE or not html:
        return b""
    with suppress(TimeoutError, aiohttp.ClientError, OSError, FetchFailed):
        async with asyncio.timeout(_REFUSED_SECONDS):
            encoding = header_value(pairs, "content-encoding")
            return await _read(response, encoding, min(most, _REFUSED_BYTES), False, fields)
    return b""


def _of_status(status: int, host: str) -> tuple[Outcome, str, Reason | None]:
    if status in {200, 203, 204, 301, 302, 303, 307, 308}:
        # The body of a redirect is not read.
        return (Outcome.OK if status < 300 else Outcome.ERROR), "", None
    if status == 304:
        return Outcome.UNCHANGED, "", None
    if status in {404, 410}:
        return Outcome.GONE, f"{host} reports that this page does not exist (HTTP {status}).", None
    if status in {401, 403, 429, 451, 999}:
        return Outcome.BLOCKED, f"{host} refused us (HTTP {status}).", None
    if status == 402:
        return Outcome.PAYWALL, f"{host} demands payment for this page (HTTP 402).", None
    return Outcome.ERROR, f"{host} responded with an error (HTTP {status}).", Reason.STATUS


# Not worth downloading; the extractors decide about all other types. SVG drawings contain text, and a gzip file may be
# a sitemap.
_NO_TEXT = re.compile(
    r"(?P<picture>image/(?!svg\+xml$).*)|(?P<sound>audio/.*)|(?P<film>video/.*)|(?P<font>font/.*)"
    r"|(?P<archive>application/(?:(?:x-)?(?:zip|bzip2?|xz|tar|7z-compressed|rar-compressed|zip-compressed)"
    r"|vnd\.rar|zstd|java-archive|vnd\.android\.package-archive|x-iso9660-image|x-apple-diskimage))"
)


def _without_text(media_type: str) -> str:
    """Name a media type that has no text, with its article; return an empty string for all others."""
    match = _NO_TEXT.fullmatch(media_type)
    kinds = {
        "picture": "a picture",
        "sound": "a recording",
        "film": "a film",
        "font": "a font",
        "archive": "an archive",
    }
    return kinds[match.lastgroup] if match and match.lastgroup else ""


# Headers by which shields, filters and proxies say themselves that they respond in the site's place, with any status.
_CHALLENGED = "asks visitors to prove they are human."
_SHIELDS = {
    "cf-mitigated": (re.compile(r"challenge|block", re.I), _CHALLENGED),  # Cloudflare
    "x-amzn-waf-action": (re.compile(r"challenge|captcha|block", re.I), _CHALLENGED),  # AWS WAF
    "x-vercel-mitigated": (re.compile(r"challenge|deny", re.I), _CHALLENGED),
    "x-sucuri-block": (re.compile(r"."), "is protected by a shield that refused us."),
    "rimon": (re.compile(r"block", re.I), "is blocked by the content filter of a network on the way."),
    "x-squid-error": (re.compile(r"ERR_"), "was not reached: a proxy on the way reports an error."),
}


def _shield(pairs: Headers) -> str:
    """Say what a shield, filter or proxy did in the place of the site; an empty string if the site itself responded."""
    for name, value in pairs:
        words, sentence = _SHIELDS.get(name.lower(), (None, ""))
        if words is not None and words.search(value):
            return sentence
    return ""


# Titles of the interstitials of the common bot managers; pages that merely load their scripts have others.
_BOT_WALL = re.compile(
    rb"<title[^>]{0,100}>\s{0,50}(?:just a moment\.\.\.|attention required! \| cloudflare|access denied|"
    rb"pardon our interruption|robot check|human verification|are you a robot\?|security check|"
    rb"ddos-guard|checking your browser[^<]{0,60}|verifying your browser[^<]{0,60})\s{0,50}</title>",
    re.IGNORECASE,
)


async def _read(response: aiohttp.ClientResponse, encoding: str, most: int, cut: bool, fields: dict[str, Any]) -> bytes:
    """Read and decompress the body in steps, so that a decompression bomb is stopped at the limit."""
    inflate = _Decompressor(_coding(encoding), fields)
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
                raise FetchFailed(Outcome.TOO_LARGE, f"The page is larger than {most:,} bytes.", **fields)
    body += inflate.finish()
    return bytes(body)


# Content codings that exist and that the request does not offer. Any other word, such as "none", "utf-8" or "binary",
# is a mistake of the server, which browsers ignore.
_NOT_OFFERED = frozenset({"br", "zstd", "compress", "x-compress", "bzip2", "x-bzip2", "lzma", "xz", "snappy"}) | {
    *("dcb", "dcz", "exi", "pack200-gzip", "aes128gcm")  # the rest of IANA's registry
}


def _coding(header: str) -> str:
    """Return what a Content-Encoding header says was done to the body: nothing (empty), or codings with commas."""
    named = [word.strip().lower() for word in header.split(",")]
    return ", ".join(word for word in named if word in _NOT_OFFERED or word in {"gzip", "x-gzip", "deflate"})


class _Decompressor:
    """Decompresses gzip and deflate in steps, and refuses encodings that the request did not offer."""

    def __init__(self, encoding: str, fields: dict[str, Any]) -> None:
        self._fields = fields
        self._encoding = encoding
        self._started = False
        if encoding not in {"", "gzip", "x-gzip", "deflate"}:
            raise self._failure(f"The response is encoded as {encoding[:40]}, which the request did not offer.")
        self._zip = isal_zlib.decompressobj(_GZIP) if encoding else None

    def step(self, data: bytes) -> tuple[bytes, bytes]:
        """Return some decompressed bytes, and the part of `data` that is not consumed yet."""
        if self._zip is None:
            return data, b""
        if not self._started:
            self._started = True
            if self._encoding == "deflate":  # zlib format in the standard, raw from some servers
                self._zip = isal_zlib.decompressobj(zlib.MAX_WBITS if data[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        elif self._zip.eof:
            if self._encoding == "deflate" or not data.startswith(b"\x1f"):
                return b"", b""  # padding after the end, which browsers ignore too
            self._zip = isal_zlib.decompressobj(_GZIP)
        try:
            piece = self._zip.decompress(data, _STEP)
        except _Damaged as error:
            raise self._failure("The response is compressed incorrectly.") from error
        return piece, self._zip.unused_data if self._zip.eof else self._zip.unconsumed_tail

    def finish(self) -> bytes:
        """Return the last bytes, which a step may hold back."""
        if self._zip is None or not self._started:
            return b""
        rest = self._zip.flush()
        if not self._zip.eof:
            raise self._failure("The compressed response was cut short.")
        return rest

    def _failure(self, sentence: str) -> FetchFailed:
        return FetchFailed(Outcome.ERROR, sentence, Reason.PROTOCOL, **self._fields)


def header_value(pairs: Headers, wanted: str) -> str:
    """The values of the headers of this name (in lower case), with commas between."""
    return ", ".join(value for name, value in pairs if name.lower() == wanted)


_MEDIA_TYPE = re.compile(r"[\w!#$%&'*+.^`|~-]+/[\w!#$%&'*+.^`|~-]+", re.ASCII)
_CHARSET = re.compile(r"[;\s]\s*charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)


def _content_type(pairs: Headers) -> dict[str, Any]:
    """Return media type and charset of the Content-Type headers, as browsers read them (WHATWG Fetch, section 2.2.2).

    The last valid type counts, with the charset named for it before if it names none. A missing semicolon is excused.
    Without any valid type `media_type` is empty, and the bytes decide.
    """
    media_type, charset = "", None
    for part in header_value(pairs, "content-type").split(","):
        named = re.split(r"[;\s]", part.strip(), maxsplit=1)[0].lower()[:200]
        if named == "*/*" or not _MEDIA_TYPE.fullmatch(named):
            continue
        found = _CHARSET.search(part)
        if found or named != media_type:
            charset = found[1].lower() if found else None
        media_type = named
    return {"media_type": media_type, "charset": charset}


def _retry_after(pairs: Headers) -> float | None:
    """Return the seconds of a Retry-After header, which holds a number or an HTTP date."""
    header = header_value(pairs, "retry-after").strip()
    if re.fullmatch("[0-9]{1,9}", header):
        return float(header)
    until = http_date(header)
    return None if until is None else max(0.0, (until - datetime.now(UTC)).total_seconds())


def http_date(text: str) -> datetime | None:
    """Parse the date of a header, UTC if it names no zone. Returns None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def run_within(seconds: float, work: Callable[[], Awaitable[FetchResult]]) -> FetchResult:
    """Run a fetch with a deadline and return its result with `elapsed`; errors and timeouts become results too."""
    started = time.monotonic()
    try:
        async with asyncio.timeout(seconds):
            result = await work()
    except Exception as error:  # noqa: BLE001 - every failure is an outcome
        result = _error_result(error, seconds)
    return replace(result, elapsed=time.monotonic() - started)


def _error_result(error: Exception, seconds: float) -> FetchResult:
    if isinstance(error, FetchFailed):
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
        message = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        return FetchResult(Outcome.ERROR, f"The response was cut short or malformed ({message}).", Reason.PROTOCOL)
    _log.error("A fetch failed with an unexpected error", exc_info=error)
    return FetchResult(Outcome.ERROR, f"The page could not be fetched ({type(error).__name__}).", Reason.PROTOCOL)


def _causes(error: BaseException) -> list[BaseException]:
    """Return the exception and all its causes, including those in groups and aiohttp's `os_error`."""
    causes: list[BaseException] = []
    pending: list[BaseException | None] = [error]
    while pending:
        each = pending.pop()
        if each is None or each in causes:
            continue
        causes.append(each)
        pending += [each.__cause__, each.__context__, getattr(each, "os_error", None)]
        if isinstance(each, BaseExceptionGroup):
            pending += each.exceptions
    return causes
