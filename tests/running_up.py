"""`manage.py up` without its demo, as tests run and kill it: what it printed, its processes, its parts by name."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.processes import alive, descendants, kill

ROOT = Path(__file__).resolve().parents[1]
NOBODY = 65534
SIGNATURES = {
    "worker": r"celery .*worker --hostname",
    "beat": r"celery .* beat --loglevel",
    "web": r"-m granian",
    "postgres": r"bin/postgres -D",
}


class Up:
    """A running `manage.py up --port 0` in an environment that holds PATH and HOME, without the matcher."""

    def __init__(
        self, data: Path, *arguments: str, as_nobody: bool = False, environment: dict[str, str] | None = None
    ) -> None:
        python, needed = interpreter(as_nobody)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - read when all is over
        self.lines: list[str] = []
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [python, "manage.py", "up", "--data", str(data), "--no-demo", *(arguments or ("--port", "0"))],
            cwd=ROOT,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(data.parent),
                "FACTCHECK_MATCHER": "off",
                **needed,
                **(environment or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            **({"user": NOBODY, "group": NOBODY, "extra_groups": []} if as_nobody else {}),  # type: ignore[call-overload]
        )

    @property
    def errors(self) -> str:
        """What it and its parts said on stderr."""
        return os.pread(self._errors.fileno(), 1_000_000, 0).decode()

    def wait_until_ready(self) -> "Up":
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
            if line.startswith("ready "):
                self.seconds = time.monotonic() - self.started
                self.url = line.split()[1]
                self.tree = descendants(self.process.pid)
                return self
        pytest.fail(f"up ended with {self.process.wait()}: {self.errors}")

    def get(self, path: str) -> tuple[int, dict[str, object]]:
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=5)) as client:
            client.request("GET", path)
            response = client.getresponse()
            return response.status, json.loads(response.read())

    def pid(self, part: str) -> int:
        """The part's first process; for the web that is the one that made the others."""
        return min(pid for pid, line in self.tree.items() if re.search(SIGNATURES[part], line))

    def look(self) -> "Up":
        """Take note of the processes as they are now."""
        self.tree = descendants(self.process.pid)
        return self

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


def interpreter(as_nobody: bool) -> tuple[str, dict[str, str]]:
    """This Python; for another user the system's, if ours is in a closed home, with the same packages."""
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    if not as_nobody:
        return sys.executable, {}
    for python in (sys.executable, f"/usr/bin/python3.{sys.version_info.minor}"):
        result = (
            subprocess.run(
                [python, "-c", "import django"],
                user=NOBODY,
                env={"PYTHONPATH": packages},
                capture_output=True,
                check=False,
            )
            if may_run(python)
            else None
        )
        if result and result.returncode == 0:
            return python, {"PYTHONPATH": packages}
    pytest.skip("no Python here that another user may run")


def may_run(python: str) -> bool:
    """Whether others can reach the program: every folder on the way is open."""
    path = Path(python)
    if not path.exists():
        return False
    places = [*path.resolve().parents, *path.parents]
    return all(folder.stat().st_mode & 0o001 for folder in places)


@contextmanager
def running(
    data: Path, *arguments: str, as_nobody: bool = False, environment: dict[str, str] | None = None
) -> Iterator[Up]:
    """A ready `up`; whatever the test does, nothing of it is left behind."""
    up = Up(data, *arguments, as_nobody=as_nobody, environment=environment)
    try:
        yield up.wait_until_ready()
    finally:
        if up.process.poll() is None:
            up.end()
        kill(alive(getattr(up, "tree", {})))
