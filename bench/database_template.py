"""A migrated database for benchmarks to begin with, where many of them run in a row: migrating takes ten core-seconds.

    python bench/database_template.py FOLDER

This writes it. With `BENCH_TEMPLATE=FOLDER` in its environment a benchmark copies it into its data folder, unless that
holds a database or the code of another checkout is measured (`beside.py`).
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

_VARIABLE = "BENCH_TEMPLATE"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # not on import: beside.py says whose code runs
    write(parser.parse_args().folder.resolve())
    print("{}")


def copy_to(data: Path) -> None:
    """Give a data folder the database of `BENCH_TEMPLATE`, if there is such a variable and the folder has none."""
    template = os.environ.get(_VARIABLE)
    if template is None or (data / "postgres").exists() or "BENCH_CHECKOUT" in os.environ:
        return
    # With its owner: the server runs as the folder's.
    subprocess.run(["cp", "-a", *map(str, Path(template).iterdir()), str(data)], check=True)


def write(folder: Path) -> None:
    """Write what `copy_to` copies: the cluster of a stopped server, and the format that it has."""
    with tempfile.TemporaryDirectory(prefix="factcheck-template-") as data:
        os.environ |= {"FACTCHECK_DATA": data, "DJANGO_SETTINGS_MODULE": "factcheck.settings"}
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connections

        from factcheck.embedded.data_format import FILE, mark_folder
        from factcheck.embedded.postgres import Cluster

        cluster = Cluster(Path(data), durable=False)
        cluster.create()
        cluster.start()
        try:
            cluster.prepare_database()
            call_command("migrate", verbosity=0, interactive=False)
        finally:
            connections.close_all()
            cluster.stop()
        mark_folder(Path(data))
        folder.mkdir(parents=True)
        subprocess.run(["cp", "-a", str(cluster.folder), str(folder)], check=True)
        shutil.copy(Path(data) / FILE, folder)


if __name__ == "__main__":
    main()
