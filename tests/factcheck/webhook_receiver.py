"""A newsroom's webhook endpoint: an HTTP server on loopback that verifies each delivery with standardwebhooks."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from standardwebhooks import Webhook, WebhookVerificationError

Reply = int | tuple[int, dict[str, str]] | Callable[["Handler"], None]


@dataclass
class Received:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def message(self) -> dict[str, Any]:
        return orjson.loads(self.body)  # type: ignore[no-any-return]

    @property
    def sequence(self) -> int:
        return self.message["data"]["sequence"]  # type: ignore[no-any-return]

    def verifies(self, secret: str) -> bool:
        try:
            Webhook(secret).verify(self.body, self.headers)
        except WebhookVerificationError:
            return False
        return True


class Handler(BaseHTTPRequestHandler):
    """Keeps what it gets and answers as the receiver was told to."""

    receiver: "Receiver"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.received.append(Received(self.path, headers, body, time.monotonic()))
        replies = self.receiver.replies.get(self.path, [204])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if callable(reply):
            reply(self)
            return
        status, more = reply if isinstance(reply, tuple) else (reply, {})
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        said = b"" if status == 204 else b"said the newsroom"
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        pass


@dataclass
class Receiver:
    """`replies` by path: the next one for each request, the last one for all that follow; 204 where none is given."""

    port: int
    host: str = "127.0.0.1"
    received: list[Received] = field(default_factory=list)
    replies: dict[str, list[Reply]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/hook") -> str:
        return f"http://{self.address}{path}"

    def at(self, path: str) -> list[Received]:
        return [each for each in self.received if each.path == path]


@contextmanager
def receiving(host: str = "127.0.0.1", port: int = 0) -> Iterator[Receiver]:
    handler = type("OwnHandler", (Handler,), {})
    server = ThreadingHTTPServer((host, port), handler)
    server.daemon_threads = True
    handler.receiver = receiver = Receiver(server.server_address[1], host)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
