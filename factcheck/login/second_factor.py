"""Set up one's second factor; remove somebody's, for whoever lost the device and the recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from factcheck.login import events, links
from sources.database.audit import acting, acting_as

# Where somebody wanted to go who was led to the set-up of her second factor first; in the session.
WANTED = "wanted_before_second_factor"


def has_second_factor(account: Any) -> bool:
    return bool(Authenticator.objects.filter(user=account.pk).exists())


def remove(request: HttpRequest, account: Any) -> None:
    """Remove it. Triggers end the account's sessions, and make whoever does it a maker of the account for 72 hours."""
    by = request.user
    with acting(by, reason="removed a second factor"), transaction.atomic():
        Authenticator.objects.filter(user=account.pk).delete()
        events.record(events.Kind.FACTOR_REMOVED, request, account, detail=f"by {by.get_username()}")


def remove_at_console(account: Any) -> None:
    """The same for a command on the server. Nobody is named by it, so it counts as everybody's doing."""
    with acting_as(links.CONSOLE, reason="removed a second factor"), transaction.atomic():
        Authenticator.objects.filter(user=account.pk).delete()
        events.record(events.Kind.FACTOR_REMOVED, None, account, detail=f"by {links.CONSOLE}")
