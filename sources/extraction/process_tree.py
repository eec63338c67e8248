"""A process and all that it started, as Linux shows them: how much memory they take, and how to end every one.

A browser is a dozen processes in groups of their own, so that ending the one that was started is not enough.
Where there is no /proc, what a process started is not seen, and ending it is left to the pipes that close.
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


def hold_together() -> None:
    """Make this process the parent of all whose own parent ends below it, and end it by SIGTERM with its parent."""
    with suppress(OSError, AttributeError):
        prctl = ctypes.CDLL(None).prctl
        prctl(_SET_SUBREAPER, 1, 0, 0, 0)
        prctl(_SET_DEATH_SIGNAL, int(signal.SIGTERM), 0, 0, 0)


def stat(pid: int) -> list[str]:
    """State, parent and so on: what stands in /proc/PID/stat after the name, which may hold anything.

    Raises OSError if there is no such process.
    """
    return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def below(root: int) -> list[int]:
    """Every process that this one started, and what those started."""
    children = defaultdict(list)
    for entry in _PROC.iterdir() if _PROC.exists() else ():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                children[int(stat(int(entry.name))[1])].append(int(entry.name))
    found: list[int] = []
    waiting = [root]
    while waiting:
        here = children.pop(waiting.pop(), [])
        found += here
        waiting += here
    return found


def memory(root: int) -> int:
    """Bytes that this process and those below it have for themselves, what they share with others left out."""
    total = 0
    for pid in [root, *below(root)]:
        with suppress(OSError, ValueError, IndexError):
            resident, shared = (_PROC / str(pid) / "statm").read_text().split()[1:3]
            total += (int(resident) - int(shared)) * resource.getpagesize()
    return total


def end_below(root: int) -> None:
    """Kill all below a process that lives on, or is stopped, and is their parent when those between have ended."""
    for _ in range(20):
        found = [pid for pid in below(root) if not _ended(pid)]
        if not found:
            return
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def end(root: int) -> None:
    """Kill a process and all below it. Its own parent still has to wait for it."""
    with suppress(ProcessLookupError, PermissionError):
        os.kill(root, signal.SIGSTOP)  # so that it starts no more of them meanwhile
        end_below(root)
        os.kill(root, signal.SIGKILL)


def _ended(pid: int) -> bool:
    try:
        return stat(pid)[0] in "ZX"
    except OSError:
        return True
