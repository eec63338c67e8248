"""Measure throughput and latency of the REST interface on the embedded stack, with and without its response cache.

    python bench/api.py --claims 1000 [--seconds 4] [--connections 4] [--without-usual]
    python bench/api.py --claims 758000 [--keep DIR]
    python bench/api.py --beside CHECKOUT [--claims 1000] [--rounds 2] [--only "uncached detail"]

The benchmark fills a database with published claims (`published.py`): a temporary one, or one in DIR, which the next
run with the same number of claims uses again. It then measures four servers, one after the other, over loopback HTTP
with an API key, its rate limit and gzip:

    cached    the product as `manage.py up` starts its web part. Each address was requested once before, so that the
              cache holds as many responses as fit into its memory, however many addresses there are
    uncached  the same with FACTCHECK_RESPONSE_CACHE_MB=0: every response is made from the database
    usual     nested ModelSerializers with their prefetches over the editors' tables (`usual.py`), served the same way
    pgbench   one fixed prepared statement that reads the bodies of a page of 50 over the socket that the web uses

CPU is that of web and PostgreSQL together with all their children, so that requests a second and core mean the same
on a busy machine. For pgbench it is that of PostgreSQL and pgbench, and separately that of PostgreSQL alone. wrk makes
the load; its CPU is not counted. Milliseconds are wall time as wrk measures it; read them as ratios within a run.

With `--beside` two more processes fill a database each and serve it, cached and uncached, one of them with the code of
another checkout, whose own `published.py` writes the same claims. Each row is measured on both in turns; `beside.py`
says how. Of `--keep DIR` each side uses a folder of its own.

Needs Linux and wrk (`apt install wrk`). pgbench comes with the wheel of the embedded PostgreSQL, otherwise with the
system package postgresql (`apt install postgresql`).
"""

import argparse
import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

import beside
import database_template
from beside import ROOT
from process_tree import Meter

HERE = Path(__file__).resolve().parent
SERVERS = (("cached", {}), ("uncached", {"FACTCHECK_RESPONSE_CACHE_MB": "0"}))
LIST = "/api/v1/claims/"
# What pgbench runs: the bodies of the first page, by the index that the list uses.
STATEMENT = """SELECT b.json FROM claims_claimversion v JOIN claims_publicationbody b USING (publication_id)
WHERE v.audience <> 'public' AND v.sequence_to IS NULL ORDER BY v.sequence_from DESC LIMIT 50;
"""


@dataclass
class Row:
    """The result of one kind of request on one server."""

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

    def as_json(self) -> dict[str, Any]:
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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=1_000)
    parser.add_argument("--seconds", type=float, default=4, help="duration of the load for each kind of request")
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--without-usual", action="store_true", help="leave the ModelSerializers out")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="folder of the database; reused if it holds one")
    parser.add_argument("--only", default="", metavar="WORDS", help="only the rows whose server and name have them")
    beside.add_options(parser, rounds=2)
    options = parser.parse_args()
    if options.claims < 200:
        parser.error("--claims is at least 200")
    if shutil.which("wrk") is None:
        raise SystemExit("This needs wrk to make the load: apt install wrk")
    if options.answer:
        beside.answer(_served(options))
    elif options.beside:
        compare(options)
    else:
        with _folder(options) as folder:
            Bench(options, folder).run()


@contextmanager
def _folder(options: argparse.Namespace) -> Iterator[Path]:
    if options.keep:
        yield options.keep.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="factcheck-api-") as folder:
        yield Path(folder)


@contextmanager
def _served(options: argparse.Namespace) -> Iterator["Bench"]:
    """The servers of the checkout that is measured, to be asked for one row at a time."""
    with _folder(options) as folder:
        bench = Bench(options, folder)
        with bench.filled() as up, bench.both_served(up):
            yield bench


def compare(options: argparse.Namespace) -> None:
    """Measure each row on this code and on that of another checkout, in turns."""
    roots = beside.roots(options.beside)
    arguments = ["--claims", str(options.claims), "--seconds", str(options.seconds)]
    arguments += ["--connections", str(options.connections), "--only", options.only]
    rows: list[dict[str, Any]] = []
    with ExitStack() as stack:
        sides = {}
        for side, root in roots.items():
            keep = ["--keep", str(options.keep.resolve() / side)] if options.keep else []
            sides[side] = stack.enter_context(beside.Side(root, [*arguments, *keep]))
            sides[side].put(question="rows")
        names, others = (sides[side].take() for side in beside.SIDES)
        if names != others:
            raise SystemExit(f"The rows differ: {names} and {others}")
        print(beside.HEAD)
        for server, what in names:
            found: dict[str, list[dict[str, Any]]] = {side: [] for side in beside.SIDES}
            for order in beside.turns(options.rounds):
                for side in order:
                    found[side].append(sides[side].ask(question="load", server=server, what=what))
            values = {
                name: beside.compared(*([each[name] for each in found[side]] for side in beside.SIDES), digits=3)
                for name in ("cpu_ms", "cpu_ms_web", "p50_ms", "p95_ms", "bytes")
            }
            wrong = {side: sum(each["wrong"] for each in found[side]) for side in beside.SIDES}
            rows.append({"server": server, "what": what, **values, "wrong": wrong})
            print(beside.line(f"{server}: {what}", values["cpu_ms"], "ms"), flush=True)
    ratios = [row["cpu_ms"]["ratio"] for row in rows if row["cpu_ms"]["ratio"]]
    result = {
        "claims": options.claims,
        "rounds": options.rounds,
        "commits": {side: beside.commit(root) for side, root in roots.items()},
        "worst": max(ratios, default=None),
        "beyond_5_percent": [f"{row['server']}: {row['what']}" for row in rows if (row["cpu_ms"]["ratio"] or 0) > 1.05],
        "rows": rows,
    }
    print(json.dumps(result))


def _pgbench() -> str:
    from factcheck.embedded.postgres import binaries

    for folder in (binaries(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)):
        if (folder / "pgbench").exists():
            return str(folder / "pgbench")
    path = shutil.which("pgbench")
    if path is None:
        raise SystemExit("This needs pgbench, which comes with PostgreSQL: apt install postgresql")
    return path


class Bench:
    """One database, the servers that use it one after the other, and their results."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.claims: int = options.claims
        self.seconds: float = options.seconds
        self.connections: int = options.connections
        self.usual = not options.without_usual
        self.only: str = options.only
        self.folder = folder
        self.rows: list[Row] = []
        self.webs: dict[str, tuple[int, int]] = {}
        self.requested: set[tuple[str, str]] = set()

    def run(self) -> None:
        """Measure all servers one after the other."""
        with self.filled() as up:
            pgbench = _pgbench()
            self._measure(up)
            statement = self._run_pgbench(pgbench)
        self._report(statement)

    @contextmanager
    def filled(self) -> Iterator[Any]:
        """A database full of claims, and the module that knows how the product is started."""
        os.environ |= {"FACTCHECK_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from factcheck.embedded.postgres import Cluster, database_url
        from factcheck.management.commands import up

        up.make_data_folder(self.folder)
        up.ensure_secret_key(self.folder)
        database_template.copy_to(self.folder)
        cluster = Cluster(self.folder)
        cluster.create()
        self.postgres = cluster.start().pid
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            self.steps = self._write(database_url(self.folder, role="superuser"))
            self.key = self._make_key()
            self.kinds = {what: (paths, headers) for what, paths, headers in self._kinds()}
            connections.close_all()
            yield up
        finally:
            connections.close_all()
            cluster.stop()

    @contextmanager
    def both_served(self, up: Any) -> Iterator[None]:
        """The cached and the uncached server, both waiting for `answer`."""
        with ExitStack() as stack:
            for server, more in SERVERS:
                if self._rows(server):
                    served = self._served(up, self._command(up), more)
                    self.webs[server] = stack.enter_context(served)
            yield

    def answer(self, question: str, server: str = "", what: str = "") -> Any:
        """List the rows, or measure one."""
        if question == "rows":
            return [(server, what) for server, _ in SERVERS for what in self._rows(server)]
        return self._load(server, *self.webs[server], what).as_json()

    def _rows(self, server: str) -> list[str]:
        return [what for what in self.kinds if self.only in f"{server} {what}"]

    def _command(self, up: Any) -> list[str]:
        return list(next(part for part in up.parts(0) if part.name == "web").command)

    def _write(self, superuser: str) -> dict[str, float]:
        """Write the claims unless the folder holds them already. Returns seconds by step."""
        published: Any = beside.own_module("published")

        written = self.folder / "claims.json"
        if written.exists():
            before: dict[str, Any] = json.loads(written.read_text())
            if before["claims"] != self.claims:
                raise SystemExit(f"{self.folder} holds {before['claims']} claims; name another folder.")
            steps: dict[str, float] = before["steps"]
            print(
                f"{self.claims} claims are there already, written in {sum(steps.values()):.0f} s: {steps}", flush=True
            )
            return steps
        steps = published.seed(superuser, self.claims)
        print(f"{self.claims} claims written in {sum(steps.values()):.0f} s: {steps}", flush=True)
        written.write_text(json.dumps({"claims": self.claims, "steps": steps}))
        return steps

    def _make_key(self) -> str:
        from factcheck.newsrooms.keys import create_key
        from factcheck.newsrooms.models import ApiKey, Newsroom

        ApiKey.objects.filter(revoked_at=None).update(revoked_at=datetime.now(UTC))  # from an earlier run
        key = create_key("Bench")
        Newsroom.objects.update(requests_per_minute=100_000_000)  # the limit is counted and never reached
        return key

    def _measure(self, up: Any) -> None:
        for server, more in SERVERS:
            if self._rows(server):
                with self._served(up, self._command(up), more) as (web, port):
                    for what in self._rows(server):
                        self._print(self._load(server, web, port, what))
        slow = [
            what
            for what in self._rows("usual")
            if what in ("list of 50", "detail", "filtered, common", "updated_since, today")
        ]
        if self.usual and slow:
            command = [*self._command(up)[:-1], "usual:application"]
            with self._served(up, command, {"PYTHONPATH": str(HERE)}) as (web, port):
                for what in slow:
                    # Each takes a tenth of a second or more: a few seconds would give too few requests.
                    self._print(self._load("usual", web, port, what, seconds=3 * self.seconds))

    def _print(self, row: Row) -> None:
        self.rows.append(row)
        print(_line(row), flush=True)

    def _kinds(self) -> list[tuple[str, list[str], dict[str, str]]]:
        """Kinds of request: name, addresses in rotation, headers. `?` stands for the ETag of the first response."""
        published: Any = beside.own_module("published")

        random = Random(1)
        many = published._counts(self.claims)

        def listing(**filters: Any) -> str:
            return f"{LIST}?{urlencode(filters)}"

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
                    status, _, _ = self._get(port, f"{LIST}?limit=1", {})
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

    def _get(self, port: int, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            sent = {"Authorization": f"Bearer {self.key}", "Accept-Encoding": "gzip", **headers}
            client.request("GET", path, headers=sent)
            response = client.getresponse()
            return response.status, {name.lower(): value for name, value in response.headers.items()}, response.read()
        finally:
            client.close()

    def _get_each(self, port: int, paths: list[str]) -> None:
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
        seconds: float | None = None,
    ) -> Row:
        """Measure some seconds of load, after a warm-up in which every thread connects and plans its statements."""
        paths, headers = self.kinds[what]
        status, received, body = self._get(port, paths[0], {})
        assert status == 200, (paths[0], status, body[:500])
        headers = {name: value.replace("?", received.get("etag", "")) for name, value in headers.items()}
        if server == "cached" and (server, what) not in self.requested:
            self._get_each(port, paths)
            self.requested.add((server, what))
        script = self.folder / "load.lua"
        sent = {"Authorization": f"Bearer {self.key}", "Accept-Encoding": "gzip", **headers}
        script.write_text(_LUA % (_lua(paths), _lua_table(sent), 304 if headers else 200))
        address = f"http://127.0.0.1:{port}"
        wrk = ["wrk", "-t", "1", "--timeout", "30s", "-c", str(self.connections), "-s", str(script)]
        _load_for(min(1, self.seconds), *wrk, address)
        with Meter(web, self.postgres) as meter:
            said = _load_for(seconds or self.seconds, *wrk, address)
        match = re.search(r"^JSON (.*)$", said, re.MULTILINE)
        assert match, said
        result = json.loads(match[1])
        return Row(
            server,
            what,
            result["requests"],
            meter.cpu,
            meter.cpu_by_root[web],
            *(round(result[name] / 1_000, 2) for name in ("p50", "p95", "p99")),
            result["bytes"] // max(1, result["requests"]),
            result["wrong"] + result["errors"],
        )

    def _run_pgbench(self, pgbench: str) -> dict[str, Any]:
        """Run the fixed statement. Returns requests a second and core, with and without pgbench's own CPU."""
        from factcheck.embedded.postgres import DATABASE, ROLES, Cluster

        script = self.folder / "statement.sql"
        script.write_text(STATEMENT)
        command = [pgbench, "--no-vacuum", "--protocol", "prepared", "--file", str(script)]
        command += ["--client", str(self.connections), "--time", str(max(1, round(self.seconds)))]
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

    def _report(self, statement: dict[str, Any]) -> None:
        print(
            f"pgbench, {statement['requests']} times 50 bodies: {statement['per_s_and_core']:.0f} a second and core; "
            f"{statement['per_s_and_core_of_postgresql_alone']:.0f} without its own CPU"
        )
        of = {(row.server, row.what): row for row in self.rows}
        ratios: dict[str, Any] = {}
        for server, _ in SERVERS:
            row = of.get((server, "list of 50"))
            if row is None:
                continue
            ratios[f"{server} / pgbench"] = round(row.per_core / statement["per_s_and_core"], 2)
            ratios[f"{server} / pgbench without its own CPU"] = round(
                row.per_core / statement["per_s_and_core_of_postgresql_alone"], 2
            )
            for what in dict.fromkeys(row.what for row in self.rows if row.server == "usual"):
                if (server, what) in of and of["usual", what].requests:
                    ratio = of[server, what].per_core / of["usual", what].per_core
                    ratios[f"{server} / usual, {what}"] = round(ratio, 1)
        for name, ratio in ratios.items():
            print(f"{name}: {ratio}")
        print(
            json.dumps(
                {
                    "claims": self.claims,
                    "rows": [row.as_json() for row in self.rows],
                    "pgbench": statement,
                    "ratios": ratios,
                    "seconds_to_write": self.steps,
                }
            )
        )


def _line(row: Row) -> str:
    values = row.as_json()
    return (
        f"{row.server:8} {row.what:22} {values['per_s_and_core']:>8.0f}/s·core  {values['cpu_ms']:>7.2f} ms CPU "
        f"(web {values['cpu_ms_web']:.2f})  p50 {row.p50:>7.2f}  p95 {row.p95:>7.2f}  p99 {row.p99:>7.2f} ms  "
        f"{row.bytes:>7} bytes  {row.wrong} failed"
    )


def _load_for(seconds: float, *wrk: str) -> str:
    """Run wrk for so long, which itself counts whole seconds. Returns what it says."""
    with subprocess.Popen([*wrk, "-d", "1h"], stdout=subprocess.PIPE, text=True) as load:
        while not _is_prepared_for(signal.SIGINT, load):
            time.sleep(0.01)
        time.sleep(seconds)
        load.send_signal(signal.SIGINT)  # ends the load as the end of its time does
        said, _ = load.communicate()
    if load.returncode:
        raise SystemExit(f"wrk ended with {load.returncode}: {said}")
    return said


def _is_prepared_for(number: signal.Signals, process: "subprocess.Popen[str]") -> bool:
    """Whether it has ended or handles the signal, which would else kill it."""
    if process.poll() is not None:
        return True
    caught = re.search(r"^SigCgt:\s*(\w+)", Path(f"/proc/{process.pid}/status").read_text(), re.MULTILINE)
    return bool(caught and int(caught[1], 16) >> (number - 1) & 1)


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
