"""Pipes to child processes that may stop reading or answering: each step has an end in time."""

import fcntl
import os
import select
import time
from contextlib import suppress
from typing import IO

_STEP = 1 << 20


def write(pipe: IO[bytes], data: bytes, ends: float) -> bool:
    """Whether all of it was taken until `ends` (of `time.monotonic`). The pipe must not block."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(pipe.fileno(), rest[:_STEP]) :]
        except BlockingIOError:
            if not _waited(pipe, select.POLLOUT, ends):
                return False
        except OSError:
            return False
    return True


def read(pipe: IO[bytes], length: int, ends: float) -> bytes | None:
    """So many bytes, or None if they did not come until `ends`, or the other side closed."""
    found = bytearray()
    while len(found) < length:
        if not _waited(pipe, select.POLLIN, ends):
            return None
        piece = os.read(pipe.fileno(), min(length - len(found), _STEP))
        if not piece:
            return None
        found += piece
    return bytes(found)


def _waited(pipe: IO[bytes], event: int, ends: float) -> bool:
    waiting = select.poll()
    waiting.register(pipe.fileno(), event)
    return bool(waiting.poll(max(0.0, ends - time.monotonic()) * 1_000))


def widen(pipe: IO[bytes]) -> None:
    """Let a whole page fit, so that neither side wakes the other for each 64 KB. Where that may not be, so be it."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _STEP)


def is_readable(pipe: IO[bytes], seconds: float) -> bool:
    """Whether something is to be read, or the other side closed, within so many seconds."""
    return _waited(pipe, select.POLLIN, time.monotonic() + seconds)
