"""An aiohttp session that connects to public IP addresses only and limits the bytes received, for all other modules.

Each address is checked when a name is resolved, when a socket connects, and against the connected socket before the
first byte is sent. Each response is cut off after a maximum number of bytes. Environment proxies, cookies and Alt-Svc
are not used.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, TypeVar
from weakref import WeakValueDictionary

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver, ResolveResult

from sources.http.addresses import AddressRefused, check_address

# Browsers accept 256 KB of headers and more; content policies and lists of preloads reach tens of kilobytes.
MAX_HEADERS = 256
MAX_HEADER_LENGTH = 65_536
CONNECT_SECONDS = 10.0
RESOLVE_SECONDS = 5.0
READ_SECONDS = 15.0
KEEPALIVE_SECONDS = 5.0
# For TLS, headers and the like, besides twice the bytes of a body, which chunks of a few bytes can need.
_OVERHEAD_BYTES = 1_000_000

Session = aiohttp.ClientSession
_Received = TypeVar("_Received", bytes, int)

# getaddrinfo cannot be cancelled, so a hanging call must not block other calls or the end of the loop.
_resolving = ThreadPoolExecutor(max_workers=64, thread_name_prefix="resolve")


class TooMuchReceived(OSError):
    """The server sent more bytes than allowed. The message is a sentence."""


class GuardedSocket(socket.socket):
    """A socket that connects to public addresses only, and sends nothing to any other peer.

    It receives at most `most` bytes per response, including those that a reader of bodies does not count: early
    hints, chunk extensions, trailers.
    """

    allow: tuple[str, int] | None = None
    most: int = 1_000_000
    _received = 0
    _chosen: tuple[str, int] | None = None
    _peer_checked = False

    def connect(self, address: Any) -> None:
        if address[:2] != self.allow:
            check_address(address[0])
        self._chosen = address[:2]
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        self.connect(address)
        return 0

    def recv(self, *args: Any) -> bytes:
        return self._count(data := super().recv(*args), len(data))

    def recv_into(self, *args: Any) -> int:
        return self._count(size := super().recv_into(*args), size)

    def send(self, *args: Any) -> int:
        self._check_peer()
        return super().send(*args)

    def sendmsg(self, *args: Any) -> int:
        self._check_peer()
        return super().sendmsg(*args)

    def sendall(self, *args: Any) -> None:
        self._check_peer()
        super().sendall(*args)

    def sendto(self, *args: Any) -> int:
        raise AddressRefused("Nothing is sent without a connection whose address was checked.")

    def reset_count(self) -> None:
        self._received = 0

    def _count(self, received: _Received, size: int) -> _Received:
        self._received += size
        if self._received > self.most:
            raise TooMuchReceived(f"The server sent more than {self.most:,} bytes.")
        return received

    def _check_peer(self) -> None:
        if not self._peer_checked:
            if self._chosen is None or self.getpeername()[:2] != self._chosen:
                raise AddressRefused("The connection leads to another address than the checked one.")
            self._peer_checked = True


class _GuardedResolver(AbstractResolver):
    """Resolves a name once and refuses it if any of its addresses is not public."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        lookup = loop.run_in_executor(_resolving, _resolve, host, port, family)
        try:
            results = await asyncio.wait_for(lookup, RESOLVE_SECONDS)
        except TimeoutError as error:
            raise OSError(f"The name {host} was not resolved within {RESOLVE_SECONDS:g} s.") from error
        for result in results:
            check_address(result["host"])
        return results

    async def close(self) -> None:
        pass


def _resolve(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    addresses = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    if not addresses:
        raise OSError(f"The name {host} has no address.")
    return [
        ResolveResult(
            hostname=host,
            # Keep the zone (`fe80::1%eth0`, here as a number) for the check.
            host=str(address[0]) + (f"%{address[3]}" if len(address) == 4 and address[3] else ""),
            port=port,
            family=kind,
            proto=protocol,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for kind, _, protocol, _, address in addresses
    ]


class _CountedResponse(aiohttp.ClientResponse):
    """A response that resets the byte count of a kept-alive connection, so that the limit is per response."""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        if (info := connection.transport.get_extra_info("socket")) and (guarded := _sockets.get(info.fileno())):
            guarded.reset_count()
        return await super().start(connection)


# aiohttp exposes only a wrapper of a socket, which knows its file number.
_sockets: WeakValueDictionary[int, GuardedSocket] = WeakValueDictionary()


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """Return the system's certificate authorities with certifi's, for systems that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@asynccontextmanager
async def guarded_session(
    user_agent: str, allow: tuple[str, int] | None, concurrency: int, trust: ssl.SSLContext | None, max_bytes: int
) -> AsyncIterator[aiohttp.ClientSession]:
    """Open an HTTP session that reaches public addresses only, for bodies of up to `max_bytes`.

    `allow` is one private address and port that may be reached nevertheless.
    """

    def open_socket(info: Any) -> socket.socket:
        guarded = GuardedSocket(info[0], info[1], info[2])
        guarded.allow = allow
        guarded.most = 2 * max_bytes + _OVERHEAD_BYTES
        _sockets[guarded.fileno()] = guarded
        return guarded

    connector = aiohttp.TCPConnector(
        resolver=_GuardedResolver(),
        socket_factory=open_socket,
        use_dns_cache=False,
        keepalive_timeout=KEEPALIVE_SECONDS,
        limit=concurrency,
        ssl=trust or _trust(),
    )
    async with aiohttp.ClientSession(
        connector=connector,
        response_class=_CountedResponse,
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        max_line_size=MAX_HEADER_LENGTH,
        max_field_size=MAX_HEADER_LENGTH,
        max_headers=MAX_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS),
        headers={
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        },
    ) as session:
        yield session
