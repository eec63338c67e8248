"""Measure what polls write in the long run: rows and bytes a poll, and a year of 70,000 pages computed from them.

    python bench/years.py [--pages 40] [--polls 8] [--weeks 4]
    python bench/years.py --beside COMMIT [...]

An embedded PostgreSQL, the product's poller and its sweep, in a temporary folder; so many pages of each kind of
`noisy_pages.py` on a loopback server; on each rests a published review with one or two quotes. Measured are, kind by
kind, for each page:

    arrival   the first three polls after a page was edited, or became a wall
    poll      later ones, half an hour apart; the text differs by noise, or not at all
    week      a poll a week after a text of the page was last kept

Rows are counted in every table. Those of the polling state (page and host) are updated in place: they are counted
apart, and their tables stay out of the bytes, which are the growth of all other tables with indexes and TOAST after
VACUUM, and the files of the snapshot store. WAL has no full-page images of checkpoints to speak of: none comes
between. A table grows by pages of 8 KB, so that bytes of few rows are rough.

The year has the shares of `noisy_pages.py` and a poll of each page in half an hour. An edited page is edited once a
month, a wall comes once and stays. What a thinning leaves is measured too: everything is made 200 days older, each
page polled once more, then `manage.py thin` runs with 180 days. After the year there is so much of its first 185 days,
and all of the last 180.

With `--beside` a process of its own does the same with the code of that commit, or of the checkout in that folder.
"""

import argparse
import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import beside
from beside import ROOT
from noisy_pages import SHARES
from poll_costs import KINDS, NAMES, Cost, Stack, stack

PAGES = 70_000
DAYS = 365
POLLS_A_DAY = 48
ARRIVALS = {"edited": 12, "wall": 1}  # in a year
SETTLES = 3
"""Polls of an arrival: what is missing is confirmed an hour after it was first missed."""
WEEKS = 52
KEPT = timedelta(days=180)
"""What `manage.py thin` leaves untouched by default."""
BYTES, ROWS = 0.10, 0.05
"""The most that a year may cost of what it costs with the code beside."""
COLUMNS = (*NAMES.values(), "other")

Json = dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=40, help="pages of each kind")
    parser.add_argument("--polls", type=int, default=8, help="polls of each page; an even number")
    parser.add_argument("--weeks", type=int, default=4, help="polls a week after a text was kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--beside", metavar="COMMIT", help="compare with the code of this commit or checkout")
    options = parser.parse_args()
    if not options.beside:
        this = measured(options)
        show("this", this)
        print(json.dumps({"this": this}))
        return
    arguments = [f"--{name}={getattr(options, name)}" for name in ("pages", "polls", "weeks", "seed")]
    with checkout(options.beside) as other:
        sides = {side: beside.run(root, arguments)["this"] for side, root in beside.roots(other).items()}
    for side, found in sides.items():
        show(side, found)
    print(json.dumps({**sides, "ratios": compared(sides["this"]["year"], sides["beside"]["year"])}))


@contextmanager
def checkout(name: str) -> Iterator[Path]:
    """The folder, or a temporary worktree of the commit."""
    if (Path(name) / "manage.py").exists():
        yield Path(name).resolve()
        return
    git = ["git", "-C", str(ROOT), "worktree"]
    with tempfile.TemporaryDirectory(prefix="factcheck-beside-") as folder:
        subprocess.run([*git, "add", "--detach", f"{folder}/code", name], check=True, stdout=subprocess.DEVNULL)
        try:
            yield Path(folder) / "code"
        finally:
            subprocess.run([*git, "remove", "--force", f"{folder}/code"], check=True)


def measured(options: argparse.Namespace) -> Json:
    """Measure the code of `beside.ROOT`, and compute its year."""
    costs: dict[tuple[str, str], Cost] = {}
    with stack(options.pages, seed=options.seed) as bench:
        for kind in KINDS:
            first = bench.rounds(kind, SETTLES)  # settles the other kinds too
            if kind in ARRIVALS:
                costs[kind, "arrival"] = first
        for kind in KINDS:
            costs[kind, "poll"] = bench.rounds(kind, options.polls)
            costs[kind, "week"] = bench.rounds(kind, options.weeks, text_is_due=True)
        left = _left(bench, costs)
        quotes = bench.quotes
    found = {key: _each(cost, options.pages, left.get(key)) for key, cost in costs.items()}
    return {
        "commit": beside.commit(ROOT),
        "pages_of_each_kind": options.pages,
        "quotes_a_page": round(quotes / options.pages / len(KINDS), 2),
        "costs": {kind: {event: row for (of, event), row in found.items() if of == kind} for kind in KINDS},
        "year": year(found, thinned=bool(left)),
    }


def _left(bench: Stack, costs: dict[tuple[str, str], Cost]) -> dict[tuple[str, str], Json]:
    """The shares of rows, of bytes in tables and of bytes in files that a thinning leaves; empty if there is none."""
    if not (ROOT / "factcheck" / "thinning").is_dir():
        return {}
    bench.age(KEPT + timedelta(days=20))
    for kind in KINDS:
        bench.rounds(kind, 1, text_is_due=True)  # so that nothing that is old is the last of its page
    bench.thin(KEPT)
    shares = {}
    for key, cost in costs.items():
        rows, files = bench.left(cost)
        growth = {name: cost.growth[name] for name in COLUMNS}
        kept = {name: growth[name] * rows[name] / cost.added[name] for name in COLUMNS if cost.added[name]}
        shares[key] = {
            "rows": rows.total() / (cost.added.total() or 1),
            "tables": sum(kept.values()) / (sum(growth.values()) or 1),
            "files": files / (cost.files or 1),
        }
    return shares


def _each(cost: Cost, pages: int, left: Json | None) -> Json:
    """What one event costs: a poll, or the polls of an arrival."""
    number = cost.polls if not cost.polls % pages and cost.ids else 0
    return {
        "polls": number,
        "rows": {name: round(cost.added[name] / number, 3) for name in COLUMNS},
        "rows_added": round(cost.added.total() / number, 3),
        "rows_updated": round(cost.updated.total() / number, 3),
        "tables": round(sum(cost.growth[name] for name in COLUMNS) / number),
        "state": round(cost.growth["state"] / number),
        "files": round(cost.files / number),
        "wal": round(cost.wal / number),
        **({"left": {name: round(share, 3) for name, share in left.items()}} if left else {}),
    }


def events(kind: str) -> dict[str, int]:
    """How many polls of each event a page has in a year."""
    arrival = SETTLES * ARRIVALS.get(kind, 0)
    each = {"arrival": arrival, "week": WEEKS, "poll": DAYS * POLLS_A_DAY - WEEKS - arrival}
    return {event: number for event, number in each.items() if number}


def year(costs: dict[tuple[str, str], Json], *, thinned: bool) -> Json:
    """A year of `PAGES` pages: rows and bytes written, and left by the thinnings, by kind and in all."""
    old = 1 - KEPT.days / DAYS
    kinds: Json = {}
    for kind in KINDS:
        pages = PAGES * SHARES.get(kind, 100 - sum(SHARES.values())) / 100
        total = dict.fromkeys(("rows", "tables", "files", "rows_left", "tables_left", "files_left", "updated"), 0.0)
        for event, number in events(kind).items():
            cost = costs[kind, event]
            total["updated"] += pages * number * cost["rows_updated"]
            for name, each in (("rows", cost["rows_added"]), ("tables", cost["tables"]), ("files", cost["files"])):
                written = pages * number * each
                share = cost["left"][name] if thinned else 1.0
                total[name] += written
                total[f"{name}_left"] += written * (1 - old + old * share)
        kinds[kind] = {"pages": round(pages), **{name: round(value) for name, value in total.items()}}
    names = next(iter(kinds.values()))
    return {"kinds": kinds, **{name: sum(kind[name] for kind in kinds.values()) for name in names}}


def show(side: str, found: Json) -> None:
    """Print what one side costs."""
    print(
        f"\n{side} ({found['commit']}): {found['pages_of_each_kind']} pages of each kind, "
        f"{found['quotes_a_page']} quotes a page"
    )
    print(
        f"{'rows and bytes a poll':<24}{'rows':>6}"
        + "".join(f"{name:>9}" for name in COLUMNS)
        + f"{'updated':>9}{'tables B':>10}{'files B':>9}{'WAL B':>8}{'left':>7}"
    )
    for kind, of_kind in found["costs"].items():
        for event, row in of_kind.items():
            left = f"{row['left']['rows']:.0%}" if "left" in row and row["rows_added"] else "-"
            print(
                f"{f'{kind}: {event}':<24}{row['rows_added']:>6.2f}"
                + "".join(f"{row['rows'][name]:>9.2f}" for name in COLUMNS)
                + f"{row['rows_updated']:>9.2f}{row['tables']:>10,}{row['files']:>9,}{row['wal']:>8,}{left:>7}"
            )
    print(
        f"{'a year':<10}{'pages':>8}{'rows':>16}{'tables GB':>11}{'files GB':>10}"
        f"  left: {'rows':>14}{'tables GB':>11}{'files GB':>10}"
    )
    for name, row in {**found["year"]["kinds"], "all": found["year"]}.items():
        print(
            f"{name:<10}{row['pages']:>8,}{row['rows']:>16,}{row['tables'] / 1e9:>11,.1f}{row['files'] / 1e9:>10,.1f}"
            f"        {row['rows_left']:>14,}{row['tables_left'] / 1e9:>11,.1f}{row['files_left'] / 1e9:>10,.1f}"
        )


def compared(this: Json, other: Json) -> Json:
    """Print and return the ratios of a year."""

    def both(year: Json, more: str = "") -> int:
        return int(year[f"tables{more}"] + year[f"files{more}"])

    ratios = {
        "bytes": both(this) / both(other),
        "rows": this["rows"] / other["rows"],
        "bytes_left": both(this, "_left") / both(other, "_left"),
        "rows_left": this["rows_left"] / other["rows_left"],
        "rows_with_updated": (this["rows"] + this["updated"]) / (other["rows"] + other["updated"]),
    }
    print()
    for name, ratio in ratios.items():
        target = {"bytes": BYTES, "rows": ROWS}.get(name)
        said = f"  target {target:.0%}: {'met' if ratio <= target else 'MISSED'}" if target else ""
        print(f"this / beside, {name:<20}{ratio:>9.2%}{said}")
    return {name: round(ratio, 5) for name, ratio in ratios.items()}


if __name__ == "__main__":
    main()
