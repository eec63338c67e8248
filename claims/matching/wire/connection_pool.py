"""A small pool of connections to the matcher, for one process: safe for threads and after a fork.

A matcher that is busy is waited for, up to the deadline of the request, while it says that it works. One that says
nothing for a second hangs, and is not asked again for some seconds: it costs one request a second, and the others
nothing. Few threads wait at once, so that the process goes on with everything else.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from claims.matching.wire import framing
from claims.matching.wire.framing import BadFrame, Closed
from claims.matching.wire.socket_folder import WrongFolder, check_owner

ACCEPT_SECONDS = 1.0  # to connect, and until the matcher has read the request
SILENT_SECONDS = 1.0  # without a sign that it works
FRAME_SECONDS = 2.0  # for an answer, once its first byte came
FIRST_PAUSE_SECONDS, PAUSE_SECONDS = 1.0, 5.0  # after a matcher was silent once, and the most after several times
LATE_ANSWERS = 3  # in a row, after which it is not asked for a while either: it answers itself before the deadline
MOST_LONG, MOST_QUICK = 4, 2  # requests of a process at a time, so that of its eight views some go on
TURN_SECONDS = 0.6  # to wait until one of those has ended


class NoAnswer(Exception):
    """The matcher did not answer; `reason` is for people. Names nothing of the request."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Circuit:
    """Whether to ask at all: after a matcher hung only one request tries again, once the pause is over."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until = 0.0
        self._late = self._hung = 0

    def enter(self) -> None:
        """Raises NoAnswer while the matcher is not to be asked."""
        with self._lock:
            if self._until:
                if time.monotonic() < self._until:
                    raise NoAnswer("it did not answer a moment ago")
                self._pause()  # this request tries, the others wait for it

    def answered(self) -> None:
        with self._lock:
            self._until, self._late, self._hung = 0.0, 0, 0

    def failed(self, *, hung: bool) -> None:
        """The matcher was silent (`hung`), or was late."""
        with self._lock:
            self._late += 1
            self._hung += hung
            if hung or self._until or self._late >= LATE_ANSWERS:
                self._pause()

    def _pause(self) -> None:
        self._until = time.monotonic() + min(PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** max(0, self._hung - 1))


class ConnectionPool:
    """Connections to the socket at `path`, which is looked up for each new one."""

    def __init__(self, path: Callable[[], Path]) -> None:
        self._path = path
        self.forget()
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Begin anew, as after a fork: the parent's connections and locks are not ours."""
        self._lock = threading.Lock()
        self._long, self._quick = threading.BoundedSemaphore(MOST_LONG), threading.BoundedSemaphore(MOST_QUICK)
        self._idle: list[socket.socket] = []
        self._circuit = _Circuit()

    def ask(self, request: dict[str, Any], *, seconds: float, quick: bool = False) -> dict[str, Any]:
        """The matcher's answer. Raises NoAnswer, and nothing else. A `quick` one waits for no other that is not."""
        deadline = time.monotonic() + seconds
        try:
            content = framing.frame(request, most=framing.MAX_REQUEST)
        except (BadFrame, TypeError, ValueError):
            raise NoAnswer("the request cannot be sent") from None
        self._circuit.enter()
        slots = self._quick if quick else self._long
        if not slots.acquire(timeout=TURN_SECONDS):
            raise NoAnswer("too many requests wait for it")
        try:
            return self._ask(content, deadline)
        finally:
            slots.release()

    def _ask(self, content: bytes, deadline: float) -> dict[str, Any]:
        try:
            connection = self._accepted(content)
        except TimeoutError:
            self._circuit.failed(hung=True)
            raise NoAnswer("it accepts no request") from None
        except (OSError, Closed, BadFrame, WrongFolder) as error:
            self._circuit.answered()  # a matcher that is down says so at once
            raise NoAnswer(str(error) if isinstance(error, WrongFolder) else "it does not run") from None
        try:
            answer = _answer(connection, deadline)
        except TimeoutError:
            connection.close()
            hung = time.monotonic() < deadline
            self._circuit.failed(hung=hung)
            raise NoAnswer("it hangs" if hung else "it is slow") from None
        except (OSError, Closed, BadFrame):
            connection.close()
            self._circuit.answered()
            raise NoAnswer("it ended while it answered") from None
        self._circuit.answered()
        with self._lock:
            self._idle.append(connection)
        if not isinstance(answer, dict):
            raise NoAnswer("it answers something else")
        return answer

    def _accepted(self, content: bytes) -> socket.socket:
        """A connection on which the matcher has accepted the request; a new one if it restarted meanwhile."""
        deadline = time.monotonic() + ACCEPT_SECONDS
        with self._lock:
            idle = self._idle.pop() if self._idle else None
        if idle is not None:
            try:
                return self._send(idle, content, deadline)
            except TimeoutError:
                raise
            except (OSError, Closed, BadFrame):
                with self._lock:  # they all ended with the process that they led to
                    ended, self._idle = self._idle, []
                for each in ended:
                    each.close()
        return self._send(self._connect(deadline), content, deadline)

    def _connect(self, deadline: float) -> socket.socket:
        path = self._path()
        check_owner(path)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(max(deadline - time.monotonic(), 0.001))
            try:
                connection.connect(str(path))
            except BlockingIOError:  # its queue of connections is full
                raise TimeoutError from None
        except BaseException:
            connection.close()
            raise
        return connection

    def _send(self, connection: socket.socket, content: bytes, deadline: float) -> socket.socket:
        try:
            framing.send(connection, content, deadline)
            if framing.read(connection, 1, deadline) != framing.ACCEPTED:
                raise BadFrame("no sign of acceptance")
        except BaseException:
            connection.close()
            raise
        return connection


def _answer(connection: socket.socket, deadline: float) -> Any:
    """The answer, once the matcher no longer says that it works. Raises TimeoutError also if it says nothing at all."""
    while True:
        first = framing.read(connection, 1, min(deadline, time.monotonic() + SILENT_SECONDS))
        if first != framing.WORKING:
            ends = min(deadline, time.monotonic() + FRAME_SECONDS)
            return framing.receive(connection, most=framing.MAX_ANSWER, deadline=ends, started=first)
