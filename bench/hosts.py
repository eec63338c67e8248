"""Measure how polling scales with workers on several hosts, and whether each page is polled exactly once.

    sudo python bench/hosts.py [--pages 240] [--delay 2] [--hosts 1 2 4]

A "host" is a network namespace and a mount namespace with one worker and an empty data folder. A hub namespace holds
what hosts share in production: PostgreSQL by TCP, Redis as broker, an S3-compatible store (moto), and the pages, each
of which takes DELAY seconds to respond. A bridge joins the namespaces. They have no other link, so that pages can have
publicly routable addresses and the address guard stays unchanged. Needs root, Linux, iproute2 and redis-server; without
them it says so and ends.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402

HUB = "10.77.0.1"
SITES = 240  # addresses, each a host with its own politeness delay: one page each, so that the delay sets no limit
BATCH = 10  # pages a worker fetches at once
BUCKET = "snapshots"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=240)
    parser.add_argument("--delay", type=float, default=2.0, help="seconds that a page takes to respond")
    parser.add_argument("--hosts", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--inside", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        Inside(options, Path(options.inside)).run()
        return
    missing = [name for name in ("ip", "unshare", "redis-server") if shutil.which(name) is None]
    if sys.platform != "linux" or os.geteuid() != 0 or missing:
        print(f"Skipped: this needs Linux, root, iproute2 and redis-server (missing here: {missing or 'root'}).")
        return
    folder = Path(tempfile.mkdtemp(prefix="factcheck-hosts-"))
    hub, hosts = _namespaces(max(options.hosts))
    try:
        _join(hub, hosts)
        inside = ["ip", "netns", "exec", hub, sys.executable, *sys.argv, "--inside", str(folder)]
        sys.exit(subprocess.run(inside, env={**os.environ, "BENCH_HOSTS": " ".join(hosts)}).returncode)
    finally:
        for name in (*hosts, hub):
            subprocess.run(["ip", "netns", "delete", name], stderr=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)


def _namespaces(count: int) -> tuple[str, list[str]]:
    return f"fc{os.getpid()}hub", [f"fc{os.getpid()}h{number}" for number in range(1, count + 1)]


def _join(hub: str, hosts: list[str]) -> None:
    """Create the namespaces and the bridge between them. No link leads out."""

    def ip(*command: str, within: str = "") -> None:
        subprocess.run(["ip", *(("-n", within) if within else ()), *command], check=True)

    ip("netns", "add", hub)
    ip("link", "set", "lo", "up", within=hub)
    ip("link", "add", "br0", "type", "bridge", within=hub)
    ip("addr", "add", f"{HUB}/24", "dev", "br0", within=hub)
    ip("link", "set", "br0", "up", within=hub)
    for site in range(1, SITES + 1):
        ip("addr", "add", f"11.0.1.{site}/32", "dev", "lo", within=hub)
    for number, host in enumerate(hosts, start=1):
        ip("netns", "add", host)
        ip("link", "add", f"to{number}", "type", "veth", "peer", "name", "eth0", "netns", host, within=hub)
        ip("link", "set", f"to{number}", "master", "br0", "up", within=hub)
        ip("link", "set", "lo", "up", within=host)
        ip("addr", "add", f"10.77.0.{10 + number}/24", "dev", "eth0", within=host)
        ip("link", "set", "eth0", "up", within=host)
        ip("route", "add", "default", "via", HUB, within=host)


class Inside:
    """The benchmark inside the hub's namespace: services, pages and rounds."""

    def __init__(self, options: Any, folder: Path) -> None:
        self.options = options
        self.folder = folder
        self.namespaces = os.environ["BENCH_HOSTS"].split()
        self.hits: Counter[str] = Counter()
        self.children: list[subprocess.Popen[bytes]] = []

    def run(self) -> None:
        try:
            cluster = self._start_hub()
            try:
                self._prepare()
                rows = [self._round(hosts) for hosts in self.options.hosts]
            finally:
                for child in reversed(self.children):
                    _end(child)
                cluster.stop()
        except BaseException:
            for log in self.folder.glob("*.log"):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-1_500:]}", file=sys.stderr)
            raise
        one = next((row["pages_per_s"] for row in rows if row["hosts"] == 1), None)
        print(
            f"\n{'hosts':>5} {'pages':>6} {'seconds':>8} {'pages/s':>8} {'speed-up':>8} {'doubled':>7} {'missed':>7}"
            "  pages by host"
        )
        for row in rows:
            row["growth"] = round(row["pages_per_s"] / one, 2) if one else None
            print(
                f"{row['hosts']:>5} {row['pages']:>6} {row['seconds']:>8.1f} {row['pages_per_s']:>8.2f} "
                f"{row['growth'] or '–':>8} {row['twice']:>7} {row['missed']:>7}  {row['by_host']}"
            )
        print(json.dumps({"delay": self.options.delay, "batch": BATCH, "sites": SITES, "rounds": rows}))

    def _start_hub(self) -> Any:
        from factcheck.embedded import postgres

        class ByTcp(postgres.Cluster):
            """The embedded server, on the bridge as well; without fsync, whose cost is not measured here."""

            def _options(self) -> dict[str, str]:
                return {**super()._options(), "listen_addresses": HUB, "port": "5432"}

        data = self.folder / "hub"
        data.mkdir()
        cluster = ByTcp(data, durable=False)
        database_template.copy_to(data)
        cluster.create()
        with (cluster.folder / "pg_hba.conf").open("a") as file:
            file.write(f"host all {postgres.ROLES['app']},{postgres.ROLES['owner']} 10.77.0.0/24 trust\n")
        cluster.start()
        cluster.prepare_database()
        self._start("redis", ["redis-server", "--bind", HUB, "--port", "6379", "--save", "", "--protected-mode", "no"])
        self._start("s3", [sys.executable, "-m", "moto.server", "-H", HUB, "-p", "9000"])
        threading.Thread(target=lambda: asyncio.run(self._serve_pages()), daemon=True).start()
        address = f"postgresql://{{}}@{HUB}:5432/{postgres.DATABASE}"
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "FACTCHECK_DATA": str(self.folder / "own"),
            "DATABASE_URL": address.format(postgres.ROLES["app"]),
            "CELERY_BROKER_URL": f"redis://{HUB}:6379/0",
            "SNAPSHOT_STORE": f"s3://{BUCKET}/desk?endpoint=http://{HUB}:9000",
            "SNAPSHOT_STORE_ACCESS_KEY": "bench",
            "SNAPSHOT_STORE_SECRET_KEY": "bench-secret",
            "FACTCHECK_POLL_CONCURRENCY": str(BATCH),
            "FACTCHECK_POLL_INTERVAL_SECONDS": "86400",
            "SECRET_KEY": "bench",
        }
        os.environ.update(self.environment, DATABASE_OWNER_URL=address.format(postgres.ROLES["owner"]))
        return cluster

    def _start(self, name: str, command: list[str], **more: Any) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            child = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder, **more)
        self.children.append(child)
        return child

    async def _serve_pages(self) -> None:
        async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                request = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = request.split(" ")[1]
                if path == "/robots.txt":
                    status, body = "404 Not Found", "none"
                else:
                    host = next(line[6:] for line in request.split("\r\n") if line.lower().startswith("host: "))
                    self.hits[host + path] += 1
                    await asyncio.sleep(self.options.delay)
                    status, body = "200 OK", f"<h1>Report</h1><p>Reading {self.hits[host + path]} of {host}{path}.</p>"
                head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n"
                writer.write(f"{head}Connection: close\r\n\r\n{body}".encode())
                await writer.drain()
            writer.close()

        server = await asyncio.start_server(respond, "0.0.0.0", 8080, backlog=500)
        await server.serve_forever()

    def _prepare(self) -> None:
        import boto3
        import django

        django.setup()
        from django.core.management import call_command

        from sources.pages import page_for
        from sources.polling import poller

        call_command("migrate", verbosity=0, interactive=False)
        client = boto3.client(
            "s3",
            endpoint_url=f"http://{HUB}:9000",
            region_name="us-east-1",
            aws_access_key_id="bench",
            aws_secret_access_key="bench-secret",
        )
        for _ in range(60):
            try:
                client.create_bucket(Bucket=BUCKET)
                break
            except Exception:  # noqa: BLE001 - the store is still starting
                time.sleep(0.5)
        self.bucket = client
        for number in range(self.options.pages):
            poller.start_watching(page_for(f"http://11.0.1.{number % SITES + 1}:8080/page-{number}"))

    def _round(self, hosts: int) -> dict[str, Any]:
        from django.db.models import Count
        from django.utils import timezone

        from factcheck.celery import app
        from sources.models import Polling, Snapshot

        Polling.objects.update(due_at=None, last_attempt_at=None)
        before, objects = Counter(self.hits), self._objects()
        workers = [self._worker(number, hosts) for number in range(1, hosts + 1)]
        for log in (self.folder / f"worker{hosts}-{number}.log" for number in range(1, hosts + 1)):
            _wait(lambda log=log: " ready." in log.read_text(errors="replace"), 60, f"{log.name} is not ready")
        started = timezone.now()
        Polling.objects.update(due_at=started)
        due = Polling.objects.filter(last_attempt_at__isnull=True)
        deadline = time.monotonic() + 60 + self.options.pages * self.options.delay / BATCH * 3
        while due.exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{due.count()} pages were not polled in time")
            app.send_task("sources.tasks.poll_due", expires=15)  # as beat does, but more often
            time.sleep(0.25)
        last = Polling.objects.order_by("-last_attempt_at").values_list("last_attempt_at", flat=True)[0]
        time.sleep(self.options.delay + 1)  # leaves time for a second fetch to show
        for worker in workers:
            _end(worker)
        hits = self.hits - before
        seconds = (last - started).total_seconds()
        wrong = Polling.objects.exclude(last_outcome="ok")
        if wrong.exists():
            raise AssertionError(f"{wrong.count()} polls failed: {wrong[0].last_detail}")
        return {
            "hosts": hosts,
            "pages": self.options.pages,
            "seconds": round(seconds, 2),
            "pages_per_s": round(self.options.pages / seconds, 2),
            "twice": sum(1 for count in hits.values() if count > 1),
            "missed": self.options.pages - len(hits),
            "snapshots": Snapshot.objects.filter(taken_at__gte=started).count(),
            "pages_with_two_snapshots": Snapshot.objects.filter(taken_at__gte=started)
            .values("page")
            .annotate(number=Count("pk"))
            .filter(number__gt=1)
            .count(),
            "objects": self._objects() - objects,
            "by_host": self._by_host(hosts),
        }

    def _worker(self, number: int, hosts: int) -> subprocess.Popen[bytes]:
        own = self.folder / "own"
        own.mkdir(exist_ok=True)
        celery = (
            f"{sys.executable} -m celery --app factcheck.celery worker --hostname worker@host{number} --loglevel INFO"
        )
        # Each worker has its own data folder under the same path: hosts can share nothing through it.
        script = f"mount -t tmpfs tmpfs {own} && hostname host{number} && exec {celery}"
        command = [
            "ip",
            "netns",
            "exec",
            self.namespaces[number - 1],
            "unshare",
            "--mount",
            "--uts",
            "sh",
            "-c",
            script,
        ]
        return self._start(f"worker{hosts}-{number}", command, env=self.environment)

    def _by_host(self, hosts: int) -> list[int]:
        """Return the number of pages that each worker polled, from the results of its ticks."""
        counts = []
        for number in range(1, hosts + 1):
            text = (self.folder / f"worker{hosts}-{number}.log").read_text(errors="replace")
            counts.append(
                sum(int(line.rsplit(": ", 1)[1]) for line in text.splitlines() if "poll_due" in line and "s: " in line)
            )
        return counts

    def _objects(self) -> int:
        pages = self.bucket.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return sum(len(page.get("Contents", [])) for page in pages)


def _wait(until: Any, seconds: float, otherwise: str) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.1)


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


if __name__ == "__main__":
    main()
