"""The matcher as a process: its sockets, its indexes, its children, and the loop that follows log and drafts."""

import fcntl
import logging
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.utils.module_loading import import_string

from claims.matching.server.child_process import ChildProcess
from claims.matching.server.drafts_index import DraftRequests, DraftsIndex
from claims.matching.server.listener import Listener
from claims.matching.server.memory import Mode
from claims.matching.server.published_index import PublishedIndex
from claims.matching.server.requests import PublishedRequests
from claims.matching.server.vector_filling import VectorFilling
from claims.matching.wire.socket_folder import DRAFTS, PUBLISHED, socket_path

logger = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks at the log
DRAFTS_SECONDS = 2.0
STATE_SECONDS = 0.5
SWITCH_SECONDS = 0.0005
"""After which a thread that runs Python lets another one run. One that comes back from a scan or an encoder waits so
long for each: with Python's own 5 ms a scan of 12 ms took 19 beside a thread that ranks."""
_VECTOR_LEGS = "claims.matching.server.vector_legs"  # loaded by name: where they have no room they are not


class AlreadyRunning(Exception):
    """Another matcher runs with this data folder."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder; the kernel releases it when this process ends. Raises AlreadyRunning."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "matcher.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(f"A matcher already runs with the folder {folder}.") from None
        yield


class Matcher:
    """All of it. `run` returns never; a signal ends the process (`end_at_signals`)."""

    def __init__(self, folder: Path, mode: Mode) -> None:
        self.mode = mode
        self._base_child = ChildProcess(settings.BASE_DIR, "base")
        self._fill_child = ChildProcess(settings.BASE_DIR, "fill")
        self._filling: VectorFilling | None = None
        draft_legs = None
        if mode.name == "full":
            encoders = import_string(f"{_VECTOR_LEGS}.Encoders")(folder)
            vector_legs = import_string(f"{_VECTOR_LEGS}.VectorLegs")
            self._filling = VectorFilling(encoders, vector_legs(encoders, folder), self._fill_child)
            draft_legs = vector_legs(encoders, folder / "drafts")
        self.published = (
            PublishedIndex(folder, self._base_child, self._filling.complete)
            if self._filling
            else PublishedIndex(folder, self._base_child)
        )
        self.drafts = DraftsIndex(draft_legs)
        at_once = max(2, os.cpu_count() or 1)
        self.listeners = [
            Listener(socket_path(folder, PUBLISHED), PublishedRequests(self.published.engine, self.state, at_once)),
            Listener(socket_path(folder, DRAFTS), DraftRequests(self.published.engine, self.drafts.engine, at_once)),
        ]
        self._logged: dict[str, float] = {}
        self._state: tuple[float, dict[str, Any]] = -1.0, {}  # and when it was computed

    def state(self) -> dict[str, Any]:
        """`state`: ok, filling or degraded; `reason`; `mode` and why; counts. Any thread may ask.

        As it was up to half a second ago, since each request asks. So `sequence` is never ahead of the answers.
        """
        at, state = self._state
        if not state or time.monotonic() - at > STATE_SECONDS:
            state = self._state_now()
            self._state = time.monotonic(), state
        return state

    def _state_now(self) -> dict[str, Any]:
        published = self.published.state()
        filling = self._filling.state() if self._filling else {"filling": False, "vectors": {}}
        state = "degraded" if published["reason"] else "filling" if filling["filling"] else "ok"
        return {
            "state": state,
            "mode": self.mode.name,
            "mode_reason": self.mode.reason,
            **published,
            "vectors": filling["vectors"],
        }

    def run(self) -> None:
        """Answer and follow, until the process ends."""
        for listener in self.listeners:
            listener.start()
        next_drafts = 0.0
        while True:
            started = time.monotonic()
            self._step("published claims", self._look_at_published)
            if started >= next_drafts:
                self._step("drafts", self.drafts.look)
                next_drafts = started + DRAFTS_SECONDS
            for listener in self.listeners:
                self._step("socket", listener.check)
            time.sleep(max(0.05, LOOK_SECONDS - (time.monotonic() - started)))

    def _look_at_published(self) -> None:
        self.published.look()
        current = self.published.current
        if current is not None and self._filling is not None and self._filling.look(current):
            self.drafts.forget()  # its legs are made anew, with the encoders that came

    def _step(self, name: str, step: Callable[[], None]) -> None:
        """Take a step of the loop; what fails is logged once a minute, and tried again."""
        try:
            step()
        except Exception as error:
            if isinstance(error, Error):
                connection.close()
            if time.monotonic() - self._logged.get(name, -60.0) >= 60:
                self._logged[name] = time.monotonic()
                logger.exception("The matcher failed at its %s; it tries again", name)

    def end(self) -> None:
        """Remove the sockets and end the children; what they write is written aside, or resumed."""
        for child in (self._base_child, self._fill_child):
            child.kill()
        for listener in self.listeners:
            listener.stop()


def end_at_signals(matcher: Matcher) -> None:
    """End the process at SIGTERM, SIGINT or SIGHUP, at once and whatever its threads do: it leaves nothing half done.

    A thread of its own ends it, since Python's handlers wait for the main thread, and this may be in a library.
    """
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)

    def wait() -> None:
        with writing:  # held open by this thread
            reading.recv(1)
        with suppress(Exception):
            matcher.end()
        sys.stderr.flush()
        os._exit(0)

    threading.Thread(target=wait, name="signals", daemon=True).start()


def let_threads_take_short_turns() -> None:
    """Have threads that come back from numpy, an encoder or a socket wait less for those that run Python."""
    sys.setswitchinterval(SWITCH_SECONDS)


def write_no_core() -> None:
    """Have the kernel write no core file of this process: it would hold texts that were sent."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
