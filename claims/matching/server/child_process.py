"""A child of the matcher that does one long task at nice 19, and dies with it."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sources.extraction.process_tree import die_with_parent


class ChildProcess:
    """`manage.py matcher --task NAME`, one at a time. Start it from the main thread: it dies with the thread."""

    def __init__(self, folder: Path, task: str) -> None:
        self._command = [sys.executable, str(folder / "manage.py"), "matcher", "--task", task]
        self._command += ["--parent", str(os.getpid())]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        return self._process is not None

    def start(self) -> None:
        """Start it unless it runs."""
        if self._process is None:
            self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    def result(self) -> bool | None:
        """Whether it ended well; None while it runs, or never ran."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._process = None
        return code == 0

    def kill(self) -> None:
        """End it at once: what it writes is written aside, or resumed."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()


def begin_task(parent: int) -> None:
    """What a child does first: die with its parent, and leave the processor to everybody else."""
    die_with_parent()
    if os.getppid() != parent:
        sys.exit(1)
    with suppress(OSError):
        os.nice(19)
