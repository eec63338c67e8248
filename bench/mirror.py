"""Measure `manage.py export_site` on many claims: files, seconds, files a second and peak memory of each run.

The database is that of `desk.py`: its folder can be used again. Each run is a process of its own. The first makes every
page; the second finds nothing changed. A run after something was published makes every page again, as the first does,
and writes those that differ: a page is known to be true for one state of the site alone, and a day is part of that.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import desk

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Run:
    """What was measured of one run."""

    what: str
    files: int
    seconds: float
    cpu_seconds: float
    peak_mb: float
    written: int

    @property
    def a_second(self) -> float:
        return self.files / self.seconds


def main() -> None:
    desk.begin(__doc__, run, rounds=1, name="mirror")


def run(options: argparse.Namespace, folder: Path) -> None:
    with desk.database(folder), tempfile.TemporaryDirectory(prefix="factcheck-mirror-") as place:
        steps = desk.fill(folder, options.claims)
        mirror = Path(place, "site")
        runs = [measure(what, mirror) for what in ("all anew", "again, nothing changed")]
        size = sum(each.stat().st_size for each in mirror.rglob("*") if each.is_file()) / 1_000_000
    print("| run | files | written | seconds | CPU seconds of Python | files a second | peak MB |")
    print("|---|---|---|---|---|---|---|")
    for each in runs:
        times = f"{each.seconds:.0f} | {each.cpu_seconds:.0f} | {each.a_second:.0f}"
        print(f"| {each.what} | {each.files} | {each.written} | {times} | {each.peak_mb:.0f} |")
    print(json.dumps({"claims": options.claims, "steps": steps, "mb": size, "runs": [asdict(each) for each in runs]}))


def measure(what: str, mirror: Path) -> Run:
    """Export in a process of its own."""
    command = [sys.executable, str(ROOT / "manage.py"), "export_site", str(mirror), "--host", "checks.example"]
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(command, stdout=said, env=os.environ)
        peak, used = 0.0, 0.0
        while child.poll() is None:
            peak, used = max(peak, _peak_mb(child.pid)), max(used, _cpu_seconds(child.pid))
            time.sleep(0.05)
        if child.returncode:
            raise SystemExit(f"export_site ended with {child.returncode}")
        said.seek(0)
        written = int(said.read().split()[0])
    seconds = time.monotonic() - began
    files = sum(each.is_file() for each in mirror.rglob("*"))
    return Run(what, files, seconds, used, peak, written)


def _peak_mb(process: int) -> float:
    """The most memory that the process has had, by Linux; what it began with as a copy of this one is not in it."""
    try:
        lines = Path("/proc", str(process), "status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1_000 for line in lines if line.startswith("VmHWM")), 0.0)


def _cpu_seconds(process: int) -> float:
    try:
        return int(Path("/proc", str(process), "schedstat").read_text().split()[0]) / 1_000_000_000
    except OSError:
        return 0.0


if __name__ == "__main__":
    main()
