"""The role *app* cannot rewrite a log, whatever it tries."""

import psycopg
import pytest
from django.apps import apps
from django.db import connection, connections, transaction
from django.db.utils import ProgrammingError

from factcheck.embedded import database_roles
from factcheck.models import Heartbeat

pytestmark = pytest.mark.sql

LOGS = sorted(database_roles.append_only_tables())


def refused(statement: str) -> bool:
    """Whether PostgreSQL refuses the statement for want of a right (42501), not for another reason."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        assert error.__cause__ is not None
        return isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege)
    return False


def test_there_are_logs() -> None:
    assert any(table.endswith("event") for table in LOGS)
    assert "claims_publication" in LOGS


@pytest.mark.django_db
def test_the_suite_runs_as_a_role_that_owns_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls,"
            " (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
            " FROM pg_roles AS r WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False, 0)


@pytest.mark.django_db
@pytest.mark.parametrize("table", LOGS)
def test_logs_only_grow(table: str) -> None:
    columns = next(
        model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table
    )._meta.concrete_fields
    column = connection.ops.quote_name(columns[0].column)
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"DROP TABLE {table}",
    ):
        assert refused(statement), statement


@pytest.mark.django_db
def test_no_table_can_be_emptied_or_changed() -> None:
    tables = connection.introspection.table_names()
    assert len(tables) > 40
    for table in tables:
        for statement in (f"TRUNCATE {table} CASCADE", f"ALTER TABLE {table} ADD COLUMN extra integer"):
            assert refused(statement), statement


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "CREATE TABLE public.mine (id integer)",
        "CREATE SCHEMA mine",
        "DELETE FROM django_migrations",
        "SELECT pgmq.create('mine')",
        "DROP SCHEMA pgmq CASCADE",
        "CREATE FUNCTION public.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "COPY claims_publication FROM PROGRAM 'true'",
    ],
)
def test_what_only_an_owner_or_superuser_may(statement: str) -> None:
    assert refused(statement)


@pytest.mark.django_db
def test_ordinary_tables_can_be_worked_on() -> None:
    Heartbeat.objects.create(part="a", at="2026-01-01T00:00:00Z")
    Heartbeat.objects.update(at="2026-01-02T00:00:00Z")
    assert Heartbeat.objects.all().delete()[0] == 1


def test_a_right_too_many_is_taken_back(live_database: object) -> None:
    owner = connections["owner"]
    owner.ensure_connection()
    app = connections["default"].settings_dict["USER"]
    with owner.cursor() as cursor:
        cursor.execute(f'GRANT TRUNCATE ON factcheck_heartbeat TO "{app}"')
    assert not refused("TRUNCATE factcheck_heartbeat")
    assert database_roles.grant_to_app(owner.connection, app) == ["public.factcheck_heartbeat"]
    assert refused("TRUNCATE factcheck_heartbeat")
    assert database_roles.grant_to_app(owner.connection, app) == []
