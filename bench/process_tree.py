"""CPU seconds and memory of process trees, read from /proc (Linux).

The parent of an ended process counts its CPU once it has waited for it, so that the sum over a tree is complete as long
as the root lives.
"""

import os
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sources.extraction import process_tree

_TICKS = os.sysconf("SC_CLK_TCK")


def members(roots: Iterable[int]) -> set[int]:
    """Return the ids of the root processes and all their descendants."""
    return {pid for root in roots for pid in (root, *process_tree.descendants(root))}


def cpu_seconds(roots: Iterable[int]) -> float:
    """Return user and system time of the trees so far, ended children included."""
    total = 0
    for pid in members(roots):
        with suppress(OSError):
            # utime, stime, cutime, cstime: fields 14 to 17 in proc_pid_stat(5), 11 to 14 after the name
            total += sum(map(int, process_tree.stat(pid)[11:15]))
    return total / _TICKS


def memory_mb(roots: Iterable[int]) -> float:
    """Return the current memory of the trees in MB: Pss, or RSS (shared pages count in each process) without it."""
    total = 0
    for pid in members(roots):
        with suppress(OSError):
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text()
                total += int(lines.split("\nPss:", 1)[1].split(None, 1)[0])
            except (OSError, IndexError):
                status = Path(f"/proc/{pid}/status").read_text()
                if "VmRSS:" in status:
                    total += int(status.split("VmRSS:", 1)[1].split(None, 1)[0])
    return total / 1024


class Meter:
    """Measure CPU seconds and peak memory (MB) of process trees within a `with`; samples memory once a second."""

    def __init__(self, *roots: int) -> None:
        self.roots = roots
        self.peak_mb = 0.0
        self.cpu = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> "Meter":
        self._before = {root: cpu_seconds([root]) for root in self.roots}
        self.cpu_by_root: dict[int, float] = {}
        self._watch = threading.Thread(target=self._sample, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_by_root = {root: cpu_seconds([root]) - self._before[root] for root in self.roots}
        self.cpu = sum(self.cpu_by_root.values())
        self._ended.set()
        self._watch.join()

    def _sample(self) -> None:
        while True:
            started = time.thread_time()
            self.peak_mb = max(self.peak_mb, memory_mb(self.roots))
            # A sample walks all memory that a server shares with its sessions: spend at most 1 % of the time on it.
            if self._ended.wait(max(1, 100 * (time.thread_time() - started))):
                return
