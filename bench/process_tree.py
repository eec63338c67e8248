"""What trees of processes used: CPU seconds and memory, from /proc (Linux).

A process that ended is counted in its parent once that has waited for it, so that the sum over a tree is whole as
long as the root lives.
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
    """The processes, and all that descend from them."""
    return {pid for root in roots for pid in (root, *process_tree.below(root))}


def cpu_seconds(roots: Iterable[int]) -> float:
    """User and system time of the trees so far, children that ended included."""
    total = 0
    for pid in members(roots):
        with suppress(OSError):
            # 11 to 14 of what follows the name: utime, stime, cutime, cstime (proc_pid_stat(5), fields 14 to 17)
            total += sum(map(int, process_tree.stat(pid)[11:15]))
    return total / _TICKS


def memory_mb(roots: Iterable[int]) -> float:
    """Memory of the trees now; what processes share is counted once (Pss), or by each where that cannot be read."""
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
    """CPU seconds and peak memory of trees within a `with`; memory is looked at once a second."""

    def __init__(self, *roots: int) -> None:
        self.roots = roots
        self.peak_mb = 0.0
        self.cpu = 0.0
        self._ended = threading.Event()

    def __enter__(self) -> "Meter":
        self._before = {root: cpu_seconds([root]) for root in self.roots}
        self.cpu_by_root: dict[int, float] = {}
        self._watch = threading.Thread(target=self._look, daemon=True)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.cpu_by_root = {root: cpu_seconds([root]) - self._before[root] for root in self.roots}
        self.cpu = sum(self.cpu_by_root.values())
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while True:
            began = time.thread_time()
            self.peak_mb = max(self.peak_mb, memory_mb(self.roots))
            # Each look goes through all pages that a server shares with its sessions: at most a hundredth of the time.
            if self._ended.wait(max(1, 100 * (time.thread_time() - began))):
                return
