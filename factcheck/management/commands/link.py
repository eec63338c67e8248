"""`manage.py link USERNAME` prints a one-time link by which that person sets a new password.

For an administrator who lost everything; whoever can run it owns the data anyway. The audit names it.
"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from claims.accounts import nothing_published
from claims.models.accounts.change import HOURS
from claims.permissions import Refused
from factcheck.embedded import site_address
from factcheck.login import links
from factcheck.set_up.administrators import administrators


class Command(BaseCommand):
    help = "Print a one-time log-in link for an account, alone on standard output. It cannot be shown again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = self._make(options["username"])
            published = not nothing_published()
        except Refused as error:
            raise CommandError(str(error)) from error
        except DatabaseError as error:
            raise CommandError(
                f"The database does not answer; start `manage.py up` first ({str(error).splitlines()[0]})."
            ) from error
        self.stdout.write(f"{site_address.remembered(settings.DATA)}{links.path(token)}")
        self.stderr.write(f"Works once, for 24 hours, and ends earlier links of {options['username']}.")
        if published:
            self.stderr.write(
                f"For {HOURS} hours after the password is set through it, {options['username']} approves nothing, and "
                "nobody approves what that account wrote: anybody at this console could be behind it."
            )

    def _make(self, username: str) -> str:
        account = User.objects.filter(username=username).first()
        if account is None:
            known = ", ".join(administrators().order_by("username").values_list("username", flat=True)[:20]) or "none"
            raise CommandError(f"There is no account {username!r}. Administrators: {known}.")
        return links.create(account, purpose=links.Purpose.RESET, maker=None)
