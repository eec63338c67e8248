"""`manage.py rebuild_index`: rebuild the index that lists and filters use from the publication log."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.imports import stored_keys
from claims.models import IndexState, Publication
from claims.publication import rebuild
from sources.database.locks import Lock, held

_SECONDS = 5  # between lines of progress
_RESUME = "What was reported as compared is done; run the command again to resume."


class Command(BaseCommand):
    help = (
        "Rebuild the index of published claims from the publication log while the site keeps working: replace the rows "
        "that differ, count the facets, and discard cached responses. An interrupted run resumes where it stopped. "
        "Keys of addresses are made anew if an earlier version made them by other rules."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--afresh", action="store_true", help="begin at the first claim")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._claims = Publication.objects.filter(version=1).count()
            self._told = time.monotonic()
            if options["afresh"] or not stored_keys.are_current():
                self._make_keys()
            state = rebuild.rebuild_index(afresh=options["afresh"], report=self._report)
        except rebuild.RebuildAlreadyRunning as error:
            raise CommandError(str(error)) from error
        except (KeyboardInterrupt, DatabaseError) as error:
            reason = str(error).strip().partition("\n")[0] or "interrupted"
            raise CommandError(f"Not finished: {reason}. {_RESUME}") from error
        self.stdout.write(f"Claims compared: {state.claims:,}. Rows replaced: {state.rows:,}.")

    def _make_keys(self) -> None:
        with held(Lock.IMPORT) as alone:
            if not alone:
                raise CommandError("An import is running, which looks for keys; wait for it to end.")
            stored_keys.make_all(report=self.stderr.write)

    def _report(self, state: IndexState) -> None:
        if time.monotonic() - self._told >= _SECONDS:
            self._told = time.monotonic()
            self.stderr.write(f"Claims compared: {state.claims:,} of {self._claims:,}. Rows replaced: {state.rows:,}.")
