"""`manage.py demo logins` prints the demo's passwords, `remove` removes the demo, and `seed`, for `up`, creates it."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from psycopg import sql
from psycopg.conninfo import make_conninfo

from claims.proof import keys, reports
from claims.proof.continuity import NEWEST
from factcheck.demo.folder import DemoError, DemoFolder
from factcheck.demo.remove import describe_other_rows
from factcheck.demo.seed import seed
from factcheck.embedded import data_format, postgres
from factcheck.management.commands.up import apply_migrations, exclusive_lock


class Command(BaseCommand):
    help = (
        "logins: print the demo's user names and passwords. remove: drop the database and create an empty one, unless"
        " it contains anything else. seed: create the demo, as `up` does."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["logins", "remove", "seed"])
        parser.add_argument("--data", metavar="DIR", help="data folder, default .factcheck beside manage.py")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "seed":
                seed()
            elif options["verb"] == "logins":
                self.print_logins(settings.DATA)
            else:
                self.remove(settings.DATA)
        except (DemoError, data_format.WrongFormat, postgres.EmbeddedError) as error:
            raise CommandError(str(error)) from error

    def print_logins(self, data: Path) -> None:
        passwords = DemoFolder(data).passwords(())
        if not passwords:
            raise DemoError(f"There is no demo in {data}. Name the data folder with --data.")
        for name, password in passwords.items():
            self.stdout.write(f"user {name} password {password}")

    def remove(self, data: Path) -> None:
        if not settings.EMBEDDED_DATABASE:
            raise DemoError("The database that DATABASE_URL names never contains the demo. Unset it first.")
        cluster = postgres.Cluster(data)
        if not cluster.exists:
            raise DemoError(f"There is no database in {data}. Name the data folder with --data.")
        data_format.check_folder(data)
        with exclusive_lock(data):
            try:
                cluster.start()
                apply_migrations(mend=False)
                self.recreate(data, cluster)
            finally:
                connections.close_all()
                cluster.stop()

    def recreate(self, data: Path, cluster: postgres.Cluster) -> None:
        if others := describe_other_rows():
            raise DemoError(
                f"Not removed: the database contains work that is not the demo's ({others}), and all of it would be "
                "lost. Start with --no-demo to ignore the demo, or name another data folder with --data."
            )
        folder = DemoFolder(data)
        shutil.rmtree(folder.path, ignore_errors=True)
        folder.make()
        folder.removed.touch()
        connections.close_all()
        drop_database(data)
        cluster.prepare_database()
        call_command("migrate", verbosity=0, interactive=False)
        if Path(settings.SNAPSHOT_STORE).is_relative_to(data):
            shutil.rmtree(settings.SNAPSHOT_STORE, ignore_errors=True)
        if (data / NEWEST).exists():  # another history begins, with other keys, and says so
            (data / NEWEST).unlink()
            keys.replace()
            reports.accept("The demo was removed.", [])
        self.stdout.write("The demo is removed, and the database is new and empty. `up` will print a new API key.")


def drop_database(data: Path) -> None:
    """Drop the database as its owner, connected to another one."""
    other = make_conninfo(postgres.database_url(data, role="owner"), dbname="postgres")
    with psycopg.connect(other, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(postgres.DATABASE)))
