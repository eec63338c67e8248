"""Measure the memory of `manage.py up` by part while it polls thousands of watched pages, as on a machine with 2 GB.

    python bench/memory.py [--pages 5000] [--reviews 500] [--minutes 5] [--interval 300] [--every 5] [--machine 2000]

`up --no-demo` runs as in production, with its own PostgreSQL. It polls the pages of `noisy_pages.py`, each anew every
`--interval` seconds; published reviews rest on `--reviews` of them. Meanwhile a reader requests lists, claims and the
desk's log-in page once a second. Every `--every` seconds the benchmark adds up the Pss of each part's process tree:
pages that processes share, such as PostgreSQL's buffers, count once.

Parts that size themselves by the machine's memory are told that it has `--machine` MB: in a mount namespace
/sys/fs/cgroup/memory.max says so, as in a container. Nothing enforces it; for that, run the benchmark itself in a
container or below `systemd-run --scope -p MemoryMax=2G`. The network namespace is the same as in `polling.py`.
"""

import argparse
import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from statistics import fmean
from typing import Any
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402
import polling as bench  # noqa: E402
from process_tree import memory_mb  # noqa: E402

from sources.extraction import process_tree  # noqa: E402

INSIDE = "BENCH_MEMORY_INSIDE"
MOST = 1_200  # MB that all parts together may have
PARTS = {"postgres": "bin/postgres", "web": "granian", "worker": "celery worker", "beat": "celery beat"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--distinct", type=int, default=250, help="pages to generate; the others are copies by query")
    parser.add_argument("--hosts", type=int, default=100)
    parser.add_argument("--reviews", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=5, help="to measure after all pages were read once")
    parser.add_argument("--interval", type=float, default=300, help="seconds between two polls of a page")
    parser.add_argument("--every", type=float, default=5, help="seconds between two samples")
    parser.add_argument("--machine", type=int, default=2_000, help="MB of memory that the parts are told of")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.pages_from = None
    if INSIDE not in os.environ:
        _enter_namespace()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    _pretend(options.machine)
    with tempfile.TemporaryDirectory(prefix="factcheck-memory-") as folder:
        watched, options.pages = options.pages, min(options.pages, options.distinct)
        server, about = bench._start_server(options)
        options.pages = watched
        try:
            result = Memory(Path(folder), about["pages"], options).run_up()
        finally:
            server.kill()
            server.wait()
    print(json.dumps(result))


def _enter_namespace() -> None:
    """Restart this process in a network namespace where 11.0.0.0/16 is this machine, with mounts of its own."""
    unshare = ["unshare", "--net", "--mount"]
    if os.geteuid() != 0:
        unshare[1:1] = ["--user", "--map-root-user"]
    if sys.platform != "linux" or not (shutil.which("unshare") and shutil.which("ip")):
        print("{}")
        sys.exit("Skipped: this needs Linux, util-linux and iproute2.")
    if subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
        print("{}")
        sys.exit(0)
    os.environ[INSIDE] = "1"
    os.execvp(unshare[0], [*unshare, sys.executable, *sys.argv])


def _pretend(machine: int) -> None:
    """Prepare the namespace: the address of the pages, and the machine's memory as a container would tell it."""
    for command in (
        ["ip", "link", "set", "lo", "up"],
        ["ip", "route", "add", "local", "11.0.0.0/16", "dev", "lo"],
        ["mount", "-t", "tmpfs", "none", "/sys/fs/cgroup"],
    ):
        subprocess.run(command, check=True)
    Path("/sys/fs/cgroup/memory.max").write_text(f"{machine * 1_000_000}\n")


class Memory(bench.Factcheck):
    """A whole `up`, readers, and samples of the memory of its parts."""

    def __init__(self, folder: Path, pages: list[dict[str, Any]], options: argparse.Namespace) -> None:
        super().__init__(folder, pages, pause=False)
        self.options = options
        self.samples: list[dict[str, float]] = []
        self._ending = threading.Event()

    def run_up(self) -> dict[str, Any]:
        os.environ |= {
            "FACTCHECK_DATA": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "FACTCHECK_HOST_DELAY_SECONDS": "0.1",
        }
        database_template.copy_to(self.folder)
        with (self.folder.parent / "up.log").open("w") as log:
            up = subprocess.Popen(
                [sys.executable, "manage.py", "up", "--no-demo", "--port", "0", "--data", str(self.folder)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        try:
            self.up = up.pid
            key, url = self._wait_until_ready(up)
            import django

            django.setup()
            print(f"at rest: {_line(self._sample(up.pid))}", flush=True)
            threading.Thread(target=self._read, args=(url, key), daemon=True).start()
            self._fill()
            self._measure(up.pid)
            return self._summary()
        except BaseException:
            print((self.folder.parent / "up.log").read_text()[-3_000:], file=sys.stderr)
            raise
        finally:
            self._ending.set()
            up.terminate()
            up.wait(60)

    def _wait_until_ready(self, up: "subprocess.Popen[str]") -> tuple[str, str]:
        key = ""
        for line in up.stdout or ():
            if line.startswith("api key: "):
                key = line.split()[-1]
            if line.startswith("ready "):
                return key, line.split()[1]
        raise SystemExit("`up` did not start.")

    def _fill(self) -> None:
        """Watch the pages, wait until all were read, and publish reviews on some."""
        from django.db import connection

        from sources.models import Polling

        bench.visit(1)
        self._watch()
        began = time.monotonic()
        while (unread := Polling.objects.filter(latest_snapshot=None).count()) > self.options.pages / 100:
            if time.monotonic() - began > 600 + self.options.pages / 5:
                raise TimeoutError(f"{unread} pages were not read in time")
            self.samples.append(self._sample(self.up))
            print(f"{unread} unread, {_line(self.samples[-1])}", file=sys.stderr, flush=True)
            time.sleep(self.options.every)
        print(f"{self.options.pages} pages read once in {time.monotonic() - began:.0f} s", flush=True)
        read = Polling.objects.exclude(latest_snapshot=None).values_list("page", flat=True)
        watched = self.number_of
        self.number_of = {page: watched[page] for page in read[: self.options.reviews]}
        self._publish()
        published, self.number_of = len(self.number_of), watched
        with connection.cursor() as cursor:  # publishing has moved what is due
            cursor.execute(
                "UPDATE sources_polling SET due_at = clock_timestamp() + random() * make_interval(secs => %s)",
                [self.options.interval],
            )
        print(f"{published} reviews published", flush=True)
        bench.visit(0)

    def _watch(self) -> None:
        """Watch all pages by few statements, due within half a minute, few pages sooner."""
        from django.utils import timezone

        from sources.models import Host, Page, Polling, Source

        now = timezone.now()
        hosts = sorted({urlsplit(page["url"]).hostname for page in self.pages})
        sources = {
            source.name: source
            for source in Source.objects.bulk_create([Source(name=host, homepage=f"http://{host}/") for host in hosts])
        }
        Host.objects.bulk_create([Host(name=host) for host in hosts], ignore_conflicts=True)
        spread = timedelta(seconds=min(30, self.options.pages / 50))
        pages = []
        for number in range(self.options.pages):
            copy, index = divmod(number, len(self.pages))
            url = self.pages[index]["url"] + (f"?copy={copy}" if copy else "")
            pages.append(
                Page(
                    source=sources[urlsplit(url).hostname],
                    url=url,
                    given_url=url,
                    watch=Page.Watch.WATCHED,
                    watched_since=now,
                    pinned_interval=timedelta(seconds=self.options.interval),
                )
            )
        Page.objects.bulk_create(pages, batch_size=500)
        self.number_of = {page.pk: self.pages[at % len(self.pages)]["number"] for at, page in enumerate(pages)}
        Polling.objects.bulk_create(
            [
                Polling(page=page, host=urlsplit(page.url).hostname, due_at=now + at * spread / len(pages))
                for at, page in enumerate(pages)
            ],
            batch_size=500,
        )

    def _read(self, url: str, key: str) -> None:
        """Request what readers, newsrooms and editors request, once a second."""
        paths = ["/api/v1/claims/", "/api/v1/changes/", "/admin/login/", "/healthz", "/api/v1/claims/?language=en"]
        number = 0
        while not self._ending.wait(1):
            number += 1
            with suppress(OSError, http.client.HTTPException), closing(_client(url)) as client:
                client.request("GET", paths[number % len(paths)], headers={"Authorization": f"Bearer {key}"})
                client.getresponse().read()

    def _measure(self, up: int) -> None:
        from sources.models import Polling

        before = self._fetches(Polling)
        began = time.monotonic()
        while time.monotonic() - began < self.options.minutes * 60:
            self.samples.append(self._sample(up))
            time.sleep(self.options.every)
        self.fetches = self._fetches(Polling) - before

    def _fetches(self, polling: Any) -> int:
        from django.db.models import Sum

        return int(polling.objects.aggregate(all=Sum("fetches"))["all"] or 0)

    def _sample(self, up: int) -> dict[str, float]:
        """Return the Pss in MB of each part with its children, of `up` itself, and of all."""
        found = dict.fromkeys(PARTS, 0.0)
        alone = _pss(up)
        for child in process_tree.children(up):
            with suppress(OSError):
                command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
                name = next(
                    (name for name, words in PARTS.items() if all(word in command for word in words.split())), None
                )
                if name:
                    found[name] = memory_mb([child])
        found["up"] = alone
        found["all"] = sum(found.values())
        return found

    def _summary(self) -> dict[str, Any]:
        peak = {name: round(max(each[name] for each in self.samples)) for name in self.samples[0]}
        mean = {name: round(fmean(each[name] for each in self.samples)) for name in self.samples[0]}
        print(f"{'Pss in MB':12}" + "".join(f"{name:>10}" for name in peak))
        for title, row in (("mean", mean), ("peak", peak)):
            print(f"{title:12}" + "".join(f"{value:>10}" for value in row.values()))
        return {
            "pages": self.options.pages,
            "reviews": self.options.reviews,
            "minutes": self.options.minutes,
            "polls": self.fetches,
            "machine_mb": self.options.machine,
            "mean_mb": mean,
            "peak_mb": peak,
            "within": peak["all"] <= MOST,
        }


def _line(sample: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.0f} MB" for name, value in sample.items())


def _pss(pid: int) -> float:
    with suppress(OSError, IndexError):
        return int(Path(f"/proc/{pid}/smaps_rollup").read_text().split("\nPss:", 1)[1].split(None, 1)[0]) / 1_024
    return 0.0


def _client(url: str) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)


if __name__ == "__main__":
    main()
