"""Run Django's `migrate` as *owner*; then install broker, triggers and groups, and grant rights to the role *app*."""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState

from claims.roles import ensure_groups
from factcheck import checks
from factcheck.embedded import broker, data_format, database_roles, database_rules, trigger_functions

logger = logging.getLogger(__name__)


class Command(migrate.Command):
    help = "Migrate the database as its owner, then grant the app's role its rights."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        # Here and not in `handle`, because the system checks before it need the name too.
        parser.set_defaults(database="owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS)

    def check(self, *args: Any, **options: Any) -> None:
        with checks.rules_to_be_mended():
            super().check(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        alias = options["database"]
        try:
            data_format.check_database(alias)
        except data_format.WrongFormat as error:
            raise CommandError(str(error)) from error
        if not (options["plan"] or options["check_unapplied"]):
            data_format.raise_folder(settings.DATA)
        with connections[alias].cursor() as cursor, fast_migration(cursor):
            # Fail rather than make every reader queue behind this session.
            cursor.execute("SET lock_timeout = '10s'")
            super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            after_migrating(alias)
            for mended in mend(alias):
                self.stderr.write(f"Found and put right: {mended}.")


@contextmanager
def fast_migration(cursor: CursorWrapper) -> Iterator[None]:
    """Speed up migrations: a first start creates about a hundred tables and triggers while a person waits.

    Garbage collection of Django's thousands of short-lived model classes takes a fifth of the time. Commits need not
    reach the disk one by one either: the next synchronous one includes them all.
    """
    cursor.execute("SET synchronous_commit = off")
    gc.disable()
    try:
        with new_models_alone():
            yield
    finally:
        gc.enable()
    cursor.execute("RESET synchronous_commit")


@contextmanager
def new_models_alone() -> Iterator[None]:
    """Build the class of a new model without building those again that its foreign keys lead to.

    Django builds them all anew, and those that these lead to, for each of a hundred tables: half of the time of a first
    start. The new class finds the others as they are, and adds its reverse relations to them. The tables, triggers and
    constraints are the same (tests/factcheck/test_migrations.py).
    """
    original = ProjectState.add_model

    def add_model(state: ProjectState, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        if "apps" not in state.__dict__ or key in state.models:
            original(state, model)
            return
        state.models[key] = model
        if state._relations is not None:  # type: ignore[attr-defined]
            state.resolve_model_relations(key)
        state.apps.render_multiple([model])

    ProjectState.add_model = add_model  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        ProjectState.add_model = original  # type: ignore[method-assign]


def mend(alias: str) -> list[str]:
    """Put back triggers, functions and constraints that are missing or altered, as owner; returns what was.

    Raises CommandError if rows that were written meanwhile break a constraint; all else is put back.
    """
    connection = connections[alias]
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return []  # on the way to another version
    found = database_rules.compare(connection.connection, settings.DATABASES[DEFAULT_DB_ALIAS]["USER"])
    mended, failed = [], []
    with connection.schema_editor() as editor:
        for each in found.wrong:
            try:
                with transaction.atomic(using=alias):
                    if each.mend is not None:
                        each.mend(editor)
                        mended.append(each.text)
            except IntegrityError as error:
                failed.append(f"{each.text}, and cannot be put back: {str(error).splitlines()[0]}")
    if mended:
        trigger_functions.secure(connection.connection)
    if failed:
        raise CommandError("\n".join([*failed, "Correct these rows as the owner of the tables, then migrate again."]))
    return mended


def after_migrating(alias: str) -> None:
    """Install broker and groups, secure the triggers' functions and grant rights, as owner; quick if unchanged."""
    connection = connections[alias]
    connection.ensure_connection()
    driver = connection.connection
    if settings.BROKER_IS_POSTGRESQL:
        broker.install(driver)
    trigger_functions.install_on_links(driver)
    trigger_functions.secure(driver)
    app = settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
    if app:
        database_roles.grant_to_app(driver, app)
    ensure_groups(alias)
    if alias != DEFAULT_DB_ALIAS:
        _limit_sessions()


def _limit_sessions() -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        connection.ensure_connection()
    except OperationalError as error:
        logger.warning("The limits of the app's sessions are not set, since it cannot log in: %s", error)
    else:
        database_roles.limit_sessions(connection.connection)
