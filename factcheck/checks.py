"""The check that the database still holds its rules, for `manage.py check --database default`."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections

from factcheck.embedded import database_rules

_SILENT: ContextVar[bool] = ContextVar("rules_to_be_mended", default=False)
MEND = "Find out who changed it, then run manage.py migrate as the owner, which puts it back."


@contextmanager
def rules_to_be_mended() -> Iterator[None]:
    """Within, the check says nothing: the command that runs it puts the rules right."""
    token = _SILENT.set(True)
    try:
        yield
    finally:
        _SILENT.reset(token)


def check_database_rules(*, databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Compare triggers, functions, constraints and rights with those that the migrations make."""
    if _SILENT.get() or DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        connection.ensure_connection()
        found = database_rules.compare(connection.connection, settings.DATABASES[DEFAULT_DB_ALIAS]["USER"])
    except DatabaseError as error:
        return [Error(f"The database does not answer: {str(error).splitlines()[0]}", id="factcheck.E001")]
    extra = map(database_rules.as_sentence, found.extra)
    return [
        *(Error(each.sentence, hint=MEND, id="factcheck.E002") for each in found.wrong),
        *(Warning(sentence, hint="No migration makes this.", id="factcheck.W001") for sentence in extra),
    ]
