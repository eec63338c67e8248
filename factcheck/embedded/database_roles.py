"""Grant the database role *app* (web, worker, beat) its rights on the tables of the role *owner*.

The app can only read and insert into logs (models marked `append_only`, and every event table of the audit). It cannot
truncate, alter or drop a table or disable a trigger: that is left to the owner. Runs after each migration; needs no
superuser and no PostgreSQL newer than 15.
"""

from typing import Any

import psycopg
from django.apps import apps
from psycopg import sql

from sources.database.locks import Lock, lock_until_commit

_ORDINARY = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
_LOG = frozenset({"SELECT", "INSERT"})
_READ = frozenset({"SELECT"})

_TABLES = """
    SELECT n.nspname, c.relname, c.relkind,
           array(SELECT a.privilege_type FROM aclexplode(c.relacl) AS a
                 WHERE a.grantee = (SELECT oid FROM pg_roles WHERE rolname = %(app)s)) AS granted
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('public', 'pgmq') AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND pg_has_role(c.relowner, 'USAGE')
      AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
    ORDER BY 1, 2
"""


def append_only_tables() -> set[str]:
    """The tables of models marked `append_only`."""
    return {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False)
    }


def _rights(schema: str, table: str, kind: str, logs: set[str]) -> frozenset[str]:
    if kind == "S":
        return frozenset({"USAGE", "SELECT"})
    if kind in {"v", "m"} or (schema, table) in {("public", "django_migrations"), ("pgmq", "meta")}:
        return _READ
    if schema == "public" and table in logs:
        return _LOG
    return _ORDINARY


def grant_to_app(connection: psycopg.Connection[Any], app: str) -> list[str]:
    """Grant `app` exactly its rights, connected as owner; returns the tables whose rights changed.

    Does nothing if app and owner are the same role, which can then rewrite the logs.
    """
    if connection.info.user == app:
        return []
    logs = append_only_tables()
    changed = []
    with connection.transaction():
        lock_until_commit(Lock.RIGHTS, on=connection)
        _grant_schemas(connection, app)
        for schema, table, kind, granted in connection.execute(_TABLES, {"app": app}).fetchall():
            wanted = _rights(schema, table, kind, logs)
            if wanted == set(granted):
                continue
            name = sql.Identifier(schema, table)
            what = sql.SQL("SEQUENCE") if kind == "S" else sql.SQL("TABLE")
            role = sql.Identifier(app)
            connection.execute(sql.SQL("REVOKE ALL ON {} {} FROM {}").format(what, name, role))
            rights = sql.SQL(", ").join(sql.SQL(right) for right in sorted(wanted))
            connection.execute(sql.SQL("GRANT {} ON {} {} TO {}").format(rights, what, name, role))
            changed.append(f"{schema}.{table}")
    return changed


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
