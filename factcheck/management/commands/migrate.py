"""Run Django's `migrate` as *owner*; then install broker, triggers and groups, and grant rights to the role *app*."""

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import DEFAULT_DB_ALIAS, IntegrityError, OperationalError, connections, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.utils import CursorWrapper
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import field_is_referenced
from pgtrigger.migrations import AddTrigger, RemoveTrigger

from claims.imports import stored_keys
from claims.roles import ensure_groups
from factcheck import checks
from factcheck.embedded import broker, data_format, database_roles, database_rules, trigger_functions
from sources.database.migration_indexes import DropLikeIndexes
from sources.database.migration_triggers import AddTriggers

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
            if not is_pending(alias):
                make_keys(alias, report=self.stderr.write if options["verbosity"] else lambda line: None)
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
        with models_alone():
            yield
    finally:
        gc.enable()
    cursor.execute("RESET synchronous_commit")


@contextmanager
def models_alone() -> Iterator[None]:
    """Build the class of a new or changed model without building those again that its foreign keys lead to.

    Django builds them all anew, and those that these lead to, after each of hundreds of operations: nine tenths of the
    time of a first start. The new class finds the others as they are, and adds its reverse relations to them. Where
    older classes still point to the one before, the state is marked as Django marks it after such shortcuts of its own
    (`is_delayed`): code that a migration runs gets all models built anew. Migrations whose operations need more than
    their own model take Django's way. The tables, triggers and constraints are the same
    (tests/factcheck/test_migrations.py).
    """
    add_model, apply = ProjectState.add_model, Migration.apply
    reload_model, reload_models = ProjectState.reload_model, ProjectState.reload_models
    plain = False  # whether the migration that is applied has operations of the plain kind alone

    def add_model_alone(state: ProjectState, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        if "apps" not in state.__dict__ or key in state.models:
            add_model(state, model)
            return
        state.models[key] = model
        if state._relations is not None:  # type: ignore[attr-defined]
            state.resolve_model_relations(key)
        state.apps.render_multiple([model])

    def reload_alone(state: ProjectState, models: list[tuple[str, str]], delay: bool = True) -> None:
        if not plain:
            reload_models(state, models, delay)
        elif "apps" in state.__dict__:
            state.is_delayed = True
            state._reload({(label, name.lower()) for label, name in models})  # type: ignore[attr-defined]

    def reload_one_alone(state: ProjectState, app_label: str, model_name: str, delay: bool = False) -> None:
        if plain:
            reload_alone(state, [(app_label, model_name)])
        else:
            reload_model(state, app_label, model_name, delay)

    def apply_alone(
        migration: Migration, state: ProjectState, schema_editor: BaseDatabaseSchemaEditor, collect_sql: bool = False
    ) -> ProjectState:
        nonlocal plain
        plain = all(_is_plain(each, migration.app_label, state) for each in migration.operations)
        try:
            if not plain:
                state.clear_delayed_apps_cache()
            return apply(migration, state, schema_editor, collect_sql)
        finally:
            plain = False

    with ExitStack() as stack:
        for owner, name, ours in (
            (ProjectState, "add_model", add_model_alone),
            (ProjectState, "reload_model", reload_one_alone),
            (ProjectState, "reload_models", reload_alone),
            (Migration, "apply", apply_alone),
        ):
            stack.callback(setattr, owner, name, getattr(owner, name))
            setattr(owner, name, ours)
        yield


PLAIN = (
    *(operations.CreateModel, operations.AddIndex, operations.RemoveIndex, operations.RunPython),
    *(operations.AlterUniqueTogether, operations.AlterModelOptions),
    *(operations.AddConstraint, operations.RemoveConstraint, AddTrigger, RemoveTrigger, AddTriggers, DropLikeIndexes),
)


def _is_plain(operation: Operation, app_label: str, state: ProjectState) -> bool:
    """Whether the operation needs no other model than its own and those that its own foreign keys name.

    Not those of columns that foreign keys of other tables may lead to, and of tables that have a new name.
    """
    if isinstance(operation, operations.RunSQL):
        return not operation.state_operations
    if isinstance(operation, operations.AddField):
        return not operation.field.many_to_many
    if isinstance(operation, (operations.AlterField, operations.RemoveField)):
        model = state.models.get((app_label, operation.model_name_lower))
        known = model.fields.get(operation.name) if model else None
        if known is None or known.many_to_many or known.primary_key:
            return False
        new = operation.field if isinstance(operation, operations.AlterField) else known
        key = app_label, operation.model_name_lower
        return not (new.many_to_many or new.primary_key or field_is_referenced(state, key, (operation.name, known)))
    return type(operation) in PLAIN


def is_pending(alias: str) -> bool:
    """Whether migrations of this version are not applied: the database is on the way to another."""
    executor = MigrationExecutor(connections[alias])
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def make_keys(alias: str, *, report: Callable[[str], object]) -> None:
    """Make the stored keys of addresses anew if an earlier version made them; a query if not."""
    if not stored_keys.are_current(using=alias):
        stored_keys.make_all(using=alias, report=report)


def mend(alias: str) -> list[str]:
    """Put back triggers, functions and constraints that are missing or altered, as owner; returns what was.

    Raises CommandError if rows that were written meanwhile break a constraint; all else is put back.
    """
    if is_pending(alias):
        return []
    connection = connections[alias]
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
