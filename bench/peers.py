"""Run other page monitors for `polling.py --peers`: same server, pages and visits, without politeness delays.

- changedetection.io: its server with its own datastore and its plain fetcher. Its REST API creates the watches and
  `recheck_all` checks them again. An alarm is a watch whose history has a new entry after the second visit. It runs
  with its default number of workers and with twice as many, each a row; the better one counts.
- urlwatch: one job per page with the filter `html2text` in its default form, run twice. An alarm is a job that it
  reports as changed. Its ten threads are fixed.

Neither has a delay between requests to one host that could be removed.
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from process_tree import Meter, cpu_seconds

WORKERS = (5, 10)  # changedetection.io's default, and twice that
SERVER_PORT = 5_057
_CHANGED = re.compile(r"CHANGED: page-(\d+)\b")

Visit = Callable[[int], None]
Counts = Callable[[], dict[str, int]]


def install(folder: Path, requirements: Path) -> None:
    """Install each peer into a virtual environment below the folder, unless this version is there already."""
    for line in requirements.read_text().splitlines():
        pinned = line.split("#")[0].strip()
        if not pinned:
            continue
        name, _, version = pinned.partition("==")
        python = folder / name / "bin" / "python"
        test = f"import importlib.metadata as m; raise SystemExit(m.version({name!r}) != {version!r})"
        if python.exists() and subprocess.run([python, "-c", test], capture_output=True).returncode == 0:
            continue
        print(f"installing {pinned} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", pinned], check=True)


def run(
    venvs: Path, folder: Path, pages: list[dict[str, Any]], visit: Visit, counts: Counts
) -> Iterator[dict[str, Any]]:
    """Run each peer in each of its settings. Yields the fields of `polling.Row`."""
    yield _urlwatch(venvs / "urlwatch", folder / "urlwatch", pages, visit, counts)
    for workers in WORKERS:
        data = folder / f"changedetection-{workers}"
        yield _changedetection(venvs / "changedetection.io", data, workers, pages, visit, counts)


def _changedetection(
    venv: Path, folder: Path, workers: int, pages: list[dict[str, Any]], visit: Visit, counts: Counts
) -> dict[str, Any]:
    visit(1)
    folder.mkdir()
    command = [venv / "bin" / "python", venv / "bin" / "changedetection.io", "-d", folder, "-h", "127.0.0.1"]
    # With a first URL on the command line it adds no watches of its own.
    command += ["-p", str(SERVER_PORT), "-u", pages[0]["url"]]
    environment = {**_environment(folder), "FETCH_WORKERS": str(workers), "LOGGER_LEVEL": "ERROR"}
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        server = subprocess.Popen([str(part) for part in command], env=environment, stdout=log, stderr=log, cwd=folder)
    try:
        key = _api_key(folder, server)

        def ask(path: str, body: str | None = None) -> Any:
            request = urllib.request.Request(
                f"http://127.0.0.1:{SERVER_PORT}/api/v1/{path}",
                data=None if body is None else body.encode(),
                headers={"x-api-key": key, "Content-Type": "text/plain"},
            )
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)

        _until(lambda: "version" in _or_empty(lambda: ask("systeminfo")), 60, "changedetection.io does not respond")
        ask("import", "\n".join(page["url"] for page in pages[1:]))
        # It checks new watches without being told to.
        _settled(server.pid, len(pages), ask, counts)
        robots = counts().get("robots", 0)
        visit(2)
        time.sleep(2)
        with Meter(server.pid) as meter:
            began = time.monotonic()
            ask("watch?recheck_all=1")
            seconds = _settled(server.pid, len(pages), ask, counts) - began
        robots += counts().get("robots", 0)
        number = {page["url"]: page["number"] for page in pages}
        watches: dict[str, Any] = ask("watch")
        alarms = {number[watch["url"]] for uuid, watch in watches.items() if _entries(folder, uuid) > 1}
        failed = sum(1 for watch in watches.values() if watch["last_error"])
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
    return {
        "name": f"changedetection.io, {workers}",
        "pages": len(pages),
        "cpu_s": meter.cpu,
        "seconds": seconds,
        "peak_mb": meter.peak_mb,
        "alarms": alarms,
        "robots": robots,
        "more": {"workers": workers, "errors": failed},
    }


def _settled(pid: int, pages: int, ask: Callable[[str], Any], counts: Counts) -> float:
    """Wait until all pages were requested, the queue is empty and the server is idle. Returns when it became idle."""
    _until(lambda: counts()["distinct_pages"] >= pages, 120 + pages, "changedetection.io did not request all pages")
    _until(lambda: ask("systeminfo")["queue_size"] == 0, 120, "changedetection.io's queue does not empty")
    while True:
        moment, used = time.monotonic(), cpu_seconds([pid])
        time.sleep(0.5)
        if cpu_seconds([pid]) - used < 0.1:
            return moment


def _api_key(folder: Path, server: "subprocess.Popen[bytes]") -> str:
    found: list[str] = []

    def look() -> bool:
        if server.poll() is not None:
            raise RuntimeError(f"changedetection.io ended; see {folder}.log")
        for file in folder.glob("*.json"):
            found.extend(re.findall(r'"api_access_token":\s*"([^"]+)"', file.read_text()))
        return bool(found)

    _until(look, 90, "changedetection.io wrote no settings")
    return found[0]


def _entries(folder: Path, uuid: str) -> int:
    file = folder / uuid / "history.txt"
    return len(file.read_text().splitlines()) if file.exists() else 0


def _urlwatch(venv: Path, folder: Path, pages: list[dict[str, Any]], visit: Visit, counts: Counts) -> dict[str, Any]:
    folder.mkdir()
    jobs = [{"name": f"page-{page['number']}", "url": page["url"], "filter": ["html2text"]} for page in pages]
    (folder / "urls.yaml").write_text("\n---\n".join(map(json.dumps, jobs)))  # JSON is YAML
    (folder / "hooks.py").write_text("")
    (folder / "urlwatch.yaml").write_text("{}\n")
    command = [venv / "bin" / "python", venv / "bin" / "urlwatch", "--urls", folder / "urls.yaml"]
    command += ["--config", folder / "urlwatch.yaml", "--hooks", folder / "hooks.py", "--cache", folder / "cache.db"]
    robots = 0
    for number in (1, 2):
        visit(number)
        began = time.monotonic()
        with (folder / f"{number}.txt").open("wb") as out:
            process = subprocess.Popen(
                [str(part) for part in command], env=_environment(folder), stdout=out, stderr=out, cwd=folder
            )
            # The kernel counts the CPU of the process and of the children it waited for.
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        robots += counts().get("robots", 0)
        if process.returncode != 0 or counts()["distinct_pages"] < len(pages):
            raise RuntimeError(f"urlwatch failed: {(folder / f'{number}.txt').read_text()[-500:]}")
    text = (folder / "2.txt").read_text(errors="replace")
    return {
        "name": "urlwatch",
        "pages": len(pages),
        "cpu_s": used.ru_utime + used.ru_stime,
        "seconds": seconds,
        "peak_mb": used.ru_maxrss / 1024,
        "alarms": {int(found) for found in _CHANGED.findall(text)},
        "robots": robots,
        "more": {},
    }


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment with nothing of this process but PATH, and a home folder of the peer's own."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def _or_empty(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except OSError:
        return {}


def _until(true: Callable[[], bool], seconds: float, otherwise: str) -> None:
    ends = time.monotonic() + seconds
    while not true():
        if time.monotonic() > ends:
            raise TimeoutError(otherwise)
        time.sleep(0.25)
