"""`manage.py scrub` reads the whole snapshot store and prints a sentence for each blob that is not as it was put."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from sources.snapshots import integrity_check
from sources.snapshots.store import StorageError


class Command(BaseCommand):
    help = (
        "Reads every snapshot and says which are missing or damaged; exit code 1 if any is, 2 if it could not look. "
        "Repairs nothing: restore those from the backup. Goes on where the last scrub was broken off."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--afresh", action="store_true", help="begin at the first snapshot")
        parser.add_argument("--rate", type=float, metavar="MB", help="read at most so many megabytes a second")
        parser.add_argument("--seconds", type=float, metavar="N", help="stop after N seconds; the next goes on")

    def handle(self, *args: Any, **options: Any) -> None:
        rate = options["rate"]
        if rate is not None and rate <= 0:
            raise CommandError("--rate is a number of megabytes a second, more than 0.", returncode=2)
        try:
            row = integrity_check.scrub(
                afresh=options["afresh"],
                bytes_per_second=rate * 1_000_000 if rate else None,
                seconds=options["seconds"],
                say=self.stdout.write,
            )
        except (StorageError, integrity_check.ScrubRefused) as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer or has no tables yet ({str(error).splitlines()[0]}).", returncode=2
            ) from error
        bad = row.findings.count()
        where = "the end reached" if row.finished_at else "broken off; run it again to go on"
        self.stdout.write(f"{row.checked:,} snapshots read ({row.size:,} bytes), {bad:,} missing or damaged; {where}.")
        if bad:
            sys.exit(1)
