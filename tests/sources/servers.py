"""HTTP servers on 127.0.0.1 that send exactly the bytes a test gives them."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

Script = bytes | Callable[[socket.socket], None]


def answer(body: bytes = b"", status: str = "200 OK", *headers: str, length: bool = True) -> bytes:
    """A complete HTTP response."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def page(text: str, *headers: str) -> bytes:
    return answer(text.encode(), "200 OK", "Content-Type: text/html; charset=utf-8", *headers)


class Loopback(tuple[str, int]):
    """An exception for the address guard that equals every loopback address at one port."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple) and other[0].startswith("127.") and other[1] == self[1]

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = tuple.__hash__


@dataclass
class Site:
    """A server with responses by path, 404 for others. `asked` holds the requests received."""

    port: int
    pages: dict[str, Script] = field(default_factory=dict)
    asked: list[bytes] = field(default_factory=list)
    scheme: str = "http"
    host: str = "127.0.0.1"

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/") -> str:
        return f"{self.scheme}://{self.address}{path}"

    def paths(self) -> list[str]:
        return [request.split(b" ")[1].decode() for request in self.asked]


@contextmanager
def serve(
    pages: dict[str, Script] | None = None, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[Site]:
    listener = socket.create_server((host, port))
    site = Site(listener.getsockname()[1], dict(pages or {}), scheme="https" if tls else "http", host=host)
    ends = threading.Event()

    def converse(connection: socket.socket) -> None:
        with suppress(OSError):
            connection.settimeout(20)
            if tls:
                connection = tls.wrap_socket(connection, server_side=True)
            with connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    data = connection.recv(65_536)
                    if not data:
                        return
                    request += data
                site.asked.append(request)
                path = request.split(b" ")[1].decode()
                script = site.pages.get(path, answer(b"nothing here", "404 Not Found"))
                if callable(script):
                    script(connection)
                else:
                    connection.sendall(script)

    def listen() -> None:
        while not ends.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                threading.Thread(target=converse, args=(connection,), daemon=True).start()

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        ends.set()
        with suppress(OSError):
            socket.create_connection((host, site.port), timeout=1).close()
        thread.join(5)
        listener.close()


@contextmanager
def many(scripts: Iterable[Script]) -> Iterator[list[Site]]:
    """A server for each script, with its own address and a common port; `/` returns the script."""
    with ExitStack() as stack:
        sites: list[Site] = []
        for number, script in enumerate(scripts, start=2):
            port = sites[0].port if sites else 0
            sites.append(stack.enter_context(serve({"/": script}, host=f"127.0.0.{number}", port=port)))
        yield sites
