"""Seal the tables that only grow: an HMAC of the rows since the last seal, chained to it, by a key in the data folder.

    rows with ids after the last seal ──COPY as text──► HMAC-SHA256 ──► Seal (until, rows, columns, previous, mac)

No row may join later with an id that a seal covers. An id is drawn from the table's sequence, and whoever draws one
holds a lock on the sequence until the transaction ends. So the last id drawn is read first, and then every transaction
that holds such a lock is waited for. Nobody who writes has to wait: a SHARE lock on the table would stop writers, and
the role *app* may not take one on tables that it may only read.

What is covered of a row are the columns that the seal names, in their order, in the text format of COPY with fixed
settings for times, intervals and bytes: it is the same on every version of PostgreSQL, and a column that is added later
changes nothing.
"""

import hmac
import logging
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from claims.models import (
    AuditReport,
    Checkpoint,
    CheckpointDelivery,
    Publication,
    PublicationBody,
    Seal,
    SealRevision,
)
from claims.proof.finding import fix_text
from claims.proof.keys import Keys
from sources.models import Text
from sources.timestamp import timestamp

logger = logging.getLogger(__name__)

FORMAT = "factcheck-seal/1"
NONE = "0" * 64
"""What the first seal of a table follows."""
PATIENCE = 30.0
"""Seconds to wait for transactions that may still write below the last id; then the table waits for the next run."""
# The log and its bodies have a chain of their own, and so have seals, their revisions and checkpoints; reports have a
# MAC each. Texts are named by their hashes.
NOT_SEALED = (Publication, PublicationBody, Seal, SealRevision, Checkpoint, CheckpointDelivery, AuditReport, Text)
_WRITERS = """
    SELECT array_agg(DISTINCT virtualtransaction) FROM pg_locks
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND relation = %s::regclass
"""


def sealed_models() -> list[type[models.Model]]:
    """Every model whose table only grows and numbers its rows, but `NOT_SEALED`; in the order of their tables."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "append_only", False)
        and isinstance(model._meta.pk, models.AutoField)
        and model not in NOT_SEALED
    ]
    return sorted(found, key=lambda model: str(model._meta.db_table))


def seal_all(keys: Keys, *, patience: float = PATIENCE) -> int:
    """Seal what was written since the last seals; returns how many seals were made. The caller holds `Lock.SEAL`.

    A table below whose last id somebody may still write is left to the next run.
    """
    made = 0
    ends = time.monotonic() + patience
    for model in sealed_models():
        last = Seal.objects.filter(table=model._meta.db_table).order_by("-pk").first()
        until = last_drawn(model)
        if until == 0 or (last and until <= last.until):
            continue
        if not _nobody_writes_below(model, ends):
            logger.warning("%s was not sealed, because a transaction writes to it for long", model._meta.db_table)
            continue
        made += _seal(model, last, until, keys)
    return made


def _sequence(model: type[models.Model]) -> str:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, model._meta.pk.column])
        return str(cursor.fetchone()[0])


def last_drawn(model: type[models.Model]) -> int:
    """The last id that was drawn for the table; 0 for none."""
    with connection.cursor() as cursor:
        # One that was set as pg_dump and people do says which id is next.
        cursor.execute(f"SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM {_sequence(model)}")  # noqa: S608
        return int(cursor.fetchone()[0])


def _nobody_writes_below(model: type[models.Model], ends: float) -> bool:
    """Wait until every transaction that has drawn an id by now has ended. False if one takes too long."""
    sequence = _sequence(model)
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, [sequence])
        writers = set(cursor.fetchone()[0] or ())
        while writers:
            if time.monotonic() >= ends:
                return False
            time.sleep(0.05)
            cursor.execute(_WRITERS, [sequence])
            writers &= set(cursor.fetchone()[0] or ())
    return True


def _seal(model: type[models.Model], last: Seal | None, until: int, keys: Keys) -> bool:
    seal = Seal(
        table=model._meta.db_table,
        after=last.until if last else None,
        until=until,
        columns=[str(field.column) for field in model._meta.concrete_fields],
        at=timezone.now(),
        key=keys.seal_id,
        previous=last.mac if last else NONE,
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            fix_text(cursor)
        seal.rows, seal.mac = computed(seal, str(model._meta.pk.column), keys.seal)
        if seal.rows == 0:
            return False  # what was drawn was rolled back
        seal.save(force_insert=True)
    return True


def computed(
    seal: Seal, key_column: str, key: bytes, *, header: str | None = None, on: Any = connection
) -> tuple[int, str]:
    """How many rows the seal covers now, and their HMAC. Within a transaction in which `fix_text` was called.

    `header` takes the place of the seal's own, for a revision of it. `on` is the connection to read from.
    """
    mac = hmac.new(key, (_header(seal) if header is None else header).encode(), "sha256")
    rows = 0
    for data in _copied(seal.table, key_column, seal.columns, seal.after, seal.until, on):
        rows += data.count(b"\n")  # within a value it is written as \n
        mac.update(data)
    mac.update(b"%d rows\n" % rows)
    return rows, mac.hexdigest()


def _header(seal: Seal) -> str:
    after = "" if seal.after is None else str(seal.after)
    at: datetime = seal.at
    lines = (FORMAT, seal.table, ",".join(seal.columns), after, str(seal.until), timestamp(at), seal.previous)
    return "".join(f"{line}\n" for line in lines)


def _copied(
    table: str, key_column: str, columns: Sequence[str], after: int | None, until: int, on: Any
) -> Iterator[bytes]:
    """The rows as COPY writes them, in the order of their ids, in pieces."""
    quote = on.ops.quote_name
    names, key = ", ".join(map(quote, columns)), quote(key_column)
    span = f"{key} <= {int(until)}" if after is None else f"{key} > {int(after)} AND {key} <= {int(until)}"
    statement = f"COPY (SELECT {names} FROM {quote(table)} WHERE {span} ORDER BY {key}) TO STDOUT"  # noqa: S608 - quoted
    with on.cursor() as cursor, on.wrap_database_errors, cursor.copy(statement) as copy:
        for piece in copy:
            yield piece if isinstance(piece, bytes) else bytes(piece)
