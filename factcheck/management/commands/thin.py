"""`manage.py thin`: remove old checks, changes, snapshots and files that nothing needs."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from claims.proof.keys import KeyProblem
from claims.proof.revisions import NotAsSealed
from factcheck.thinning.thin import CannotThin, thin
from sources.snapshots.store import StorageError


class Command(BaseCommand):
    help = "Remove old checks, changes, snapshots and files that no review, quote or published text needs"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would go and remove nothing")
        parser.add_argument("--after-days", metavar="N", type=int, help="default: FACTCHECK_THIN_AFTER_DAYS")
        # manage.py removes it from the arguments, because settings need it; it is declared for --help.
        parser.add_argument("--data", metavar="DIR", help="data folder, default .factcheck beside manage.py")

    def handle(self, *args: Any, **options: Any) -> None:
        days = options["after_days"]
        after = settings.THIN_AFTER if days is None else timedelta(days=days)
        if days is None and not after:
            self.stdout.write("Nothing is thinned: FACTCHECK_THIN_AFTER_DAYS is 0.")
            return
        try:
            row = thin(after=after, dry_run=options["dry_run"], report=self.stderr.write)
        except (CannotThin, NotAsSealed, KeyProblem, StorageError) as error:
            raise CommandError(str(error)) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(
                "Nothing more was removed: the database does not respond, is locked, or has no tables yet "
                f"({str(error).splitlines()[0]}). Start `manage.py up` with the same --data, and run this again."
            ) from error
        begin = "Would remove" if options["dry_run"] else "Removed"
        self.stdout.write(
            f"{begin} what was written before {row.before:%Y-%m-%d %H:%M} UTC and nothing needs: {row.changes:,} "
            f"changes, {row.checks:,} checks, {row.snapshots:,} snapshots, {row.texts:,} texts."
        )
        if not options["dry_run"]:
            self.stdout.write(f"Removed {row.files:,} files of {row.bytes:,} bytes that nothing has needed for a day.")
