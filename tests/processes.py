"""Find, kill and wait for processes by their id, for tests that kill some and check what is left."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from django.db import connection

from sources.extraction import process_tree

_TICKS = os.sysconf("SC_CLK_TCK")


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
    except OSError:
        return ""


def descendants(root: int) -> dict[int, str]:
    """Every process below this one, with its command line."""
    return {pid: command_line(pid) for pid in process_tree.descendants(root)}


def alive(pids: Iterable[int]) -> list[int]:
    """Those that still run; one that ended and was not collected yet does not."""
    left = []
    for pid in pids:
        try:
            if process_tree.stat(pid)[0] not in "ZX":
                left.append(pid)
        except OSError:
            continue
    return left


def kill(pids: Iterable[int]) -> None:
    """Kill -9 each. Some end by themselves meanwhile: PostgreSQL's processes come and go, and end with the first."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def wait_until_gone(pids: Iterable[int], seconds: float) -> list[int]:
    """What of them still runs after at most so many seconds."""
    deadline = time.monotonic() + seconds
    pids = list(pids)
    while (left := alive(pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left


class OwnTime:
    """Seconds of this process and those below it: wall time, less the share of the machine that others took meanwhile.

    On a quiet machine that is wall time, so that a promise in seconds is held to it; beside other programs, whose
    number no test controls, it is shorter, but never than the CPU time that they used themselves. Ask a few times a
    second: what a process uses between the last time and its end counts as that of others.
    """

    def __init__(self) -> None:
        self._cpu: dict[int, float] = {}  # seconds by process, when last asked
        self._busy, self._used, self._began = _busy(), self._own_cpu(), time.monotonic()

    def seconds(self) -> float:
        """Those since the beginning."""
        wall, used = time.monotonic() - self._began, self._own_cpu() - self._used
        others = max(0.0, _busy() - self._busy - used)
        return min(wall, max(used, wall - others / (os.cpu_count() or 1)))

    def _own_cpu(self) -> float:
        for pid in (os.getpid(), *process_tree.descendants(os.getpid())):
            with suppress(OSError):
                self._cpu[pid] = sum(map(int, process_tree.stat(pid)[11:13])) / _TICKS
        return sum(self._cpu.values())


def _busy() -> float:
    """CPU seconds that all programs of the machine have used, and that its host took (proc_stat(5))."""
    user, nice, system, _, _, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    return (user + nice + system + irq + softirq + steal) / _TICKS


def user_of(pid: int) -> int | None:
    """The uid as this process sees it; None if it has ended since."""
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None


def backends() -> set[int]:
    """The processes of the server that serve connections to this database, but for the one that is asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return {pid for (pid,) in cursor.fetchall()}


def until_gone(before: set[int]) -> None:
    """Wait until the server has noticed that whoever connected since died, and has freed the locks."""
    deadline = time.monotonic() + 30
    while left := backends() - before:
        assert time.monotonic() < deadline, f"backends {left} of a dead process still run"
        time.sleep(0.01)
