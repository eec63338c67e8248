"""`manage.py dossier --year 2026 FOLDER`: what assessors of a code ask for, from the public logs alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.dossier.files import write
from claims.dossier.gather import gather
from claims.proof.finding import one_moment


class Command(BaseCommand):
    help = "Write a year's checks, sources, corrections, complaints and policies as CSV and HTML, from the logs alone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--year", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        if not 2000 <= options["year"] <= 9000:
            raise CommandError("Say a year, as in --year 2026.")
        with one_moment():
            found = gather(options["year"])
        number = write(found, options["folder"])
        self.stdout.write(
            f"{number} files in {options['folder']}: {len(found.checks)} checks, {len(found.changes)} changes, "
            f"{len(found.complaints)} complaints, from the log up to entry {found.place.sequence}."
        )
