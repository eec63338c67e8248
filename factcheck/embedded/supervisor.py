"""Run several programs together: restart one that ends, and stop all of them together.

Every part runs in its own session, so that Ctrl-C in a terminal reaches the supervisor only, and dies with the
supervisor however that ends (factcheck/embedded/launch.py). Start parts from the main thread: the kernel ties their
life to the thread that started them. On Linux the supervisor also becomes the parent of whatever an ended part leaves
behind, and kills it, so that no process remains without a parent.
"""

import logging
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType

from factcheck.embedded import restarts
from factcheck.embedded.postgres import EmbeddedError, launcher
from factcheck.embedded.restarts import History, Policy
from sources.extraction import process_tree

logger = logging.getLogger(__name__)

_LOOK_FOR_ORPHANS = 5.0  # seconds


class StopRequested(BaseException):
    """SIGTERM, SIGHUP or Ctrl-C. Not an Exception, so that no error handler catches it."""


class PartEnded(Exception):
    """A part ended by itself; the message says which one and how."""


@dataclass(frozen=True)
class Part:
    """A program to run: its name, command line and environment.

    The others go on without an `optional` one: it is restarted however often it ends.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False


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


@dataclass
class _Service:
    """A part that should run, and its process unless it waits for its restart."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    last_lines: str
    needed_by_others: bool
    optional: bool
    history: History
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    due: float = 0.0
    silent: float | None = None  # seconds after which it was killed, because it gave no sign of life

    def begin(self) -> None:
        self.silent = None
        self.process = self.start()
        self.started = time.monotonic()


class Supervisor:
    """Start parts, restart those that end, and stop all within about `patience` seconds.

    `data` is the folder of the record of restarts, see factcheck/embedded/restarts.py.
    """

    def __init__(self, folder: Path, *, data: Path | None = None, patience: float = 5, policy: Policy | None = None):
        self.folder = folder
        self.data = data
        self.patience = patience
        self.policy = policy or Policy()
        self._services: dict[str, _Service] = {}
        self._one_off: subprocess.Popen[bytes] | None = None
        self._silent: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
        self._look_for_orphans_at = 0.0
        process_tree.become_subreaper()

    def start(self, part: Part) -> None:
        self._add(part.name, partial(self._run, part), "are above this one", optional=part.optional)

    def adopt(self, name: str, start: Callable[[], "subprocess.Popen[bytes]"], *, log: Path) -> None:
        """Start, watch and restart a process that other code stops, and without which the others are not restarted."""
        self._add(name, start, f"are in {log}", needed_by_others=True)

    def _add(
        self,
        name: str,
        start: Callable[[], "subprocess.Popen[bytes]"],
        last_lines: str,
        *,
        needed_by_others: bool = False,
        optional: bool = False,
    ) -> None:
        service = _Service(name, start, last_lines, needed_by_others, optional, History(self.policy))
        service.begin()
        self._services[name] = service

    def _run(self, part: Part) -> "subprocess.Popen[bytes]":
        # The parts' output goes to stderr: stdout is for the supervisor's few lines.
        return subprocess.Popen(
            [*launcher(death_signal=signal.SIGKILL), *part.command],
            env={**os.environ, **part.environment},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
        )

    def run(self, part: Part) -> None:
        """Run a program to its end while the others keep running. Raises PartEnded if it fails."""
        self._one_off = process = self._run(part)
        while not _has_ended(process):
            self.check()
            time.sleep(0.02)
        if process.wait() != 0:
            raise PartEnded(f"{part.name} {_how(process.returncode)}")
        self._one_off = None

    def check(self) -> None:
        """Raise PartEnded if a part has ended without which the others do not go on."""
        for service in self._services.values():
            if not service.optional and service.process and _has_ended(service.process):
                raise PartEnded(f"{service.name} {_how(_end(service.process))}")

    def report_silent(self, name: str, seconds: float) -> None:
        """Have a part killed and restarted that gave no sign of life for so long. Any thread may call this."""
        self._silent.put((name, seconds))

    def seconds_running(self, name: str) -> float:
        """How long the part has been running; 0 while it waits for its restart or is unknown."""
        service = self._services.get(name)
        return time.monotonic() - service.started if service and service.process else 0.0

    def watch(self, *, restart: bool = True) -> None:
        """Restart parts that end until a stop is requested. Raises PartEnded once one ended too often.

        Without `restart`, raise it as soon as one ends that is not optional.
        """
        self._write_record()
        while True:
            if not restart:
                self.check()
            self._kill_silent()
            for service in self._services.values():
                if service.process is None:
                    self._restart(service)
                elif _has_ended(service.process):
                    how = _how(_end(service.process))
                    if service.silent is not None:
                        how = f"gave no sign of life for {service.silent:.0f} s and was killed"
                    # Silence does not count: whoever can keep a part busy from outside could end everything.
                    ran = time.monotonic() - service.started
                    self._ended(service, how, ran, counts=service.silent is None and not service.optional)
            self._kill_orphans()
            time.sleep(0.1)

    def _ended(self, service: _Service, how: str, ran: float, *, counts: bool = True) -> None:
        """Plan the restart of a part that ended. Raises PartEnded if it ended too often."""
        service.process = None
        delay = service.history.ended(ran=ran, counts=counts)
        if delay is None:
            minutes = round(self.policy.within / 60)
            raise PartEnded(
                f"{service.name} {how}, and has now failed {self.policy.most_ends} times within {minutes} minutes, so "
                f"everything was stopped; its last lines {service.last_lines}."
            )
        service.due = time.monotonic() + delay
        logger.warning("%s %s; it is restarted in %.0f s", service.name, how, delay)
        self._write_record()
        self._kill_orphans(now=True)

    def _restart(self, service: _Service) -> None:
        """Start the part again if its time has come, and nothing that it needs is down."""
        if time.monotonic() < service.due or (not service.needed_by_others and self._waits_for_another()):
            return
        try:
            service.begin()
        except (EmbeddedError, OSError) as error:
            self._ended(service, f"could not be restarted ({error})", 0, counts=not service.optional)
        else:
            self._write_record()

    def _waits_for_another(self) -> bool:
        return any(service.needed_by_others and service.process is None for service in self._services.values())

    def _kill_silent(self) -> None:
        with suppress(queue.Empty):
            while True:
                name, seconds = self._silent.get_nowait()
                service = self._services[name]
                if service.process and not _has_ended(service.process) and self.seconds_running(name) > seconds:
                    process_tree.kill(service.process.pid)
                    service.silent = seconds

    def _write_record(self) -> None:
        if self.data:
            histories = {service.name: service.history for service in self._services.values()}
            down = [service.name for service in self._services.values() if service.process is None]
            restarts.write(self.data, histories, down)

    def _kill_orphans(self, *, now: bool = False) -> None:
        """Kill what ended parts left behind: children of this process that are no parts, and their children."""
        if not now and time.monotonic() < self._look_for_orphans_at:
            return
        self._look_for_orphans_at = time.monotonic() + _LOOK_FOR_ORPHANS
        processes = [service.process for service in self._services.values()]
        process_tree.kill_children(but={process.pid for process in (*processes, self._one_off) if process})

    def stop(self, *, but: str = "") -> None:
        """Terminate every part, wait, then kill what is left, children of parts included."""
        left = {name: service.process for name, service in self._services.items() if name != but}
        processes = [process for process in (*left.values(), self._one_off) if process]
        for process in processes:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.send_signal(signal.SIGTERM)
                    process.send_signal(signal.SIGCONT)  # for one that is stopped
        deadline = time.monotonic() + self.patience
        waiting = [process for process in processes if process.returncode is None]
        while waiting and time.monotonic() < deadline:
            waiting = [process for process in waiting if not _has_ended(process)]
            time.sleep(0.02)
        for process in processes:
            if process.returncode is None:
                process_tree.kill(process.pid)
                _end(process)
        self._one_off = None
        for name in left:
            del self._services[name]
        self._kill_orphans(now=True)
        if self.data:
            restarts.remove(self.data)


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


def _end(process: "subprocess.Popen[bytes]") -> int:
    """Kill the processes that an ended part started in its session, and return its exit code."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with exit code {code}"
    names = {int(each): each.name for each in signal.Signals}
    return f"was killed by {names.get(-code, f'signal {-code}')}"
