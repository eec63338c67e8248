"""`manage.py link USERNAME` prints a one-time link by which that person sets a new password.

For an administrator who lost everything; whoever can run it owns the data anyway. The audit names it.
"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction

from claims.accounts import nothing_published
from claims.models.accounts.change import HOURS
from claims.permissions import Refused
from factcheck.login import links, second_factor
from factcheck.set_up.administrators import administrators
from sources import site_address


class Command(BaseCommand):
    help = "Print a one-time log-in link for an account, alone on standard output. It cannot be shown again."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", metavar="USERNAME")
        parser.add_argument(
            "--remove-second-factor", action="store_true", help="if the device and the recovery codes are lost, too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = self._make(options["username"], without_factor=options["remove_second_factor"])
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

    def _make(self, username: str, *, without_factor: bool) -> str:
        account = User.objects.filter(username=username).first()
        if account is None:
            known = ", ".join(administrators().order_by("username").values_list("username", flat=True)[:20]) or "none"
            raise CommandError(f"There is no account {username!r}. Administrators: {known}.")
        with transaction.atomic():
            token = links.create(account, purpose=links.Purpose.RESET, maker=None)
            if without_factor:
                second_factor.remove_at_console(account)
        if second_factor.has_second_factor(account):
            self.stderr.write(
                "After the password a code of the second factor is asked for. If that is lost as well: "
                "--remove-second-factor"
            )
        return token
