"""What `/healthz` and the desk's first screen say of audits and checkpoints."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from claims.proof import continuity, reports, stored

# A part is late after so long, but not before the process that says so has run for so long: after a night in which
# everything was off there is work to catch up with.
CHECKPOINT_LATE, CHECKPOINT_GRACE = timedelta(hours=3), timedelta(minutes=15)
AUDIT_LATE, AUDIT_GRACE = timedelta(hours=50), timedelta(hours=8)
_started = time.monotonic()


def checkpoint_state() -> str:
    """`ok`, or that checkpoints are stopped or late or do not arrive outside, for `/healthz`."""
    since = timezone.now() - CHECKPOINT_LATE
    for reason in continuity.broken(quick=True):
        return f"stopped: {reason} manage.py audit verify lists more"
    last = stored.newest()
    newest = last.at if last else _installed_at()
    if newest > timezone.now() + CHECKPOINT_LATE:
        return f"wrong: the last checkpoint is of {newest:%Y-%m-%d %H:%M} UTC; look at the clock of the worker's host"
    if newest < since and _runs_for(CHECKPOINT_GRACE):
        return f"late: the last checkpoint was written at {newest:%Y-%m-%d %H:%M} UTC"
    waiting = undelivered_since()
    if waiting and waiting < since and _runs_for(CHECKPOINT_GRACE):
        return f"late: no checkpoint has arrived outside since {waiting:%Y-%m-%d %H:%M} UTC"
    return "ok"


def audit_state() -> str:
    """`ok`, or that the last audit has findings or is late, for `/healthz`."""
    last = reports.newest()
    if last and last.findings:
        when = f"{last.finished_at:%Y-%m-%d %H:%M} UTC"
        return f"findings: {last.findings:,} at {when}; manage.py audit verify lists them"
    since = timezone.now() - AUDIT_LATE
    newest = last.finished_at if last else _installed_at()
    if newest < since and _runs_for(AUDIT_GRACE):
        return f"late: the last audit ended at {newest:%Y-%m-%d %H:%M} UTC" if last else "late: no audit ended yet"
    return "ok"


def undelivered_since() -> datetime | None:
    """The time of the oldest checkpoint since the last one that arrived outside; None if all did, or none is sent."""
    if not settings.CHECKPOINT_TO:
        return None
    waiting = stored.undelivered(since_first=True)
    return waiting[0].at if waiting else None


def for_desk() -> dict[str, Any]:
    """What the first screen of those who manage accounts says of audit and checkpoints."""
    return {
        "report": reports.newest(),
        "newest": stored.newest(),
        "is_sent": bool(settings.CHECKPOINT_TO),
        "undelivered_since": undelivered_since(),
    }


def _installed_at() -> datetime:
    """When the tables of seals were made."""
    rows = MigrationRecorder.Migration.objects.filter(app="claims").order_by("-applied")
    return rows.values_list("applied", flat=True).first() or timezone.now()


def _runs_for(grace: timedelta) -> bool:
    return time.monotonic() - _started >= grace.total_seconds()
