"""Answer requests on a unix socket: a thread for each connection, and one that says for all that they are at work.

Nothing of a request is stored or logged. What fails is logged by its type and place in our code alone: messages and
tracebacks of exceptions may hold the text.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from claims.matching.server.turns import Busy, Late
from claims.matching.wire import framing, socket_folder
from claims.matching.wire.framing import BadFrame, Closed

logger = logging.getLogger(__name__)

MOST_CONNECTIONS = 64
IDLE_SECONDS = 300.0  # after which a connection that asks nothing is closed
FRAME_SECONDS = 2.0  # for all of a request, once its first byte came
SEND_SECONDS = 2.0
MOST_SECONDS = 30.0  # for a request, whatever it says

Handler = Callable[[dict[str, Any], float], dict[str, Any]]
"""Answers a request by a deadline of the monotonic clock. Raises Late, Busy, or anything."""


def place_of(error: BaseException) -> str:
    """The type of an exception and where it was raised, without its message and without any value."""
    trace: TracebackType | None = error.__traceback__
    place = "unknown"
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{Path(code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__} at {place}"


class Listener:
    """A socket at `path`, made when it starts and again when somebody removes it."""

    def __init__(self, path: Path, handler: Handler) -> None:
        self.path = path
        self._handler = handler
        self._connections: set[socket.socket] = set()
        self._working: set[socket.socket] = set()  # of them, those that wait for an answer
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._identity: tuple[int, int] | None = None

    def start(self) -> None:
        """Listen. Raises WrongFolder and OSError."""
        socket_folder.make_folder(self.path)
        self.path.unlink(missing_ok=True)  # of a matcher that was killed; its lock is ours
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)
        try:
            listening.bind(str(self.path))
        finally:
            os.umask(before)
        listening.listen(MOST_CONNECTIONS)
        status = self.path.stat()
        self._socket, self._identity = listening, (status.st_dev, status.st_ino)
        threading.Thread(target=self._accept, args=[listening], name="listener", daemon=True).start()
        threading.Thread(target=self._say_working, args=[listening], name="progress", daemon=True).start()

    def check(self) -> None:
        """Listen anew if the socket's file is gone or another's: nobody would reach this one."""
        with suppress(OSError):
            status = self.path.stat()
            if (status.st_dev, status.st_ino) == self._identity:
                return
        logger.warning("The matcher's socket %s was removed; it is made again", self.path.name)
        self._close()
        self.start()

    def stop(self) -> None:
        """Close the socket and all connections."""
        self._close()
        with suppress(OSError):
            self.path.unlink()
        with self._lock:
            connections = list(self._connections)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        listening, self._socket = self._socket, None
        if listening is not None:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()

    def _accept(self, listening: socket.socket) -> None:
        while self._socket is listening:
            try:
                connection, _ = listening.accept()
            except OSError:
                if self._socket is listening:
                    time.sleep(0.1)  # out of file handles, for example
                continue
            with self._lock:
                if full := len(self._connections) >= MOST_CONNECTIONS:
                    connection.close()
                else:
                    self._connections.add(connection)
            if not full:
                threading.Thread(target=self._serve, args=[connection], name="connection", daemon=True).start()

    def _say_working(self, listening: socket.socket) -> None:
        """Tell those who wait that the process lives. Does no work, so that no request can hold it up."""
        while self._socket is listening:
            time.sleep(framing.WORKING_SECONDS)
            with self._lock:
                for connection in self._working:
                    with suppress(OSError):  # one that went, or does not read
                        connection.send(framing.WORKING, socket.MSG_DONTWAIT)

    def _serve(self, connection: socket.socket) -> None:
        try:
            while True:
                connection.settimeout(IDLE_SECONDS)
                if not (first := connection.recv(1)):
                    return
                request = framing.receive(
                    connection,
                    most=framing.MAX_REQUEST,
                    deadline=time.monotonic() + FRAME_SECONDS,
                    started=first,
                )
                framing.send(connection, framing.ACCEPTED, time.monotonic() + SEND_SECONDS)
                with self._lock:
                    self._working.add(connection)
                try:
                    answer = self._answer(request)
                finally:
                    with self._lock:
                        self._working.discard(connection)
                try:
                    content = framing.frame(answer, most=framing.MAX_ANSWER)
                except (BadFrame, TypeError, ValueError) as error:
                    logger.error("The matcher cannot send an answer: %s", place_of(error))
                    content = framing.frame({"error": "failed"}, most=framing.MAX_ANSWER)
                framing.send(connection, content, time.monotonic() + SEND_SECONDS)
                del request, answer, content
        except (OSError, Closed, BadFrame):
            return  # the client went, or speaks something else
        except Exception as error:  # noqa: BLE001 - threading would print the traceback
            logger.error("The matcher cannot serve a connection: %s", place_of(error))
        finally:
            with self._lock:
                self._connections.discard(connection)
            connection.close()

    def _answer(self, request: Any) -> dict[str, Any]:
        if not isinstance(request, dict):
            return {"error": "no request"}
        seconds = request.get("seconds")
        seconds = min(seconds, MOST_SECONDS) if isinstance(seconds, int | float) and seconds > 0 else MOST_SECONDS
        try:
            return self._handler(request, time.monotonic() + seconds)
        except Late:
            return {"error": "late"}
        except Busy:
            return {"error": "busy"}
        except Exception as error:  # noqa: BLE001 - whatever it is, its message may hold the text
            logger.error("The matcher failed at a request: %s", place_of(error))
            return {"error": "failed"}
