"""`manage.py dump`: write a dump of all public data now."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.exports import dumps


class Command(BaseCommand):
    help = "Write all public data as gzipped NDJSON and CSV, with a manifest and checksums, to a new folder."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", metavar="DIR", help="default: FACTCHECK_DUMPS, from which the API serves dumps")
        parser.add_argument("--keep", metavar="N", type=int, help="then delete all but the N newest dumps in DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        place = Path(options["out"] or settings.DUMPS)
        keep = options["keep"] or max(1, settings.DUMPS_KEPT)
        try:
            dump = dumps.write(place, keep=keep)
        except dumps.DumpError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer or has no tables yet ({str(error).splitlines()[0]})."
            ) from error
        if dump is None:
            raise CommandError("A dump is being written already; wait for it.")
        self.stdout.write(str(dump))
