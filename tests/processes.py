"""Find, kill and wait for processes by their id, for tests that kill some and check what is left."""

import os
import signal
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from sources.extraction import process_tree


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


def user_of(pid: int) -> int | None:
    """The uid as this process sees it; None if it has ended since."""
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None
