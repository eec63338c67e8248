"""Measure the REST interface on the embedded stack: requests a second and core, and how long one waits.

    python bench/api.py --claims 1000 [--seconds 4] [--connections 4] [--without-usual]
    python bench/api.py --claims 758000 [--keep DIR]

A database of its own is filled with published claims (`published.py`): a temporary one, or one in DIR that the next run
with as many claims uses again. Then, one after the other, over loopback HTTP
with a key, its limit and gzip:

    kept    the product as `manage.py up` starts its web part; each address was asked for once before, so that what
            fits into its memory is kept, however many addresses there are
    anew    the same with FACTCHECK_KEPT_ANSWERS_MB=0: every answer is made from the database
    usual   nested ModelSerializers with their prefetches over the desk's tables (`usual.py`), served alike
    pgbench one fixed statement, prepared, that reads the bodies of a page of 50 over the socket the web uses

CPU is that of web and PostgreSQL together with all their children, so that requests a second and core mean the same
on a busy machine; of pgbench it is that of PostgreSQL and pgbench, and beside it of PostgreSQL alone. The load comes
from wrk, whose CPU is not counted. Milliseconds are wall time as wrk sees it, so read them as ratios within a run.

Needs Linux and wrk (`apt install wrk`); pgbench is in the wheel of the embedded PostgreSQL, else in the package
postgresql of the system (`apt install postgresql`).
"""

import argparse
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

from process_tree import Meter  # noqa: E402

LIST = "/api/v1/claims/"
# What pgbench runs: the bodies of the first page, by the index that the list uses.
STATEMENT = """SELECT b.json FROM claims_claimversion v JOIN claims_publicationbody b USING (publication_id)
WHERE v.audience <> 'public' AND v.sequence_to IS NULL ORDER BY v.sequence_from DESC LIMIT 50;
"""


@dataclass
class Row:
    """What one kind of request came to."""

    server: str
    what: str
    requests: int
    cpu: float
    cpu_web: float
    p50: float
    p95: float
    p99: float
    bytes: int
    wrong: int

    @property
    def per_core(self) -> float:
        return self.requests / self.cpu if self.cpu else 0.0

    def told(self) -> dict[str, Any]:
        return {
            "server": self.server,
            "what": self.what,
            "requests": self.requests,
            "per_s_and_core": round(self.per_core, 1),
            "cpu_ms": round(self.cpu * 1_000 / max(1, self.requests), 3),
            "cpu_ms_web": round(self.cpu_web * 1_000 / max(1, self.requests), 3),
            "p50_ms": self.p50,
            "p95_ms": self.p95,
            "p99_ms": self.p99,
            "bytes": self.bytes,
            "wrong": self.wrong,
        }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--claims", type=int, default=1_000)
    arguments.add_argument("--seconds", type=int, default=4, help="of load, for each kind of request")
    arguments.add_argument("--connections", type=int, default=4)
    arguments.add_argument("--without-usual", action="store_true", help="leave the ModelSerializers out")
    arguments.add_argument("--keep", type=Path, metavar="DIR", help="write the database there, or use what is there")
    given = arguments.parse_args()
    if given.claims < 200:
        arguments.error("--claims is at least 200")
    if shutil.which("wrk") is None:
        raise SystemExit("This needs wrk, which makes the load: apt install wrk")
    pgbench = _pgbench()
    if given.keep:
        Bench(given, given.keep.resolve(), pgbench).run()
        return
    with tempfile.TemporaryDirectory(prefix="factcheck-api-") as folder:
        Bench(given, Path(folder), pgbench).run()


def _pgbench() -> str:
    from factcheck.embedded.postgres import binaries

    for folder in (binaries(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)):
        if (folder / "pgbench").exists():
            return str(folder / "pgbench")
    found = shutil.which("pgbench")
    if found is None:
        raise SystemExit("This needs pgbench, which the package of PostgreSQL has: apt install postgresql")
    return found


class Bench:
    """One database, the servers on it one after the other, and what was measured."""

    def __init__(self, given: argparse.Namespace, folder: Path, pgbench: str) -> None:
        self.claims: int = given.claims
        self.seconds: int = given.seconds
        self.connections: int = given.connections
        self.usual = not given.without_usual
        self.folder = folder
        self.pgbench = pgbench
        self.rows: list[Row] = []

    def run(self) -> None:
        os.environ |= {"FACTCHECK_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from factcheck.embedded.postgres import Cluster, database_url
        from factcheck.management.commands import up

        up.make_data_folder(self.folder)
        up.keep_secret_key(self.folder)
        cluster = Cluster(self.folder)
        cluster.make()
        self.postgres = cluster.start().pid
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            steps = self._write(database_url(self.folder, role="superuser"))
            self.key = self._make_key()
            connections.close_all()
            self._measure(up)
            statement = self._run_pgbench()
        finally:
            connections.close_all()
            cluster.stop()
        self._tell(statement, steps)

    def _write(self, superuser: str) -> dict[str, float]:
        """The claims, if they are not there yet. Seconds by step."""
        import published

        written = self.folder / "claims.json"
        if written.exists():
            before: dict[str, Any] = json.loads(written.read_text())
            if before["claims"] != self.claims:
                raise SystemExit(f"{self.folder} holds {before['claims']} claims; name another folder.")
            steps: dict[str, float] = before["steps"]
            print(f"{self.claims} claims were there, written in {sum(steps.values()):.0f} s: {steps}", flush=True)
            return steps
        steps = published.seed(superuser, self.claims)
        print(f"{self.claims} claims written in {sum(steps.values()):.0f} s: {steps}", flush=True)
        written.write_text(json.dumps({"claims": self.claims, "steps": steps}))
        return steps

    def _make_key(self) -> str:
        from factcheck.newsrooms.keys import create_key
        from factcheck.newsrooms.models import ApiKey, Newsroom

        ApiKey.objects.filter(revoked_at=None).update(revoked_at=datetime.now(UTC))  # of a run before
        key = create_key("Bench")
        Newsroom.objects.update(requests_per_minute=100_000_000)  # the limit is counted and never met
        return key

    def _measure(self, up: Any) -> None:
        kinds = self._kinds()
        part = next(part for part in up.parts(0) if part.name == "web")
        for server, more in (("kept", {}), ("anew", {"FACTCHECK_KEPT_ANSWERS_MB": "0"})):
            with self._served(up, list(part.command), more) as (web, port):
                for what, paths, headers in kinds:
                    self._load(server, web, port, what, paths, headers)
        if self.usual:
            command = [*part.command[:-1], "usual:application"]
            with self._served(up, command, {"PYTHONPATH": str(HERE)}) as (web, port):
                for what, paths, headers in kinds:
                    if what in ("list of 50", "detail", "filtered, common", "updated_since, today"):
                        # A tenth of a second and more each: a few seconds would be too few of them.
                        self._load("usual", web, port, what, paths, headers, seconds=3 * self.seconds)

    def _kinds(self) -> list[tuple[str, list[str], dict[str, str]]]:
        """What is asked: its name, addresses taken in turn, headers. An ETag of `?` is the one of the first answer."""
        import published

        random = Random(1)
        many = published._counts(self.claims)

        def listing(**asked: Any) -> str:
            return f"{LIST}?{urlencode(asked)}"

        numbers = [random.randint(1, self.claims) for _ in range(2_000)]
        details = [f"{LIST}{published.public_id('clm', number)}/" for number in numbers]
        common = [
            *(listing(verdict=verdict) for verdict in ("true", "false", "mixed")),
            listing(topic="topic-1"),
            listing(verification="checked", language="en"),
            listing(verdict="false", topic="topic-1"),
        ]
        some = [
            *(listing(speaker=published.public_id("spk", random.randint(1, many["speaker"]))) for _ in range(300)),
            *(listing(host=f"host-{random.randint(1, many['source'])}.example") for _ in range(300)),
            *(listing(source=published.public_id("src", random.randint(1, many["source"]))) for _ in range(300)),
        ]
        rare = [
            *(listing(topic=f"rare-{random.randint(1, self.claims // published.RARE_EVERY)}") for _ in range(300)),
            *(listing(topic=f"nothing-{number}") for number in range(100)),
            *(listing(language="xx", topic=f"topic-{number}") for number in range(1, 30)),
        ]
        last = published.BEGAN + published.timedelta(minutes=7 * self.claims)

        def since(minutes: float) -> str:
            return listing(updated_since=(last - published.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ"))

        return [
            ("list of 50", [LIST], {}),
            ("list, next pages", self._cursors(random), {}),
            ("detail", details, {}),
            ("filtered, common", common, {}),
            ("filtered, some", some, {}),
            ("filtered, rare", rare, {}),
            ("updated_since, today", [since(minutes) for minutes in range(600, 1_000)], {}),
            ("updated_since, now", [since(-minutes) for minutes in range(400)], {}),
            ("304 of the list", [LIST], {"If-None-Match": "?"}),
            ("304 of a claim", details[:1], {"If-None-Match": "?"}),
        ]

    def _cursors(self, random: Random) -> list[str]:
        from base64 import urlsafe_b64encode

        places = [random.randint(60, self.claims) for _ in range(1_000)]
        tokens = [urlsafe_b64encode(json.dumps([place]).encode()).rstrip(b"=").decode() for place in places]
        return [f"{LIST}?{urlencode({'cursor': token})}" for token in tokens]

    @contextmanager
    def _served(self, up: Any, command: list[str], more: dict[str, str]) -> Iterator[tuple[int, int]]:
        port = up.free_port(0)
        command[command.index("--port") + 1] = str(port)
        with (self.folder / "web.log").open("ab") as log:
            web = subprocess.Popen(
                command, env={**os.environ, **up.environment(), **more}, cwd=ROOT, stdout=log, stderr=log
            )
        try:
            deadline = time.monotonic() + 30
            while True:
                try:
                    status, _, _ = self._ask(port, f"{LIST}?limit=1", {})
                    if status == http.client.OK:
                        break
                except OSError:
                    status = 0
                if time.monotonic() > deadline or web.poll() is not None:
                    raise RuntimeError((self.folder / "web.log").read_text()[-3_000:] or f"status {status}")
                time.sleep(0.1)
            yield web.pid, port
        finally:
            web.terminate()
            try:
                web.wait(10)
            except subprocess.TimeoutExpired:
                web.kill()
                web.wait()

    def _ask(self, port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            sent = {"Authorization": f"Bearer {self.key}", "Accept-Encoding": "gzip", **headers}
            client.request("GET", path, headers=sent)
            answer = client.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, answer.read()
        finally:
            client.close()

    def _ask_each(self, port: int, paths: list[str]) -> None:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            for path in dict.fromkeys(paths):
                client.request("GET", path, headers={"Authorization": f"Bearer {self.key}", "Accept-Encoding": "gzip"})
                client.getresponse().read()
        finally:
            client.close()

    def _load(
        self,
        server: str,
        web: int,
        port: int,
        what: str,
        paths: list[str],
        headers: dict[str, str],
        seconds: int | None = None,
    ) -> None:
        """Load for some seconds, after as much of it as makes every thread connect and plan."""
        status, told, body = self._ask(port, paths[0], {})
        assert status == 200, (paths[0], status, body[:500])
        headers = {name: value.replace("?", told.get("etag", "")) for name, value in headers.items()}
        if server == "kept":
            self._ask_each(port, paths)
        script = self.folder / "load.lua"
        sent = {"Authorization": f"Bearer {self.key}", "Accept-Encoding": "gzip", **headers}
        script.write_text(_LUA % (_lua(paths), _lua_table(sent), 304 if headers else 200))
        address = f"http://127.0.0.1:{port}"
        wrk = ["wrk", "-t", "1", "--timeout", "30s", "-c", str(self.connections), "-s", str(script)]
        subprocess.run([*wrk, "-d", "1s", address], check=True, capture_output=True)
        with Meter(web, self.postgres) as meter:
            ran = subprocess.run(
                [*wrk, "-d", f"{seconds or self.seconds}s", address], check=True, capture_output=True, text=True
            )
        found = re.search(r"^JSON (.*)$", ran.stdout, re.MULTILINE)
        assert found, ran.stdout
        told = json.loads(found[1])
        row = Row(
            server,
            what,
            told["requests"],
            meter.cpu,
            meter.cpu_by_root[web],
            *(round(told[name] / 1_000, 2) for name in ("p50", "p95", "p99")),
            told["bytes"] // max(1, told["requests"]),
            told["wrong"] + told["errors"],
        )
        self.rows.append(row)
        print(_line(row), flush=True)

    def _run_pgbench(self) -> dict[str, Any]:
        """The fixed statement: requests a second and core, with pgbench's own CPU and without."""
        from factcheck.embedded.postgres import DATABASE, ROLES, Cluster

        script = self.folder / "statement.sql"
        script.write_text(STATEMENT)
        command = [self.pgbench, "--no-vacuum", "--protocol", "prepared", "--file", str(script)]
        command += ["--client", str(self.connections), "--time", str(max(2, self.seconds))]
        command += ["--host", str(Cluster(self.folder).sockets), "--username", ROLES["app"], DATABASE]
        with Meter(self.postgres, os.getpid()) as meter:
            ran = subprocess.run(command, check=True, capture_output=True, text=True)
        number = re.search(r"number of transactions actually processed: (\d+)", ran.stdout)
        assert number, ran.stdout
        latency = re.search(r"latency average = ([\d.]+) ms", ran.stdout)
        server = meter.cpu_by_root[self.postgres]
        return {
            "requests": int(number[1]),
            "per_s_and_core": round(int(number[1]) / meter.cpu, 1),
            "per_s_and_core_of_postgresql_alone": round(int(number[1]) / server, 1),
            "mean_ms": float(latency[1]) if latency else None,
        }

    def _tell(self, statement: dict[str, Any], steps: dict[str, float]) -> None:
        print(
            f"pgbench, {statement['requests']} times 50 bodies: {statement['per_s_and_core']:.0f} a second and core; "
            f"{statement['per_s_and_core_of_postgresql_alone']:.0f} without its own CPU"
        )
        of = {(row.server, row.what): row for row in self.rows}
        ratios: dict[str, Any] = {}
        for server in ("kept", "anew"):
            row = of[server, "list of 50"]
            ratios[f"{server} / pgbench"] = round(row.per_core / statement["per_s_and_core"], 2)
            ratios[f"{server} / pgbench without its own CPU"] = round(
                row.per_core / statement["per_s_and_core_of_postgresql_alone"], 2
            )
            for what in dict.fromkeys(row.what for row in self.rows if row.server == "usual"):
                if of["usual", what].requests:
                    ratio = of[server, what].per_core / of["usual", what].per_core
                    ratios[f"{server} / usual, {what}"] = round(ratio, 1)
        for name, ratio in ratios.items():
            print(f"{name}: {ratio}")
        print(
            json.dumps(
                {
                    "claims": self.claims,
                    "rows": [row.told() for row in self.rows],
                    "pgbench": statement,
                    "ratios": ratios,
                    "seconds_to_write": steps,
                }
            )
        )


def _line(row: Row) -> str:
    told = row.told()
    return (
        f"{row.server:6} {row.what:22} {told['per_s_and_core']:>8.0f}/s·core  {told['cpu_ms']:>7.2f} ms CPU "
        f"(web {told['cpu_ms_web']:.2f})  p50 {row.p50:>7.2f}  p95 {row.p95:>7.2f}  p99 {row.p99:>7.2f} ms  "
        f"{row.bytes:>7} bytes  {row.wrong} wrong"
    )


def _lua(paths: list[str]) -> str:
    return "{" + ",".join(json.dumps(path) for path in paths) + "}"


def _lua_table(headers: dict[str, str]) -> str:
    return "{" + ",".join(f"[{json.dumps(name)}]={json.dumps(value)}" for name, value in headers.items()) + "}"


_LUA = """
local paths, headers, want = %s, %s, %d
local nth = 0
wrong = 0
local threads = {}
function setup(thread) table.insert(threads, thread) end
function request()
  nth = nth %% #paths + 1
  return wrk.format("GET", paths[nth], headers)
end
function response(status) if status ~= want then wrong = wrong + 1 end end
function done(summary, latency)
  local bad = 0
  for _, thread in ipairs(threads) do bad = bad + thread:get("wrong") end
  local e = summary.errors
  io.write(string.format('JSON {"requests":%%d,"bytes":%%d,"p50":%%d,"p95":%%d,"p99":%%d,"wrong":%%d,"errors":%%d}\\n',
    summary.requests, summary.bytes, latency:percentile(50), latency:percentile(95), latency:percentile(99),
    bad, e.connect + e.read + e.write + e.timeout))
end
"""


if __name__ == "__main__":
    main()
