"""Run several programs together, and stop all of them when one ends.

Every part runs in its own session, so that Ctrl-C in a terminal reaches the supervisor only, and dies with the
supervisor however that ends (factcheck/embedded/launch.py). Start parts from the main thread: the kernel ties their
life to the thread that started them.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from factcheck.embedded.postgres import launcher


class StopRequested(BaseException):
    """SIGTERM, SIGHUP or Ctrl-C. Not an Exception, so that no error handler catches it."""


class PartEnded(Exception):
    """A part ended by itself; the message says which one and how."""


@dataclass(frozen=True)
class Part:
    """A program to run: its name, command line and environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


@contextmanager
def stop_signals() -> Iterator[None]:
    """Within, the first SIGTERM, SIGINT or SIGHUP raises StopRequested; later ones are ignored."""
    wanted = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

    def handle(number: int, frame: FrameType | None) -> None:
        for one in wanted:
            signal.signal(one, signal.SIG_IGN)
        raise StopRequested(signal.Signals(number).name)

    before = {number: signal.signal(number, handle) for number in wanted}
    try:
        yield
    finally:
        for number, action in before.items():
            signal.signal(number, action)


class Supervisor:
    """Start parts, notice when one ends, and stop all within about `patience` seconds."""

    def __init__(self, folder: Path, *, patience: float = 5) -> None:
        self.folder = folder
        self.patience = patience
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, part: Part) -> None:
        # The parts' output goes to stderr: stdout is for the supervisor's few lines.
        self._running[part.name] = subprocess.Popen(
            [*launcher(death_signal=signal.SIGKILL), *part.command],
            env={**os.environ, **part.environment},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
        )

    def adopt(self, name: str, process: "subprocess.Popen[bytes]") -> None:
        """Watch a process that other code starts and stops."""
        self._running[name] = process

    def run(self, part: Part) -> None:
        """Run a program to its end while the others keep running. Raises PartEnded if it fails."""
        self.start(part)
        process = self._running[part.name]
        while not _has_ended(process):
            self.check(but=part.name)
            time.sleep(0.02)
        del self._running[part.name]
        if process.wait() != 0:
            raise PartEnded(f"{part.name} {_how(process.returncode)}")

    def check(self, *, but: str = "") -> None:
        """Raise PartEnded if a part has ended."""
        for name, process in self._running.items():
            if name != but and _has_ended(process):
                _end_session(process)
                raise PartEnded(f"{name} {_how(process.wait())}")

    def watch(self) -> None:
        """Block until a part ends or a stop is requested."""
        while True:
            self.check()
            time.sleep(0.2)

    def stop(self, *, but: str = "") -> None:
        """Terminate every part, wait, then kill what is left, children of parts included."""
        parts = [process for name, process in self._running.items() if name != but]
        for process in parts:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + self.patience
        waiting = [process for process in parts if process.returncode is None]
        while waiting and time.monotonic() < deadline:
            waiting = [process for process in waiting if not _has_ended(process)]
            time.sleep(0.02)
        for process in parts:
            if process.returncode is None:
                _end_session(process)
                process.wait()
        self._running.clear()


def _has_ended(process: "subprocess.Popen[bytes]") -> bool:
    """Whether it has ended, without reaping it: until then its process group id cannot be reused."""
    if process.returncode is not None:
        return True
    if not hasattr(os, "waitid"):  # macOS
        return process.poll() is not None
    try:
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _end_session(process: "subprocess.Popen[bytes]") -> None:
    """Kill the part and the processes it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _how(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
