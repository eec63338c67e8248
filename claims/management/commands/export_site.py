"""`manage.py export_site FOLDER`: readers' pages as files, for a mirror where the site is blocked."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.public.mirror.export import export
from claims.public.mirror.files import NotAMirror


class Command(BaseCommand):
    help = "Write every readers' page, feed and proof as a file, with links that work from disk; only what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="Empty, or the mirror of an earlier run, which is brought up to date."
        )
        parser.add_argument(
            "--host", default=settings.READERS_DOMAIN or settings.DOMAIN, help="The host of the live site."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.READERS:
            raise CommandError("Readers' pages are switched off (FACTCHECK_READERS).")
        if not options["host"]:
            raise CommandError("Say --host, the host of the live site, or set FACTCHECK_READERS_DOMAIN.")
        try:
            done = export(options["folder"], host=options["host"], secure=settings.HTTPS)
        except NotAMirror as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{done.written} files written, {done.unchanged} unchanged, {done.removed} removed in {options['folder']}."
        )
