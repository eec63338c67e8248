"""Measure `manage.py audit verify` and the hourly seal on the embedded stack, beside reading the same tables by COPY.

    python bench/audit.py --claims 100000 [--blobs N] [--keep DIR]

A database of its own is filled with published claims (`published.py`): a temporary one, or one in DIR that the next run
with as many claims uses again. Each claim gets an audit row as if it had been written by the product, so that rows and
audit agree. Then the first checkpoint seals everything, a second one what little came since, and the command verifies
it all as a process of the role app. The physical limit is one COPY of every table that it reads to nowhere.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402
from process_tree import Meter, memory_mb  # noqa: E402


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--claims", type=int, default=100_000)
    arguments.add_argument("--blobs", type=int, default=200, help="stored pages (default: %(default)s)")
    arguments.add_argument("--keep", type=Path, metavar="DIR", help="write the database there, or use what is there")
    given = arguments.parse_args()
    if given.keep:
        run(given.keep.resolve(), given.claims, given.blobs)
    else:
        with tempfile.TemporaryDirectory(prefix="factcheck-audit-") as folder:
            run(Path(folder), given.claims, given.blobs)


def run(folder: Path, claims: int, blobs: int) -> None:
    os.environ |= {"FACTCHECK_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections

    from factcheck.embedded.postgres import Cluster, database_url
    from factcheck.management.commands import up

    up.make_data_folder(folder)
    up.ensure_secret_key(folder)
    database_template.copy_to(folder)
    cluster = Cluster(folder)
    cluster.create()
    postgres = cluster.start().pid
    try:
        cluster.prepare_database()
        call_command("migrate", verbosity=0, interactive=False)
        import published

        from claims.models import Publication
        from claims.proof import checkpoints, seals
        from claims.proof.checks import audited_rows

        if not Publication.objects.exists():
            seconds = published.seed(database_url(folder, role="superuser"), claims)
            print(f"{claims:,} claims written in {sum(seconds.values()):.0f} s", flush=True)
            audit_what_was_copied(database_url(folder, role="superuser"))
            store_pages(blobs)
            vacuum(database_url(folder, role="superuser"))
        rows = []
        for name in ("first checkpoint", "next checkpoint"):
            with Meter(postgres) as meter:
                began, used = time.monotonic(), time.process_time()
                assert checkpoints.write(), "somebody else holds the lock"
                rows.append(measured(name, began, time.process_time() - used, 0.0))
            rows[-1]["postgres_cpu"] = round(meter.cpu, 1)
        rows.append(verified(postgres))
        tables = [model._meta.db_table for model in [*seals.sealed_models(), *audited_rows.audited()]]
        tables += [model.pgh_tracked_model._meta.db_table for model in audited_rows.audited()]
        tables += ["claims_publication", "claims_publicationbody", "claims_claimversion"]
        rows.append(copied(postgres, sorted(set(tables))))
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_database_size(current_database())")
            [size] = cursor.fetchone()
        print(f"\n{'':22}{'seconds':>9}{'CPU':>8}{'PostgreSQL':>12}{'MB':>7}")
        for row in rows:
            print(f"{row['run']:22}{row['seconds']:9}{row['cpu']:8}{row['postgres_cpu']:12}{row.get('mb', ''):>7}")
        print(
            json.dumps(
                {"claims": claims, "database_mb": round(size / 1e6), "findings": rows[2]["findings"], "runs": rows}
            )
        )
        assert rows[2]["findings"] == 0, "an honest database has findings"
    finally:
        connections.close_all()
        cluster.stop()


def audit_what_was_copied(url: str) -> None:
    """Give each row that bypassed its trigger the audit row that the trigger would have written."""
    import psycopg
    from psycopg import sql

    from claims.proof.checks import audited_rows

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for event in audited_rows.audited():
            tracked: Any = event.pgh_tracked_model
            columns = {field.column for field in event._meta.concrete_fields}
            shared = [field.column for field in tracked._meta.concrete_fields if field.column in columns]
            linked = [column for column in ("pgh_obj_id",) if column in columns]
            key = sql.Identifier(tracked._meta.pk.column)
            statement = sql.SQL(
                "INSERT INTO {event} ({names}, pgh_created_at, pgh_label {linked})"
                " SELECT {names}, now(), 'insert' {keys} FROM {table} AS t"
                " WHERE NOT EXISTS (SELECT FROM {event} AS e WHERE e.{key} = t.{key}"
                " AND ({old}) IS NOT DISTINCT FROM ({new})) ORDER BY t.{key}"
            ).format(
                event=sql.Identifier(event._meta.db_table),
                table=sql.Identifier(tracked._meta.db_table),
                names=sql.SQL(", ").join(map(sql.Identifier, shared)),
                linked=sql.SQL(", pgh_obj_id" if linked else ""),
                keys=sql.SQL(", t.{}").format(key) if linked else sql.SQL(""),
                key=key,
                old=sql.SQL(", ").join(sql.SQL("e.{}").format(sql.Identifier(name)) for name in shared),
                new=sql.SQL(", ").join(sql.SQL("t.{}").format(sql.Identifier(name)) for name in shared),
            )
            connection.execute(statement)


def store_pages(number: int) -> None:
    """Store so many pages of some 20 KB."""
    from sources.models import Blob
    from sources.snapshots import default_store

    store = default_store.store()
    for start in range(0, number, 200):
        numbers = range(start, min(start + 200, number))
        pages = [f"<p>{n} {hashlib.sha256(str(n).encode()).hexdigest() * 300}</p>".encode() for n in numbers]
        names = store.put_many(pages)
        Blob.objects.bulk_create(Blob(sha256=name, size=len(page)) for name, page in zip(names, pages, strict=True))


def vacuum(url: str) -> None:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def measured(name: str, began: float, cpu: float, postgres: float) -> dict[str, Any]:
    return {
        "run": name,
        "seconds": round(time.monotonic() - began, 1),
        "cpu": round(cpu, 1),
        "postgres_cpu": round(postgres, 1),
    }


def verified(postgres: int) -> dict[str, Any]:
    """The command as a process: its time, its memory, what it said."""
    memory, began = 0.0, time.monotonic()
    with Meter(postgres) as meter:
        command = subprocess.Popen(
            [sys.executable, ROOT / "manage.py", "audit", "verify", "--blobs", "all", "-v", "2"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        ended: tuple[int, int, resource.struct_rusage] = (0, 0, resource.getrusage(resource.RUSAGE_SELF))
        while not ended[0]:
            with suppress(OSError):
                memory = max(memory, memory_mb([command.pid]))
            time.sleep(0.1)
            ended = os.wait4(command.pid, os.WNOHANG)
    assert command.stdout and command.stderr
    said = command.stdout.read()
    print(said + command.stderr.read(), flush=True)
    used = ended[2]
    return measured("audit verify", began, used.ru_utime + used.ru_stime, meter.cpu) | {
        "mb": round(memory),
        "findings": len(said.splitlines()),
    }


def copied(postgres: int, tables: list[str]) -> dict[str, Any]:
    """One COPY of each table, thrown away."""
    from django.db import connection

    began, used, size = time.monotonic(), time.process_time(), 0
    with Meter(postgres) as meter, connection.cursor() as cursor:
        for table in tables:
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                for piece in copy:
                    size += len(piece)
    return measured("COPY of the same", began, time.process_time() - used, meter.cpu) | {"copied_mb": round(size / 1e6)}


if __name__ == "__main__":
    main()
