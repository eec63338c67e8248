"""The daily audit: `manage.py audit verify --report` in a process of its own, which ends with the worker."""

import logging
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from claims.models import Checkpoint
from claims.proof import reports
from factcheck.embedded.postgres import launcher
from sources.database.locks import Lock, held

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=24)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_HOURS = 6  # after which an audit is given up


@shared_task(name="factcheck.audit.daily")
def daily() -> int | None:
    """Run an audit if the last was a day ago. Returns its exit code; None if none was due or one runs already."""
    if not is_due():
        return None
    with held(Lock.AUDIT) as alone:
        if not alone or not is_due():
            return None
        return run_in_process()


def is_due() -> bool:
    """Whether the last audit was a day ago; the first follows the first checkpoint after an hour."""
    last = reports.newest()
    if last is not None:
        return last.finished_at <= timezone.now() - EVERY
    first = Checkpoint.objects.filter(at__gte=_EARLIEST).order_by("at").values_list("at", flat=True).first()
    return first is not None and first <= timezone.now() - timedelta(hours=1)


def run_in_process() -> int:
    """Run `audit verify --report` as a process that ends with this one. Returns its exit code."""
    program = [sys.executable, str(settings.BASE_DIR / "manage.py"), "audit", "verify", "--report"]
    launched = [*launcher(death_signal=signal.SIGTERM), *program]
    environment = {**os.environ, "FACTCHECK_DATA": str(settings.DATA)}
    try:
        done = subprocess.run(
            launched, env=environment, cwd=settings.BASE_DIR, timeout=_HOURS * 3_600, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        logger.error("The daily audit was ended after %d hours.", _HOURS)
        return 2
    if done.returncode != 0:
        said = done.stdout[:10_000] + done.stderr[-2_000:]
        logger.error("The daily audit ended with %d:\n%s", done.returncode, said)
    if done.returncode not in (0, 1, 2):  # 2: tried again by the next run
        reports.store(
            timezone.now(), 1, [f"audit: The audit ended with {done.returncode}; the log of the worker says why."]
        )
    return done.returncode
