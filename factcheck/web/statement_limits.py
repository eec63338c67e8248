"""Limit how long database statements of a web request may take, wait for locks, and leave a transaction idle.

The limits of the worker are those of the role (factcheck/embedded/database_roles.py); these are set by web requests on
their own connections, and are a third of them or less.
"""

import threading

from django.db import connection

LOCK_SECONDS = 10  # longer than anybody should look at a page that does not come
IDLE_SECONDS = 60  # in a transaction, between two statements

_thread = threading.local()  # `limited`: the database session whose limits this thread has set, and the seconds


def limit_statements(seconds: float) -> None:
    """Limit the statements of this thread's connection, once for each connection and number of seconds."""
    connection.ensure_connection()
    wanted = (connection.connection, seconds)
    if getattr(_thread, "limited", None) == wanted or connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        # Just-in-time compilation costs half a second a query, and pays only for reports that read whole tables.
        cursor.execute(
            "SELECT set_config('statement_timeout', %s, false), set_config('lock_timeout', %s, false),"
            " set_config('idle_in_transaction_session_timeout', %s, false), set_config('jit', 'off', false)",
            [f"{round(seconds * 1000)}ms", f"{LOCK_SECONDS}s", f"{IDLE_SECONDS}s"],
        )
    _thread.limited = wanted
