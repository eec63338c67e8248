"""Measure `manage.py rebuild_index` on the embedded stack: claims a second, and how long publishing waits beside it.

    python bench/rebuild_index.py --claims 40000 [--keep DIR]

A database of its own is filled with published claims (`published.py`): a temporary one, or one in DIR that the next run
with as many claims uses again. The command then runs, as a process of the role app, on an index that is right, on one
of which a hundredth of the rows is wrong, and on an empty one, while this process publishes one of the last 500
claims after the other with a pause of 50 ms. Afterwards the rows of all claims but those
500 are compared with what they were before.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from statistics import quantiles
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(HERE)]

import database_template  # noqa: E402
from process_tree import Meter, memory_mb  # noqa: E402

DAMAGES = {
    "right": "SELECT 1",
    "1 % wrong": "UPDATE claims_claimversion SET language = 'xx', topics = '{}' WHERE id % 100 = 0",
    "empty": "DELETE FROM claims_claimversion",
}
DIGEST = """
    SELECT count(*), md5(string_agg(md5((to_jsonb(version) - 'id')::text), '' ORDER BY sequence_from, audience))
    FROM claims_claimversion AS version WHERE claim_id <= (SELECT max(id) - 500 FROM claims_claim)
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--claims", type=int, default=40_000)
    arguments.add_argument("--keep", type=Path, metavar="DIR", help="write the database there, or use what is there")
    given = arguments.parse_args()
    if given.keep:
        run(given.keep.resolve(), given.claims)
    else:
        with tempfile.TemporaryDirectory(prefix="factcheck-rebuild-") as folder:
            run(Path(folder), given.claims)


def run(folder: Path, claims: int) -> None:
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

        from claims.models import ClaimVersion, Publication

        if not Publication.objects.exists():
            seconds = published.seed(database_url(folder, role="superuser"), claims)
            print(f"{claims:,} claims written in {sum(seconds.values()):.0f} s", flush=True)
        quiet = publish(iter([True] * 60 + [False]).__next__)

        def digest() -> tuple[int, str]:
            with connection.cursor() as cursor:
                cursor.execute(DIGEST)
                row: tuple[int, str] = cursor.fetchone()
            return row

        before = digest()
        rows = [told("no rebuild", quiet)]
        for name, sql in DAMAGES.items():
            with connection.cursor() as cursor:
                cursor.execute(sql)
            began, memory = time.monotonic(), 0.0
            with Meter(postgres) as meter:
                command = subprocess.Popen(
                    [sys.executable, ROOT / "manage.py", "rebuild_index"], stdout=subprocess.PIPE, text=True
                )
                ended: list[tuple[int, int, resource.struct_rusage]] = []

                def runs(pid: int = command.pid, ended: "list[Any]" = ended) -> bool:
                    nonlocal memory
                    with suppress(OSError):
                        memory = max(memory, memory_mb([pid]))
                    ended[:] = [os.wait4(pid, os.WNOHANG)]
                    return not ended[0][0]

                waits = publish(runs)
            seconds = time.monotonic() - began
            _, status, used = ended[0]
            assert status == 0 and command.stdout
            rows.append(
                told(name, waits)
                | {
                    "seconds": round(seconds, 1),
                    "cpu": round(used.ru_utime + used.ru_stime, 1),
                    "postgres_cpu": round(meter.cpu, 1),
                    "mb": round(memory),
                    "said": command.stdout.read().strip(),
                }
            )
            assert digest() == before, "the index is not what it was"
        print(json.dumps({"claims": claims, "rows": ClaimVersion.objects.count(), "runs": rows}))
    finally:
        connections.close_all()
        cluster.stop()


def publish(goes_on: Callable[[], bool]) -> list[float]:
    """Publish as long as it goes on; milliseconds that each publication took."""
    from claims.models import Claim
    from claims.publication.append import append

    claims, waits = list(Claim.objects.order_by("-pk")[:500]), []
    while goes_on():
        began = time.monotonic()
        append(claims[len(waits) % len(claims)], event="reconfirmed", audience="public")
        waits.append((time.monotonic() - began) * 1_000)
        time.sleep(0.05)
    return waits


def told(name: str, waits: list[float]) -> dict[str, Any]:
    cuts = quantiles(waits, n=100)
    milliseconds = [round(cuts[49], 1), round(cuts[94], 1), round(max(waits), 1)]
    return {"index": name, "published": len(waits), "publish_ms_p50_p95_max": milliseconds}


if __name__ == "__main__":
    main()
