"""The gate that every connection goes through: a client session that reaches public addresses only.

Each address is checked when a name is resolved, when a socket connects, and against the connected socket
before the first byte is sent. Each connection is ended after so many bytes. Proxies of the environment,
cookies and Alt-Svc are not used.
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

MOST_HEADERS = 100
LONGEST_HEADER = 8_190
CONNECT_SECONDS = 10.0
RESOLVE_SECONDS = 5.0
READ_SECONDS = 15.0
KEPT_SECONDS = 5.0  # a connection, for the next page of its host
# TLS, headers and the like, beside the bytes of a body twice over: chunks of a few bytes are as long as that.
_BESIDE_THE_BODY = 1_000_000

Session = aiohttp.ClientSession
_Received = TypeVar("_Received", bytes, int)

# getaddrinfo cannot be cancelled; a hung one must hold up neither the others nor the end of the loop.
_resolving = ThreadPoolExecutor(max_workers=64, thread_name_prefix="resolve")


class TooMuchReceived(OSError):
    """The server sent more than a connection may cost. The message is a sentence."""


class GuardedSocket(socket.socket):
    """A socket that connects to public addresses only, and sends nothing to any other peer.

    It receives at most `most` bytes: what comes beside a body (early hints, chunk extensions, trailers) is
    seen by no reader of bodies.
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

    def recv(self, *given: Any) -> bytes:
        return self._count(data := super().recv(*given), len(data))

    def recv_into(self, *given: Any) -> int:
        return self._count(size := super().recv_into(*given), size)

    def send(self, *given: Any) -> int:
        self._check_peer()
        return super().send(*given)

    def sendmsg(self, *given: Any) -> int:
        self._check_peer()
        return super().sendmsg(*given)

    def sendall(self, *given: Any) -> None:
        self._check_peer()
        super().sendall(*given)

    def sendto(self, *given: Any) -> int:
        raise AddressRefused("Nothing is sent without a connection whose address was checked.")

    def count_anew(self) -> None:
        self._received = 0

    def _count(self, received: _Received, size: int) -> _Received:
        self._received += size
        if self._received > self.most:
            raise TooMuchReceived(f"The server sent more than {self.most:,} bytes.")
        return received

    def _check_peer(self) -> None:
        if not self._peer_checked:
            if self._chosen is None or self.getpeername()[:2] != self._chosen:
                raise AddressRefused("The connection leads to another address than the one that was checked.")
            self._peer_checked = True


class _GuardedResolver(AbstractResolver):
    """Resolves a name once and refuses it if any of its addresses is not public."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        asked = loop.run_in_executor(_resolving, _resolve, host, port, family)
        try:
            answers = await asyncio.wait_for(asked, RESOLVE_SECONDS)
        except TimeoutError as error:
            raise OSError(f"The name {host} was not resolved within {RESOLVE_SECONDS:g} s.") from error
        for answer in answers:
            check_address(answer["host"])
        return answers

    async def close(self) -> None:
        pass


def _resolve(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    found = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    if not found:
        raise OSError(f"The name {host} has no address.")
    return [
        ResolveResult(
            hostname=host,
            # A zone (`fe80::1%eth0`, here as a number) stays in sight of the check.
            host=str(address[0]) + (f"%{address[3]}" if len(address) == 4 and address[3] else ""),
            port=port,
            family=kind,
            proto=protocol,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for kind, _, protocol, _, address in found
    ]


class _CountedResponse(aiohttp.ClientResponse):
    """An answer that has its connection's bound of bytes to itself, whatever that connection brought before."""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        if (info := connection.transport.get_extra_info("socket")) and (guarded := _open.get(info.fileno())):
            guarded.count_anew()
        return await super().start(connection)


# What aiohttp gives out of its sockets is a wrapper that knows their number alone.
_open: WeakValueDictionary[int, GuardedSocket] = WeakValueDictionary()


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The system's certificate authorities, and certifi's for systems that have none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


@asynccontextmanager
async def guarded_session(
    user_agent: str, allow: tuple[str, int] | None, concurrency: int, trust: ssl.SSLContext | None, max_bytes: int
) -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP session behind the gate, for bodies of up to `max_bytes`.

    `allow` is one address and port that is let through all the same.
    """

    def open_socket(info: Any) -> socket.socket:
        opened = GuardedSocket(info[0], info[1], info[2])
        opened.allow = allow
        opened.most = 2 * max_bytes + _BESIDE_THE_BODY
        _open[opened.fileno()] = opened
        return opened

    connector = aiohttp.TCPConnector(
        resolver=_GuardedResolver(),
        socket_factory=open_socket,
        use_dns_cache=False,
        keepalive_timeout=KEPT_SECONDS,
        limit=concurrency,
        ssl=trust or _trust(),
    )
    async with aiohttp.ClientSession(
        connector=connector,
        response_class=_CountedResponse,
        trust_env=False,
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        max_line_size=LONGEST_HEADER,
        max_field_size=LONGEST_HEADER,
        max_headers=MOST_HEADERS,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=READ_SECONDS),
        headers={
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.5",
            "Accept-Encoding": "gzip, deflate",
        },
    ) as session:
        yield session
