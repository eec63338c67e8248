"""The whole audit: what claims/proof verifies, and the rules that the database should hold.

The command `audit verify`, the daily audit and a restored backup all run `verify`.
"""

from collections.abc import Callable, Iterator
from itertools import chain

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction

from claims.proof import verify as proof
from claims.proof.checks.stored_pages import Share
from claims.proof.finding import Finding, fix_text, unreadable
from factcheck.embedded import database_rules


def verify(
    *,
    blobs: Share = proof.DEFAULT_SHARE,
    checkpoints: str | None = None,
    report: Callable[[str], object] = lambda part: None,
) -> Iterator[Finding]:
    """Verify rules and history; arguments and findings as those of `claims.proof.verify.verify`."""
    report("rules")
    return chain(rules(), proof.verify(blobs=blobs, checkpoints=checkpoints, report=report))


def rules() -> Iterator[Finding]:
    """Compare triggers, functions, constraints, rights and settings of the database with the code."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                fix_text(cursor)
            found = database_rules.compare(connection.connection, settings.DATABASES[DEFAULT_DB_ALIAS]["USER"])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is found
        yield Finding("rules", unreadable("What the rules of the database are", error))
        return
    for each in found.wrong:
        yield Finding("rules", each.sentence)
