"""Find, measure and kill a process with all its descendants, by Linux's /proc.

A browser consists of a dozen processes in their own process groups, so killing the first one is not enough. Without
/proc, descendants are not found, and they end only when their pipes close.
"""

import ctypes
import os
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36  # prctl(2)


def die_with_parent() -> None:
    """Have this process killed when the thread of its parent that started it ends (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, int(signal.SIGKILL), 0, 0, 0)


def become_subreaper() -> None:
    """Make this process the parent of descendants whose own parent ends (Linux)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_SUBREAPER, 1, 0, 0, 0)


def adopt_orphans() -> None:
    """Make this process the parent of orphaned descendants, and send it SIGTERM when its own parent ends."""
    become_subreaper()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, int(signal.SIGTERM), 0, 0, 0)


def stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat after the name: state, parent and so on. Raises OSError without a process."""
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def descendants(root: int) -> list[int]:
    """Return the ids of all processes that this one started, directly or indirectly."""
    by_parent = _children_by_parent()
    pids: list[int] = []
    pending = [root]
    while pending:
        started = by_parent.pop(pending.pop(), [])
        pids += started
        pending += started
    return pids


def _children_by_parent() -> dict[int, list[int]]:
    by_parent: dict[int, list[int]] = defaultdict(list)
    for entry in _PROC.iterdir() if _PROC.exists() else ():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                by_parent[int(stat(int(entry.name))[1])].append(int(entry.name))
    return by_parent


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


def kill_children(*, but: Collection[int]) -> None:
    """Kill and collect the children of this process, with their descendants, except these children and theirs.

    For a subreaper, whose other children are orphans that it adopted. One that has not ended by then, because it waits
    for a disk, is collected by a later call.
    """
    for pid in children(os.getpid()):
        if pid not in but:
            kill(pid)
            for _ in range(20):
                with suppress(ChildProcessError):
                    if os.waitpid(pid, os.WNOHANG) == (0, 0):
                        time.sleep(0.005)
                        continue
                break


def children(parent: int) -> list[int]:
    """Return the ids of the processes whose parent this one is."""
    return _children_by_parent().get(parent, [])


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
