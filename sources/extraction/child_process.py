"""Exchange requests and responses with a child process over pipes; every step of the parent has a deadline.

    parent ──two lengths, request as JSON, body───> child
    parent <──two lengths, response as JSON, body── child

Deadlines (`ends`) are times of `time.monotonic`.
"""

import fcntl
import os
import select
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO

_LENGTHS = struct.Struct("!II")
_STEP = 1 << 20
_ROOT = Path(__file__).resolve().parents[2]


@cache
def _starter(_process: int) -> ThreadPoolExecutor:
    """A thread of this process that starts children and stays: they may be killed with the thread that started them."""
    return ThreadPoolExecutor(1, thread_name_prefix="children")


def _start(program: Sequence[str], environment: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd=_ROOT,
        env=environment,
        start_new_session=True,
    )


class ChildProcess:
    """A program in its own session, with only these environment variables, its standard error discarded."""

    def __init__(self, program: Sequence[str], environment: Mapping[str, str]) -> None:
        self.process = _starter(os.getpid()).submit(_start, program, environment).result()
        if self.process.stdin is None or self.process.stdout is None:
            raise ValueError("the child has no pipes")
        self._into, self._out = self.process.stdin, self.process.stdout
        os.set_blocking(self._into.fileno(), False)
        for pipe in (self._into, self._out):
            _widen(pipe)

    def send(self, request: bytes, body: bytes, ends: float) -> bool:
        """Send a request. Returns False if the child did not accept all of it by `ends`."""
        rest = memoryview(_LENGTHS.pack(len(request), len(body)) + request + body)
        while rest:
            try:
                rest = rest[os.write(self._into.fileno(), rest[:_STEP]) :]
            except BlockingIOError:
                if not _wait(self._into, select.POLLOUT, ends):
                    return False
            except OSError:
                return False
        return True

    def receive(self, most: int, most_of_body: int, ends: float) -> tuple[bytes, bytes] | None:
        """Receive a response and its body. Returns None after the deadline, over a limit, or if the child ended."""
        lengths = self.read(_LENGTHS.size, ends)
        if lengths is None:
            return None
        length, body_length = _LENGTHS.unpack(lengths)
        if length > most or body_length > most_of_body:
            return None
        response, body = self.read(length, ends), self.read(body_length, ends)
        return None if response is None or body is None else (response, body)

    def read(self, length: int, ends: float) -> bytes | None:
        """Read exactly `length` bytes. Returns None after the deadline, or if the child ended."""
        data = bytearray()
        while len(data) < length:
            if not _wait(self._out, select.POLLIN, ends):
                return None
            piece = os.read(self._out.fileno(), min(length - len(data), _STEP))
            if not piece:
                return None
            data += piece
        return bytes(data)

    def is_readable_within(self, seconds: float) -> bool:
        """Wait until a response starts to arrive or the child ends. Returns False after `seconds`."""
        return _wait(self._out, select.POLLIN, time.monotonic() + seconds)

    def close(self) -> None:
        """Close the pipes. The caller has to end the process."""
        self._into.close()
        self._out.close()


def receive_request(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """In the child: receive the next request and its body. Returns None at the end of the stream."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    request, body = (stream.read(length) for length in _LENGTHS.unpack(lengths))
    return request, body


def send_response(stream: IO[bytes], response: bytes, body: bytes = b"") -> None:
    """In the child: send the response to the last request."""
    stream.write(_LENGTHS.pack(len(response), len(body)) + response + body)
    stream.flush()


def _wait(pipe: IO[bytes], event: int, ends: float) -> bool:
    poll = select.poll()
    poll.register(pipe.fileno(), event)
    return bool(poll.poll(max(0.0, ends - time.monotonic()) * 1_000))


def _widen(pipe: IO[bytes]) -> None:
    """Enlarge the pipe, where the system allows it, so that a page needs few context switches."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _STEP)
