"""django-pgtrigger's own command, as owner; then the functions of the triggers are secured again."""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from pgtrigger.management.commands import pgtrigger

from factcheck.embedded import trigger_functions


class Command(pgtrigger.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"] or ("owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS)
        super().handle(*args, **{**options, "database": alias})  # type: ignore[no-untyped-call]
        connections[alias].ensure_connection()
        trigger_functions.secure(connections[alias].connection)
