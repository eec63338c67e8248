"""A child process that answers questions over pipes; whatever it does, each step of the parent has an end in time.

    parent ──two lengths, question as JSON, body──> child
    parent <──two lengths, answer as JSON, body──── child

Times named `ends` are of `time.monotonic`.
"""

import fcntl
import os
import select
import struct
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

_LENGTHS = struct.Struct("!II")
_STEP = 1 << 20
_ROOT = Path(__file__).resolve().parents[2]


class ChildProcess:
    """A program in a session of its own that has these environment variables alone, and says nothing on stderr."""

    def __init__(self, program: Sequence[str], environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            program,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd=_ROOT,
            env=environment,
            start_new_session=True,
        )
        if self.process.stdin is None or self.process.stdout is None:
            raise ValueError("the child has no pipes")
        self._into, self._out = self.process.stdin, self.process.stdout
        os.set_blocking(self._into.fileno(), False)
        for pipe in (self._into, self._out):
            _widen(pipe)

    def send(self, question: bytes, body: bytes, ends: float) -> bool:
        """Whether the child took all of it until `ends`."""
        rest = memoryview(_LENGTHS.pack(len(question), len(body)) + question + body)
        while rest:
            try:
                rest = rest[os.write(self._into.fileno(), rest[:_STEP]) :]
            except BlockingIOError:
                if not _waited(self._into, select.POLLOUT, ends):
                    return False
            except OSError:
                return False
        return True

    def receive(self, most: int, most_of_body: int, ends: float) -> tuple[bytes, bytes] | None:
        """Answer and body, or None if they did not come until `ends`, are longer than allowed, or the child ended."""
        lengths = self.read(_LENGTHS.size, ends)
        if lengths is None:
            return None
        said, rest = _LENGTHS.unpack(lengths)
        if said > most or rest > most_of_body:
            return None
        answer, body = self.read(said, ends), self.read(rest, ends)
        return None if answer is None or body is None else (answer, body)

    def read(self, length: int, ends: float) -> bytes | None:
        """So many bytes, or None if they did not come until `ends`, or the child ended."""
        found = bytearray()
        while len(found) < length:
            if not _waited(self._out, select.POLLIN, ends):
                return None
            piece = os.read(self._out.fileno(), min(length - len(found), _STEP))
            if not piece:
                return None
            found += piece
        return bytes(found)

    def answers_within(self, seconds: float) -> bool:
        """Whether an answer begins to come, or the child ends, within so many seconds."""
        return _waited(self._out, select.POLLIN, time.monotonic() + seconds)

    def close(self) -> None:
        """Close the pipes; ending the process is the caller's."""
        self._into.close()
        self._out.close()


def receive_question(stream: IO[bytes]) -> tuple[bytes, bytes] | None:
    """In the child: the next question and its body; None once there are no more."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    question, body = (stream.read(length) for length in _LENGTHS.unpack(lengths))
    return question, body


def send_answer(stream: IO[bytes], answer: bytes, body: bytes = b"") -> None:
    """In the child: answer the question that was received last."""
    stream.write(_LENGTHS.pack(len(answer), len(body)) + answer + body)
    stream.flush()


def _waited(pipe: IO[bytes], event: int, ends: float) -> bool:
    waiting = select.poll()
    waiting.register(pipe.fileno(), event)
    return bool(waiting.poll(max(0.0, ends - time.monotonic()) * 1_000))


def _widen(pipe: IO[bytes]) -> None:
    """Let a whole page fit, so that neither side wakes the other for each 64 KB. Where that may not be, so be it."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(OSError):
            fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, _STEP)
