"""Run stored checks of quotes again from the stored bytes, and say whether the answers are the same."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.models import EvidenceCheck
from claims.watch.replay import DIFFERS, replay
from sources.snapshots.store import StorageError


class Command(BaseCommand):
    help = (
        "Runs the latest checks of quotes again from the stored bytes alone, and prints by version how many give the "
        "same answer. Writes nothing. Ends with an error if one differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=10_000, help="Number of checks, the latest first.")

    def handle(self, *args: Any, **options: Any) -> None:
        checks = EvidenceCheck.objects.select_related("passage__snapshot__blob", "snapshot__blob", "before__blob")
        latest = checks.order_by("-pk")[: options["limit"]]
        try:
            counted = replay(latest.iterator(chunk_size=200))
        except StorageError as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer or has no tables yet ({str(error).splitlines()[0]})."
            ) from error
        for name, counts in sorted(counted.items()):
            self.stdout.write(json.dumps({"version": name, **counts}))
        if differing := sum(counts[DIFFERS] for counts in counted.values()):
            raise CommandError(f"{differing} checks give another answer now.")
