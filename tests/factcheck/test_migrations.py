"""One generated migration an app: what it must hold, and that nothing it runs can change under it."""

import ast
import io
import subprocess
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pghistory.models
import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, migrations, models
from django.db.migrations import RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState, StateApps

from factcheck.embedded import postgres
from factcheck.management.commands import migrate
from factcheck.management.commands.migrate import models_alone
from sources.database.migration_indexes import DropLikeIndexes
from sources.database.migration_triggers import AddTriggers
from tests.conftest import LiveDatabase

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


def key(to: str, name: str = "+") -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to, models.CASCADE, related_name=name)


def rendered(alone: bool) -> StateApps:
    """Three tables with keys to each other and themselves, made by operations one after the other."""
    state = ProjectState()
    assert state.apps.all_models == {}, "from here on Django builds the classes"
    with models_alone() if alone else nullcontext():
        for name, fields in {
            "First": {"parent": key("shop.First", "children")},
            "Second": {"first": key("shop.First", "seconds")},
            "Third": {"second": key("shop.Second", "thirds"), "firsts": models.ManyToManyField("shop.First")},
        }.items():
            made = [("id", models.BigAutoField(primary_key=True)), *fields.items()]
            migrations.CreateModel(name, made).state_forwards("shop", state)
        migrations.AddField("second", "third", key("shop.Third")).state_forwards("shop", state)
    return state.apps


def said(apps: StateApps) -> dict[str, list[str]]:
    """The fields of each model, and where they lead."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        for each in model._meta.get_fields(include_hidden=True):
            related = each.related_model
            assert not isinstance(related, type) or related is apps.get_model(related._meta.label), "an older class"
            found.setdefault(model._meta.label, []).append(f"{each.name} {type(each).__name__} {related}")
    return found


def test_new_models_that_are_built_alone_are_those_that_django_builds() -> None:
    """Also after an operation that builds them again."""
    assert said(rendered(alone=True)) == said(rendered(alone=False))
    assert len(said(rendered(alone=True))) == 4


PLAIN = [
    migrations.AddField("second", "third", models.ForeignKey("shop.Third", models.CASCADE, null=True)),
    migrations.AddField("second", "size", models.IntegerField(default=3, db_index=True)),
    migrations.AlterField("second", "size", models.CharField(max_length=9, default="3")),
    migrations.AlterField("second", "third", models.OneToOneField("shop.Third", models.PROTECT, null=True)),
    migrations.AddConstraint("second", models.UniqueConstraint("size", models.F("third"), name="once")),
    migrations.AddConstraint("first", models.CheckConstraint(condition=models.Q(parent__gt=0), name="some")),
    migrations.RemoveConstraint("second", "once"),
    migrations.AddIndex("third", models.Index(fields=["second", "-id"], name="of_third")),
    migrations.CreateModel("Fourth", [("id", models.AutoField(primary_key=True)), ("second", key("shop.Second"))]),
    migrations.RemoveField("third", "second"),
]
OTHER = [
    migrations.AlterField("first", "id", models.UUIDField(primary_key=True)),
    migrations.RenameField("second", "size", "length"),
    migrations.AlterModelTable("first", "very_first"),
    migrations.RenameModel("Third", "Last"),
]


def statements(steps: list[Any], alone: bool) -> tuple[list[str], dict[str, list[str]]]:
    """The SQL of migrations of these steps, and the models that code in the next migration finds."""
    found: dict[str, list[str]] = {}
    begun = rendered(alone=False)
    made = [ModelState.from_model(model) for model in begun.get_models()]
    state = ProjectState({(each.app_label, each.name_lower): each for each in made})
    assert len(state.apps.get_models()) == 3
    written = []
    with models_alone() if alone else nullcontext():
        for step in steps:
            migration = migrations.Migration("next", "shop")
            migration.operations = step if isinstance(step, list) else [step]
            with connection.schema_editor(collect_sql=True) as editor:
                state = migration.apply(state, editor, collect_sql=True)
            written += editor.collected_sql
        migration.operations = [migrations.RunPython(lambda apps, _: found.update(said(apps)))]
        with connection.schema_editor() as editor:
            migration.apply(state, editor)
    return written, found


@pytest.mark.django_db
@pytest.mark.parametrize("steps", [PLAIN, [PLAIN], [*PLAIN, *OTHER], [*PLAIN, OTHER], [[*PLAIN, *OTHER]]])
def test_a_migration_runs_the_same_sql_and_its_code_finds_the_same_models_when_they_are_built_alone(
    steps: list[Any],
) -> None:
    """Each operation in a migration of its own, or all in one; those that need more than their own model too."""
    own = statements(steps, alone=False)
    assert len(own[0]) > 40
    assert statements(steps, alone=True) == own


@pytest.mark.long
def test_a_database_is_the_same_when_its_models_are_built_alone(
    empty_database: LiveDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every line of pg_dump; the control is Django's own way."""

    def dumped() -> list[str]:
        call_command("migrate", verbosity=0, interactive=False)
        command = [str(postgres.binaries() / "pg_dump"), "--schema-only", empty_database.owner_url]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        return [line for line in lines if "restrict" not in line]  # a random word against injection

    alone = dumped()
    assert len(alone) > 10_000
    for each in ("default", "owner"):
        connections[each].close()
    with psycopg.connect(empty_database.owner_url, autocommit=True) as owner:
        owner.execute("DROP SCHEMA IF EXISTS pgmq CASCADE")
        owner.execute("DROP OWNED BY CURRENT_USER CASCADE")
        owner.execute("CREATE SCHEMA IF NOT EXISTS public")
    monkeypatch.setattr(migrate, "models_alone", nullcontext)
    assert dumped() == alone
