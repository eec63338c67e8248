"""Child processes that read untrusted text within limits, kept idle between requests.

    caller ──request──> an idle worker, or a new one ──response──> caller
                          └── over a limit: killed, and the caller gets None

A worker serves one request after the other. If it is killed, the next request gets a new one.
"""

import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sources.extraction import process_tree
from sources.extraction.child_process import ChildProcess, receive_request, send_response

MAX_REQUESTS = 10_000  # served by one worker before another replaces it; starting one takes as long as 400 pages
START_SECONDS = 15.0
_READY = b"ready"


class Worker(ChildProcess):
    """A child process that runs `serve`."""

    def __init__(self, program: Sequence[str]) -> None:
        super().__init__(program, {})
        self.parent = os.getpid()
        self.served = 0
        self.ready = self.read(len(_READY), time.monotonic() + START_SECONDS) == _READY

    @property
    def usable(self) -> bool:
        return self.ready and self.parent == os.getpid() and self.served < MAX_REQUESTS and self.process.poll() is None

    def end(self) -> None:
        if self.parent == os.getpid():
            self.process.kill()
            self.process.wait()
        self.close()

    def call(
        self, request: bytes, body: bytes, ends: float, most: int, go_on: Callable[[], bool] | None = None
    ) -> bytes | None:
        """Send a request and return the response, or None over a limit: the deadline `ends`, or `most` bytes.

        `go_on` is asked twice a second; if it says no, the result is None too.
        """
        self.served += 1
        if not self.send(request, body, ends):
            return None
        while go_on is not None and time.monotonic() < ends and not self.is_readable_within(0.5):
            if not go_on():
                return None
        received = self.receive(most, 0, ends)
        return received[0] if received else None


class WorkerPool:
    """At most `size` workers at a time; `program` gives the command that starts one."""

    def __init__(self, program: Callable[[], Sequence[str]], size: int) -> None:
        self._program = program
        self._slots = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self.idle: list[Worker] = []

    @contextmanager
    def borrow(self) -> Iterator[Worker]:
        """Provide a worker exclusively, and keep it for later if it is still usable."""
        with self._slots:
            with self._lock:
                worker = self.idle.pop() if self.idle else None
            if worker is None or not worker.usable:
                if worker is not None:
                    worker.end()
                worker = Worker(self._program())
            try:
                yield worker
            except BaseException:
                worker.end()  # its response is pending, and would be returned for the next request
                raise
            if worker.usable:
                with self._lock:
                    self.idle.append(worker)
            else:
                worker.end()

    def close(self) -> None:
        """End the idle workers."""
        with self._lock:
            while self.idle:
                self.idle.pop().end()


def serve(
    answer: Callable[[bytes, list[Any]], bytes | None], *, memory: int, cpu_seconds: Callable[[list[Any]], int]
) -> None:
    """In the worker: answer requests until the stream ends.

    `answer` gets the body and the arguments of a request, and returns None if the memory did not suffice; `cpu_seconds`
    gives the CPU time that a request may take. `memory` is the address space, in bytes.
    """
    process_tree.die_with_parent()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    out = sys.stdout.buffer
    out.write(_READY)
    out.flush()
    while (received := receive_request(sys.stdin.buffer)) is not None:
        request, body = received
        arguments = json.loads(request)
        used = resource.getrusage(resource.RUSAGE_SELF)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        most = int(used.ru_utime + used.ru_stime) + cpu_seconds(arguments)
        resource.setrlimit(resource.RLIMIT_CPU, (most, hard))
        response = answer(body, arguments)
        if response is None:
            return  # exit, because the memory may not be released; the parent treats it as any other limit
        send_response(out, response)
