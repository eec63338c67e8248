"""Frames on a socket: four bytes of length, most significant first, then so many bytes of JSON.

The matcher sends one byte, `ACCEPTED`, as soon as it has read a request, then `WORKING` every `WORKING_SECONDS`, and
the answer's frame when it is done. So a client learns within a moment that nobody reads, and tells a matcher that is
busy from one that hangs.
"""

import socket
import time
from typing import Any

import orjson

MAX_REQUEST = 4_000_000  # bytes
MAX_ANSWER = 16_000_000
ACCEPTED = b"\x06"
WORKING = b"\x16"  # no frame begins with it: its length would be too great
WORKING_SECONDS = 0.25


class BadFrame(Exception):
    """What came is no frame of this protocol. The message names no content."""


class Closed(Exception):
    """The other side closed the connection."""


def frame(message: object, *, most: int) -> bytes:
    """The message as a frame. Raises BadFrame if it is too long."""
    content = orjson.dumps(message)
    if len(content) > most:
        raise BadFrame(f"a message of {len(content)} bytes; {most} are allowed")
    return len(content).to_bytes(4, "big") + content


def receive(connection: socket.socket, *, most: int, deadline: float, started: bytes = b"") -> Any:
    """Read one frame, whose first bytes may have been read already.

    Raises BadFrame, Closed, TimeoutError at the deadline (of the monotonic clock), or another OSError.
    """
    head = started + read(connection, 4 - len(started), deadline)
    length = int.from_bytes(head, "big")
    if length > most:
        raise BadFrame(f"a frame of {length} bytes; {most} are allowed")
    content = read(connection, length, deadline)
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        # Not its cause: that holds the document.
        raise BadFrame("a frame without JSON") from None


def read(connection: socket.socket, size: int, deadline: float) -> bytes:
    """Read exactly so many bytes. Raises Closed, TimeoutError or another OSError."""
    parts = []
    while size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection.settimeout(left)
        part = connection.recv(min(size, 1 << 20))
        if not part:
            raise Closed
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def send(connection: socket.socket, content: bytes, deadline: float) -> None:
    """Send all of it. Raises TimeoutError at the deadline, or another OSError."""
    connection.settimeout(max(deadline - time.monotonic(), 0.001))
    connection.sendall(content)
