"""Record attempts to make a backup, and say how old the last one is, for health and for the desk."""

import os
import threading
import time
from dataclasses import dataclass
from datetime import timedelta

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.utils import timezone

from factcheck.backup.create import Made, Say, create
from factcheck.backup.models import BackupRun
from factcheck.backup.places import BackupError
from sources.database.locks import Lock

KEPT_ROWS = 200
RETRY_AFTER = timedelta(hours=1)  # after a scheduled backup failed, or was killed
_LATE = 2  # intervals
_LONGEST = timedelta(hours=6)  # a backup that runs for longer than this, and than an interval, is no excuse


def recorded_backup(destination: str, *, say: Say, parent: int | None = None) -> Made:
    """Make a backup and record how it went. Raises `BackupError`. It ends with the process `parent`, if given."""
    if parent is not None:
        threading.Thread(target=_end_with, args=[parent], daemon=True).start()
    shown = destination.split("?")[0][:1_000]
    run = _begin(shown, scheduled=parent is not None)
    try:
        made = create(destination, say=say)
    except (BackupError, OSError, DatabaseError, psycopg.Error) as error:
        sentence = str(error) if isinstance(error, BackupError) else _sentence(error)
        _end(run, failed_at=Now(), sentence=sentence[:1_000])
        raise BackupError(sentence) from error
    _end(run, finished_at=Now(), name=made.manifest.name, sentence=" ".join(made.warnings)[:1_000])
    return made


def _begin(shown: str, *, scheduled: bool) -> BackupRun | None:
    """The row of this attempt; None if the database does not answer, which the backup itself will say."""
    try:
        run = BackupRun.objects.create(destination=shown, scheduled=scheduled)
        BackupRun.objects.filter(pk__lt=run.pk - KEPT_ROWS).delete()
    except DatabaseError:
        return None
    finally:
        connection.close()
    return run


def _end(run: BackupRun | None, **values: object) -> None:
    if run is not None:
        try:
            BackupRun.objects.filter(pk=run.pk).update(**values)
        except DatabaseError:
            return
        finally:
            connection.close()


def _sentence(error: Exception) -> str:
    lines = str(error).splitlines()
    return f"The backup failed: {lines[0] if lines else type(error).__name__}"


def _end_with(parent: int) -> None:
    """End this process when its parent has ended: nobody would see it, nor stop it."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


@dataclass(frozen=True)
class BackupState:
    """How backups stand. `age` is since the last complete backup began; None without one."""

    scheduled: bool
    age: timedelta | None
    running: bool
    failure: str

    @property
    def late(self) -> bool:
        """Whether a schedule is not kept."""
        return self.scheduled and (self.age is None or self.age > _LATE * settings.BACKUP_EVERY)

    @property
    def hours(self) -> str:
        """The age in words."""
        if self.age is None:
            return "none yet"
        hours = self.age / timedelta(hours=1)
        return f"{hours:.0f} hours old" if hours < 72 else f"{hours / 24:.0f} days old"


def state() -> BackupState:
    """How backups stand now; at most three queries."""
    last = BackupRun.objects.filter(finished_at__isnull=False).order_by("-pk").first()
    later = BackupRun.objects.filter(pk__gt=last.pk if last else 0).order_by("-pk").first()
    running = (
        later is not None
        and later.failed_at is None
        and timezone.now() - later.started_at < max(_LONGEST, settings.BACKUP_EVERY)
        and is_running()
    )
    failure = ""
    if later is not None and not running:
        failure = later.sentence or "The backup was interrupted."
    return BackupState(
        scheduled=bool(settings.BACKUP_TO),
        age=timezone.now() - last.started_at if last else None,
        running=running,
        failure=failure,
    )


def is_running() -> bool:
    """Whether some process holds the lock of backups."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = 0 AND objid = %s AND objsubid = 1)",
            [int(Lock.BACKUP)],
        )
        return bool(cursor.fetchone()[0])


def is_due() -> bool:
    """Whether the schedule wants a backup to be started now."""
    if not settings.BACKUP_TO:
        return False
    now = timezone.now()
    if BackupRun.objects.filter(finished_at__isnull=False, started_at__gt=now - settings.BACKUP_EVERY).exists():
        return False
    wait = min(RETRY_AFTER, settings.BACKUP_EVERY)
    return not BackupRun.objects.filter(started_at__gt=now - wait).exists() and not is_running()


def health() -> str:
    """The part of `/healthz`: its age, whether it is late, and no word of why, which the desk's home has."""
    now = state()
    if now.running:
        return "ok: one is being made" if now.age is None else f"ok: {now.hours}, one is being made"
    if now.late:
        why = "; the last attempt failed, the desk's home says why" if now.failure else ""
        return (
            f"late: the last complete backup is {now.hours}{why}" if now.age else f"late: there is no backup yet{why}"
        )
    return f"ok: {now.hours}"
