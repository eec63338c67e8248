"""Celery task that starts a thinning in a process of its own, so that no thread of the worker waits for it."""

import subprocess
import sys
import threading
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from factcheck.thinning.models import Thinning

EVERY = timedelta(days=1)

_lock = threading.Lock()
_children: list["subprocess.Popen[bytes]"] = []


def is_due() -> bool:
    """Whether this host may thin, is to, and the last thinning that ended began a day ago or more."""
    if not settings.THIN_AFTER or "owner" not in settings.DATABASES:
        return False
    return not Thinning.objects.filter(finished_at__isnull=False, started_at__gt=timezone.now() - EVERY).exists()


@shared_task
def start_due() -> bool:
    """Start a thinning if one is due. Returns whether one was started."""
    with _lock:
        _children[:] = [child for child in _children if child.poll() is None]
        if _children or not is_due():
            return False
        _children.append(
            subprocess.Popen(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), "thin"],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        )
        return True
