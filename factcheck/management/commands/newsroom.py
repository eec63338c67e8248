"""`manage.py newsroom NAME` makes an API key and prints it: once, alone on standard output."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.rules import Refused
from factcheck.newsrooms import keys


class Command(BaseCommand):
    help = "Prints a new API key for a newsroom. It cannot be shown again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help="the newsroom, made if there is none of that name")
        parser.add_argument("--scopes", default="read", help="one or more of read,write,tips (default: %(default)s)")
        parser.add_argument("--revoke", metavar="PREFIX", help="take back the key fc_PREFIX_… instead")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["revoke"]:
                keys.revoke_key(options["name"], options["revoke"])
                self.stderr.write(f"Revoked fc_{options['revoke']}_….")
                return
            scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
            key = keys.create_key(options["name"], scopes)
        except Refused as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                "The database does not answer or has no tables yet; start `manage.py up` first "
                f"({str(error).splitlines()[0]})."
            ) from error
        self.stdout.write(key)
