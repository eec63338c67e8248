"""Measure what an event costs that publishes no words: those of the watch, and a single `append`.

    python bench/events.py [--claims 4000] [--events 40] [--rounds 4]
    python bench/events.py --beside CHECKOUT [...]

A new embedded PostgreSQL gets a log first: `manage.py import_reviews` publishes so many claims. In each round the
benchmark then publishes new claims of each size through the product's own functions, of which nothing is measured, and
lets each of them go through the same events, one kind after the other:

    append         `append` of an event for everyone, as confirming and re-stating do
    watch lost     a page with a quote of the claim is unreadable, confirmed by a second poll
    watch resumed  the page can be read again, and the quote stands
    re-check       the quote changed
    quote back     the quote stands again while the re-check is open

The last four are the product's sweep over the changes of that many pages. CPU is that of this process and of the
PostgreSQL processes that live, so that other work on the machine does not count. `statements` are those that Django
sends for an event, which do not depend on the machine; `rows` are rows of the log.

With `--beside` a second process does the same with the code of another checkout, and the two take turns with each kind
of event; `beside.py` says how.
"""

import argparse
import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, NamedTuple

import beside
import database_template
from beside import ROOT
from desk_users import editors
from process_tree import members


class Size(NamedTuple):
    """How much there is in a claim, and so in its JSON."""

    name: str
    reviews: int
    quotes: int  # of each review
    statements: int
    words: int  # of the body of each review


SIZES = (Size("1 review, 1 quote", 1, 1, 0, 40), Size("3 reviews, 6 quotes, 5 statements", 3, 2, 5, 1_500))
KINDS = ("append", "watch lost", "watch resumed", "re-check", "quote back")
STEPS = [(size.name, kind) for size in SIZES for kind in KINDS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=4_000, help="claims in the log before the first measurement")
    parser.add_argument("--events", type=int, default=40, help="claims of each size, so events of each kind, a round")
    beside.add_options(parser, rounds=4)
    options = parser.parse_args()
    if options.answer:
        beside.answer(served(options))
    elif options.beside:
        compare(options)
    else:
        alone(options)


def alone(options: argparse.Namespace) -> None:
    """Measure this code by itself."""
    found: dict[tuple[str, str], list[dict[str, float]]] = {step: [] for step in STEPS}
    with served(options) as bench:
        for _ in range(options.rounds):
            bench.prepare()
            for step in STEPS:
                found[step].append(bench.measure(*step))
    rows = []
    print(f"{'':<52} {'µs CPU':>8} {'process':>8} {'PostgreSQL':>10} {'µs wall':>8} {'statements':>10} {'rows':>5}")
    for (size, kind), each in found.items():
        row = {name: round(median(one[name] for one in each), 1) for name in each[0]}
        rows.append({"size": size, "kind": kind, **row})
        print(
            f"{f'{size}: {kind}':<52} {row['cpu_us']:>8,.0f} {row['process_us']:>8,.0f} {row['postgres_us']:>10,.0f} "
            f"{row['wall_us']:>8,.0f} {row['statements']:>10} {row['rows']:>5}"
        )
    print(json.dumps({"claims": options.claims, "events": options.events, "rounds": options.rounds, "rows": rows}))


def compare(options: argparse.Namespace) -> None:
    """Measure this code and that of another checkout, in turns."""
    found: dict[str, dict[tuple[str, str], list[dict[str, float]]]]
    found = {side: {step: [] for step in STEPS} for side in beside.SIDES}
    roots = beside.roots(options.beside)
    arguments = ["--claims", str(options.claims), "--events", str(options.events)]
    with beside.Side(roots["this"], arguments) as one, beside.Side(roots["beside"], arguments) as other:
        sides = dict(zip(beside.SIDES, (one, other), strict=True))
        for nth, order in enumerate(beside.turns(options.rounds)):
            for side in order:
                sides[side].ask(question="prepare")
            for size, kind in STEPS:
                for side in order:
                    found[side][size, kind].append(sides[side].ask(question="measure", size=size, kind=kind))
            print(f"round {nth + 1} of {options.rounds}", file=sys.stderr, flush=True)

    def row(step: tuple[str, str], name: str) -> dict[str, Any]:
        return beside.compared(*([each[name] for each in found[side][step]] for side in beside.SIDES))

    rows = []
    print(beside.HEAD)
    for step in STEPS:
        cpu = row(step, "cpu_us")
        print(beside.line(": ".join(step), cpu, "µs"))
        print(beside.line("    statements", row(step, "statements"), ""))
        more = {name: row(step, name) for name in ("process_us", "postgres_us", "wall_us", "statements", "rows")}
        rows.append({"size": step[0], "kind": step[1], "cpu_us": cpu, **more})
    # Of all events of a round together, each kind and size as often as the others.
    total = beside.compared(
        *(
            [sum(each) for each in zip(*(_cpu(found[side][step]) for step in STEPS), strict=True)]
            for side in beside.SIDES
        )
    )
    print(beside.line("all together", total, "µs"))
    print(
        json.dumps(
            {
                "claims": options.claims,
                "events": options.events,
                "rounds": options.rounds,
                "commits": {side: beside.commit(root) for side, root in roots.items()},
                "ratio": total["ratio"],
                "spread": total["spread"],
                "worst": max(each["cpu_us"]["ratio"] or 0 for each in rows),
                "rows": rows,
            }
        )
    )


def _cpu(measured: list[dict[str, float]]) -> list[float]:
    return [each["cpu_us"] for each in measured]


@contextmanager
def served(options: argparse.Namespace) -> Iterator["Bench"]:
    """A database with a log, made by the code that is measured."""
    with beside.data_folder("events") as folder:
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from factcheck.embedded.postgres import Cluster

        database_template.copy_to(folder)
        cluster = Cluster(folder)
        cluster.create()
        server = cluster.start()
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            _import(folder, options.claims)
            yield Bench(server.pid, options.events)
        finally:
            connections.close_all()
            cluster.stop()


def _import(folder: Path, claims: int) -> None:
    import importing

    feed = folder / "feed.json"
    importing.write_feed(feed, claims, seed=1)
    command = [sys.executable, str(ROOT / "manage.py"), "import_reviews", str(feed), "--refused", str(folder)]
    ran = subprocess.run(command, stderr=subprocess.PIPE, stdout=sys.stderr, text=True)
    if ran.returncode != 0:
        raise SystemExit(f"The import failed: {ran.stderr}")
    feed.unlink()


class _Made(NamedTuple):
    """A published claim, and the page whose text changes: that of the first quote."""

    claim: Any
    page: Any
    text: str
    quote: str


class Bench:
    """Claims of each size, and the events that they go through."""

    def __init__(self, postgres: int, events: int) -> None:
        from tests import factories

        self.postgres = postgres
        self.events = events
        self.factories = factories
        _ensure_groups()
        self.author, self.approver = editors()
        self.numbers = count(1)
        self.made: dict[str, list[_Made]] = {}

    def answer(self, question: str, **of: str) -> Any:
        """Prepare a round, or measure one kind of event for one size."""
        return self.prepare() if question == "prepare" else self.measure(**of)

    def prepare(self) -> None:
        """Publish the claims of the next round, so that every round begins with the same."""
        self.made = {size.name: [self._publish(size) for _ in range(self.events)] for size in SIZES}

    def measure(self, size: str, kind: str) -> dict[str, float]:
        """Bring about one event of the kind for each claim of the size. Returns CPU and wall time of one, in µs."""
        from django.db import connection

        from claims.models import Publication

        statements = 0

        def counter(execute: Callable[..., Any], *arguments: Any) -> Any:
            nonlocal statements
            statements += 1
            return execute(*arguments)

        made = self.made[size]
        act = self._prepared(kind, made)
        before = Publication.objects.count()
        gc.collect()
        cpu, own, began = _server_cpu(self.postgres), time.process_time(), time.perf_counter()
        with connection.execute_wrapper(counter):
            act()
        wall, own = time.perf_counter() - began, time.process_time() - own
        server = _difference(cpu, _server_cpu(self.postgres))
        rows = Publication.objects.count() - before
        if rows < len(made):
            raise SystemExit(
                f"{ROOT}: {len(made)} times “{kind}” appended {rows} rows to the log, so this measures nothing."
            )
        spent = {"cpu_us": own + server, "process_us": own, "postgres_us": server, "wall_us": wall}
        per_event = {name: round(seconds / len(made) * 1e6, 1) for name, seconds in spent.items()}
        counts = {"statements": statements, "rows": rows}
        return per_event | {name: round(number / len(made), 2) for name, number in counts.items()}

    def _prepared(self, kind: str, made: list[_Made]) -> Callable[[], object]:
        """Write what the poller would write, and return what is measured."""
        from claims.publication.append import append
        from claims.watch.sweep import sweep

        if kind == "append":
            return lambda: [append(each.claim, event="reconfirmed", audience="public") for each in made]
        for each in made:
            if kind == "watch lost":
                self.factories.change(each.page, None, certainty="confirmed", kind="blocked")
            elif kind == "re-check":
                altered = each.text.replace(each.quote, each.quote.replace("412", "389"))
                self.factories.change(each.page, altered)
            else:
                back = "back" if kind == "watch resumed" else "text"
                self.factories.change(each.page, each.text, certainty="confirmed", kind=back)
        return lambda: sweep(len(made))

    def _publish(self, size: Size) -> _Made:
        from claims.models import Claim
        from claims.reviews import publish, workflow
        from claims.reviews.evidence import attach_quote

        factories = self.factories
        number = next(self.numbers)
        random = Random(f"{size.name} {number}")
        claim = factories.claim(f"In report {number} the ministry counted 412 bridges in need of repair.")
        for nth in range(size.statements):
            factories.linked(claim, text=f"“412 bridges need repair,” the minister said on day {nth} of {number}.")
        first: _Made | None = None
        for _ in range(size.reviews):
            organisation = factories.organisation()
            version = workflow.start_review(claim=claim, organisation=organisation, author=self.author)
            version.rating = organisation.scales.get().ratings.order_by("pk").first()
            version.summary, version.true_as_of = _sentence(random, 30), date(2026, 1, 1)
            version.body = " ".join(_sentence(random, 15) for _ in range(size.words // 15 + 1))
            version.save()
            for _ in range(size.quotes):
                place = next(self.numbers)
                quote = f"The ministry counted 412 bridges in need of repair in district {place}."
                above, below = ([_sentence(random, 12) for _ in range(20)] for _ in range(2))
                text = "\n\n".join([*above, f"{_sentence(random, 12)} {quote} {_sentence(random, 12)}", *below])
                page = factories.page(f"https://agency-{place}.example/report", text)
                attach_quote(
                    version,
                    url_or_page=page,
                    exact=quote,
                    stance="supports",
                    actor=self.author,
                    note="The report itself.",
                )
                first = first or _Made(claim, page, text, quote)
            approved = factories.approved(version, approver=self.approver)
            publish.publish(approved, actor=self.approver)
        assert first
        return first._replace(claim=Claim.objects.get(pk=claim.pk))


def _ensure_groups() -> None:
    """Create the group of editors where `migrate` does not: before version 0.2.0."""
    with suppress(ImportError):
        from claims.editor_group import ensure_groups

        ensure_groups()


_LETTERS = "bcdfghklmnprstvw"


def _sentence(random: Random, words: int) -> str:
    made = (
        "".join(random.choice(_LETTERS) + random.choice("aeiou") for _ in range(random.randint(2, 4)))
        for _ in range(words)
    )
    return f"{' '.join(made).capitalize()}."


def _server_cpu(root: int) -> dict[int, int]:
    """Nanoseconds of CPU by process of PostgreSQL; the ticks of `process_tree` are too coarse for some events."""
    found = {}
    for pid in members([root]):
        with suppress(OSError):
            found[pid] = int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    return found


def _difference(before: dict[int, int], after: dict[int, int]) -> float:
    """Seconds between two readings; a process that ended meanwhile is left out."""
    return sum(nanoseconds - before.get(pid, 0) for pid, nanoseconds in after.items()) / 1e9


if __name__ == "__main__":
    main()
