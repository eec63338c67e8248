"""`manage.py import_check FILE --user NAME`: take over a list that Meedan Check exported."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from claims.check_import.intake import read_list
from claims.check_import.take_over import take_over_waiting
from claims.models import CheckItem
from claims.permissions import Refused


class Command(BaseCommand):
    help = (
        "Take over a list that Meedan Check exported (CSV): items become claims, with their topics, documents and "
        "comments. Nothing is published. Run again, it makes nothing twice and goes on where it stopped. Ratings are "
        "chosen at the desk: Settings, From Check."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--user", required=True, help="the editor who takes the list over")
        parser.add_argument(
            "--language", default="", help="of claims of which the list does not say it, as en or pt-BR"
        )
        parser.add_argument("--report", type=Path, metavar="FILE", help="write what could not come in as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model()._default_manager
        user = users.filter(**{get_user_model().USERNAME_FIELD: options["user"]}).first()
        if user is None:
            raise CommandError(f"There is no account {options['user']!r}.")
        try:
            with options["file"].open("rb") as file:
                made = read_list(file, name=options["file"].name, actor=user, language=options["language"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror or error}") from error
        take_over_waiting(may_continue=lambda: True)  # what an interrupted run left as well
        made.refresh_from_db()
        refused = list(made.items.filter(state=CheckItem.State.REFUSED).order_by("row"))
        lines = [*made.report, *({"row": item.row, "column": "", "why": item.why} for item in refused)]
        new = made.items.filter(state=CheckItem.State.DONE).count()
        self.stdout.write(
            f"{made.rows:,} rows read: {new:,} items taken over, {len(lines):,} rows could not come in, the others "
            f"were here already. Choose ratings at the desk: /admin/settings/check/{made.pk}/"
        )
        if options["report"] is not None:
            with options["report"].open("w", newline="", encoding="utf-8-sig") as report:
                writer = csv.DictWriter(report, ["row", "column", "why"])
                writer.writeheader()
                writer.writerows(lines)
        else:
            for line in lines[:20]:
                self.stderr.write(f"row {line['row']}{', ' + line['column'] if line['column'] else ''}: {line['why']}")
