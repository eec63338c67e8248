"""Pipes to child processes that may stop reading or answering: each step has an end in time."""

import os
import selectors
import time
from typing import IO

_STEP = 1 << 20


def write(pipe: IO[bytes], data: bytes, ends: float) -> bool:
    """Whether all of it was taken until `ends` (of `time.monotonic`). The pipe must not block."""
    rest = memoryview(data)
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_WRITE)
        while rest:
            if not waiting.select(max(0.0, ends - time.monotonic())):
                return False
            try:
                rest = rest[os.write(pipe.fileno(), rest[:_STEP]) :]
            except BlockingIOError:
                continue
            except OSError:
                return False
    return True


def read(pipe: IO[bytes], length: int, ends: float) -> bytes | None:
    """So many bytes, or None if they did not come until `ends`, or the other side closed."""
    found = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while len(found) < length:
            if not waiting.select(max(0.0, ends - time.monotonic())):
                return None
            piece = os.read(pipe.fileno(), min(length - len(found), _STEP))
            if not piece:
                return None
            found += piece
    return bytes(found)


def is_readable(pipe: IO[bytes], seconds: float) -> bool:
    """Whether something is to be read, or the other side closed, within so many seconds."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        return bool(waiting.select(seconds))
