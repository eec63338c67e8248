"""Thin out what polls have left: old checks, changes, snapshots, texts and files that nothing needs.

    changes that touched no quote ─► with their checks and sweeps ─► snapshots nobody refers to ─► their texts
                                                                            └─► files: marked, removed a day later

Runs as the owner of the tables, like migrations, so that the role of web and worker can delete nothing. Each batch is
one transaction, in which the seals of the rows are verified and revised (claims/proof/revisions.py): what somebody else
has changed or removed stops a thinning and is never signed. Killed, the next run resumes it. While a backup runs
nothing is removed.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.utils import timezone

from claims.models import EvidenceCheck, Sweep
from claims.proof import keys
from claims.proof.keys import Keys
from claims.proof.revisions import revised, sealed_until
from factcheck.thinning import expendable
from factcheck.thinning.models import Thinning
from sources.database.audit import acting_as
from sources.database.locks import Lock, held, limit_lock_waits, removal_allowed
from sources.faults import point
from sources.models import Change, Snapshot, Text
from sources.snapshots.default_store import removing_store

BATCH = 2_000
FILES = 200
"""Files in one transaction, which holds their rows."""
MARKED_FOR = timedelta(hours=24)
"""How long a file stays after nothing refers to it: backups and copies of the database may name it so long."""
LEAST = timedelta(days=7)
"""Nothing younger is ever removed, whatever the settings say."""


class CannotThin(Exception):
    """Nothing more was removed. The message says why, and what to do."""


@dataclass
class _Run:
    row: Thinning
    on: Any
    keys: Keys
    limits: dict[str, object]
    """Of what may go in one batch. What is sealed while it runs goes with the next thinning."""
    report: Callable[[str], object]


def thin(*, after: timedelta, dry_run: bool = False, report: Callable[[str], object] = lambda line: None) -> Thinning:
    """Remove what may go and is older than `after`; returns the record. `report` is told of each batch.

    A dry run does all of it, in one transaction that is rolled back, but for the files. Raises `CannotThin`,
    `claims.proof.revisions.NotAsSealed`, `StorageError`.
    """
    if after < LEAST:
        raise CannotThin(f"Keep everything for at least {LEAST.days} days.")
    on = connections[_owner_alias()]
    with held(Lock.THINNING, on=on) as alone, acting_as("thinning"):
        if not alone:
            raise CannotThin("Another thinning is running. Wait until it is done.")
        if dry_run:
            with transaction.atomic(using=on.alias):
                run = _begin(on, after, report)
                _remove_rows(run)
                transaction.set_rollback(True, using=on.alias)
            return run.row
        run = _begin(on, after, report)
        _remove_rows(run)
        _remove_files(run)
        run.row.finished_at = timezone.now()
        run.row.save(using=on.alias)
    return run.row


def _owner_alias() -> str:
    if "owner" in settings.DATABASES:
        return "owner"
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_userbyid(relowner) = current_user FROM pg_class"
            " WHERE oid = 'public.sources_snapshot'::regclass"
        )
        if not cursor.fetchone()[0]:
            raise CannotThin(
                "The role of web and worker can delete nothing. Set DATABASE_OWNER_URL to the role that owns the "
                "tables, for this command alone."
            )
    return DEFAULT_DB_ALIAS


def _begin(on: Any, after: timedelta, report: Callable[[str], object]) -> _Run:
    with on.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        before: datetime = cursor.fetchone()[0] - after
    rows = Thinning.objects.using(on.alias)
    row = rows.filter(finished_at__isnull=True).order_by("-pk").first() or rows.create(before=before)
    # A run that is resumed under a shorter time removes no more than it began with.
    row.before = min(row.before, before)
    limits = {
        "before": row.before,
        "changes_until": sealed_until(Change),
        "checks_until": sealed_until(EvidenceCheck),
        "snapshots_until": sealed_until(Snapshot),
        "limit": BATCH,
    }
    return _Run(row, on, keys.current(), limits, report)


def _remove_rows(run: _Run) -> None:
    while _remove_changes(run):
        pass
    while _remove_snapshots(run):
        pass


def _remove_changes(run: _Run) -> bool:
    with _batch(run) as cursor:
        cursor.execute(expendable.changes(), run.limits | {"reached": run.row.reached_change})
        ids = [key for (key,) in cursor.fetchall()]
        if not ids:
            return False
        cursor.execute("SELECT id FROM claims_evidencecheck WHERE change_id = ANY (%s) ORDER BY id", [ids])
        checks = [key for (key,) in cursor.fetchall()]
        with _revised(run, EvidenceCheck, checks):
            _delete(cursor, EvidenceCheck, "id", checks)
        _delete(cursor, Sweep, "change_id", ids)
        with _revised(run, Change, ids):
            _delete(cursor, Change, "id", ids)
        run.row.checks += len(checks)
        run.row.changes += len(ids)
        run.row.reached_change = ids[-1]
        run.row.save(using=run.on.alias)
    run.report(f"{run.row.changes:,} changes, {run.row.checks:,} checks removed")
    return True


def _remove_snapshots(run: _Run) -> bool:
    with _batch(run) as cursor:
        cursor.execute(expendable.snapshots(), run.limits | {"reached": run.row.reached_snapshot})
        ids = [key for (key,) in cursor.fetchall()]
        if not ids:
            return False
        cursor.execute("SELECT text_id, blob_id FROM sources_snapshot WHERE id = ANY (%s)", [ids])
        rows = cursor.fetchall()
        with _revised(run, Snapshot, ids):
            _delete(cursor, Snapshot, "id", ids)
        _allow(cursor, [Text])
        cursor.execute(expendable.unreferenced_texts(), {"names": sorted({text for text, _ in rows})})
        run.row.texts += cursor.rowcount
        cursor.execute(expendable.unused_blobs(), {"names": sorted({blob for _, blob in rows})})
        run.row.snapshots += len(ids)
        run.row.reached_snapshot = ids[-1]
        run.row.save(using=run.on.alias)
    run.report(f"{run.row.snapshots:,} snapshots, {run.row.texts:,} texts removed")
    return True


def _remove_files(run: _Run) -> None:
    """Remove the files that were marked a day ago: the file first, since a row without a file says that it may be."""
    store = removing_store()
    while True:
        with _batch(run) as cursor:
            cursor.execute("SELECT clock_timestamp() - %s::interval", [str(MARKED_FOR)])
            [marked_before] = cursor.fetchone()
            cursor.execute(expendable.removable_blobs(), {"marked_before": marked_before, "limit": FILES})
            rows = cursor.fetchall()
            for sha256, _ in rows:
                store.remove(sha256)
            point("files removed")
            cursor.execute("DELETE FROM sources_blob WHERE sha256 = ANY (%s)", [[sha256 for sha256, _ in rows]])
            run.row.files += len(rows)
            run.row.bytes += sum(size for _, size in rows)
            run.row.save(using=run.on.alias)
        if len(rows) < FILES:
            return
        run.report(f"{run.row.files:,} files removed")


@contextmanager
def _batch(run: _Run) -> Iterator[Any]:
    """One transaction in which no backup begins."""
    began = time.monotonic()
    with transaction.atomic(using=run.on.alias), run.on.cursor() as cursor:
        while not removal_allowed(run.on):
            if time.monotonic() - began > 30:
                raise CannotThin("A backup is running, so nothing more is removed. The next run resumes.")
            time.sleep(0.2)
        limit_lock_waits(10, on=run.on)
        yield cursor
        point("thinning before commit")


@contextmanager
def _revised(run: _Run, model: type[models.Model], ids: Sequence[int]) -> Iterator[None]:
    with revised(model, ids, thinning=run.row.pk, with_keys=run.keys, on=run.on):
        yield


def _delete(cursor: Any, model: type[models.Model], column: str, ids: Sequence[int]) -> None:
    _allow(cursor, [model])
    cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {column} = ANY (%s)", [list(ids)])  # noqa: S608


def _allow(cursor: Any, of: Sequence[type[models.Model]]) -> None:
    """Let the owner delete rows that only grow, until the transaction ends (embedded/trigger_functions.py)."""
    triggers = [each.get_pgid(model) for model in of for each in model._meta.triggers if each.name == "append_only"]  # type: ignore[attr-defined]
    cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(triggers) + "}"])
