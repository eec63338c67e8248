"""What somebody changes as owner is found by `check`, `/healthz` and `up`, and `migrate` puts it back."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.utils import timezone

from factcheck import health
from factcheck.embedded import database_rules, trigger_functions
from factcheck.management.commands.up import apply_migrations
from tests import factories
from tests.conftest import LiveDatabase

pytestmark = pytest.mark.sql

TAMPERING = {
    "ALTER TABLE claims_publicationbody DISABLE TRIGGER USER": "trigger pgtrigger_append_only_{} is disabled",
    "ALTER TABLE claims_claimevent ENABLE REPLICA TRIGGER {claims_claimevent}": "is disabled",
    "DROP TRIGGER {claims_publication} ON claims_publication": "is missing",
    "DROP FUNCTION {claims_publication}() CASCADE": "is missing",
    "CREATE OR REPLACE FUNCTION {claims_publication}() RETURNS trigger LANGUAGE plpgsql"
    " SET search_path = public, pg_temp AS 'BEGIN RETURN NULL; END'": "is altered",
    "ALTER FUNCTION {claims_publication}() RESET ALL": "another search path",
    "ALTER FUNCTION {claims_publication}() SECURITY DEFINER": "other rights",
    "GRANT EXECUTE ON FUNCTION {claims_publication}() TO PUBLIC": "can be called by others",
    "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean LANGUAGE sql"
    " AS 'SELECT true'": "triggers may be ignored",
    "CREATE OR REPLACE TRIGGER {claims_publication} BEFORE UPDATE ON claims_publication FOR EACH ROW"
    " WHEN (false) EXECUTE FUNCTION {claims_publication}()": "is altered",
    "CREATE OR REPLACE TRIGGER {claims_publication} BEFORE UPDATE OF version ON claims_publication FOR EACH ROW"
    " EXECUTE FUNCTION {claims_publication}()": "is altered",
    "CREATE OR REPLACE TRIGGER {public_id} BEFORE UPDATE OF id ON claims_claim FOR EACH ROW"
    " WHEN (OLD.public_id IS DISTINCT FROM NEW.public_id) EXECUTE FUNCTION {public_id}()": "is altered",
    "ALTER TABLE claims_reviewversion DISABLE TRIGGER {two_persons}": "is disabled",
    "CREATE OR REPLACE FUNCTION factcheck_authors(version_id bigint) RETURNS TABLE (author_id integer, actor text,"
    " part text, row_id bigint, field text, changed_at timestamptz) LANGUAGE plpgsql"
    " SET search_path = public, pg_temp AS 'BEGIN RETURN; END'": "of claims/sql/ is missing or altered",
    "DROP FUNCTION factcheck_authors(bigint)": "of claims/sql/ is missing or altered",
    "ALTER TABLE claims_reviewversion DROP CONSTRAINT review_author_given": "review_author_given",
    "ALTER TABLE claims_reviewversion DROP CONSTRAINT review_author_given,"
    " ADD CONSTRAINT review_author_given CHECK (true)": "review_author_given",
    "ALTER TABLE claims_reviewversion DROP CONSTRAINT review_author_given,"
    " ADD CONSTRAINT review_author_given CHECK"
    " (author_id IS NOT NULL OR state = 'published' AND approver_id IS NULL OR true)":
        "review_author_given",
    "ALTER TABLE claims_publication DROP CONSTRAINT publication_version_unique": "publication_version_unique",
    "DROP INDEX review_one_open_version": "review_one_open_version",
    "ALTER TABLE claims_publicationbody ALTER COLUMN json DROP NOT NULL": "column json",
    "CREATE RULE quiet AS ON INSERT TO claims_claimevent DO INSTEAD NOTHING": "has the rule quiet",
    "ALTER TABLE claims_publication ENABLE ROW LEVEL SECURITY": "hides rows",
    "GRANT UPDATE ON claims_publication TO {app}": "has UPDATE on public.claims_publication",
    "GRANT UPDATE (json) ON claims_publicationbody TO {app}": "has UPDATE on public.claims_publicationbody",
    "GRANT INSERT ON claims_claimevent TO PUBLIC": "has INSERT on public.claims_claimevent",
    "REVOKE INSERT ON claims_publication FROM {app}": "lacks INSERT on public.claims_publication",
    "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC": "temporary tables",
    "GRANT CREATE ON SCHEMA public TO {app}": "in the schema public",
}  # fmt: skip


def trigger(table: str, name: str = "append_only") -> str:
    return next(
        one.get_pgid(model)  # type: ignore[arg-type]
        for model, one in trigger_functions.registered()
        if model._meta.db_table == table and one.name == name
    )


def as_owner(database: LiveDatabase, statement: str) -> None:
    names = {table: trigger(table) for table in ("claims_publication", "claims_claimevent")}
    names["public_id"] = trigger("claims_claim", "public_id_is_final")
    names["two_persons"] = trigger("claims_reviewversion", "two_persons")
    names |= {"app": f'"{connections["default"].settings_dict["USER"]}"', "database": f'"{database.name}"'}
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute(statement.format(**names).encode())


def compare() -> database_rules.Findings:
    default = connections["default"]
    default.ensure_connection()
    return database_rules.compare(default.connection, default.settings_dict["USER"])


def wrong() -> str:
    return "\n".join(each.text for each in compare().wrong)


@pytest.fixture
def forget() -> Iterator[None]:
    health.forget_recent_checks()
    yield
    health.forget_recent_checks()


def test_a_migrated_database_holds_every_rule_and_nothing_else(live_database: LiveDatabase) -> None:
    assert compare() == ([], [])
    with psycopg.connect(live_database.owner_url) as owner:
        app = connections["default"].settings_dict["USER"]
        assert database_rules.compare(owner, app) == ([], []), "nor does it matter who looks"


@pytest.mark.parametrize("statement", TAMPERING)
def test_what_the_owner_changed_is_found_and_put_back(live_database: LiveDatabase, statement: str) -> None:
    as_owner(live_database, statement)
    assert TAMPERING[statement].partition("{}")[0] in wrong(), wrong()
    with pytest.raises(CommandError, match="does not hold all of its rules"):
        apply_migrations(mend=False)
    apply_migrations(mend=True)
    assert compare() == ([], [])
    apply_migrations(mend=False)


def test_the_check_lists_what_is_wrong_and_what_is_only_there_besides(live_database: LiveDatabase) -> None:
    as_owner(live_database, "ALTER TABLE claims_claim DISABLE TRIGGER USER")
    as_owner(live_database, "CREATE TRIGGER spare BEFORE INSERT ON claims_tip FOR EACH STATEMENT"
             " EXECUTE FUNCTION suppress_redundant_updates_trigger()")  # fmt: skip
    as_owner(live_database, "GRANT TRUNCATE ON factcheck_heartbeat TO {app}")
    as_owner(live_database, "ALTER TABLE claims_tip ADD CONSTRAINT spare CHECK (true)")
    messages = run_checks(databases=["default"])
    assert {message.id for message in messages} == {"factcheck.E002", "factcheck.W001"}
    warnings = {message.msg for message in messages if message.id == "factcheck.W001"}
    app = connections["default"].settings_dict["USER"]
    assert warnings == {
        "Trigger spare on claims_tip.",
        "Constraint spare of claims_tip.",
        f"The role {app} has TRUNCATE on public.factcheck_heartbeat.",
    }
    assert run_checks() == [], "it is asked for by --database alone"
    call_command("migrate", verbosity=0)
    assert {message.id for message in run_checks(databases=["default"])} == {"factcheck.W001"}


def test_health_names_the_database_rules(live_database: LiveDatabase, client: Client, forget: None) -> None:
    assert client.get("/healthz").json()["parts"]["database rules"] == "ok"
    as_owner(live_database, "ALTER TABLE claims_claim DISABLE TRIGGER USER")
    assert client.get("/healthz").json()["parts"]["database rules"] == "ok", "looked at a moment ago"
    health.forget_recent_checks()
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert "database rules" in answer.json()["failing"]
    assert "claims_claim" not in answer.content.decode(), "details are for the log"


def test_the_old_version_serves_while_a_newer_one_migrates(live_database: LiveDatabase, client: Client) -> None:
    as_owner(live_database, "DROP TRIGGER {claims_publication} ON claims_publication")
    add = "INSERT INTO django_migrations (app, name, applied) VALUES ('claims', '0999_newer', now() - interval '{}')"
    as_owner(live_database, add.format("2 hours"))
    assert client.get("/healthz").json()["parts"]["database rules"] != "ok"
    as_owner(live_database, add.format("2 minutes"))
    health.forget_recent_checks()
    assert client.get("/healthz").json()["parts"]["database rules"] == "ok"


def test_rows_that_break_a_constraint_meanwhile_are_named(live_database: LiveDatabase) -> None:
    version = factories.draft()
    as_owner(live_database, "ALTER TABLE claims_reviewversion DROP CONSTRAINT review_approval_complete")
    as_owner(live_database, "ALTER TABLE claims_claim DISABLE TRIGGER USER")
    type(version).objects.filter(pk=version.pk).update(approver=version.author, approved_at=timezone.now())
    with pytest.raises(CommandError, match=r"review_approval_complete.*cannot be put back"):
        call_command("migrate", verbosity=0)
    assert "claims_claim" not in wrong(), "all else is put back"


def test_a_limit_that_the_app_gave_itself_is_taken_back(live_database: LiveDatabase) -> None:
    app = connections["default"].settings_dict["USER"]
    with psycopg.connect(live_database.url, autocommit=True) as session:
        session.execute(f'ALTER ROLE CURRENT_USER IN DATABASE "{live_database.name}" SET lock_timeout = 0'.encode())
    try:
        assert f"the role {app} has other settings" in wrong()
    finally:
        apply_migrations(mend=True)
    assert wrong() == ""


def test_one_role_for_everything_works_and_is_told(live_database: LiveDatabase) -> None:
    environment = {**os.environ, "DATABASE_URL": live_database.owner_url, "DATABASE_OWNER_URL": ""}
    command = [sys.executable, "manage.py", "check", "--database", "default"]
    done = subprocess.run(command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "can rewrite every log; use a second role" in done.stderr


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (
            "(\"a\" IN ('x', 'y'))",
            "(((a)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))",
        ),
        ("NOT (\"a\" = 'it''s')", "(NOT ((a)::text = 'it''s'::text))"),
        ("\"a\"::text ~ '^[0-9a-f]{64}$'", "((a)::text ~ '^[0-9a-f]{64}$'::text)"),
        ("a >= '0:00:01'::interval", "(a >= '00:00:01'::interval)"),
        ("a <= '7 days 0:00:00'::interval", "(a <= '7 days'::interval)"),
        ("OLD.* IS DISTINCT FROM NEW.*", "(old.* IS DISTINCT FROM new.*)"),
    ],
)
def test_expressions_are_alike_as_they_are_written_and_stored(written: str, stored: str) -> None:
    assert database_rules.words(written) == database_rules.words(stored)


@pytest.mark.parametrize("other", ["a = 'x'", "a <> 'X'", "a <> 'x' OR true", "b <> 'x'", "a <> 'x::text'"])
def test_other_expressions_are_not_alike(other: str) -> None:
    assert database_rules.words("\"a\" <> 'x'") != database_rules.words(other)
