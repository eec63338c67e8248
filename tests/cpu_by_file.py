"""CPU time by test file: measure the process tree around each file, and print the costliest when the run ends.

Counted are the test process and every process below it: workers, browsers, `up`, the suite's own PostgreSQL. Not
counted are processes whose parent was killed before them, which a few tests do, and a server given by DATABASE_URL.
"""

import os
import time
from collections import Counter
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from sources.extraction import process_tree

SHOWN = 15
_TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds() -> float:
    """User and system time of this process and of those below it so far, those that ended included."""
    total = sum(os.times()[:4])
    for pid in process_tree.descendants(os.getpid()):
        with suppress(OSError):
            # 11 to 14 of what follows the name: utime, stime, cutime, cstime (proc_pid_stat(5), fields 14 to 17)
            total += sum(map(int, process_tree.stat(pid)[11:15])) / _TICKS
    return total


class CpuByFile:
    """Core-seconds by test file, of this process or, where others run the tests (`-n`), of them all."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.began = time.monotonic()
        self.seconds: Counter[str] = Counter()
        self.measured: float | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, Any, Any]:
        if self.measured is None:  # what came before is the start of this process
            self.measured = cpu_seconds()
        result = yield
        if nextitem is None or nextitem.path != item.path:
            now = cpu_seconds()
            self.seconds[os.path.relpath(item.path, self.root)] += now - self.measured
            self.measured = now
        return result

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, Any, Any]:
        """A process that runs tests for another hands it what it measured."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["cpu_by_file"] = dict(self.seconds)
        return (yield)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.seconds.update(getattr(node, "workeroutput", {}).get("cpu_by_file", {}))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The total is what the shell's `time` calls user and sys; what no file used is the price of starting."""
        total, wall = cpu_seconds(), time.monotonic() - self.began
        rows = self.seconds.most_common()
        named, others = rows[:SHOWN], rows[SHOWN:]
        terminalreporter.section("CPU by file, in core-seconds")
        for name, seconds in named:
            terminalreporter.line(f"{seconds:8.1f}  {name}")
        if others:
            terminalreporter.line(f"{sum(seconds for _, seconds in others):8.1f}  {len(others)} other files")
        terminalreporter.line(f"{total - self.seconds.total():8.1f}  starting, collecting, ending")
        terminalreporter.line(f"{total:8.1f}  in all, in {wall:.0f} s")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(CpuByFile(config.rootpath), "cpu by file")
