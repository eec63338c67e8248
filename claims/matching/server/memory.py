"""How much memory this process may use, and whether that is enough for the models."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

FULL_FROM = 4_000_000_000  # bytes: both models take some 500 MB, beside database, web and worker
_CGROUPS = Path("/sys/fs/cgroup")
_OWN = Path("/proc/self/cgroup")
_M_ARENA_MAX = -8  # malloc.h of glibc


class Mode(NamedTuple):
    """`full` (words and meaning), `words` or `off`, and why."""

    name: str
    reason: str


def mode_of(setting: str, *, memory: int | None = None) -> Mode:
    """The mode that the setting names; if it is empty, the one for this much memory (in bytes)."""
    if setting:
        return Mode(setting, f"FACTCHECK_MATCHER={setting}")
    memory = memory_limit() if memory is None else memory
    if memory >= FULL_FROM:
        return Mode("full", f"{memory / 1e9:.1f} GB of memory")
    return Mode("words", f"{memory / 1e9:.1f} GB of memory, and the models need {FULL_FROM / 1e9:.0f} GB")


def memory_limit(groups: Path = _CGROUPS, own: Path = _OWN) -> int:
    """Bytes of memory of this machine, or what its control groups allow if that is less (cgroup v1 and v2)."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([physical, *_limits(groups, own)])


def _limits(groups: Path, own: Path) -> Iterator[int]:
    """The limits of this process's groups and of all groups around them."""
    with suppress(OSError):
        for line in own.read_text().splitlines():
            _, controllers, path = line.split(":", 2)
            if not controllers:
                top, name = groups, "memory.max"
            elif "memory" in controllers.split(","):
                top, name = groups / "memory", "memory.limit_in_bytes"
            else:
                continue
            # In a container the path may be that of the host, which is not there; then the top is the container's.
            inside = Path(path.strip("/"))
            for group in (inside, *inside.parents):
                with suppress(OSError, ValueError):  # no limit: no file, or `max`
                    yield int((top / group / name).read_text())


def use_few_arenas() -> None:
    """Have glibc keep two heaps for all threads: one for each would hold on to what a thread needed once."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def release_memory() -> None:
    """Give memory that is free back to the system, after much was needed for a moment (glibc)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
