"""`manage.py restore SRC --data NEW`: restore a backup into a new data folder or an empty database, and verify it."""

from argparse import ArgumentParser
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from factcheck.backup import restore
from factcheck.backup.places import BackupError
from factcheck.embedded.postgres import Cluster, EmbeddedError
from factcheck.embedded.supervisor import StopRequested, stop_signals
from factcheck.management.commands.migrate import after_migrating
from factcheck.management.commands.up import exclusive_lock, make_data_folder


class Command(BaseCommand):
    help = "Restore a backup into a new data folder, or into the empty database of DATABASE_URL, and verify it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="where backups are: a folder, a set in it, or s3://bucket/prefix?endpoint=…")
        # manage.py removes it from the arguments, because settings need it; it is declared for --help.
        parser.add_argument("--data", metavar="NEW", help="the new data folder")
        parser.add_argument("--set", dest="name", default="", help="the set to restore; default: the newest")
        parser.add_argument("--without-keys", action="store_true", help="leave out the encrypted keys")
        parser.add_argument("--despite-damage", action="store_true", help="leave out saved pages that are damaged")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with stop_signals():
                self.run(**options)
        except (BackupError, EmbeddedError) as error:
            raise CommandError(str(error)) from error
        except StopRequested:
            raise CommandError("Stopped. The target is unfinished; repeat the command to go on.") from None

    def run(self, source: str, name: str, without_keys: bool, despite_damage: bool, **_: Any) -> None:
        say = self.stdout.write
        if not settings.DATA_IS_NAMED:
            raise CommandError("Name the new data folder with --data NEW. Nothing was touched.")
        plan = restore.prepare(source, say=say, name=name, without_keys=without_keys, despite=despite_damage)
        data = settings.DATA
        restore.mark(data, plan)
        make_data_folder(data)
        cluster = Cluster(data) if settings.EMBEDDED_DATABASE else None
        with exclusive_lock(data) if cluster else nullcontext():
            try:
                restore.run(plan, say=say, cluster=cluster, finish=after_migrating)
            finally:
                connections.close_all()
                if cluster:
                    cluster.stop()
        for blob in plan.lost:
            self.stderr.write(f"Warning: not restored: {blob.sentence}")
        for sentence in plan.found:
            self.stderr.write(f"Found: {sentence}")
        if not plan.same_version:
            say(
                "The schema is that of an earlier version: start this one, which migrates it, or the earlier one by "
                f"manage.py up --mend --data {data}, which gives its processes the rights that it knows. Then run "
                "manage.py audit verify."
            )
        if settings.BACKUP_TO:
            say(
                "For a trial unset FACTCHECK_BACKUP_TO before you start it: it would go on with the desk's own backups."
            )
        say(f"done: start it with manage.py up --data {data}")
        if plan.found:
            raise CommandError(
                f"The data is restored as it was backed up, and the audit finds {len(plan.found)} faults in it, named "
                "above. Compare it with an earlier set."
            )
