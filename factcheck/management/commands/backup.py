"""`manage.py backup DEST`: back up database, saved pages and keys to a folder or a bucket."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from factcheck.backup.places import BackupError, backup_place
from factcheck.backup.state import recorded_backup


class Command(BaseCommand):
    help = "Back up database, saved pages and keys to a folder or to s3://bucket/prefix?endpoint=…&region=…"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("destination", nargs="?", default="", help="default: FACTCHECK_BACKUP_TO")
        # manage.py removes it from the arguments, because settings need it; it is declared for --help.
        parser.add_argument("--data", metavar="DIR", help="data folder, default .factcheck beside manage.py")
        parser.add_argument("--scheduled-by", metavar="PID", type=int, help="end with this process; for the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        destination = options["destination"] or settings.BACKUP_TO
        if not destination:
            raise CommandError("Say where to: a folder on another disk, or a bucket, or set FACTCHECK_BACKUP_TO.")
        try:
            made = recorded_backup(destination, say=self.stdout.write, parent=options["scheduled_by"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        for sentence in made.warnings:
            self.stderr.write(f"Warning: {sentence}")
        self.stdout.write(f"done: {made.manifest.name} at {backup_place(destination)}")
        if made.manifest.damaged:
            raise CommandError("The backup is complete but for the saved pages named above.")
