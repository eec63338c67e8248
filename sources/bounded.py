"""Reading pages that may do harm in child processes with bounds on CPU, memory and time.

Ordinary pages are read where they are: their depth is counted before a parser sees them. Larger ones, PDF and
office documents go to a child, which serves one after the other and is replaced when it was ended for what it
read. That says `parse_limited`, never that text is missing.
"""

import atexit
import json
import os
import resource
import selectors
import struct
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO

from sources import text
from sources.text import PageText, UnsupportedMedia

LARGE = 1_000_000  # bytes
SECONDS = 20.0  # on the clock, for one page
CPU_SECONDS = 10
MEMORY = 1_500_000_000  # bytes of address space, of which Python and its libraries take a third
MOST_PAGES = 200  # read by one child before another takes over

_HEAD = struct.Struct("!II")
_LIMITED = PageText("", flags=("parse_limited",))


def extract(body: bytes, media_type: str = "", charset: str | None = None) -> PageText:
    """As `sources.text.extract`, PDF and Word included, whatever the bytes do. Raises `UnsupportedMedia`."""
    if len(body) < LARGE and not text.is_document(body):
        return text.extract(body, media_type, charset)
    with _one_at_a_time:
        return _ask(body, media_type, charset)


class _Child:
    def __init__(self) -> None:
        self.parent = os.getpid()
        self.pages = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sources.bounded"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=Path(__file__).resolve().parent.parent,
            env={},
            start_new_session=True,
        )

    def end(self) -> None:
        if self.parent == os.getpid():
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()

    def ask(self, question: bytes, body: bytes) -> dict[str, object] | None:
        """The child's answer, or None if it was over its bounds."""
        ends = time.monotonic() + SECONDS
        into, out = self.process.stdin, self.process.stdout
        if into is None or out is None:
            raise ValueError("the child has no pipes")
        try:
            into.write(_HEAD.pack(len(question), len(body)) + question + body)
            into.flush()
        except OSError:
            return None
        head = _read(out, 4, ends)
        answer = head and _read(out, int.from_bytes(head, "big"), ends)
        return json.loads(answer) if answer else None


_one_at_a_time = threading.Lock()
_child: _Child | None = None


def _ask(body: bytes, media_type: str, charset: str | None) -> PageText:
    global _child
    if (
        _child is None
        or _child.parent != os.getpid()
        or _child.pages >= MOST_PAGES
        or _child.process.poll() is not None
    ):
        close()
        _child = _Child()
    _child.pages += 1
    answer = _child.ask(json.dumps([media_type, charset]).encode(), body)
    if answer is None:
        close()
        return _LIMITED
    if "refused" in answer:
        raise UnsupportedMedia(str(answer["refused"]))
    answer["flags"] = tuple(answer["flags"])  # type: ignore[arg-type]
    return PageText(**answer)  # type: ignore[arg-type]


@atexit.register
def close() -> None:
    """End the child, if there is one."""
    global _child
    if _child is not None:
        _child.end()
        _child = None


def _read(pipe: IO[bytes], length: int, ends: float) -> bytes | None:
    found = bytearray()
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        while len(found) < length:
            if not waiting.select(max(0.0, ends - time.monotonic())):
                return None
            piece = os.read(pipe.fileno(), min(length - len(found), 1 << 20))
            if not piece:
                return None
            found += piece
    return bytes(found)


def _serve() -> None:
    """The child: read, answer, until there is nothing more to read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    while len(head := sys.stdin.buffer.read(_HEAD.size)) == _HEAD.size:
        lengths = _HEAD.unpack(head)
        question, body = (sys.stdin.buffer.read(length) for length in lengths)
        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))
        try:
            answer = asdict(text.extract(body, *json.loads(question), documents=True))
        except UnsupportedMedia as error:
            answer = {"refused": str(error)}
        except MemoryError:
            answer = asdict(_LIMITED)
        data = json.dumps(answer).encode()
        sys.stdout.buffer.write(len(data).to_bytes(4, "big") + data)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    _serve()
