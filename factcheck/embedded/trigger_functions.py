"""Secure the functions that triggers call, as owner, after each migration and each `manage.py pgtrigger install`.

- They find tables in the schema `public` first and in `pg_temp` last, so that a temporary table shadows none of ours.
- Those that write the audit run with the owner's rights (SECURITY DEFINER): the role *app* may not insert into event
  tables. All others run as the caller, whom they must see.
- `_pgtrigger_should_ignore` obeys the setting `pgtrigger.ignore` in sessions of the owner alone. django-pgtrigger
  installs its own version, which obeys everybody, with every trigger.
"""

from typing import Any, LiteralString, NamedTuple

import pgtrigger
import psycopg
from django.db import models
from pghistory import trigger
from pgtrigger import registry
from psycopg import sql

from sources.database.locks import Lock, lock_until_commit

IGNORE = "_pgtrigger_should_ignore"
SEARCH_PATH = "public, pg_temp"
"""`pg_catalog` comes before both, as always where a path does not name it."""

_IGNORE_SOURCE = (
    "SELECT CASE WHEN session_user OPERATOR(pg_catalog.=) {owner} THEN trigger_name::text OPERATOR(pg_catalog.=) ANY ("
    "COALESCE(NULLIF(current_setting('pgtrigger.ignore', true), ''), '{{}}')::text[]) ELSE false END"
)
# Without a SET clause, so that PostgreSQL puts its body in place of each call: a tenth of the cost.
_CREATE_IGNORE: LiteralString = (
    "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean"
    " LANGUAGE sql STABLE AS {}"
)
FUNCTIONS: LiteralString = """
    SELECT f.oid::regprocedure::text, f.proname, f.prosrc, l.lanname, f.prosecdef, COALESCE(f.proconfig, '{}'),
        f.prorettype = 'trigger'::regtype,
        EXISTS (
            SELECT FROM aclexplode(COALESCE(f.proacl, acldefault('f', f.proowner))) AS a
            WHERE a.grantee <> f.proowner AND a.privilege_type = 'EXECUTE'
        ),
        pg_get_userbyid(f.proowner)
    FROM pg_proc AS f JOIN pg_language AS l ON l.oid = f.prolang
    WHERE f.pronamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = f.oid AND d.deptype = 'e')
    ORDER BY 1
"""


_OF_OTHERS = frozenset({"auth", "contenttypes", "mfa", "socialaccount"})
"""Apps that are not ours, so that no migration of theirs has our triggers."""
_OUTSIDE = frozenset({"end_sessions"})
"""Triggers that one app of ours puts on a table of another."""


class Function(NamedTuple):
    """A function of the schema `public`, as the catalogue has it."""

    signature: str
    name: str
    source: str
    language: str
    definer: bool
    config: list[str]
    for_triggers: bool
    executable: bool
    """Somebody but its owner may call it, or make a trigger that does."""
    owner: str


def registered() -> list[tuple[type[models.Model], pgtrigger.Trigger]]:
    """All triggers of the models, with the model of the table they are on."""
    return registry.registered()  # type: ignore[return-value]  # which names the classes as if they were rows


def writes_audit(one: pgtrigger.Trigger) -> bool:
    return isinstance(one, trigger.Event)


def ignore_source(owner: str) -> str:
    """The body of the function that says whether a trigger is to be ignored."""
    return _IGNORE_SOURCE.format(owner="'" + owner.replace("'", "''") + "'")


def functions(connection: psycopg.Connection[Any]) -> list[Function]:
    """The functions of the schema `public` that belong to no extension."""
    return [Function(*row) for row in connection.execute(FUNCTIONS).fetchall()]


def secure(connection: psycopg.Connection[Any]) -> int:
    """Secure all functions, connected as their owner; returns how many were changed."""
    audit = {one.get_pgid(model) for model, one in registered() if writes_audit(one)}  # type: ignore[arg-type]
    with connection.transaction():
        lock_until_commit(Lock.RIGHTS, on=connection)
        owner = connection.info.user
        statements = [
            statement
            for each in functions(connection)
            if each.owner == owner and (statement := _securing(each, definer=each.name in audit, owner=owner))
        ]
        if statements:
            connection.execute(sql.SQL("; ").join(statements))
    return len(statements)


def install_on_links(connection: psycopg.Connection[Any]) -> None:
    """Install missing triggers that no migration of ours can: of hidden many-to-many tables, and of Django's own."""
    with connection.transaction():
        lock_until_commit(Lock.RIGHTS, on=connection)
        present = {name for (name,) in connection.execute("SELECT tgname FROM pg_trigger").fetchall()}
        for model, one in registered():
            elsewhere = model._meta.auto_created or model._meta.app_label in _OF_OTHERS or one.name in _OUTSIDE
            if not elsewhere or one.get_pgid(model) in present:  # type: ignore[arg-type]
                continue
            if connection.execute("SELECT to_regclass(%s)", [f"public.{model._meta.db_table}"]).fetchone() != (None,):
                connection.execute(one.compile(model).install_sql.encode())  # type: ignore[arg-type]


def _securing(each: Function, *, definer: bool, owner: str) -> sql.Composable | None:
    """What secures the function; None if nothing is to do."""
    if each.name == IGNORE:
        if (each.source, each.language, each.config) == (ignore_source(owner), "sql", []):
            return None
        return sql.SQL(_CREATE_IGNORE).format(sql.Literal(ignore_source(owner)))
    signature = sql.SQL(each.signature)  # quoted, as regprocedure is
    statements: list[sql.Composable] = []
    if each.config != [f"search_path={SEARCH_PATH}"] or each.definer != definer:
        run_as = sql.SQL("SECURITY DEFINER" if definer else "SECURITY INVOKER")
        statements += [
            sql.SQL("ALTER FUNCTION {} RESET ALL").format(signature),
            sql.SQL("ALTER FUNCTION {} SET search_path = public, pg_temp {}").format(signature, run_as),
        ]
    if each.for_triggers and each.executable:
        statements.append(sql.SQL("REVOKE ALL ON FUNCTION {} FROM PUBLIC").format(signature))
    return sql.SQL("; ").join(statements) if statements else None
