"""Django's `migrate` as the role *owner*, then the broker's queues and the rights of the role *app*."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

from factcheck.embedded import broker, database_roles


class Command(migrate.Command):
    help = "Brings the tables up to date as their owner, then gives the app's role its rights."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # Said here and not in `handle`: the system checks that come before it need the name too.
        parser.set_defaults(database="owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS)

    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        with connections[alias].cursor() as cursor, quickly(cursor):
            # Rather give up than make every reader queue behind us.
            cursor.execute("SET lock_timeout = '10s'")
            super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            after_migrating(alias)


@contextmanager
def quickly(cursor: CursorWrapper) -> Iterator[None]:
    """A first start makes some hundred tables and triggers while a person waits.

    Django builds thousands of short-lived model classes on the way: collecting them takes a fifth of the time.
    Commits need not reach the disk one by one either: the first one after this takes all before it along.
    """
    cursor.execute("SET synchronous_commit = off")
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
    cursor.execute("RESET synchronous_commit")


def after_migrating(alias: str) -> None:
    """What the owner does after every migration; quick if there is nothing to do."""
    connection = connections[alias]
    connection.ensure_connection()
    driver = connection.connection
    if settings.BROKER_IS_POSTGRESQL:
        broker.install(driver)
    app = settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
    if app:
        database_roles.grant_to_app(driver, app)
