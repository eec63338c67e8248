"""Find, measure and kill a process with all its descendants, by Linux's /proc.

A browser consists of a dozen processes in their own process groups, so killing the first one is not enough. Without
/proc, descendants are not found, and they end only when their pipes close.
"""

import ctypes
import os
import resource
import signal
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36  # prctl(2)


def adopt_orphans() -> None:
    """Make this process the parent of orphaned descendants, and send it SIGTERM when its own parent ends."""
    with suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None).prctl
        prctl(_SET_SUBREAPER, 1, 0, 0, 0)
        prctl(_SET_DEATH_SIGNAL, int(signal.SIGTERM), 0, 0, 0)


def stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name: state, parent and so on. Raises OSError without a process."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def descendants(root: int) -> list[int]:
    """Return the ids of all processes that this one started, directly or indirectly."""
    children = defaultdict(list)
    for entry in _PROC.iterdir() if _PROC.exists() else ():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                children[int(stat(int(entry.name))[1])].append(int(entry.name))
    pids: list[int] = []
    pending = [root]
    while pending:
        started = children.pop(pending.pop(), [])
        pids += started
        pending += started
    return pids


def memory(root: int) -> int:
    """Return the private bytes of this process and its descendants, without shared memory."""
    total = 0
    for pid in [root, *descendants(root)]:
        with suppress(OSError, ValueError, IndexError):
            resident, shared = (_PROC / str(pid) / "statm").read_text().split()[1:3]
            total += (int(resident) - int(shared)) * resource.getpagesize()
    return total


def kill_descendants(root: int) -> None:
    """Kill all descendants of a process that adopts orphans and stays alive, or is stopped."""
    for _ in range(20):
        running = [pid for pid in descendants(root) if not _ended(pid)]
        if not running:
            return
        for pid in running:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def kill(root: int) -> None:
    """Kill a process and all its descendants. Its parent still has to wait for it."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(root, signal.SIGSTOP)  # so that it starts no more processes
        kill_descendants(root)
        os.kill(root, signal.SIGKILL)


def _ended(pid: int) -> bool:
    try:
        return stat(pid)[0] in "ZX"
    except OSError:
        return True
