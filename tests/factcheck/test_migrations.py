"""One generated migration an app: what it must hold, and that nothing it runs can change under it."""

import ast
import io
from pathlib import Path

import pghistory.models
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader

from sources.database.migration_indexes import DropLikeIndexes
from sources.database.migration_triggers import AddTriggers

pytestmark = pytest.mark.sql
ROOT = Path(__file__).parent.parent.parent
APPS = ("claims", "sources", "newsrooms", "factcheck")


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, stdout=io.StringIO())


@pytest.mark.parametrize("app", APPS)
def test_an_app_begins_with_one_migration_and_one_step_for_its_triggers(app: str) -> None:
    """A first start waits for them: Django rebuilds all models after each step that adds a trigger."""
    migrations = MigrationLoader(None).disk_migrations
    assert (app, "0001_initial") in migrations
    operations = migrations[app, "0001_initial"].operations
    made = {operation.name.lower() for operation in operations if hasattr(operation, "fields")}
    installed = [operation for operation in operations if isinstance(operation, AddTriggers)]
    has_triggers = any(model._meta.label_lower.split(".")[1] in made for model in triggered(app))
    assert len(installed) == sum(isinstance(each, DropLikeIndexes) for each in operations) == int(has_triggers)
    if installed:
        assert sum(map(len, installed[0].triggers.values())) > 20


def triggered(app: str) -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if getattr(model._meta, "triggers", ())
    ]


@pytest.mark.parametrize("app", APPS)
def test_sql_that_no_model_tells_of_is_in_the_migrations(app: str) -> None:
    """Migrations hold copies of the files in `sql/`. The last copy of a file must say what the file says."""
    run = [
        operation.sql
        for (label, _), migration in sorted(MigrationLoader(None).disk_migrations.items())
        if label == app
        for operation in migration.operations
        if isinstance(operation, RunSQL)
    ]
    files = sorted(Path(apps.get_app_config(app).path, "sql").glob("*.sql"))
    assert [file.name for file in files if file.read_text() not in run] == []


@pytest.mark.django_db
def test_that_sql_was_run() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT relname, relpersistence, reloptions FROM pg_class
            WHERE relname IN ('claims_publicationbody', 'newsrooms_bucket') ORDER BY relname
            """
        )
        assert cursor.fetchall() == [
            ("claims_publicationbody", "p", ["toast_tuple_target=4064"]),
            ("newsrooms_bucket", "u", ["fillfactor=50"]),
        ]
        cursor.execute(
            "SELECT attcompression, attstorage FROM pg_attribute"
            " WHERE attrelid = 'sources_text'::regclass AND attname = 'text'"
        )
        assert cursor.fetchone() in {("l", "x"), ("", "e")}


@pytest.mark.django_db
def test_ids_of_audit_rows_do_not_end_at_two_thousand_million() -> None:
    events = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    assert len(events) > 20
    assert {type(model._meta.pk) for model in events} == {models.BigAutoField}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT data_type FROM information_schema.columns WHERE column_name = 'pgh_id'"
            " AND table_schema = 'public'"
        )
        assert cursor.fetchall() == [("bigint",)]


FROZEN = {
    "sources.database.public_ids",
    "sources.database.migration_indexes",
    "sources.database.migration_triggers",
}


def live_imports(source: str) -> set[str]:
    """Modules of ours that a migration names beyond what never changes under it, in imports or dotted paths."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    ours = {name for name in found if name.split(".")[0] in ("claims", "sources", "factcheck")}
    return {name for name in ours if not any(f"{name}.".startswith(f"{frozen}.") for frozen in FROZEN)}


def test_migrations_import_no_live_code() -> None:
    """Code that a migration runs must say tomorrow what it said when the migration was written."""
    files = [path for app in ("claims", "sources", "factcheck") for path in ROOT.glob(f"{app}/**/migrations/*.py")]
    assert len(files) >= 2 * len(APPS)
    assert {str(path.relative_to(ROOT)): wrong for path in files if (wrong := live_imports(path.read_text()))} == {}


@pytest.mark.parametrize(
    "line", ["import claims.models", "from claims.publication import body_parts", "from factcheck import settings"]
)
def test_a_migration_that_imports_live_code_is_seen(line: str) -> None:
    assert live_imports(f"from sources.database.public_ids import PublicIdField\ndef fill():\n    {line}")
