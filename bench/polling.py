"""Measure the poller on noisy synthetic pages: edits found, false alarms, CPU and throughput.

    python bench/polling.py [--pages 2000] [--hosts 20] [--pages-from DIR] [--seed 1] [--peers [--venvs DIR]]

The worker reads the pages (`noisy_pages.py`) once; each has a published review that rests on one of its sentences. Then
most pages change: 2 % have their sentence edited, 5 % become walls, the others change by noise alone. The benchmark
measures the second poll, from the moment when all pages are due until all are polled and every change is swept into
evidence checks. CPU is that of the process trees of worker and PostgreSQL. Everything is as durable as in production;
politeness is off (no delay between two requests to a host). Ticks are sent every second; beat sends them every five.

An altered sentence opens a re-check at the second poll. A removed one does so at a third poll, because the product
waits for a second observation. The third poll covers all pages with an open suspicion, a second and more later, and its
cost is reported separately. `edits found` are open re-checks on edited pages after it, `false alarms` re-checks on any
other page.

`--peers` runs changedetection.io and urlwatch on the same server, pages and visits (`peers.py`). Everything runs in a
network namespace in which 11.0.0.0/16 is this machine: the pages have addresses that look publicly routable, so that
the address guard stays unchanged, and no route leads out. Needs Linux, util-linux and iproute2, and root or user
namespaces; without them it says so and ends.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402
from desk_users import editors  # noqa: E402
from noisy_server import CONTROL  # noqa: E402
from process_tree import Meter  # noqa: E402

INSIDE = "BENCH_POLLING_INSIDE"
FAR = 7  # days until a page outside the current round is due


@dataclass
class Row:
    """One product's result at the second visit. Sets hold page numbers."""

    name: str
    pages: int
    cpu_s: float
    seconds: float
    peak_mb: float
    alarms: set[int]
    robots: int
    more: dict[str, Any] = field(default_factory=dict)

    def as_json(self, kinds: dict[int, str]) -> dict[str, Any]:
        by_kind = Counter(kinds[number] for number in self.alarms)
        edited = sum(1 for kind in kinds.values() if kind == "edited")
        return {
            "product": self.name,
            "pages": self.pages,
            "cpu_ms_per_page": round(self.cpu_s * 1_000 / self.pages, 2),
            "pages_per_s": round(self.pages / self.seconds, 1),
            "seconds": round(self.seconds, 1),
            "peak_mb": round(self.peak_mb),
            "edits": edited,
            "edits_found": by_kind["edited"],
            "false_alarms": len(self.alarms) - by_kind["edited"] - by_kind["wall"],
            "walls_called_edits": by_kind["wall"],
            "alarms_by_kind": dict(by_kind),
            "robots_asked": self.robots,
            **self.more,
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--pages-from", type=Path, metavar="DIR", help="use the *.html files below DIR as pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--peers", action="store_true", help="also measure changedetection.io and urlwatch")
    parser.add_argument("--venvs", type=Path, metavar="DIR", help="folder to install the peers into; reused")
    parser.add_argument(
        "--pause", action="store_true", help="wait for Enter before the second poll, to attach a profiler"
    )
    options = parser.parse_args()
    if not 1 <= options.hosts <= 250:
        parser.error("--hosts must be a number from 1 to 250")
    with tempfile.TemporaryDirectory(prefix="factcheck-polling-") as folder:
        if INSIDE not in os.environ:
            if options.peers:
                import peers

                # The namespace has no network access: install the peers before entering it.
                options.venvs = options.venvs or Path(folder) / "venvs"
                peers.install(options.venvs, HERE / "requirements.txt")
            sys.exit(_run_in_namespace(["--venvs", str(options.venvs)] if options.peers else []))
        _measure(options, Path(folder))


def _run_in_namespace(more: list[str]) -> int:
    """Run this program again in a namespace where 11.0.0.0/16 is this machine. Returns its exit status."""
    missing = [name for name in ("unshare", "ip") if shutil.which(name) is None]
    if sys.platform != "linux" or missing:
        print(f"Skipped: this needs Linux, util-linux and iproute2 (missing here: {', '.join(missing) or 'Linux'}).")
        return 0
    unshare = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode != 0:
        print("Skipped: network namespaces are not permitted here. Run it as root, or allow user namespaces.")
        return 0
    return subprocess.run(
        [*unshare, sys.executable, *sys.argv, *more], env={**os.environ, INSIDE: "1"}, check=False
    ).returncode


def _measure(options: argparse.Namespace, folder: Path) -> None:
    for command in (["ip", "link", "set", "lo", "up"], ["ip", "route", "add", "local", "11.0.0.0/16", "dev", "lo"]):
        subprocess.run(command, check=True)
    server, about = _start_server(options)
    try:
        pages = about["pages"]
        kinds = {page["number"]: page["kind"] for page in pages}
        kb = about["kb"]
        print(
            f"{len(pages)} pages on {options.hosts} hosts, {kb['least']} to {kb['most']} KB, "
            f"median {kb['median']} KB of HTML; "
            + ", ".join(f"{count} {kind}" for kind, count in Counter(kinds.values()).most_common())
        )
        rows = [Factcheck(folder, pages, pause=options.pause).run()]
        if options.peers:
            import peers

            _print([rows[0].as_json(kinds)])  # the peers take long, and may fail
            for measured in peers.run(options.venvs, folder, pages, visit, counts):
                rows.append(Row(**measured))
                _print([rows[-1].as_json(kinds)])
    finally:
        server.kill()
        server.wait()
    results = [row.as_json(kinds) for row in rows]
    _print(results)
    ratios = {
        row["product"]: {
            "cpu": round(results[0]["cpu_ms_per_page"] / row["cpu_ms_per_page"], 3),
            "pages_per_s": round(results[0]["pages_per_s"] / row["pages_per_s"], 2),
        }
        for row in results[1:]
    }
    for name, ratio in ratios.items():
        print(f"factcheck / {name}: CPU {ratio['cpu']}, pages/s {ratio['pages_per_s']}")
    of_kind = {kind: sum(1 for each in kinds.values() if each == kind) for kind in sorted(set(kinds.values()))}
    print(json.dumps({"hosts": options.hosts, "kb": kb, "kinds": of_kind, "products": results, "ours_to": ratios}))


def _print(results: list[dict[str, Any]]) -> None:
    print(
        f"\n{'':24} {'CPU ms/page':>11} {'pages/s':>8} {'edits found':>12} {'false alarms':>13} "
        f"{'walls called edits':>19} {'robots.txt requests':>19} {'peak MB':>8}"
    )
    for row in results:
        print(
            f"{row['product']:24} {row['cpu_ms_per_page']:>11.2f} {row['pages_per_s']:>8.1f} "
            f"{row['edits_found']:>5} of {row['edits']:>3} {row['false_alarms']:>13} {row['walls_called_edits']:>19} "
            f"{row['robots_asked']:>19} {row['peak_mb']:>8}",
            flush=True,
        )


def _start_server(options: argparse.Namespace) -> tuple["subprocess.Popen[str]", dict[str, Any]]:
    command = [
        sys.executable,
        str(HERE / "noisy_server.py"),
        "--pages",
        str(options.pages),
        "--hosts",
        str(options.hosts),
    ]
    command += ["--seed", str(options.seed), *(["--pages-from", str(options.pages_from)] if options.pages_from else [])]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = server.stdout.readline() if server.stdout else ""
    if not line.startswith("ready "):
        raise SystemExit("The page server did not start; see its messages above.")
    return server, json.loads(line.removeprefix("ready "))


def visit(number: int) -> None:
    """Serve the pages of the first or the second visit, and reset the counts."""
    _control(f"/visit/{number}")


def counts() -> dict[str, int]:
    """Return the requests since the last visit: `pages`, `robots`, `304`, and the number of `distinct_pages`."""
    return _control("/counts")


def _control(path: str) -> dict[str, int]:
    with urllib.request.urlopen(f"http://127.0.0.1:{CONTROL}{path}", timeout=30) as response:
        values: dict[str, int] = json.load(response)
    return values


class Factcheck:
    """This product: embedded PostgreSQL and a worker, started as `manage.py up` starts it."""

    def __init__(self, folder: Path, pages: list[dict[str, Any]], *, pause: bool) -> None:
        self.folder = folder / "factcheck"
        self.folder.mkdir()
        self.pages = pages
        self.pause = pause
        self.number_of: dict[int, int] = {}  # page's primary key → number

    def run(self) -> Row:
        os.environ |= {
            "FACTCHECK_DATA": str(self.folder),
            "DJANGO_SETTINGS_MODULE": "factcheck.settings",
            "FACTCHECK_HOST_DELAY_SECONDS": "0",
            "FACTCHECK_CONFIRM_AFTER_SECONDS": "1",
            "FACTCHECK_POLL_INTERVAL_SECONDS": str(FAR * 86_400),
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
        worker = None
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            part = next(part for part in up.parts(0) if part.name == "worker")
            with (self.folder / "worker.log").open("wb") as log:
                worker = subprocess.Popen(
                    list(part.command), env={**os.environ, **up.environment()}, cwd=ROOT, stdout=log, stderr=log
                )
            return self._rounds(worker.pid, postgres.pid)
        except BaseException:
            print((self.folder / "worker.log").read_text(errors="replace")[-3_000:], file=sys.stderr)
            raise
        finally:
            connections.close_all()
            if worker is not None:
                worker.terminate()
                try:
                    worker.wait(15)
                except subprocess.TimeoutExpired:
                    worker.kill()
                    worker.wait()
            cluster.stop()

    def _rounds(self, worker: int, postgres: int) -> Row:
        from claims.models import EvidenceCheck, Recheck
        from sources.models import Outcome, Polling

        visit(1)
        self._watch()
        first = self._poll()
        unread = Polling.objects.exclude(last_outcome__in=Outcome.readable())
        if unread.exists():
            raise AssertionError(f"{unread.count()} first polls failed: {unread[0].last_detail}")
        robots_first = counts().get("robots", 0)
        publishing = self._publish()
        visit(2)
        if self.pause:
            input(f"The second poll is next: worker {worker}, PostgreSQL {postgres}. Press Enter to start it.")
        with Meter(worker, postgres) as meter:
            seconds = self._poll()
        requests = counts()
        outcomes = self._by_kind(Polling.objects.values_list("page", "last_outcome"))
        broken = [EvidenceCheck.Result.ALTERED, EvidenceCheck.Result.GONE]
        broken_quotes = self._by_kind(
            EvidenceCheck.objects.filter(reason=EvidenceCheck.Reason.CHANGE, result__in=broken).values_list(
                "evidence__page", "result"
            )
        )
        at_once = self._alarms(Recheck)
        visit(2)
        time.sleep(1.5)
        suspected = Polling.objects.filter(suspected_since__isnull=False)
        with Meter(worker, postgres) as third:
            third_seconds = self._poll(suspected)
        alarms = self._alarms(Recheck)
        third_pages = counts().get("pages", 0)
        walls = Counter(outcome for kind, outcome in outcomes if kind == "wall")
        return Row(
            "factcheck",
            len(self.pages),
            meter.cpu,
            seconds,
            max(meter.peak_mb, third.peak_mb),
            alarms,
            requests.get("robots", 0) + robots_first,
            {
                "cpu_ms_worker": round(meter.cpu_by_root[worker] * 1_000 / len(self.pages), 2),
                "cpu_ms_postgresql": round(meter.cpu_by_root[postgres] * 1_000 / len(self.pages), 2),
                "edits_at_once": len(at_once),
                "quotes_found_broken": dict(Counter(kind for kind, _ in broken_quotes)),
                "walls": dict(walls),
                "walls_blocked": walls["blocked"],
                "outcomes": dict(Counter(outcome for _, outcome in outcomes)),
                "not_modified": requests.get("304", 0),
                "robots_at_the_second_poll": requests.get("robots", 0),
                "edits_missed": sorted(
                    f"{page['number']}: {page['detail']}"
                    for page in self.pages
                    if page["kind"] == "edited" and page["number"] not in alarms
                ),
                "third_poll": {
                    "pages": third_pages,
                    "cpu_s": round(third.cpu, 2),
                    "seconds": round(third_seconds, 1),
                },
                "first_poll_seconds": round(first, 1),
                "publishing_ms_a_review": round(publishing * 1_000 / len(self.pages), 1),
            },
        )

    def _watch(self) -> None:
        """Watch the pages, due in the far future; each round makes them due."""
        from django.db import transaction

        from sources.models import Polling
        from sources.pages import page_for
        from sources.polling import poller

        with transaction.atomic():
            for page in self.pages:
                created = page_for(page["url"])
                poller.start_watching(created)
                self.number_of[created.pk] = page["number"]
        Polling.objects.update(due_at=_far())

    def _publish(self) -> float:
        """Publish a review for each page that rests on its sentence. Returns seconds."""
        from datetime import date

        from claims.models import Claim, Evidence, Organisation, Rating, RatingScale, Verdict
        from claims.publication.words import leaving
        from claims.reviews import evidence, publish, workflow
        from sources.models import Page, Polling

        author, approver = editors()
        desk = Organisation.objects.create(name="Bench", is_ours=True)
        scale = RatingScale.objects.create(organisation=desk, name="Scale")
        right = Rating.objects.create(scale=scale, label="Right", value=1, verdict=Verdict.TRUE)
        started = time.monotonic()
        numbers = {page["number"]: page for page in self.pages}
        for page in Page.objects.filter(pk__in=self.number_of):
            watched = numbers[self.number_of[page.pk]]["watched"]
            claim = Claim.objects.create(text=watched[:300])
            version = workflow.start_review(claim=claim, organisation=desk, author=author)
            version.rating, version.true_as_of = right, date(2026, 1, 1)
            version.summary = version.body = "The page says so."
            version.save()
            evidence.attach_quote(
                version, url_or_page=page, exact=watched, stance=Evidence.Stance.SUPPORTS, actor=author, note="Page."
            )
            workflow.submit(version, actor=author)
            approved = workflow.approve(version, actor=approver, shown=leaving(version).sha256)
            publish.publish(approved, actor=approver)
        Polling.objects.update(due_at=_far())
        return time.monotonic() - started

    def _poll(self, which: Any = None) -> float:
        """Make pages due and send ticks until all are polled and all changes swept. Returns the seconds this took."""
        from django.utils import timezone

        from factcheck.celery import app
        from sources.models import Change, Polling

        # A queryset of suspicions would change as they are settled.
        wanted = None if which is None else list(which.values_list("pk", flat=True))
        rows = Polling.objects.all() if wanted is None else Polling.objects.filter(pk__in=wanted)
        number = rows.count()
        started = timezone.now()
        rows.update(due_at=started)
        began = time.monotonic()
        waiting = Polling.objects.filter(due_at__lte=started)
        next_tick, deadline = began, began + 120 + number * 0.5
        while True:
            if time.monotonic() >= next_tick:
                for task in ("sources.tasks.poll_due", "claims.tasks.sweep"):
                    app.send_task(task, expires=15)
                next_tick += 1
            if not waiting.exists() and not Change.objects.filter(sweep__isnull=True).exists():
                return time.monotonic() - began
            if time.monotonic() > deadline:
                raise TimeoutError(f"{waiting.count()} of {number} pages were not polled in time")
            time.sleep(0.2)

    def _alarms(self, recheck: Any) -> set[int]:
        """Return the numbers of the pages whose review has a re-check, in any state."""
        pages = recheck.objects.values_list("review__versions__evidence__page", flat=True)
        return {self.number_of[page] for page in pages}

    def _by_kind(self, pairs: Any) -> list[tuple[str, str]]:
        kinds = {page["number"]: page["kind"] for page in self.pages}
        return [(kinds[self.number_of[page]], value) for page, value in pairs]


def _far() -> Any:
    from datetime import timedelta

    from django.utils import timezone

    return timezone.now() + timedelta(days=FAR)


if __name__ == "__main__":
    main()
