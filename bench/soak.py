"""Poll for an hour and measure whether the worker's memory, open files, threads and database connections grow.

    python bench/soak.py [--minutes 60] [--pages 400] [--hosts 40] [--every 30] [--csv FILE]
    python bench/soak.py --read FILE

A worker and beat, started as `manage.py up` starts them, poll pages (`noisy_pages.py`) at a pinned interval, so that
some ten polls a second come due. Each visit shows different noise. One page in fifty is edited and restored, and one
in twenty becomes a wall now and then. Published reviews rest on the edited pages and on one in eight of all, so that
sweeps run and re-checks open.

Twice a minute the benchmark writes a line about the worker's process tree. A table, slopes and a line of JSON follow at
the end, or when it is stopped (Ctrl-C, SIGTERM). `--read` makes them from a file, even while that still grows.

`flat`: by least squares over the last four fifths, memory (Pss of the worker and its children) grows by less than
5 % of its mean in an hour; open files, threads and connections by less than 5 % or one. The network namespace is the
same as in `polling.py`.
"""

import argparse
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402
import polling as bench  # noqa: E402
from process_tree import cpu_seconds, members, memory_mb  # noqa: E402

INSIDE = "BENCH_SOAK_INSIDE"
TURNS = 8  # versions of a page, shown in rotation
WATCHED = 8  # one in this many pages has a published review
STEADY = {"files": 1.0, "threads": 1.0, "connections": 1.0}  # permitted growth in an hour, if more than 5 %
COLUMNS = [
    "minute",
    "pss_mb",
    "rss_mb",
    "processes",
    "files",
    "threads",
    "connections",
    "cpu_s",
    "beat_mb",
    "postgres_mb",
    "postgres_cpu_s",
    "fetches",
    "changes",
    "checks",
    "rechecks",
]
Row = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--interval", type=float, default=30, help="seconds between two polls of a page")
    parser.add_argument("--every", type=float, default=30, help="seconds between two samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write each sample as a line of this file")
    parser.add_argument("--read", type=Path, metavar="FILE", help="only summarise such a file")
    options = parser.parse_args()
    options.pages_from = None
    if options.read:
        with options.read.open() as file:
            _report([{name: float(value) for name, value in row.items() if value} for row in csv.DictReader(file)])
        return
    if INSIDE not in os.environ:
        _enter_namespace()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    with tempfile.TemporaryDirectory(prefix="factcheck-soak-") as folder:
        rows = _soak(options, Path(folder))
    _report(rows)


def _enter_namespace() -> None:
    """Restart this process, with the same id, in a namespace where 11.0.0.0/16 is this machine."""
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    if sys.platform != "linux" or not (shutil.which("unshare") and shutil.which("ip")):
        sys.exit("Skipped: this needs Linux, util-linux and iproute2.")
    if subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
        sys.exit("Skipped: network namespaces are not permitted here. Run it as root, or allow user namespaces.")
    os.environ[INSIDE] = "1"
    os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])


def _soak(options: argparse.Namespace, folder: Path) -> list[Row]:
    for command in (["ip", "link", "set", "lo", "up"], ["ip", "route", "add", "local", "11.0.0.0/16", "dev", "lo"]):
        subprocess.run(command, check=True)
    command = [
        sys.executable,
        str(HERE / "noisy_server.py"),
        "--pages",
        str(options.pages),
        "--hosts",
        str(options.hosts),
    ]
    command += ["--seed", str(options.seed), "--turns", str(TURNS)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        line = server.stdout.readline() if server.stdout else ""
        if not line.startswith("ready "):
            raise SystemExit("The page server did not start; see its messages above.")
        return Soak(folder, json.loads(line.removeprefix("ready "))["pages"], options).rows()
    finally:
        server.kill()
        server.wait()


class Soak(bench.Factcheck):
    """The product with a worker and beat, and samples of their resources over time."""

    def __init__(self, folder: Path, pages: list[dict[str, Any]], options: argparse.Namespace) -> None:
        super().__init__(folder, pages, pause=False)
        self.options = options

    def rows(self) -> list[Row]:
        os.environ |= {
            "FACTCHECK_DATA": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "FACTCHECK_CONFIRM_AFTER_SECONDS": "60",
        }
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from factcheck.embedded.postgres import Cluster
        from factcheck.management.commands import up

        up.make_data_folder(self.folder)
        up.ensure_secret_key(self.folder)
        database_template.copy_to(self.folder)
        cluster = Cluster(self.folder)
        cluster.create()
        postgres = cluster.start()
        parts: dict[str, subprocess.Popen[bytes]] = {}
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            with (self.folder / "parts.log").open("wb") as log:
                for part in up.parts(0):
                    if part.name in {"worker", "beat"}:
                        parts[part.name] = subprocess.Popen(
                            list(part.command),
                            env={**os.environ, **up.environment()},
                            cwd=ROOT,
                            stdout=log,
                            stderr=log,
                            start_new_session=True,
                        )
            rows: list[Row] = []
            # An early stop is no failure: the samples until then are summarised.
            with suppress(KeyboardInterrupt):
                self._prepare()
                self._sample(rows, parts["worker"], parts["beat"].pid, postgres.pid)
            return rows
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            print((self.folder / "parts.log").read_text(errors="replace")[-3_000:], file=sys.stderr)
            connections.close_all()
            for part in parts.values():
                part.terminate()
            for part in parts.values():
                try:
                    part.wait(15)
                except subprocess.TimeoutExpired:
                    part.kill()
                    part.wait()
            cluster.stop()

    def _prepare(self) -> None:
        from django.db import connection

        from sources.models import Page

        bench.visit(1)
        self._watch()
        self._poll()
        all_pages = self.number_of
        edited = {page["number"] for page in self.pages if page["kind"] == "edited"}
        self.number_of = {
            page: number for page, number in all_pages.items() if number % WATCHED == 0 or number in edited
        }
        self._publish()
        watched, self.number_of = len(self.number_of), all_pages
        Page.objects.update(pinned_interval=timedelta(seconds=self.options.interval))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE sources_polling SET due_at = clock_timestamp() + random() * make_interval(secs => %s)",
                [self.options.interval],
            )
            cursor.execute("UPDATE sources_host SET ready_at = clock_timestamp()")
        bench.visit(0)
        print(f"{len(all_pages)} pages, polled every {self.options.interval:g} s, {watched} with a review")

    def _sample(self, rows: list[Row], worker: "subprocess.Popen[bytes]", beat: int, postgres: int) -> None:
        started = time.monotonic()
        with (self.options.csv or Path(os.devnull)).open("w", newline="") as file:
            written = csv.DictWriter(file, COLUMNS)
            written.writeheader()
            while time.monotonic() - started < self.options.minutes * 60:
                row = self._measure(worker.pid, beat, postgres)
                row["minute"] = round((time.monotonic() - started) / 60, 2)
                rows.append(row)
                written.writerow(row)
                file.flush()
                if worker.poll() is not None:
                    print("The worker has exited.", file=sys.stderr)
                    return
                time.sleep(self.options.every - (time.monotonic() - started) % self.options.every)

    def _measure(self, worker: int, beat: int, postgres: int) -> Row:
        from django.db import connection

        pids = members([worker])
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                " AND pid <> pg_backend_pid()), (SELECT sum(fetches) FROM sources_polling),"
                " (SELECT count(*) FROM sources_change), (SELECT count(*) FROM claims_evidencecheck),"
                " (SELECT count(*) FROM claims_recheck)"
            )
            connections, fetches, changes, checks, rechecks = map(int, cursor.fetchone())
        return {
            "pss_mb": round(memory_mb([worker]), 2),
            "rss_mb": round(sum(_status(pid, "VmRSS") for pid in pids) / 1_024, 2),
            "processes": len(pids),
            "files": sum(_files(pid) for pid in pids),
            "threads": sum(_status(pid, "Threads") for pid in pids),
            "connections": connections,
            "cpu_s": round(cpu_seconds([worker]), 2),
            "beat_mb": round(memory_mb([beat]), 2),
            "postgres_mb": round(memory_mb([postgres]), 2),
            "postgres_cpu_s": round(cpu_seconds([postgres]), 2),
            "fetches": fetches,
            "changes": changes,
            "checks": checks,
            "rechecks": rechecks,
        }


def _status(pid: int, name: str) -> int:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/status").read_text().split(f"\n{name}:", 1)[1].split(None, 1)[0])
    return 0


def _files(pid: int) -> int:
    with suppress(OSError):
        return sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
    return 0


def _report(rows: list[Row]) -> None:
    if len(rows) < 5:
        print(f"{len(rows)} samples are too few for a summary.")
        return
    first, last = rows[0], rows[-1]
    shown = ("pss_mb", "rss_mb", "processes", "files", "threads", "connections", "beat_mb", "postgres_mb", "fetches")
    print(f"{'minute':>8}" + "".join(f"{name:>13}" for name in shown))
    for minute in [*range(10, int(last["minute"]) + 1, 10), last["minute"]]:
        row = min(rows, key=lambda each: abs(each["minute"] - minute))
        print(f"{row['minute']:>8.1f}" + "".join(f"{row[name]:>13.10g}" for name in shown))
    late = [row for row in rows if row["minute"] >= last["minute"] * 0.2]
    slopes = {name: _slope(late, name) for name in ("pss_mb", "rss_mb", "beat_mb", *STEADY)}
    means = {name: fmean(row[name] for row in late) for name in slopes}
    seconds = (last["minute"] - first["minute"]) * 60
    summary = {
        "minutes": round(last["minute"], 1),
        "samples": len(rows),
        "fetches": int(last["fetches"] - first["fetches"]),
        "polls_a_second": round((last["fetches"] - first["fetches"]) / seconds, 1),
        "cpu_ms_a_poll": round(
            1_000 * (last["cpu_s"] - first["cpu_s"]) / max(last["fetches"] - first["fetches"], 1), 2
        ),
        "changes": int(last["changes"] - first["changes"]),
        "checks": int(last["checks"] - first["checks"]),
        "means": {name: round(value, 1) for name, value in means.items()},
        "slopes_an_hour": {name: round(value, 2) for name, value in slopes.items()},
        "memory_percent_an_hour": round(100 * slopes["pss_mb"] / means["pss_mb"], 2),
    }
    summary["flat"] = slopes["pss_mb"] < 0.05 * means["pss_mb"] and all(
        slopes[name] < max(0.05 * means[name], least) for name, least in STEADY.items()
    )
    percent = summary["memory_percent_an_hour"]
    print(f"Memory {slopes['pss_mb']:+.2f} MB an hour ({percent:+.2f} %), flat: {summary['flat']}")
    print(json.dumps(summary))


def _slope(rows: list[Row], name: str) -> float:
    """Return the slope by least squares, in units per hour."""
    hours = [row["minute"] / 60 for row in rows]
    middle, mean = fmean(hours), fmean(row[name] for row in rows)
    spread = sum((hour - middle) ** 2 for hour in hours)
    across = sum((hour - middle) * (row[name] - mean) for hour, row in zip(hours, rows, strict=True))
    return across / spread if spread else 0.0


if __name__ == "__main__":
    main()
