"""Measure the cost of selecting and leasing due pages, at 1,000 and at 70,000 pages on as many hosts.

    python bench/leasing.py [--pages 1000 70000] [--hosts 2000] [--batch 100] [--leases 10]

Every page is due. Runs on an embedded PostgreSQL in a temporary folder; no page is fetched.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import database_template  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[1_000, 70_000])
    parser.add_argument("--hosts", type=int, default=2_000)
    parser.add_argument("--batch", type=int, default=100)
    parser.add_argument("--leases", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="factcheck-leasing-") as folder:
        os.environ |= {"FACTCHECK_DATA": folder, "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        from factcheck.embedded.postgres import Cluster

        database_template.copy_to(Path(folder))
        cluster = Cluster(Path(folder), durable=False)
        cluster.create()
        cluster.start()
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
            rows = [measure(pages, options.hosts, options.batch, options.leases) for pages in options.pages]
        finally:
            cluster.stop()
    for row in rows:
        print("{pages:>7} pages: {leased} leased, {ms_per_page:.3f} ms per page".format(**row))
    print(json.dumps({"rows": rows, "ratio": rows[-1]["ms_per_page"] / rows[0]["ms_per_page"]}))


def measure(pages: int, hosts: int, batch: int, leases: int) -> dict[str, float]:
    """Add pages up to this number, make all due, and time the leases. The hosts of leased pages stay busy."""
    from django.db import connection, connections

    from sources.models import Host, Page, Polling, Source
    from sources.polling.leases import lease_due

    source, _ = Source.objects.get_or_create(name="Bench")
    first = Page.objects.count()
    created = Page.objects.bulk_create(
        [Page(source=source, url=f"https://site-{number % hosts}.example/{number}") for number in range(first, pages)],
        batch_size=2_000,
    )
    Polling.objects.bulk_create([Polling(page=page, host=page.host) for page in created], batch_size=2_000)
    Host.objects.bulk_create([Host(name=page.host) for page in created], ignore_conflicts=True)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sources_host SET ready_at = clock_timestamp() - random() * interval '1 hour'")
        cursor.execute(
            "UPDATE sources_polling SET leased_until = NULL, due_at = clock_timestamp() - random() * interval '1 hour'"
        )
    with connections["owner"].cursor() as cursor:
        for table in ("sources_polling", "sources_host"):
            cursor.execute(f"VACUUM ANALYZE {table}")  # as autovacuum does; the role app may not
    lease_due(1)
    seconds, leased = 0.0, 0
    for _ in range(leases):
        started = time.perf_counter()
        leased += len(lease_due(batch))
        seconds += time.perf_counter() - started
    return {"pages": pages, "leased": leased, "ms_per_page": seconds * 1_000 / max(1, leased)}


if __name__ == "__main__":
    main()
