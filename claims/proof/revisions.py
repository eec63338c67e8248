"""Revise the seals of rows that a thinning removes, so that no other removal can hide behind it.

    seal of a span, or its last revision ─verified─► rows removed ─► SealRevision (ids that went, HMAC of what is left)

A revision is made in the transaction that removes the rows, and only if the span is as it was sealed: a thinning must
not sign what somebody else has changed before. The HMAC covers the ids of all rows that ever left the span, so that an
earlier revision cannot be altered either.
"""

import bisect
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import models
from django.utils import timezone

from claims.models import Seal, SealRevision
from claims.proof import keys, seals
from claims.proof.finding import fix_text
from claims.proof.keys import Keys
from sources.timestamp import timestamp

FORMAT = "factcheck-seal-revision/1"


class NotAsSealed(Exception):
    """The rows are not those that were sealed. The message says which, and what to do."""


def sealed_until(model: type[models.Model]) -> int:
    """The last id that a seal covers; 0 if nothing is sealed. Rows after it must not be removed."""
    last = Seal.objects.filter(table=model._meta.db_table).order_by("-pk").values_list("until", flat=True).first()
    return last or 0


@contextmanager
def revised(
    model: type[models.Model], ids: Sequence[int], *, thinning: int, with_keys: Keys, on: Any
) -> Iterator[None]:
    """Verify the seals of these rows, let the block remove exactly these, and write the revisions.

    `on` is the connection that removes them, in a transaction. Raises `NotAsSealed`, with nothing removed.
    """
    affected = _affected(model, ids, on.alias)
    column = str(model._meta.pk.column)
    with on.cursor() as cursor:
        fix_text(cursor)
    known = keys.all_seal_keys()
    for seal, _ in affected:
        _verify(seal, column, known, on)
    yield
    for seal, gone in affected:
        before = history(seal, using=on.alias)
        revision = SealRevision(
            seal=seal,
            thinning=thinning,
            gone=gone,
            at=timezone.now(),
            key=with_keys.seal_id,
            previous=before[-1].mac if before else seal.mac,
        )
        revision.rows, revision.mac = computed([*before, revision], seal, column, with_keys.seal, on)
        if revision.rows != (before[-1].rows if before else seal.rows) - len(gone):
            raise NotAsSealed(f"Other rows of {seal.table} than those that were chosen would have been removed.")
        revision.save(using=on.alias, force_insert=True)


def history(seal: Seal, *, using: str | None = None) -> list[SealRevision]:
    """The revisions of a seal in their order."""
    return list(SealRevision.objects.using(using).filter(seal=seal).order_by("pk"))


def computed(revisions: Sequence[SealRevision], seal: Seal, key_column: str, key: bytes, on: Any) -> tuple[int, str]:
    """How many rows of the seal's span are there now, and the HMAC that the last of these revisions should have."""
    return seals.computed(seal, key_column, key, header=_header(revisions, seal), on=on)


def _header(revisions: Sequence[SealRevision], seal: Seal) -> str:
    last = revisions[-1]
    gone = hashlib.sha256()
    for each in revisions:
        gone.update(f"{each.thinning}:{','.join(map(str, each.gone))}\n".encode())
    after = "" if seal.after is None else str(seal.after)
    lines = (FORMAT, seal.table, ",".join(seal.columns), after, str(seal.until), seal.mac, timestamp(last.at))
    return "".join(f"{line}\n" for line in (*lines, last.previous, gone.hexdigest()))


def _affected(model: type[models.Model], ids: Sequence[int], using: str) -> list[tuple[Seal, list[int]]]:
    """The seals of the table that cover any of these rows, each with those of them that it covers."""
    ordered = sorted(ids)
    if not ordered:
        return []
    rows = Seal.objects.using(using).filter(table=model._meta.db_table, until__gte=ordered[0]).order_by("pk")
    found: list[tuple[Seal, list[int]]] = []
    for seal in rows.iterator():
        first = bisect.bisect_right(ordered, seal.after) if seal.after is not None else 0
        covered = ordered[first : bisect.bisect_right(ordered, seal.until)]
        if covered:
            found.append((seal, covered))
        if seal.until >= ordered[-1]:
            return found
    raise NotAsSealed(f"Rows of {model._meta.db_table} are not sealed yet, so that nothing of them can be removed.")


def _verify(seal: Seal, column: str, known: dict[str, bytes], on: Any) -> None:
    before = history(seal, using=on.alias)
    last: Seal | SealRevision = before[-1] if before else seal
    if last.key not in known:
        raise NotAsSealed(
            f"The key {last.key} that sealed rows of {seal.table} is not in the data folder, so that nobody can tell "
            "whether they were changed. Restore it from the backup."
        )
    key = known[last.key]
    now = computed(before, seal, column, key, on) if before else seals.computed(seal, column, key, on=on)
    if now != (last.rows, last.mac):
        raise NotAsSealed(
            f"Rows of {seal.table} until id {seal.until} are not those that were sealed at {seal.at:%Y-%m-%d %H:%M} "
            "UTC. Nothing of them was removed; run manage.py audit verify."
        )


def wrong_chain(seal: Seal, revisions: Iterable[SealRevision]) -> str:
    """What is wrong with the order and numbers of a seal's revisions, as a sentence; empty if nothing is."""
    mac, rows = seal.mac, seal.rows
    for each in revisions:
        if each.previous != mac or each.rows != rows - len(each.gone):
            return f"The revision {each.pk} of the seal {seal.pk} of {seal.table} does not follow the one before."
        mac, rows = each.mac, each.rows
    return ""
