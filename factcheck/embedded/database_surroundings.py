"""What stands beside our tables in a database and could answer for them, or give rights that nobody granted.

A schema that comes before `public` hides our tables behind views; a function elsewhere may run with the owner's rights;
a setting of the database holds for every session. None of it touches a table, trigger or function of ours.
"""

from collections.abc import Collection, Iterator
from typing import Any, LiteralString

import psycopg

# Settings of a database or role that change what no rule depends on. Those of the role *app* are compared exactly.
_HARMLESS = frozenset(
    {
        *(
            "TimeZone",
            "timezone",
            "DateStyle",
            "client_encoding",
            "lc_messages",
            "lc_monetary",
            "lc_numeric",
        ),
        *(
            "work_mem",
            "maintenance_work_mem",
            "temp_buffers",
            "effective_cache_size",
            "random_page_cost",
            "jit",
        ),
        *("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"),
        *("transaction_timeout", "default_text_search_config", "max_parallel_workers_per_gather", "lc_time"),
    }
)
_SETTINGS: LiteralString = """
    SELECT COALESCE('ROLE ' || quote_ident(r.rolname), ''), COALESCE('DATABASE ' || quote_ident(d.datname), ''),
        split_part(setting, '=', 1), setting
    FROM pg_db_role_setting AS s CROSS JOIN unnest(s.setconfig) AS setting
    LEFT JOIN pg_roles AS r ON r.oid = s.setrole LEFT JOIN pg_database AS d ON d.oid = s.setdatabase
    WHERE (s.setdatabase = 0 OR d.datname = current_database()) AND (s.setrole = 0 OR r.rolname = %s)
    ORDER BY 1, 2, 3
"""
_SCHEMAS: LiteralString = """
    SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND {elsewhere} AND (c.relname = ANY (%(ours)s) OR {user})
    UNION ALL
    SELECT n.nspname, f.proname FROM pg_proc AS f JOIN pg_namespace AS n ON n.oid = f.pronamespace
    WHERE {elsewhere} AND ({user} OR f.proname IN (
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = f.oid AND d.deptype = 'e'))
    UNION ALL
    SELECT n.nspname, o.oprname FROM pg_operator AS o JOIN pg_namespace AS n ON n.oid = o.oprnamespace
    WHERE {elsewhere} AND {user}
    ORDER BY 1, 2
""".replace(
    "{elsewhere}",
    "n.nspname NOT IN ('public', 'pgmq', 'pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'",
).replace("{user}", "n.nspname IN (%(owner)s, %(app)s)")
_DEFINERS: LiteralString = """
    SELECT f.oid::regprocedure::text, pg_get_userbyid(f.proowner) FROM pg_proc AS f
    JOIN pg_namespace AS n ON n.oid = f.pronamespace
    WHERE f.prosecdef AND n.nspname NOT IN ('public', 'pg_catalog', 'information_schema')
        AND (pg_get_userbyid(f.proowner) = %(owner)s OR (SELECT rolsuper FROM pg_roles WHERE oid = f.proowner))
        AND has_function_privilege(%(app)s, f.oid, 'EXECUTE') AND has_schema_privilege(%(app)s, n.oid, 'USAGE')
        AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = f.oid AND d.deptype = 'e')
    ORDER BY 1
"""
_TRIGGERS: LiteralString = """
    SELECT c.relname, t.tgname, n.nspname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
    JOIN pg_proc AS p ON p.oid = t.tgfoid JOIN pg_namespace AS n ON n.oid = p.pronamespace
    WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal AND c.relname = ANY (%s)
        AND n.nspname NOT IN ('public', 'pg_catalog')
    ORDER BY 1, 2
"""
_TABLES: LiteralString = """
    SELECT c.relname, 'has a table that inherits from it and adds rows to it' FROM pg_inherits AS i
    JOIN pg_class AS c ON c.oid = i.inhparent
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname = ANY (%(ours)s)
    UNION ALL
    SELECT c.relname, 'is not written to the log of the server (UNLOGGED): a crash empties it' FROM pg_class AS c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relpersistence <> 'p'
        AND c.relname = ANY (%(logs)s)
    ORDER BY 1
"""


def wrong(
    connection: psycopg.Connection[Any], *, owner: str, app: str, ours: Collection[str], logs: Collection[str]
) -> Iterator[str]:
    """What could answer for our tables, or bring rights, a sentence without its end each; `logs` only grow."""
    names = {"owner": owner, "app": app, "ours": list(ours), "logs": list(logs)}
    for role, database, name, setting in connection.execute(_SETTINGS, [owner]).fetchall():
        if name not in _HARMLESS and not name.startswith("log_"):
            where = " IN ".join(filter(None, (role, database)))
            yield f"the setting {setting} of {where} is none of ours; as a superuser run ALTER {where} RESET {name}"
    for schema, name in connection.execute(_SCHEMAS, names).fetchall():
        yield f"the schema {schema} has its own {name}, which may be taken for ours"
    for function, definer in connection.execute(_DEFINERS, names).fetchall():
        yield f"function {function} runs with the rights of {definer}, and {app} may call it"
    for table, trigger, schema in connection.execute(_TRIGGERS, [names["ours"]]).fetchall():
        yield f"trigger {trigger} on {table} runs a function of the schema {schema}"
    for table, what in connection.execute(_TABLES, names).fetchall():
        yield f"table {table} {what}"
