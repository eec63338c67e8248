"""What stands beside our tables and could answer for them is found, and what is none of ours to judge is not."""

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from claims.proof.verify import verify
from factcheck.audit.verify import rules
from tests import factories
from tests.conftest import EXTERNAL, LiveDatabase
from tests.factcheck.embedded.test_database_rules import as_owner, compare, wrong

pytestmark = pytest.mark.sql

# Each with what undoes it, and what must be found; nothing for what is a matter of the server's own.
BESIDE = {
    "a view that hides a table": (
        "CREATE SCHEMA evil; CREATE VIEW evil.claims_claim AS SELECT * FROM public.claims_claim",
        "DROP SCHEMA evil CASCADE",
        "the schema evil has its own claims_claim",
    ),
    "a schema that every session of the role looks into first": (
        "CREATE SCHEMA {app}; CREATE FUNCTION {app}.now() RETURNS timestamptz LANGUAGE sql AS $$SELECT '2020-01-01'"
        "::timestamptz$$",
        "DROP SCHEMA {app} CASCADE",
        "has its own now",
    ),
    "a function of another schema with the owner's rights": (
        "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO {app}; CREATE FUNCTION evil.f(t text) RETURNS void LANGUAGE"
        " plpgsql SECURITY DEFINER AS $$BEGIN EXECUTE t; END$$",
        "DROP SCHEMA evil CASCADE",
        "function evil.f(text) runs with the rights of",
    ),
    "a trigger of another schema": (
        "CREATE SCHEMA evil; CREATE FUNCTION evil.g() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN new; END$$;"
        "CREATE TRIGGER zz BEFORE INSERT ON claims_topicevent FOR EACH ROW EXECUTE FUNCTION evil.g()",
        "DROP TRIGGER zz ON claims_topicevent; DROP SCHEMA evil CASCADE",
        "trigger zz on claims_topicevent runs a function of the schema evil",
    ),
    "rows from another table": (
        "CREATE SCHEMA evil; CREATE TABLE evil.child () INHERITS (public.claims_claimversion)",
        "DROP SCHEMA evil CASCADE",
        "claims_claimversion has a table that inherits from it",
    ),
    "a table without a log": (
        "ALTER TABLE claims_auditreport SET UNLOGGED",
        "ALTER TABLE claims_auditreport SET LOGGED",
        "claims_auditreport is not written to the log of the server",
    ),
    "another search path": (
        "ALTER DATABASE {database} SET search_path = evil, public",
        "ALTER DATABASE {database} RESET search_path",
        "is none of ours",
    ),
    "a schema of somebody else": (
        "CREATE SCHEMA reports; CREATE TABLE reports.visits (at timestamptz)",
        "DROP SCHEMA reports CASCADE",
        "",
    ),
    "a setting that changes no rule": (
        "ALTER DATABASE {database} SET work_mem = '64MB'",
        "ALTER DATABASE {database} RESET work_mem",
        "",
    ),
}


def test_what_could_answer_for_our_tables_is_found(live_database: LiveDatabase) -> None:
    for name, (statements, undo, expected) in BESIDE.items():
        if EXTERNAL and "DATABASE" in statements:
            continue  # belongs to the server's superuser
        as_owner(live_database, statements)
        found = wrong()
        assert expected in found and bool(expected) == bool(found), (name, found)
        as_owner(live_database, undo)
    assert compare() == ([], [])


def test_the_audit_reads_our_tables_whatever_comes_first(live_database: LiveDatabase) -> None:
    factories.claim()
    with psycopg.connect(live_database.owner_url, autocommit=True) as owner:
        owner.execute("ALTER TABLE claims_claim DISABLE TRIGGER USER; UPDATE claims_claim SET text = 'No.';"
                      "ALTER TABLE claims_claim ENABLE TRIGGER USER; CREATE SCHEMA evil;"
                      "CREATE VIEW evil.claims_claim AS SELECT * FROM public.claims_claim WHERE false")  # fmt: skip
        owner.execute(sql.SQL("GRANT USAGE ON SCHEMA evil TO PUBLIC; GRANT SELECT ON evil.claims_claim TO PUBLIC"))
        owner.execute(
            sql.SQL("ALTER DATABASE {} SET search_path = evil, public").format(sql.Identifier(live_database.name))
        )
    connection.close()
    assert any("Changed in claims_claim" in each.sentence for each in verify())
    assert any("search_path" in each.sentence for each in rules())
