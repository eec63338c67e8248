"""Celery task that starts a scheduled backup in a process of its own, so that no thread of the worker waits for it."""

import os
import subprocess
import sys
import threading

from celery import shared_task
from django.conf import settings

from factcheck.backup.state import is_due

_lock = threading.Lock()
_children: list["subprocess.Popen[bytes]"] = []


@shared_task
def start_due() -> bool:
    """Start a backup if FACTCHECK_BACKUP_TO is set and one is due. Returns whether one was started."""
    with _lock:
        _children[:] = [child for child in _children if child.poll() is None]
        if _children or not is_due():
            return False
        _children.append(start())
        return True


def start() -> "subprocess.Popen[bytes]":
    """A process that makes the backup, logs to this one's stderr, and ends when this one does."""
    parent = str(os.getpid())
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "backup", "--scheduled-by", parent],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
