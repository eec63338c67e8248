"""Grant the database role *app* (web, worker, beat) its rights on the tables of the role *owner*.

The app can only read the event tables of the audit, which triggers fill with the owner's rights, and what the owner
alone writes (`written_by_owner`); only read and insert into other logs (`append_only`); and not delete rows of models
marked `never_deleted`. It cannot truncate, alter or drop a table, disable a trigger, or create anything, temporary
tables included: that is left to the owner. Runs after each migration; needs no superuser and no PostgreSQL newer than
15.
"""

from typing import Any, LiteralString

import psycopg
from django.apps import apps
from psycopg import sql

from sources.database.locks import Lock, lock_until_commit

_ORDINARY = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_LOG = frozenset({"SELECT", "INSERT"})
_READ = frozenset({"SELECT"})
_KEPT = frozenset({"SELECT", "INSERT", "UPDATE"})

LIMITS = {
    "idle_in_transaction_session_timeout": "5min",
    "lock_timeout": "1min",
    "statement_timeout": "15min",
}
"""Settings of every session of the app, by its role: a session that hangs must not hold others up for ever.

REST requests have a shorter limit (factcheck/rest/middleware.py), sweeps a shorter wait for locks. The longest
statement is the recount of all facets, of a minute or so for a million claims.
"""

_EFFECTIVE: LiteralString = """
    SELECT n.nspname, c.relname, c.relkind::text, array(
        SELECT p FROM unnest(CASE WHEN c.relkind = 'S' THEN ARRAY['USAGE', 'SELECT'] ELSE
            ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER'] END) AS p
        WHERE CASE WHEN c.relkind = 'S' THEN has_sequence_privilege(%(app)s, c.oid, p)
            ELSE has_table_privilege(%(app)s, c.oid, p)
                OR p IN ('INSERT', 'UPDATE') AND has_any_column_privilege(%(app)s, c.oid, p) END
    )
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'pgmq') AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
        AND c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'public.django_migrations'::regclass)
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""
_ROLE: LiteralString = """
    SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolreplication OR pg_has_role(
            %(app)s, (SELECT relowner FROM pg_class WHERE oid = 'public.django_migrations'::regclass), 'MEMBER'),
        has_database_privilege(%(app)s, current_database(), 'TEMPORARY'),
        has_database_privilege(%(app)s, current_database(), 'CREATE'),
        array(SELECT nspname::text FROM pg_namespace WHERE has_schema_privilege(%(app)s, oid, 'CREATE')
            AND nspname !~ '^pg_'),
        array(SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = (
            SELECT oid FROM pg_roles WHERE rolname = %(app)s) AND setdatabase IN
            (0, (SELECT oid FROM pg_database WHERE datname = current_database())))
    FROM pg_roles WHERE rolname = %(app)s
"""


def append_only_tables() -> set[str]:
    """The tables of models marked `append_only`."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False)
    }


def _marked(mark: str) -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if getattr(model, mark, False)}


def audit_tables() -> set[str]:
    """The event tables of the audit, which only triggers write."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if hasattr(model, "pgh_tracked_model")
    }


def _rights(schema: str, table: str, kind: str, logs: set[str], audit: set[str]) -> frozenset[str]:
    if kind == "S":
        return frozenset({"USAGE", "SELECT"})
    if kind in {"v", "m"} or (schema, table) in {("public", "django_migrations"), ("pgmq", "meta")}:
        return _READ
    if schema == "public" and (table in audit or table in _marked("written_by_owner")):
        return _READ
    if schema == "public" and table in logs:
        return _LOG
    if schema == "public" and table in _marked("never_deleted"):
        return _KEPT
    return _ORDINARY


def grant_to_app(connection: psycopg.Connection[Any], app: str) -> list[str]:
    """Grant `app` exactly its rights, connected as owner; returns the tables (and database) whose rights changed.

    Does nothing if app and owner are the same role, which can then rewrite the logs.
    """
    if connection.info.user == app:
        return []
    logs, audit = append_only_tables(), audit_tables()
    changed = []
    with connection.transaction():
        lock_until_commit(Lock.RIGHTS, on=connection)
        _grant_schemas(connection, app)
        for schema, table, kind, granted in connection.execute(_EFFECTIVE, {"app": app}).fetchall():
            wanted = _rights(schema, table, kind, logs, audit)
            if wanted == set(granted):
                continue
            name = sql.Identifier(schema, table)
            what = sql.SQL("SEQUENCE") if kind == "S" else sql.SQL("TABLE")
            role = sql.Identifier(app)
            connection.execute(sql.SQL("REVOKE ALL ON {} {} FROM PUBLIC, {}").format(what, name, role))
            rights = sql.SQL(", ").join(sql.SQL(right) for right in sorted(wanted))
            connection.execute(sql.SQL("GRANT {} ON {} {} TO {}").format(rights, what, name, role))
            changed.append(f"{schema}.{table}")
    if forbid_creating(connection, app, connection.info.dbname):
        changed.append(connection.info.dbname)
    return changed


def wrong_rights(connection: psycopg.Connection[Any], app: str) -> tuple[list[str], list[str]]:
    """Compare the rights that `app` has in effect, by whatever way, with those it should have.

    Returns sentences: what is missing or breaks a rule, and what is only too much.
    """
    logs, audit = append_only_tables(), audit_tables()
    wrong: list[str] = []
    extra: list[str] = []
    for schema, table, kind, granted in connection.execute(_EFFECTIVE, {"app": app}).fetchall():
        wanted, has = _rights(schema, table, kind, logs, audit), set(granted)
        if missing := sorted(wanted - has):
            wrong.append(f"the role {app} lacks {', '.join(missing)} on {schema}.{table}")
        if more := sorted(has - wanted):
            sentence = f"the role {app} has {', '.join(more)} on {schema}.{table}"
            (wrong if schema == "public" and (table in logs or "TRIGGER" in more) else extra).append(sentence)
    row = connection.execute(_ROLE, {"app": app}).fetchone()
    if row is None:
        return [f"the role {app} is missing"], extra
    powerful, temporary, create, schemas, role_settings = row
    database = connection.info.dbname
    if powerful:
        wrong.append(f"the role {app} is a superuser, may make itself one, or may act as the owner")
    if temporary or create:
        wrong.append(
            f"the role {app} may create temporary tables or schemas; as the owner of the database run "
            f"REVOKE TEMPORARY, CREATE ON DATABASE {database} FROM PUBLIC, {app}"
        )
    wrong.extend(f"the role {app} may create tables and functions in the schema {schema}" for schema in schemas)
    if dict(each.split("=", 1) for each in role_settings) != LIMITS:
        wrong.append(f"the role {app} has other settings than the limits of its sessions")
    return wrong, extra


def forbid_creating(connection: psycopg.Connection[Any], app: str, database: str) -> bool:
    """Take from `app` the right to create temporary tables and schemas in a database, as the database's owner.

    PUBLIC has the former in each new database. Returns whether anything was taken; False if the database belongs to
    somebody else, who must do it (`manage.py check --database default` says so).
    """
    rights = connection.execute(
        "SELECT has_database_privilege(%(app)s, oid, 'TEMPORARY') OR has_database_privilege(%(app)s, oid, 'CREATE'),"
        " pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = %(database)s",
        {"app": app, "database": database},
    ).fetchone()
    if rights != (True, True):
        return False
    name, role = sql.Identifier(database), sql.Identifier(app)
    with connection.transaction():
        connection.execute(sql.SQL("REVOKE TEMPORARY, CREATE ON DATABASE {} FROM PUBLIC, {}").format(name, role))
        connection.execute(sql.SQL("GRANT TEMPORARY, CREATE ON DATABASE {} TO CURRENT_USER").format(name))
    return True


def limit_sessions(connection: psycopg.Connection[Any]) -> bool:
    """Set `LIMITS` for the role that is connected, the app: a role may do so for itself. Returns whether it had to."""
    if settings_of_role(connection, connection.info.user) == LIMITS:
        return False
    with connection.transaction():
        connection.execute("ALTER ROLE CURRENT_USER RESET ALL")
        for name, value in LIMITS.items():
            statement = sql.SQL("ALTER ROLE CURRENT_USER SET {} = {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Literal(value)))
    return True


def settings_of_role(connection: psycopg.Connection[Any], role: str) -> dict[str, str]:
    """What `ALTER ROLE … SET` has set for the role, in every database or in this one."""
    rows = connection.execute(
        "SELECT unnest(setconfig) FROM pg_db_role_setting WHERE setrole = %s::regrole AND setdatabase IN"
        " (0, (SELECT oid FROM pg_database WHERE datname = current_database()))",
        [sql.Identifier(role).as_string(connection)],
    ).fetchall()
    return dict(row[0].split("=", 1) for row in rows)


def _grant_schemas(connection: psycopg.Connection[Any], app: str) -> None:
    """USAGE on the schemas, CREATE on none: PUBLIC had it on `public` before PostgreSQL 15."""
    rows = connection.execute(
        "SELECT nspname, has_schema_privilege(%(app)s, oid, 'USAGE'), has_schema_privilege(%(app)s, oid, 'CREATE')"
        " FROM pg_namespace WHERE nspname IN ('public', 'pgmq')",
        {"app": app},
    ).fetchall()
    for schema, usage, create in rows:
        name, role = sql.Identifier(schema), sql.Identifier(app)
        if not usage:
            connection.execute(sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(name, role))
        if create:
            connection.execute(sql.SQL("REVOKE CREATE ON SCHEMA {} FROM PUBLIC, {}").format(name, role))
