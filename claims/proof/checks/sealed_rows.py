"""Compute each seal, or its last revision, again from the rows that it covers, and follow the chain of each table."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from claims.models import Seal, SealRevision
from claims.proof import keys, revisions, seals, stored
from claims.proof.finding import Finding

LONGEST = timedelta(hours=6)
"""A row is dated when its transaction began: so much before it is sealed at most, and an hour later it is."""
_MISDATED = """
    SELECT count(*) FROM (
        SELECT after, until, lag(at) OVER (ORDER BY id) AS sealed_at FROM claims_seal WHERE "table" = %s
    ) AS seal JOIN {table} AS event ON event.pgh_id > seal.after AND event.pgh_id <= seal.until
    WHERE event.pgh_created_at < seal.sealed_at - %s::interval
"""


def sealed() -> Iterator[Finding]:
    """Every seal of every table, in order."""
    known = keys.all_seal_keys()
    unknown: dict[str, int] = {}
    newest = stored.newest()
    since = newest.at - LONGEST if newest else None
    for model in seals.sealed_models():
        table = model._meta.db_table
        columns = _columns(table)
        before: Seal | None = None
        for seal in Seal.objects.filter(table=table).order_by("pk").iterator():
            if seal.previous != (before.mac if before else seals.NONE) or seal.after != (
                before.until if before else None
            ):
                yield _finding(f"The seal {seal.pk} of {table} does not follow the one before: seals were removed.")
            if seal.key in known:
                yield from _compared(seal, str(model._meta.pk.column), columns, known)
            else:
                unknown[seal.key] = unknown.get(seal.key, 0) + 1
            before = seal
        yield from _unsealed(model, before, since)
    for key, number in unknown.items():
        yield _finding(
            f"{number:,} seals cannot be verified: their key {key} is not in the data folder. Restore it from the "
            "backup; seals that were made without the key of this installation are forged."
        )
    names = {model._meta.db_table for model in seals.sealed_models()}
    for table in sorted(set(Seal.objects.values_list("table", flat=True).distinct()) - names):
        yield _finding(f"{table} was sealed, and this version does not know it.")


def _unsealed(model: Any, last: Seal | None, since: datetime | None) -> Iterator[Finding]:
    """What no seal will ever cover, or was not covered in time, so that it could still be rewritten."""
    table, drawn = model._meta.db_table, seals.last_drawn(model)
    rows = model._default_manager.all()
    if last and drawn < last.until:
        yield _finding(f"The next id of {table} was set back to {drawn + 1:,}, though {last.until:,} is sealed.")
    elif number := rows.filter(pk__gt=drawn).count():
        yield _finding(f"{number:,} rows of {table} have ids above {drawn:,}, which were never given: they are forged.")
    if not any(field.column == "pgh_created_at" for field in model._meta.concrete_fields):
        return
    with connection.cursor() as cursor:
        quoted = connection.ops.quote_name(table)
        cursor.execute(_MISDATED.format(table=quoted), [table, str(LONGEST)])
        (number,) = cursor.fetchone()
    if number:
        yield _finding(f"{number:,} rows of {table} are dated before what was sealed earlier: their time is false.")
    if since and rows.filter(pk__gt=last.until if last else 0, pgh_created_at__lt=since).exists():
        yield _finding(
            f"Rows of {table} from before {since:%Y-%m-%d %H:%M} UTC are not sealed: their time is false, or a "
            "transaction that does not end holds the seals up (pg_stat_activity shows it)."
        )


def _compared(seal: Seal, key_column: str, columns: set[str], known: dict[str, bytes]) -> Iterator[Finding]:
    if gone := [column for column in seal.columns if column not in columns]:
        yield _finding(f"{seal.table} has lost the column {gone[0]}, which a seal covers: it cannot be verified.")
        return
    span = f"{seal.table} until id {seal.until}, sealed at {seal.at:%Y-%m-%d %H:%M} UTC"
    thinned = revisions.history(seal)
    last: Seal | SealRevision = thinned[-1] if thinned else seal
    if fault := revisions.wrong_chain(seal, thinned):
        yield _finding(fault)
    if last.key != seal.key and last.key not in known:
        yield _finding(f"Rows were thinned out of {span} under a key that is not in the data folder.")
        return
    key = known[last.key]
    rows, mac = (
        revisions.computed(thinned, seal, key_column, key, connection)
        if thinned
        else seals.computed(seal, key_column, key)
    )
    if rows < last.rows:
        yield _finding(f"{last.rows - rows:,} of {last.rows:,} rows were removed from {span}.", mac)
    elif rows > last.rows:
        yield _finding(f"{rows - last.rows:,} rows were added to the {last.rows:,} of {span}.", mac)
    elif mac != last.mac:
        yield _finding(f"Rows were changed in {span}, or the seal is forged.", mac)


def _columns(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def _finding(sentence: str, seen: str = "") -> Finding:
    return Finding("seals", sentence, seen)
