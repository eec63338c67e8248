"""A first start takes one migration an app; who has been here longer takes the steps. Both have to end alike."""

import ast
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState
from django.db.migrations.writer import MigrationWriter

from sources.database.migration_indexes import DropLikeIndexes
from sources.database.migration_triggers import AddTriggers

ROOT = Path(__file__).parent.parent.parent
APPS = {
    "claims": "0015_one_version_for_everyone",
    "sources": "0011_fewer_indexes",
    "newsrooms": "0005_fewer_indexes",
}


def written(thing: Any) -> str:
    return MigrationWriter.serialize(thing)[0]


def told(model: ModelState) -> dict[str, Any]:
    """All that the database or Django make of the model. Fields in any order: rows are written by name."""
    named = {option: model.options.get(option, []) for option in ("indexes", "constraints", "triggers")}
    return {
        "fields": {name: written(field) for name, field in model.fields.items()},
        "options": {name: value for name, value in model.options.items() if name not in named and value},
        **{option: {each.name: written(each) for each in each_of} for option, each_of in named.items()},
    }


def state(app: str, *, steps: bool) -> dict[str, dict[str, Any]]:
    loader = MigrationLoader(None, replace_migrations=not steps)
    last = APPS[app] if steps else f"0001_squashed_{APPS[app][:4]}"
    models = loader.project_state((app, last)).models
    return {name: told(model) for (label, name), model in models.items() if label == app}


@pytest.mark.parametrize("app", APPS)
def test_the_first_migration_leaves_what_the_steps_leave(app: str) -> None:
    steps, squashed = state(app, steps=True), state(app, steps=False)
    assert squashed.keys() == steps.keys()
    for name in steps:
        assert squashed[name] == steps[name], name
    assert sum(len(model["triggers"]) for model in steps.values()) > 5, "they are compared"


@pytest.mark.parametrize("app", APPS)
def test_what_is_no_model_is_in_the_first_migration_too(app: str) -> None:
    """Options of tables, and the indexes that Django makes by itself: no state tells of them."""
    loader = MigrationLoader(None, replace_migrations=False)
    [squashed] = [name for label, name in loader.disk_migrations if label == app and "squashed" in name]
    replaced = loader.disk_migrations[app, squashed].replaces
    sql = {
        operation.sql
        for label, name in replaced
        for operation in loader.disk_migrations[label, name].operations
        if hasattr(operation, "sql")
    }
    operations = loader.disk_migrations[app, squashed].operations
    assert {operation.sql for operation in operations if hasattr(operation, "sql") and sql} <= sql
    assert any(isinstance(operation, DropLikeIndexes) for operation in operations)
    assert sum(isinstance(operation, AddTriggers) for operation in operations) == 1
    assert [name for label, name in replaced][-1] == APPS[app], "all of them are replaced, in their order"


@pytest.mark.parametrize(
    ("app", "name"),
    [("claims", "0016_standard_names"), ("claims", "0018_words_on_screen"), ("sources", "0012_words_on_screen")],
)
def test_a_migration_of_names_alone_runs_no_sql(app: str, name: str) -> None:
    """Its operations are planned as on a database that is upgraded, from the state before it."""
    loader = MigrationLoader(None)
    migration = loader.get_migration(app, name)
    before = loader.project_state((app, name), at_end=False)
    with connection.schema_editor(collect_sql=True, atomic=False) as editor:
        migration.apply(before, editor, collect_sql=True)
    assert [line for line in editor.collected_sql if not line.startswith("--")] == []


FROZEN = {
    *("claims.migrations._frozen", "sources.database.public_ids"),
    *("sources.database.migration_indexes", "sources.database.migration_triggers"),
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
    assert len(files) > 30
    assert {str(path.relative_to(ROOT)): wrong for path in files if (wrong := live_imports(path.read_text()))} == {}


@pytest.mark.parametrize(
    "line", ["import claims.models", "from claims.publication import body_parts", "from factcheck import settings"]
)
def test_a_migration_that_imports_live_code_is_seen(line: str) -> None:
    assert live_imports(f"from sources.database.public_ids import PublicIdField\ndef fill():\n    {line}")
