"""Data of another version is refused before anything of it is touched."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from factcheck.embedded import data_format
from factcheck.embedded.data_format import (
    FORMAT,
    OLDEST,
    WrongFormat,
    check_database,
    check_folder,
    mark_folder,
    of_folder,
    raise_folder,
)
from factcheck.management.commands.up import apply_migrations


def with_database(folder: Path) -> Path:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("18\n")
    return folder


def contents(folder: Path) -> dict[str, Any]:
    paths = [folder, *folder.rglob("*")]
    return {str(path): (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in paths}


def test_a_folder_that_this_version_made_is_accepted(tmp_path: Path) -> None:
    check_folder(tmp_path / "not there yet")
    check_folder(tmp_path)
    mark_folder(tmp_path)
    check_folder(with_database(tmp_path))
    assert (tmp_path / "FORMAT").read_text() == f"{FORMAT}\n"
    mark_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["FORMAT"]


def test_an_earlier_folder_is_raised_before_it_is_migrated(tmp_path: Path) -> None:
    """So that the version that made it does not start on what this one has migrated, and "mends" it."""
    raise_folder(with_database(tmp_path))
    assert not (tmp_path / "FORMAT").exists() and of_folder(tmp_path) == FORMAT
    (tmp_path / "FORMAT").write_text(f"{OLDEST}\n")
    check_folder(tmp_path)
    mark_folder(tmp_path)
    assert of_folder(tmp_path) == OLDEST < FORMAT
    raise_folder(tmp_path)
    assert of_folder(tmp_path) == FORMAT


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "made before 0.2.0: nothing was touched"),
        ("1\n", "made before 0.2.0: nothing was touched"),
        (f"{FORMAT + 1}\n", f"has format {FORMAT + 1}, and this version knows formats up to {FORMAT}: nothing was"),
        ("", "should hold a number and holds '': nothing was touched"),
        ("two", "should hold a number and holds 'two': nothing was touched"),
        ("²", "should hold a number"),
        ("-2", "should hold a number"),
    ],
)
def test_any_other_folder_with_a_database_is_refused(tmp_path: Path, text: str | None, sentence: str) -> None:
    with_database(tmp_path)
    if text is not None:
        (tmp_path / "FORMAT").write_text(text)
    before = contents(tmp_path)
    with pytest.raises(WrongFormat, match=sentence):
        check_folder(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.sql
@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(
    ("app", "name"),
    [("claims", "0001_first"), ("sources", "0001_squashed_0011"), ("factcheck", "0001_heartbeat")],
)
def test_a_database_of_an_earlier_version_is_refused(app: str, name: str) -> None:
    for alias in ("default", "owner"):
        check_database(alias)
    with connections["owner"].cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name])
        cursor.execute("SELECT count(*) FROM django_migrations")
        (recorded,) = cursor.fetchone()
    with pytest.raises(WrongFormat, match=r"made before 0\.2\.0: nothing was touched"):
        check_database("owner")
    for command in (lambda: call_command("migrate", verbosity=0), lambda: apply_migrations(mend=False)):
        with pytest.raises(CommandError, match=r"made before 0\.2\.0: nothing was touched"):
            command()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone() == (recorded,)


@pytest.mark.sql
@pytest.mark.django_db(databases=["default", "owner"])
def test_migrations_of_other_apps_do_not_matter() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('plugin', '0001_first', now()),"
            " ('claims', '0002_of_a_later_version', now())"
        )
    check_database("owner")


def test_the_first_migrations_are_not_called_as_those_of_earlier_versions() -> None:
    names = [
        path.stem
        for app in ("claims", "sources", "factcheck", "factcheck/newsrooms")
        for path in (Path(data_format.__file__).parents[2] / app / "migrations").glob("0001_*.py")
    ]
    assert names == ["0001_initial"] * 4
