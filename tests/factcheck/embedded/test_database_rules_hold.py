"""The database holds its rules against the role *app* itself: web and worker, or whoever got hold of their connection.

Every log, every event table of the audit and every function is tried, as the models and the catalogue list them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connections

from claims.models import Publication
from factcheck.embedded import database_roles, trigger_functions
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql

LOGS = sorted(database_roles.append_only_tables())
AUDIT = sorted(database_roles.audit_tables())
REFUSED = psycopg.errors.InsufficientPrivilege
_MODELS = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}


def key(table: str) -> str:
    pk = _MODELS[table]._meta.pk
    assert pk is not None
    return pk.column


@pytest.fixture
def app(db: None) -> Iterator[psycopg.Connection]:
    """A session of the role, as a stranger with its password would open it; rolled back."""
    given = connections["default"]
    given.ensure_connection()
    with psycopg.connect(**given.get_connection_params()) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def published(live_database: LiveDatabase) -> Publication:
    factories.published_review()
    return Publication.objects.latest("sequence")


@contextmanager
def session(url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def assert_refused(connection: psycopg.Connection, *statements: str) -> None:
    for statement in statements:
        with pytest.raises(REFUSED), connection.transaction():
            connection.execute(statement.encode())


def test_all_event_tables_are_logs() -> None:
    assert len(AUDIT) > 25
    assert set(AUDIT) < set(LOGS)


@pytest.mark.parametrize("table", AUDIT)
def test_nobody_but_the_triggers_writes_the_audit(app: psycopg.Connection, table: str) -> None:
    app.execute(f"SELECT * FROM {table} LIMIT 1".encode())
    assert_refused(
        app,
        f"INSERT INTO {table} DEFAULT VALUES",
        f"INSERT INTO {table} SELECT * FROM {table}",
        f"COPY {table} FROM STDIN",
        f"MERGE INTO {table} AS old USING {table} AS new ON false WHEN NOT MATCHED THEN INSERT DEFAULT VALUES",
        f"WITH row AS (INSERT INTO {table} DEFAULT VALUES RETURNING 1) SELECT * FROM row",
    )


@pytest.mark.parametrize("table", LOGS)
def test_a_log_cannot_be_rewritten_emptied_shadowed_or_freed(app: psycopg.Connection, table: str) -> None:
    column = key(table)
    assert_refused(
        app,
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"INSERT INTO {table} SELECT * FROM {table} ON CONFLICT ({column}) DO UPDATE SET {column} = excluded.{column}",
        f"MERGE INTO {table} AS old USING {table} AS new ON old.{column} = new.{column} WHEN MATCHED THEN DELETE",
        f"SELECT FROM {table} FOR UPDATE",
        f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        f"ALTER TABLE {table} DISABLE TRIGGER USER",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} OWNER TO CURRENT_USER",
        f"ALTER TABLE {table} DROP COLUMN {column}",
        f"CREATE POLICY mine ON {table} USING (false)",
        f"CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
        f"CREATE TRIGGER mine BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        f"CREATE TEMP TABLE {table} (LIKE {table})",
        f"CREATE TEMP VIEW {table} AS SELECT 1",
        f"SELECT * INTO TEMP {table} FROM {table}",
        f"DROP TABLE {table} CASCADE",
    )


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "CREATE SCHEMA mine",
        "CREATE TEMP TABLE mine (id integer)",
        "CREATE TABLE public.mine (id integer)",
        "CREATE FUNCTION public.mine() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
        "CREATE EXTENSION dblink",
        "ALTER ROLE CURRENT_USER SUPERUSER",
    ],
)
def test_what_would_open_a_way_around(app: psycopg.Connection, statement: str) -> None:
    assert_refused(app, statement)


def test_no_function_of_ours_can_be_changed(app: psycopg.Connection) -> None:
    functions = trigger_functions.functions(app)
    assert len(functions) > 150
    for each in functions:
        returns = "trigger" if each.for_triggers else "boolean"
        statements = [f"ALTER FUNCTION {each.signature} {change}" for change in ("RESET ALL", "SECURITY INVOKER")]
        statements += [
            f"DROP FUNCTION {each.signature} CASCADE",
            f"ALTER FUNCTION {each.signature} OWNER TO CURRENT_USER",
        ]
        if each.for_triggers or each.name == trigger_functions.IGNORE:
            declared = each.signature.replace("(name)", "(trigger_name name)")
            source = "BEGIN RETURN NULL; END"
            statements.append(
                f"CREATE OR REPLACE FUNCTION public.{declared} RETURNS {returns} LANGUAGE plpgsql AS '{source}'"
            )
        assert_refused(app, *statements)


def test_every_function_has_a_fixed_path_and_only_the_audit_has_the_owners_rights(app: psycopg.Connection) -> None:
    events = {
        one.get_pgid(model) for model, one in trigger_functions.registered() if trigger_functions.writes_audit(one)
    }
    functions = {each.name: each for each in trigger_functions.functions(app)}
    assert events < functions.keys() and len(events) > 60
    for name, each in functions.items():
        assert each.definer == (name in events), name
        assert each.config == ([] if name == trigger_functions.IGNORE else ["search_path=public, pg_temp"]), name
        assert not (each.for_triggers and each.executable), name
    definers = app.execute(
        "SELECT proname FROM pg_proc WHERE prosecdef AND proname <> ALL (%s)", [list(events)]
    ).fetchall()
    assert definers == [], "nor has any of the broker's"


# Rows of the log like the first one but for this. The triggers give a row without a hash its own.
FORGED = {
    '{"public_id": "pub_forged0000000000", "sequence": 1001, "hash": ""}': "does not follow",
    '{"public_id": "pub_forged0000000000", "sequence": 2, "hash": "", "at": "2020-01-01"}': "is dated before",
    '{"public_id": "pub_forged0000000000", "sequence": 2, "hash": "", "at": "2999-01-01"}': "in the future",
    '{"public_id": "pub_forged0000000000", "sequence": 2}': "does not continue",
}


def tamper(connection: psycopg.Connection) -> None:
    """Whatever the session has prepared: a write leaves its audit row, a published version and the log stay."""
    count = "SELECT count(*) FROM public.claims_claimevent"
    [before] = connection.execute(count).fetchone() or [None]
    connection.execute("UPDATE public.claims_claim SET text = text || '!'")
    [after] = connection.execute(count).fetchone() or [None]
    assert after == before + 1
    with pytest.raises(psycopg.Error, match="Cannot update"), connection.transaction():
        connection.execute("UPDATE public.claims_reviewversion SET summary = 'REWRITTEN' WHERE state = 'published'")
    with pytest.raises(psycopg.Error, match="locked"), connection.transaction():
        connection.execute("UPDATE public.claims_evidence SET note = 'REWRITTEN'")
    for changed, sentence in FORGED.items():
        with pytest.raises(psycopg.Error, match=sentence), connection.transaction():
            connection.execute(
                "INSERT INTO public.claims_publication SELECT (jsonb_populate_record(null::public.claims_publication,"
                """ to_jsonb(log) || '{"version": 77}' || %s::jsonb)).* FROM public.claims_publication AS log""",
                [changed],
            )


def trigger_names(connection: psycopg.Connection) -> str:
    names = connection.execute("SELECT DISTINCT tgname FROM pg_trigger WHERE NOT tgisinternal").fetchall()
    assert len(names) > 100
    return "{" + ",".join(name for (name,) in names) + "}"


def test_the_setting_that_ignores_triggers_obeys_the_owner_alone(
    live_database: LiveDatabase, published: Publication
) -> None:
    ignore = "SELECT set_config('pgtrigger.ignore', %s, true)"
    with session(live_database.url) as app:
        app.execute(ignore, [trigger_names(app)])
        tamper(app)
        app.execute(ignore, ["{not a list"])
        tamper(app)
    with session(live_database.owner_url) as owner:  # the control: it is the setting that would do it
        owner.execute(ignore, [trigger_names(owner)])
        owner.execute("UPDATE claims_reviewversion SET summary = 'REWRITTEN' WHERE state = 'published'")


@pytest.mark.parametrize("path", ["", "pg_catalog", "pg_temp, public", "pgmq, pg_temp"])
def test_no_search_path_of_the_session_reaches_the_triggers(
    live_database: LiveDatabase, published: Publication, path: str
) -> None:
    with session(live_database.url) as app:
        app.execute("SELECT set_config('search_path', %s, true)", [path])
        tamper(app)


def test_temporary_tables_shadow_nothing_even_where_they_can_be_made(
    live_database: LiveDatabase, published: Publication
) -> None:
    """The second lock: here the first, that they cannot be made, is taken off."""
    with psycopg.connect(live_database.owner_url, autocommit=True) as owner:
        owner.execute(f'GRANT TEMPORARY ON DATABASE "{live_database.name}" TO PUBLIC'.encode())
    with session(live_database.url) as app:
        for table in sorted({*LOGS, "claims_claim", "claims_review", "claims_reviewversion"}):
            app.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table})".encode())
        tamper(app)
        shadows = [table for table in LOGS if app.execute(f"SELECT FROM pg_temp.{table}".encode()).rowcount]
        assert shadows == []


def test_installing_triggers_again_secures_them_again(live_database: LiveDatabase, published: Publication) -> None:
    call_command("pgtrigger", "install")
    with session(live_database.url) as app:
        app.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [trigger_names(app)])
        tamper(app)
    owner = connections["owner"]
    owner.ensure_connection()
    assert trigger_functions.secure(owner.connection) == 0


def test_a_new_session_of_the_app_waits_and_idles_within_limits(app: psycopg.Connection) -> None:
    for name, value in database_roles.LIMITS.items():
        assert app.execute("SELECT current_setting(%s)", [name]).fetchone() == (value,)
    assert not database_roles.limit_sessions(app)
