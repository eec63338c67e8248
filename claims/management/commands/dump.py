"""`manage.py dump` writes a dump of what is public, now."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.exports import dumps


class Command(BaseCommand):
    help = "Writes what is public as NDJSON and CSV, gzipped, with a manifest and checksums, into a folder of its own."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", metavar="DIR", help="default: FACTCHECK_DUMPS, from which the API serves them")
        parser.add_argument("--keep", metavar="N", type=int, help="delete all but the N newest there afterwards")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Path(options["out"] or settings.DUMPS)
        keep = options["keep"] or max(1, settings.DUMPS_KEPT)
        try:
            made = dumps.write(place, keep=keep)
        except dumps.DumpError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer or has no tables yet ({str(error).splitlines()[0]})."
            ) from error
        if made is None:
            raise CommandError("A dump is being written already; wait for it.")
        self.stdout.write(str(made))
