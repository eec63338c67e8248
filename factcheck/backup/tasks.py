"""Celery task that starts a scheduled backup."""

import os

from celery import shared_task

from factcheck.backup.state import is_due
from sources.scheduled_command import ScheduledCommand

_backup = ScheduledCommand(is_due)


@shared_task
def start_due() -> bool:
    """Start a backup, which ends with this process, if FACTCHECK_BACKUP_TO is set and one is due. True if started."""
    return _backup.start_due("backup", "--scheduled-by", str(os.getpid()))
