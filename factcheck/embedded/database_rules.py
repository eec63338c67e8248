"""Compare the triggers, functions, constraints and rights in the database with those that the code makes.

What is expected follows from the models and from `database_roles`, never from the database, whose owner could change a
note of it too. Expressions are compared word by word, without the casts and brackets that PostgreSQL adds when it
stores them. `manage.py migrate` puts back what is missing or altered.
"""

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, LiteralString, NamedTuple

import psycopg
from django.apps import apps
from django.db import connections, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.loader import MigrationLoader

from claims import sql
from factcheck.embedded import database_roles, database_surroundings, trigger_functions

Mend = Callable[[BaseDatabaseSchemaEditor], None]


class Wrong(NamedTuple):
    """A rule that is missing, altered or weakened, and what puts it back; None where granting rights does."""

    text: str
    mend: Mend | None = None

    def __str__(self) -> str:
        return self.text

    @property
    def sentence(self) -> str:
        return as_sentence(self.text)


def as_sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


class Findings(NamedTuple):
    """What is wrong, and what there is besides, which is only said."""

    wrong: list[Wrong]
    extra: list[str]


class _Trigger(NamedTuple):
    """A trigger as the catalogue has it; `kind` has the bits of pg_trigger.tgtype."""

    table: str
    name: str
    function: str
    kind: int
    columns: frozenset[str]
    transition: tuple[str, ...]
    deferred: bool
    when: tuple[str, ...]


class _Check(NamedTuple):
    table: str
    words: tuple[str, ...]


class _Unique(NamedTuple):
    table: str
    columns: frozenset[str]
    where: tuple[str, ...]


class _Reference(NamedTuple):
    table: str
    column: str
    target: str


_BITS = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
_OWNER: LiteralString = (
    "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.django_migrations'::regclass"
)
_TRIGGERS: LiteralString = """
    SELECT c.relname, t.tgname, p.proname, t.tgtype::int,
        array(SELECT attname::text FROM pg_attribute WHERE attrelid = c.oid AND attnum = ANY (t.tgattr::int2[])),
        array_remove(ARRAY[t.tgoldtable::text, t.tgnewtable::text], NULL), t.tgdeferrable,
        COALESCE(substring(pg_get_triggerdef(t.oid) FROM ' WHEN [(](.*)[)] EXECUTE FUNCTION '), ''),
        t.tgenabled = 'O'
    FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid JOIN pg_proc AS p ON p.oid = t.tgfoid
    WHERE c.relnamespace = 'public'::regnamespace AND (NOT t.tgisinternal OR t.tgenabled <> 'O')
        AND p.pronamespace IN ('public'::regnamespace, 'pg_catalog'::regnamespace)
    ORDER BY 1, 2
"""
_CHECKS: LiteralString = """
    SELECT t.relname, c.conname, c.contype::text, pg_get_constraintdef(c.oid), r.relname,
        (SELECT attname FROM pg_attribute WHERE attrelid = t.oid AND attnum = c.conkey[1]),
        c.convalidated AND COALESCE((to_jsonb(c) ->> 'conenforced')::boolean, true)
            AND (c.contype <> 'f' OR (c.confdeltype, c.confupdtype) = ('a', 'a'))
    FROM pg_constraint AS c JOIN pg_class AS t ON t.oid = c.conrelid LEFT JOIN pg_class AS r ON r.oid = c.confrelid
    WHERE c.connamespace = 'public'::regnamespace AND c.contype IN ('c', 'f')
"""
_UNIQUE: LiteralString = """
    SELECT t.relname, i.indexrelid::regclass::text,
        array(SELECT pg_get_indexdef(i.indexrelid, nth, true) FROM generate_series(1, i.indnkeyatts) AS nth),
        COALESCE(pg_get_expr(i.indpred, i.indrelid), ''), i.indisvalid
    FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
    WHERE t.relnamespace = 'public'::regnamespace AND i.indisunique
"""
_COLUMNS: LiteralString = """
    SELECT c.relname, a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND a.attnotnull
"""
_TABLES: LiteralString = """
    SELECT c.relname, c.relrowsecurity OR c.relforcerowsecurity,
        array(SELECT rulename::text FROM pg_rewrite WHERE ev_class = c.oid),
        c.relowner = (SELECT relowner FROM pg_class WHERE oid = 'public.django_migrations'::regclass)
    FROM pg_class AS c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""

# Settings with which triggers do not run, or write what is not so; whoever may set them for a role or a database
# switches rules off without touching one.
_SETTINGS: LiteralString = """
    SELECT COALESCE('role ' || quote_ident(r.rolname), ''), COALESCE('database ' || quote_ident(d.datname), ''), setting
    FROM pg_db_role_setting AS s CROSS JOIN unnest(s.setconfig) AS setting
    LEFT JOIN pg_roles AS r ON r.oid = s.setrole LEFT JOIN pg_database AS d ON d.oid = s.setdatabase
    WHERE (s.setdatabase = 0 OR d.datname = current_database())
        AND split_part(setting, '=', 1) IN ('session_replication_role', 'pgtrigger.ignore',
            'pghistory.context_metadata')
        AND s.setrole <> 0 AND r.rolname <> (
            SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.django_migrations'::regclass
        )
    ORDER BY 1, 2, 3
"""


def compare(connection: psycopg.Connection[Any], app: str) -> Findings:
    """Compare the database with the code, connected as either role; needs some 50 ms, at first 0.3 s.

    `app` is the role of web and worker; empty if the connection does not name one.
    """
    found = Findings([], [])
    app = app or connection.info.user
    [owner] = connection.execute(_OWNER).fetchone() or [""]
    _compare_tables(connection, found)
    _compare_triggers(connection, found)
    _compare_functions(connection, owner, found)
    _compare_constraints(connection, found)
    _compare_settings(connection, found)
    tables = {model._meta.db_table for model in _models()}
    logs = database_roles.append_only_tables() | database_roles.audit_tables()
    surroundings = database_surroundings.wrong(connection, owner=owner, app=app, ours=tables, logs=logs)
    found.wrong.extend(map(Wrong, surroundings))
    if owner == app:
        found.extra.append(
            f"the role {app} owns the tables that it works on, so that it can rewrite every log; use a second role, "
            "DATABASE_OWNER_URL"
        )
    else:
        wrong, extra = database_roles.wrong_rights(connection, app)
        found.wrong.extend(map(Wrong, wrong))
        found.extra.extend(extra)
    return found


def is_being_upgraded(connection: psycopg.Connection[Any]) -> bool:
    """Whether a newer version than this one has migrated the database within the last hour.

    The old processes serve until they are replaced, and cannot know the new rules.
    """
    rows = connection.execute("SELECT app, name FROM django_migrations WHERE applied > now() - interval '1 hour'")
    return not set(rows.fetchall()) <= _known_migrations()


@functools.cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _compare_tables(connection: psycopg.Connection[Any], found: Findings) -> None:
    tables = {row[0]: row[1:] for row in connection.execute(_TABLES).fetchall()}
    for table in sorted({model._meta.db_table for model in _models()}):
        if table not in tables:
            found.wrong.append(Wrong(f"table {table} is missing"))
            continue
        secured, rules, ours = tables[table]
        if secured:
            unhide = _run(
                "ALTER TABLE {0} DISABLE ROW LEVEL SECURITY; ALTER TABLE {0} NO FORCE ROW LEVEL SECURITY", table
            )
            found.wrong.append(Wrong(f"table {table} hides rows (row level security)", unhide))
        for rule in rules:
            found.wrong.append(Wrong(f"table {table} has the rule {rule}", _run("DROP RULE {1} ON {0}", table, rule)))
        if not ours:
            found.wrong.append(Wrong(f"table {table} belongs to another role"))


def _compare_triggers(connection: psycopg.Connection[Any], found: Findings) -> None:
    present: dict[tuple[str, str], tuple[_Trigger, bool]] = {}
    for *row, columns, transition, deferred, when, enabled in connection.execute(_TRIGGERS).fetchall():
        each = _Trigger._make([*row, frozenset(columns), tuple(transition), deferred, words(when)])
        present[each.table, each.name] = each, enabled
    for expected in _expected_triggers():
        actual, enabled = present.pop((expected.table, expected.name), (None, False))
        if actual == expected and enabled:
            continue
        how = "missing" if actual is None else "altered" if enabled else "disabled"
        text = f"trigger {expected.name} on {expected.table} is {how}"
        found.wrong.append(Wrong(text, _reinstall(expected.name)))
    for (table, name), (_, enabled) in present.items():
        if name.startswith("RI_ConstraintTrigger"):
            found.wrong.append(Wrong(f"trigger {name} on {table}, of a foreign key, is disabled"))
        else:
            found.extra.append(f"trigger {name} on {table}{'' if enabled else ' (disabled)'}")


@functools.cache
def _expected_triggers() -> list[_Trigger]:
    triggers = []
    for model, one in trigger_functions.registered():
        given = one.compile(model).sql.kwargs  # type: ignore[arg-type]
        kind = _BITS.get(given.get("level", "ROW"), 0) | _BITS.get(given["when"], 0)
        operations, _, columns = given["operation"].partition(" OF ")
        for operation in operations.split(" OR "):
            kind |= _BITS[operation]
        referencing = re.findall(r"(OLD|NEW) TABLE AS (\w+)", given.get("referencing", ""))
        when = re.sub(r"^\s*WHEN\s*\((.*)\)\s*$", r"\1", given.get("condition", ""), flags=re.DOTALL)
        triggers.append(
            _Trigger(
                model._meta.db_table, one.get_pgid(model), one.get_pgid(model), kind,  # type: ignore[arg-type]
                frozenset(name.strip(' "') for name in columns.split(",") if name),
                tuple(name for _, name in sorted(referencing, reverse=True)),
                bool(given.get("timing")), words(when),
            )
        )  # fmt: skip
    return triggers


def _compare_functions(connection: psycopg.Connection[Any], owner: str, found: Findings) -> None:
    present = {each.name: each for each in trigger_functions.functions(connection)}
    for name, (source, definer) in _expected_functions().items():
        each = present.pop(name, None)
        if each is None:
            found.wrong.append(Wrong(f"function {name} is missing", _reinstall(name)))
        elif (each.source, each.language, each.owner) != (source, "plpgsql", owner):
            found.wrong.append(Wrong(f"function {name} is altered", _reinstall(name)))
        elif each.definer != definer or each.config != [f"search_path={trigger_functions.SEARCH_PATH}"]:
            found.wrong.append(Wrong(f"function {name} runs with other rights or another search path"))
        elif each.executable:
            found.wrong.append(Wrong(f"function {name} can be called by others than its owner"))
    ignore = present.pop(trigger_functions.IGNORE, None)
    if ignore is None or (ignore.source, ignore.language, ignore.definer) != (
        trigger_functions.ignore_source(owner),
        "sql",
        False,
    ):
        text = f"function {trigger_functions.IGNORE} is missing or altered, so that triggers may be ignored"
        found.wrong.append(Wrong(text))
    for wanted in (*sql.functions(), *sql.functions(_OF_NEWSROOMS)):
        each = present.pop(wanted.name, None)
        if each is None or (each.source, each.language, each.owner, each.definer, each.config) != (
            wanted.source,
            wanted.language,
            owner,
            False,
            [f"search_path={trigger_functions.SEARCH_PATH}"],
        ):
            text = f"function {wanted.name} of claims/sql/ is missing or altered"
            found.wrong.append(Wrong(text, _run(wanted.statement)))
    for each in present.values():
        if each.definer:
            found.wrong.append(Wrong(f"function {each.signature} runs with the rights of {each.owner}"))
        elif each.owner != owner:
            found.extra.append(f"function {each.signature} belongs to {each.owner}")


_OF_NEWSROOMS = Path(__file__).parents[1] / "newsrooms" / "sql"


@functools.cache
def _expected_functions() -> dict[str, tuple[str, bool]]:
    """The body of each trigger's function, and whether it runs with the owner's rights."""
    return {
        one.get_pgid(model): (  # type: ignore[arg-type]
            one.compile(model).install_sql.split("$$")[3],  # type: ignore[arg-type]
            trigger_functions.writes_audit(one),
        )
        for model, one in trigger_functions.registered()
    }


def _run(statement: str, *names: str) -> Mend:
    """Execute the statement with these names quoted in it."""

    def run(editor: BaseDatabaseSchemaEditor) -> None:
        text = statement.format(*map(editor.quote_name, names)) if names else statement
        editor.execute(text, params=None)

    return run


def _reinstall(name: str) -> Mend:
    def reinstall(editor: BaseDatabaseSchemaEditor) -> None:
        for model, one in trigger_functions.registered():
            if one.get_pgid(model) == name:  # type: ignore[arg-type]
                editor.execute(one.compile(model).install_sql, params=None)  # type: ignore[arg-type]

    return reinstall


def _add_constraint(model: type[models.Model], constraint: models.BaseConstraint) -> Mend:
    def add(editor: BaseDatabaseSchemaEditor) -> None:
        _run("ALTER TABLE {0} DROP CONSTRAINT IF EXISTS {1}", _table(model), constraint.name)(editor)
        _run("DROP INDEX IF EXISTS {0}", constraint.name)(editor)
        editor.add_constraint(model, constraint)

    return add


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table


def _column(field: Any) -> str:
    return str(field.column)


def _compare_constraints(connection: psycopg.Connection[Any], found: Findings) -> None:
    checks: dict[_Check, str] = {}
    references: set[_Reference] = set()
    for table, name, kind, definition, target, column, holds in connection.execute(_CHECKS).fetchall():
        if not holds:
            drop = _run("ALTER TABLE {0} DROP CONSTRAINT IF EXISTS {1}", table, name)
            found.wrong.append(Wrong(f"constraint {name} of {table} is not enforced for all rows", drop))
        elif kind == "c":
            checks[_Check(table, words(definition.removeprefix("CHECK ")))] = name
        else:
            references.add(_Reference(table, column, target))
    for check, (name, add) in _expected_checks().items():
        if checks.pop(check, None) is None:
            found.wrong.append(Wrong(f"constraint {name} of {check.table} is missing or altered", add))
    found.extra.extend(f"constraint {name} of {check.table}" for check, name in checks.items())
    unique = {
        _Unique(table, frozenset(column.strip('"') for column in columns), words(where))
        for table, _, columns, where, valid in connection.execute(_UNIQUE).fetchall()
        if valid
    }
    for each, (name, add) in _expected_unique().items():
        if each not in unique:
            found.wrong.append(Wrong(f"unique constraint {name} of {each.table} is missing or altered", add))
    for reference, add in _expected_references().items():
        if reference not in references:
            found.wrong.append(Wrong(f"foreign key {reference.column} of {reference.table} is missing", add))
    filled = set(connection.execute(_COLUMNS).fetchall())
    for table, column in sorted(_expected_filled() - filled):
        fill = _run("ALTER TABLE {0} ALTER COLUMN {1} SET NOT NULL", table, column)
        found.wrong.append(Wrong(f"column {column} of {table} may be empty (NULL)", fill))


def _compare_settings(connection: psycopg.Connection[Any], found: Findings) -> None:
    for role, database, setting in connection.execute(_SETTINGS).fetchall():
        whom = " in ".join(filter(None, (role, database)))
        name = setting.partition("=")[0]
        where = f"ALTER {' IN '.join(filter(None, (role, database)))}".replace("role ", "ROLE ")
        where = where.replace("database ", "DATABASE ")
        found.wrong.append(
            Wrong(
                f"the setting {setting} of {whom} switches triggers off or misleads them; as a superuser run {where} "
                f"RESET {name}"
            )
        )
    row = connection.execute("SELECT current_setting('session_replication_role')").fetchone()
    if row != ("origin",):
        found.wrong.append(Wrong("triggers do not run in new sessions (session_replication_role)"))


@functools.cache
def _expected_checks() -> dict[_Check, tuple[str, Mend]]:
    expected: dict[_Check, tuple[str, Mend]] = {}
    with _offline_editor() as editor:
        for model in _models():
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    text = str(constraint.constraint_sql(model, editor)).partition(" CHECK ")[2]
                    expected[_Check(_table(model), words(text))] = constraint.name, _add_constraint(model, constraint)
            for field in model._meta.local_concrete_fields:
                if check := field.db_check(editor.connection):
                    add = _run(f"ALTER TABLE {{0}} ADD CHECK ({check})", _table(model))
                    expected[_Check(_table(model), words(check))] = f"on {field.column}", add
    return expected


@functools.cache
def _expected_unique() -> dict[_Unique, tuple[str, Mend]]:
    expected: dict[_Unique, tuple[str, Mend]] = {}
    with _offline_editor() as editor:
        for model in _models():
            together = [[field.name] for field in model._meta.local_concrete_fields if field.unique]
            for names in (*together, *model._meta.unique_together):
                columns = [_column(model._meta.get_field(name)) for name in names]
                add = _run(
                    f"ALTER TABLE {{0}} ADD UNIQUE ({', '.join(map(editor.quote_name, columns))})", _table(model)
                )
                expected[_Unique(_table(model), frozenset(columns), ())] = f"on {', '.join(columns)}", add
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.UniqueConstraint) and constraint.fields:
                    columns = [_column(model._meta.get_field(name)) for name in constraint.fields]
                    where = constraint._get_condition_sql(model, editor) or ""  # type: ignore[attr-defined]
                    unique = _Unique(_table(model), frozenset(columns), words(where))
                    expected[unique] = constraint.name, _add_constraint(model, constraint)
    return expected


@functools.cache
def _expected_references() -> dict[_Reference, Mend]:
    statement = "ALTER TABLE {0} ADD FOREIGN KEY ({1}) REFERENCES {2} ({3}) DEFERRABLE INITIALLY DEFERRED"
    return {
        _Reference(_table(model), _column(field), _table(field.related_model)): _run(
            statement, _table(model), _column(field), _table(field.related_model), _column(field.target_field)
        )
        for model in _models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True)
    }


@functools.cache
def _expected_filled() -> frozenset[tuple[str, str]]:
    return frozenset(
        (_table(model), _column(field))
        for model in _models()
        for field in model._meta.local_concrete_fields
        if not field.null
    )


@functools.cache
def _models() -> list[type[models.Model]]:
    return [
        model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy
    ]


def _offline_editor() -> BaseDatabaseSchemaEditor:
    """Formats SQL without a connection to a database."""
    return connections["default"].schema_editor(collect_sql=True, atomic=False)


_LITERAL = re.compile(r"([eE]?'(?:[^']|'')*')")
_WORD = re.compile(r"\"(?:[^\"]|\"\")*\"|\w+|[^\w\s'\"]+")
_CAST = re.compile(
    r"::(?:character varying|double precision|timestamp with(?:out)? time zone|\"?\w+\"?)(?:\(\d+\))?(?:\[\])?"
)
_SPELLINGS = {
    ("=", "any", "array"): ("in",),
    ("<>", "all", "array"): ("not", "in"),
    ("~~",): ("like",),
    ("!=",): ("<>",),
}


def words(text: str) -> tuple[str, ...]:
    """The words of an SQL expression, alike for the text that makes it and for what PostgreSQL makes of it."""
    found: list[str] = []
    for place, part in enumerate(_LITERAL.split(text.replace("%%", "%"))):
        if place % 2 == 0:  # between two literals
            for word in _WORD.findall(_CAST.sub("", part)):
                found += [each for each in re.split(r"[(),.\[\]]", word.strip('"').lower()) if each]
        elif part.startswith("'"):
            found.append(_interval(part))
        else:
            found.append(part[1:].replace("\\\\", "\\"))
    return tuple(_alike(found))


def _interval(literal: str) -> str:
    """Spell a literal that may be an interval as PostgreSQL does, which changes `1:00:00` and `7 days 0:00:00`."""
    literal = re.sub(r"^'(\d:\d\d:\d\d)'$", r"'0\1'", literal)
    return re.sub(r"^'(\d+ days?) 0:00:00'$", r"'\1'", literal)


def _alike(found: list[str]) -> Iterator[str]:
    """Spell operators as people do, as `IN` for `= ANY (ARRAY[…])`, which PostgreSQL makes of it."""
    place = 0
    while place < len(found):
        spelt = next((key for key in _SPELLINGS if tuple(found[place : place + len(key)]) == key), None)
        if spelt:
            yield from _SPELLINGS[spelt]
            place += len(spelt)
        else:
            yield found[place]
            place += 1
