"""Is every part alive? Heartbeat rows in the database, and `GET /healthz` that reads them.

    beat ──its own row──────────────┐
      └─ task → broker → worker ──► │ round trip   ──►  /healthz: database, broker, worker, beat, snapshots
    worker ──its own row────────────┘

Celery's remote control is not used: it needs broadcast queues and says nothing about the database.
"""

import logging
import threading
from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.db import DatabaseError, connection
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from factcheck.models import Heartbeat
from sources.snapshots import default_store, integrity_check
from sources.snapshots.store import StorageError

logger = logging.getLogger(__name__)

EVERY = 5.0  # seconds between two beats of a part
# A part silent for longer is down. The round trip shares the worker's threads with long polls, so it may
# be late without anything being wrong.
SILENCE = {"worker": 20, "beat": 20, "round trip": 90}


def beat(part: str) -> None:
    """Say that the part is alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, at=Now())],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["at"],
    )


def alive(part: str) -> bool:
    """Whether the part said so lately."""
    return Heartbeat.objects.filter(part=part, at__gte=Now() - timedelta(seconds=SILENCE[part])).exists()


@shared_task(name="factcheck.health.round_trip", expires=30)
def round_trip() -> None:
    """A tick that went from beat over the broker to a worker and into the database."""
    beat("round trip")


class _Outage:
    """Logs the beginning and the end of a trouble, not each moment of it."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.lasts = False

    def goes_on(self, error: DatabaseError) -> None:
        if not self.lasts:
            logger.error("%s cannot reach the database: %s", self.what, error)
        self.lasts = True
        connection.close()

    def is_over(self) -> None:
        if self.lasts:
            logger.error("%s reaches the database again", self.what)
        self.lasts = False


_beats_outage, _workers_outage = _Outage("Beat"), _Outage("The worker's heartbeat")


def beat_ticks() -> bool:
    """Beat's heartbeat, and whether a worker is there to send ticks to."""
    try:
        beat("beat")
        worker = alive("worker")
    except DatabaseError as error:
        _beats_outage.goes_on(error)
        return False
    _beats_outage.is_over()
    return worker


_stopping = threading.Event()


def _worker_beats() -> None:
    while True:
        try:
            beat("worker")
            _workers_outage.is_over()
        except DatabaseError as error:
            _workers_outage.goes_on(error)
        if _stopping.wait(EVERY):
            connection.close()
            return


@worker_ready.connect
def _start_heartbeat(**_: Any) -> None:
    _stopping.clear()
    threading.Thread(target=_worker_beats, name="heartbeat", daemon=True).start()


@worker_shutting_down.connect
def _stop_heartbeat(**_: Any) -> None:
    _stopping.set()


def states() -> dict[str, str]:
    """State of each part: `ok`, or what is wrong in a few words that reveal nothing else."""
    parts = dict.fromkeys(("broker", "worker", "beat"), "unknown: the database does not answer")
    try:
        ages: dict[str, bool] = {part: alive(part) for part in SILENCE}
    except DatabaseError as error:
        logger.error("healthz: %s", error)
        parts = {"database": "down: no answer", **parts}
    else:
        parts = {"database": "ok", "broker": _broker(ages)}
        for part in ("worker", "beat"):
            parts[part] = "ok" if ages[part] else f"down: no heartbeat for {SILENCE[part]} s"
    parts["snapshots"] = _snapshots()
    return parts


def _broker(ages: dict[str, bool]) -> str:
    if ages["round trip"]:
        return "ok"
    if ages["worker"] and ages["beat"]:
        return f"down: no task came through for {SILENCE['round trip']} s"
    return "unknown: needs worker and beat to be seen"


def _snapshots() -> str:
    try:
        state = default_store.store().state()
    except StorageError as error:
        logger.error("healthz: %s", error)
        return "down: SNAPSHOT_STORE is set wrongly"
    if state != "ok":
        return state
    try:
        damaged = integrity_check.count_damaged()
    except DatabaseError:
        return state  # said under `database`
    return f"damaged: the last integrity check found {damaged} missing or damaged" if damaged else "ok"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 if every part is well, else 503; needs no key and tells nothing but the states."""
    parts = states()
    failing = [part for part, state in parts.items() if state != "ok"]
    body: dict[str, Any] = {"status": "failing" if failing else "ok", "parts": parts}
    if failing:
        body["failing"] = failing
    return JsonResponse(body, status=503 if failing else 200)
