"""Measure the import of many ClaimReviews, killed halfway and restarted, and count lost and duplicate records.

    python bench/importing.py [--claims 758000] [--batch 2000] [--no-kill] [--changes 20000]
    python bench/importing.py --beside CHECKOUT [--claims 20000] [--rounds 4]

`manage.py import_reviews` reads the feed, with the database role app, into an embedded PostgreSQL in a temporary
folder; fsync is on, as in production. At half of the records the benchmark kills the process (kill -9) and runs it
again. Then every record must be present once, in every table it belongs to, with its audit row, in a log without gaps
whose hash chain holds.

Then as many records as `--changes` says are imported three times: new ones, records of known reviews with another
rating (`update`), and records of other publishers in the words of known claims (`join`). What an update and a join cost
stands beside what a new record costs in the same run, as a ratio; 3 is the most it should be.

For comparison, a bare COPY writes the finished bodies into one table with a primary key. Times are wall seconds. CPU is
that of the importer and of PostgreSQL, so that other work on the machine does not count. The feed is synthetic: 160
publishers, 20,000 speakers, claims of 8 to 25 words, two thirds with a speaker, a third with the place where it was
said.

With `--beside` the code of another checkout imports the same file in turns with this one, without a kill, each time
into a new database of its own; `beside.py` says how. What is lost, doubled or broken is counted by the
`bench/importing.py` of the checkout that is measured, since the tables may differ.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import beside
import database_template
from beside import ROOT
from process_tree import Meter

TABLES = ("claim", "article", "review", "reviewversion")  # one row per record in each, and one in its audit table
RATINGS = ["False", "Mostly false", "Misleading", "Missing context", "Half true", "True", "Altered", "Unproven"]
WRONG = ("lost", "doubled", "broken")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--batch", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--changes", type=int, help="records that change and that join (at most 20,000 by default)")
    parser.add_argument("--no-kill", action="store_true", help="import in one run")
    parser.add_argument("--feed", type=Path, metavar="FILE", help="import this file, which has as many claims")
    beside.add_options(parser, rounds=4)
    options = parser.parse_args()
    if options.beside:
        compare(options)
        return
    result = measure(options)
    for name, value in result.items():
        print(f"{name:>28}  {value}")
    print(json.dumps(result))


def compare(options: argparse.Namespace) -> None:
    """Import the same file by this code and by that of another checkout, in turns."""
    runs: dict[str, list[dict[str, Any]]] = {side: [] for side in beside.SIDES}
    roots = beside.roots(options.beside)
    with tempfile.TemporaryDirectory(prefix="factcheck-importing-") as folder:
        feed = Path(folder) / "feed.json"
        size = write_feed(feed, options.claims, options.seed)
        arguments = ["--claims", str(options.claims), "--no-kill", "--feed", str(feed), "--answer"]
        arguments += ["--batch", str(options.batch)] if options.batch else []
        for sides in beside.turns(options.rounds):
            for side in sides:
                ran = beside.run(roots[side], arguments)
                runs[side].append(ran)
                cpu = ran["importer_cpu_us"] + ran["postgres_cpu_us"]
                print(f"{side:>8}  {cpu:>6} µs CPU a record, {ran['seconds']} s", flush=True)

    def row(value: Callable[[dict[str, Any]], float], digits: int = 1) -> dict[str, Any]:
        return beside.compared(*([value(ran) for ran in runs[side]] for side in beside.SIDES), digits=digits)

    rows = {
        "CPU a record": row(lambda ran: ran["importer_cpu_us"] + ran["postgres_cpu_us"]),
        "of the importer": row(lambda ran: ran["importer_cpu_us"]),
        "of PostgreSQL": row(lambda ran: ran["postgres_cpu_us"]),
        "wall time a record": row(lambda ran: ran["seconds"] / options.claims * 1e6),
    }
    print(beside.HEAD)
    for name, each in rows.items():
        print(beside.line(name, each, "µs"))
    total, wall = rows["CPU a record"], rows["wall time a record"]
    result = {
        "claims": options.claims,
        "feed_mb": round(size / 1e6, 1),
        "rounds": options.rounds,
        "commits": {side: beside.commit(root) for side, root in roots.items()},
        "ratio": total["ratio"],
        "spread": total["spread"],
        "cpu_us_per_record": {side: total[side] for side in beside.SIDES},
        "wall_us_per_record": {side: wall[side] for side in beside.SIDES},
        "wall_ratio": wall["ratio"],
        "rows": rows,
        "wrong": {side: {name: _counted(runs[side], name) for name in WRONG} for side in beside.SIDES},
    }
    print(json.dumps(result))
    if any(count for counts in result["wrong"].values() for count in counts.values()):
        raise SystemExit("Records are lost or doubled, or the chain is broken: the times mean nothing.")


def _counted(runs: list[dict[str, Any]], name: str) -> int | None:
    """The sum over the runs; None if the checkout has no count of its own."""
    return sum(ran[name] for ran in runs) if all(name in ran for ran in runs) else None


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Import once, into a database that is removed afterwards."""
    with beside.data_folder("importing") as folder:
        import django

        django.setup()
        from django.core.management import call_command

        from factcheck.embedded.postgres import Cluster

        database_template.copy_to(folder)
        cluster = Cluster(folder)
        cluster.create()
        server = cluster.start()
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            feed = options.feed or folder / "feed.json"
            if options.feed is None:
                write_feed(feed, options.claims, options.seed)
            result = {"claims": options.claims, "feed_mb": round(feed.stat().st_size / 1e6, 1)}
            result |= run_import(feed, folder, options, server.pid)
            result |= own_check()(options.claims)
            if not options.answer:
                result |= run_changes(feed, folder, options, server.pid)
                result |= bare_copy(folder, options.claims)
                ratio = result["per_second"] / result["bare_copy_per_second"]
                result["ratio_to_bare_copy"] = round(ratio, 3)
        finally:
            cluster.stop()
    return result


def own_check() -> Callable[[int], dict[str, Any]]:
    """`check` of the checkout that is measured; one that counts nothing if it has none."""
    module = beside.own_module("importing")
    return getattr(module, "check", lambda claims: {})


def write_feed(path: Path, claims: int, seed: int) -> int:
    """Write a DataFeed in the form of Data Commons. The seed determines it. Returns its size in bytes."""
    chance = random.Random(seed)
    words = [
        "".join(chance.choice("bcdfghklmnprstvw") + chance.choice("aeiou") for _ in range(n % 4 + 1))
        for n in range(9_000)
    ]

    def text(least: int, most: int) -> str:
        return " ".join(chance.choices(words, k=chance.randint(least, most))).capitalize()

    speakers = [text(2, 3).title() for _ in range(20_000)]
    with path.open("w") as file:
        file.write('{"@context":"https://schema.org","@type":"DataFeed","dataFeedElement":[\n')
        for number in range(claims):
            publisher = int(160 * chance.random() ** 3)
            day = f"{chance.randint(2015, 2025)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            item: dict[str, Any] = {"@type": "Claim"}
            if chance.random() < 2 / 3:
                item["author"] = {"@type": "Person", "name": speakers[int(20_000 * chance.random() ** 2)]}
                item["datePublished"] = day
            if chance.random() < 1 / 3:
                item["appearance"] = [{"@type": "CreativeWork", "url": f"https://posts.example/{number}"}]
            slug = "-".join(text(3, 6).lower().split())
            review = {
                "@context": "https://schema.org",
                "@type": "ClaimReview",
                "url": f"https://publisher-{publisher}.example/{day[:4]}/{number}-{slug}",
                "headline": text(5, 12),
                "author": {
                    "@type": "Organization",
                    "name": f"Publisher {publisher}",
                    "url": f"https://publisher-{publisher}.example",
                },
                "claimReviewed": text(8, 25) + ".",
                "datePublished": day,
                "inLanguage": "en",
                "itemReviewed": item,
                "reviewRating": {
                    "@type": "Rating",
                    "alternateName": chance.choice(RATINGS),
                    "ratingValue": str(chance.randint(1, 5)),
                    "bestRating": "5",
                    "worstRating": "1",
                },
            }
            if chance.random() < 1 / 3:
                review["description"] = text(10, 40) + "."
            element = {"@type": "DataFeedItem", "dateCreated": day, "item": [review], "url": review["url"]}
            file.write((",\n" if number else "") + json.dumps(element))
        file.write("\n]}\n")
    return path.stat().st_size


def run_import(feed: Path, folder: Path, options: argparse.Namespace, server: int) -> dict[str, Any]:
    """Run the import, kill it at half of the records and run it again. Returns times, CPU and memory."""
    command = [sys.executable, str(ROOT / "manage.py"), "import_reviews", str(feed), "--refused", str(folder)]
    command += ["--batch", str(options.batch)] if options.batch else []
    started = time.perf_counter()
    cpu = memory = 0.0
    killed_at = 0
    with Meter(server) as database:
        for attempt in ("first", "second"):
            process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
            with Meter(process.pid) as meter:
                assert process.stderr is not None
                for line in process.stderr:
                    print(line, end="", file=sys.stderr, flush=True)
                    done = line.partition(" records:")[0].replace(",", "")
                    if (
                        attempt == "first"
                        and not options.no_kill
                        and done.isdigit()
                        and int(done) >= options.claims / 2
                    ):
                        process.kill()
                        killed_at = int(done)
                        break
                os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
            process.wait()
            cpu += meter.cpu
            memory = max(memory, meter.peak_mb)
            if not killed_at or attempt == "second":
                break
    seconds = time.perf_counter() - started
    if process.returncode != 0:
        raise SystemExit("The import failed; see its messages above.")
    return {
        "seconds": round(seconds, 1),
        "per_second": round(options.claims / seconds),
        "killed_at": killed_at,
        "importer_cpu_us": round(cpu / options.claims * 1e6),
        "postgres_cpu_us": round(database.cpu / options.claims * 1e6),
        "memory_mb": round(memory),
        "postgres_mb": round(database.peak_mb),
    }


def run_changes(feed: Path, folder: Path, options: argparse.Namespace, server: int) -> dict[str, Any]:
    """Import new records, changed ones and ones that join, as many of each; what each costs, and what went wrong."""
    count = min(options.claims, 20_000) if options.changes is None else min(options.claims, options.changes)
    once = argparse.Namespace(claims=count, batch=options.batch, no_kill=True)
    feeds = {kind: folder / f"{kind}.json" for kind in ("new", "update", "join")}
    write_feed(feeds["new"], count, options.seed + 1)
    elements = [json.loads(line.rstrip().rstrip(",")) for line in feed.read_text().splitlines()[1 : count + 1]]
    for kind, change in (("update", _changed), ("join", _of_another)):
        lines = ",\n".join(json.dumps(change(element)) for element in elements)
        feeds[kind].write_text(f'{{"@type":"DataFeed","dataFeedElement":[\n{lines}\n]}}\n')
    result: dict[str, Any] = {"changes": count}
    for kind, path in feeds.items():
        ran = run_import(path, folder, once, server)
        result[f"{kind}_cpu_us"] = ran["importer_cpu_us"] + ran["postgres_cpu_us"]
        result[f"{kind}_per_second"] = ran["per_second"]
    for kind in ("update", "join"):
        result[f"{kind}_ratio"] = round(result[f"{kind}_cpu_us"] / result["new_cpu_us"], 2)
    return result | check_changes(options.claims, count)


def _changed(element: Any) -> Any:
    """The record of the same review with another rating."""
    (review,) = element["item"]
    rating = review["reviewRating"] | {"alternateName": f"{review['reviewRating']['alternateName']} (again)"}
    return element | {"item": [review | {"reviewRating": rating, "dateModified": "2026-01-15"}]}


def _of_another(element: Any) -> Any:
    """A record of another publisher about the same claim."""
    (review,) = element["item"]
    name, url = f"Another {review['author']['name']}", review["url"].replace("https://", "https://another-")
    other = {"url": url, "author": review["author"] | {"name": name}, "claimReviewed": f"“{review['claimReviewed']}”"}
    return element | {"item": [review | other]}


def check_changes(claims: int, count: int) -> dict[str, Any]:
    """Count what is missing after the changes, in `changes_lost`, and broken links of the log, in `changes_broken`."""
    from django.db import connections

    wanted = {
        "SELECT count(*) FROM claims_claim": claims + count,
        "SELECT count(*) FROM claims_review": claims + 2 * count,
        "SELECT count(*) FROM claims_reviewversion": claims + 3 * count,
        "SELECT count(*) FROM claims_reviewversionevent": claims + 3 * count,
        "SELECT count(*) FROM claims_publication": claims + 3 * count,
        "SELECT count(*) FROM claims_claimversion WHERE sequence_to IS NULL": claims + count,
        "SELECT count(*) FROM claims_claimversion WHERE cardinality(organisations) > 1 AND sequence_to IS NULL": count,
    }
    with connections["owner"].cursor() as cursor:
        lost = 0
        for sql, number in wanted.items():
            cursor.execute(sql)
            lost += abs(int(cursor.fetchone()[0]) - number)
    return {"changes_lost": lost, "changes_broken": check(0)["broken"]}


def check(claims: int) -> dict[str, Any]:
    """Count the rows and recompute the log. `lost`, `doubled` and `broken` must be 0."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:

        def number(sql: str) -> int:
            cursor.execute(sql)
            return int(cursor.fetchone()[0])

        there = number("SELECT count(*) FROM claims_importedrecord")
        counts = {name: number(f"SELECT count(*) FROM claims_{name}") for name in TABLES}
        audit = {name: number(f"SELECT count(*) FROM claims_{name}event WHERE pgh_label = 'insert'") for name in TABLES}
        indexed = number("SELECT count(*) FROM claims_claimversion WHERE sequence_to IS NULL")
        doubled = sum(count - claims for count in [*counts.values(), *audit.values()] if count > claims)
        broken = number(
            """
            SELECT count(*) FROM (
                SELECT *, lag(sequence, 1, 0::bigint) OVER log AS before,
                    lag(hash, 1, repeat('0', 64)::varchar) OVER log AS chained
                FROM claims_publication WINDOW log AS (ORDER BY sequence)
            ) AS row JOIN claims_publicationbody ON publication_id = sequence
            WHERE sequence <> before + 1
                OR hash <> encode(sha256(decode(chained, 'hex') || decode(line_sha256, 'hex')), 'hex')
                OR commitment <> encode(sha256(salt || json), 'hex')
            """
        )
        published = number(
            "SELECT count(*) FROM claims_publication JOIN claims_publicationbody ON publication_id = sequence"
        )
        size = number("SELECT pg_database_size(current_database())")
    lost = sum(max(0, claims - count) for count in [there, published, *counts.values(), *audit.values()])
    lost += max(0, claims - indexed)
    doubled += max(0, indexed - claims) + max(0, published - claims)
    return {"lost": lost, "doubled": doubled, "broken": broken, "database_mb": round(size / 1e6)}


def bare_copy(folder: Path, claims: int) -> dict[str, Any]:
    """COPY the same bodies into one table with a primary key: the limit of disk and protocol."""
    from django.db import connections

    bodies = folder / "bodies.copy"
    connection = connections["owner"]
    connection.ensure_connection()
    with connection.connection.cursor() as cursor:
        columns = "COPY claims_publicationbody (publication_id, json) TO STDOUT (FORMAT binary)"
        with bodies.open("wb") as file, cursor.copy(columns) as copy:
            for piece in copy:
                file.write(piece)
        cursor.execute("CREATE TABLE bare (id bigint PRIMARY KEY, json bytea NOT NULL)")
        started = time.perf_counter()
        with bodies.open("rb") as file, cursor.copy("COPY bare FROM STDIN (FORMAT binary)") as copy:
            while piece := file.read(1 << 18):
                copy.write(piece)
        seconds = time.perf_counter() - started
    return {"bare_copy_seconds": round(seconds, 2), "bare_copy_per_second": round(claims / seconds)}


if __name__ == "__main__":
    main()
