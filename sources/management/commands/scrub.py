"""`manage.py scrub`: check the integrity of the snapshot store and print each missing or damaged snapshot."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from sources.snapshots import integrity_check
from sources.snapshots.store import StorageError


class Command(BaseCommand):
    help = (
        "Read every snapshot and list missing and damaged ones; exit code 1 if there are any, 2 if the check failed. "
        "It repairs nothing: restore them from the backup. An interrupted run resumes where it stopped."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--afresh", action="store_true", help="begin at the first snapshot")
        parser.add_argument("--rate", type=float, metavar="MB", help="read at most MB megabytes a second")
        parser.add_argument("--seconds", type=float, metavar="N", help="stop after N seconds; the next run resumes")

    def handle(self, *args: Any, **options: Any) -> None:
        rate = options["rate"]
        if rate is not None and rate <= 0:
            raise CommandError("Set --rate to a number of megabytes a second above 0.", returncode=2)
        try:
            row = integrity_check.check_snapshots(
                afresh=options["afresh"],
                bytes_per_second=rate * 1_000_000 if rate else None,
                seconds=options["seconds"],
                report=self.stdout.write,
            )
        except (StorageError, integrity_check.CheckAlreadyRunning) as error:
            raise CommandError(str(error), returncode=2) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not respond or has no tables yet ({str(error).splitlines()[0]}).", returncode=2
            ) from error
        bad = row.findings.count()
        end = "completed" if row.finished_at else "interrupted; run the command again to resume"
        self.stdout.write(f"{row.checked:,} snapshots read ({row.size:,} bytes), {bad:,} missing or damaged; {end}.")
        if bad:
            sys.exit(1)
