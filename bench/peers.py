"""Page monitors that `polling.py --peers` compares with: the same server, pages and visits, politeness lifted.

- changedetection.io: its server with a datastore of its own and its plain fetcher; watches made through its REST API,
  checked again by `recheck_all`. An alarm is a watch whose history got an entry at the second visit. Run with its own
  number of workers and with twice as many, each a row: the better counts.
- urlwatch: one job a page with the filter `html2text` as it is by default, run twice. An alarm is a job it reports as
  changed. Its ten threads are not a setting.

Neither has a delay between requests to one host that could be lifted.
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
    """Each peer into a virtual environment below the folder, unless it is there in this version."""
    for line in requirements.read_text().splitlines():
        pinned = line.split("#")[0].strip()
        if not pinned:
            continue
        name, _, version = pinned.partition("==")
        python = folder / name / "bin" / "python"
        asked = f"import importlib.metadata as m; raise SystemExit(m.version({name!r}) != {version!r})"
        if python.exists() and subprocess.run([python, "-c", asked], capture_output=True).returncode == 0:
            continue
        print(f"installing {pinned} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", folder / name], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", pinned], check=True)


def run(
    venvs: Path, folder: Path, pages: list[dict[str, Any]], visit: Visit, counts: Counts
) -> Iterator[dict[str, Any]]:
    """One row for each peer and way to run it, as fields of `polling.Row`."""
    yield _urlwatch(venvs / "urlwatch", folder / "urlwatch", pages, visit, counts)
    for workers in WORKERS:
        there = folder / f"changedetection-{workers}"
        yield _changedetection(venvs / "changedetection.io", there, workers, pages, visit, counts)


def _changedetection(
    venv: Path, folder: Path, workers: int, pages: list[dict[str, Any]], visit: Visit, counts: Counts
) -> dict[str, Any]:
    visit(1)
    folder.mkdir()
    command = [venv / "bin" / "python", venv / "bin" / "changedetection.io", "-d", folder, "-h", "127.0.0.1"]
    # A first URL on the command line keeps it from adding watches of its own.
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
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)

        _until(lambda: "version" in _tried(lambda: ask("systeminfo")), 60, "changedetection.io does not answer")
        ask("import", "\n".join(page["url"] for page in pages[1:]))
        # New watches are checked by themselves.
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
    """Wait until all pages were asked for, the queue is empty and the server at rest. When that began."""
    _until(lambda: counts()["asked"] >= pages, 120 + pages, "changedetection.io did not ask for all pages")
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
            # CPU of it and of the children it waited for, by the kernel's own account.
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - began
        robots += counts().get("robots", 0)
        if process.returncode != 0 or counts()["asked"] < len(pages):
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
    """Nothing of ours, and a home of their own."""
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "PYTHONUNBUFFERED": "1"}


def _tried(ask: Callable[[], Any]) -> Any:
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
