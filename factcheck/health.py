"""Heartbeats of the running parts in the database, and `GET /healthz`, which reads them.

    beat ──its own row──────────────┐
      └─ task → broker → worker ──► │ round trip   ──►  /healthz: database, broker, worker, beat, disk, snapshots,
    worker ──its own row────────────┘                      sweep, database rules, checkpoint, audit,
                                                       backup (if scheduled)
    matcher ──its socket──────────────────────────────►  /healthz: matcher, which fails nothing
    up ──restarts.json in the data folder─────────────►  /healthz: what was restarted

Celery's remote control is not used: it needs broadcast queues and does not cover the database.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection
from django.db.models.functions import Now
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.matching import client as matcher
from claims.proof.keys import KeyProblem
from factcheck.audit.state import audit_state, checkpoint_state
from factcheck.backup import state as backup_state
from factcheck.embedded import database_rules, restarts
from factcheck.models import Heartbeat
from factcheck.web.failures import Failure, failure_of, full_disk
from sources.models import Change
from sources.snapshots import default_store, integrity_check
from sources.snapshots.store import StorageError

logger = logging.getLogger(__name__)

INTERVAL = 5.0  # seconds between two heartbeats of the worker
# Seconds without a heartbeat after which a part is down. The round trip shares the worker's threads with slow tasks, so
# that it may be late without a fault.
MAX_AGE = {"worker": 20, "beat": 20, "round trip": 90}
MIN_FREE_BYTES = 200_000_000  # in the data folder; PostgreSQL stops when it can write its log no more
# States of the matcher. Without it PostgreSQL answers, less well, so none of them makes a part fail.
NOT_FAILING = ("ok", "filling", "degraded", "off")
MAX_UNSWEPT = timedelta(minutes=10)  # a change is swept within seconds, unless a lock or a backlog delays it


def beat(part: str) -> None:
    """Write the part's heartbeat."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(part=part, at=Now())],
        update_conflicts=True,
        unique_fields=["part"],
        update_fields=["at"],
    )


def alive(part: str) -> bool:
    """Whether the part's last heartbeat is recent."""
    return Heartbeat.objects.filter(part=part, at__gte=Now() - timedelta(seconds=MAX_AGE[part])).exists()


def signs_of_life() -> dict[str, object]:
    """The last heartbeats of worker and beat, for `up`; empty where the database cannot be read and written.

    Writing shows that a part could have written too: on a full disk no part is silent, though none writes.
    """
    try:
        beat("up")
        return dict(Heartbeat.objects.filter(part__in=("worker", "beat")).values_list("part", "at"))
    except DatabaseError:
        return {}
    finally:
        connection.close()


@shared_task(name="factcheck.health.round_trip", expires=30)
def round_trip() -> None:
    """Confirm that a tick reached a worker: from beat through the broker into the database."""
    beat("round trip")


class _Outage:
    """Log the start and the end of a database outage once."""

    def __init__(self, part: str) -> None:
        self.part = part
        self.ongoing = False

    def failed(self, error: DatabaseError) -> None:
        if not self.ongoing:
            full = failure_of(error) is Failure.DISK_FULL
            what = "cannot write, the disk is full" if full else "cannot reach the database"
            logger.error("%s %s: %s", self.part, what, error)
        self.ongoing = True
        connection.close()

    def succeeded(self) -> None:
        if self.ongoing:
            logger.error("%s reaches the database again", self.part)
        self.ongoing = False


_beat_outage, _worker_outage = _Outage("Beat"), _Outage("The worker's heartbeat")


def beat_and_find_worker() -> bool:
    """Write beat's heartbeat; returns whether a worker is alive."""
    try:
        beat("beat")
        worker = alive("worker")
    except DatabaseError as error:
        _beat_outage.failed(error)
        return False
    _beat_outage.succeeded()
    return worker


_stopping = threading.Event()


def _beat_worker() -> None:
    while True:
        try:
            beat("worker")
            _worker_outage.succeeded()
        except DatabaseError as error:
            _worker_outage.failed(error)
        if _stopping.wait(INTERVAL):
            connection.close()
            return


@worker_ready.connect
def _start_heartbeat(**_: Any) -> None:
    _stopping.clear()
    threading.Thread(target=_beat_worker, name="heartbeat", daemon=True).start()


@worker_shutting_down.connect
def _stop_heartbeat(**_: Any) -> None:
    _stopping.set()


def states() -> dict[str, str]:
    """State of each part: `ok`, at most with a detail after a colon, or a short description of the fault."""
    parts = dict.fromkeys(("broker", "worker", "beat"), "unknown: the database does not answer")
    try:
        ages: dict[str, bool] = {part: alive(part) for part in MAX_AGE}
    except DatabaseError as error:
        logger.error("healthz: %s", error)
        parts = {"database": "down: no answer", **parts}
    else:
        parts = {"database": "ok", "broker": _broker(ages)}
        for part in ("worker", "beat"):
            parts[part] = "ok" if ages[part] else f"down: no heartbeat for {MAX_AGE[part]} s"
    parts["disk"] = _disk()
    parts["snapshots"] = _snapshots()
    parts["matcher"] = _matcher_state()
    if parts["database"] == "ok":
        parts["sweep"] = _sweep_state()
        parts["database rules"] = _rules_state()
        if settings.BACKUP_TO:
            parts["backup"] = _backup_state()
        parts["checkpoint"] = _checkpoint_state()
        parts["audit"] = _audit_state()
    return parts


def _disk() -> str:
    if full_disk.within(60):
        return "full: something could not be saved in the last minute; make room for the database and the data folder"
    try:
        free = shutil.disk_usage(settings.DATA).free
    except OSError:
        if settings.EMBEDDED_DATABASE:
            return "gone: the data folder is not where it was; put it back, and start again"
        return "ok"  # there is no data folder: the parts it would hold are elsewhere
    if free >= MIN_FREE_BYTES:
        return "ok"
    return f"full: less than {MIN_FREE_BYTES // 1_000_000} MB left in the data folder; make room there"


def _broker(ages: dict[str, bool]) -> str:
    if ages["round trip"]:
        return "ok"
    if ages["worker"] and ages["beat"]:
        return f"down: no task came through for {MAX_AGE['round trip']} s"
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
        return state  # `database` reports it
    return f"damaged: the last integrity check found {damaged} missing or damaged" if damaged else "ok"


def _matcher() -> str:
    """`ok`, `filling`, `degraded` or `off`, and what it has: `ok: 1,204 claims; by words and meaning (8.2 GB …)`."""
    state = matcher.state()
    name, reason = state["state"], state.get("reason") or ""
    if "claims" not in state:
        return f"{name}: {reason}"
    counts = f"{state['claims']:,} claims"
    vectors = "".join(f", {leg['claims']:,} of them by {encoder}" for encoder, leg in state["vectors"].items())
    how = {"full": "words and meaning", "words": "words alone"}.get(state["mode"], state["mode"])
    return f"{name}: {reason and reason + '; '}{counts}{vectors}; by {how} ({state['mode_reason']})"


class _Recent:
    """The result of a check that is too slow for each request, computed again after so many seconds."""

    def __init__(self, check: Callable[[], str], seconds: float) -> None:
        self._check = check
        self._seconds = seconds
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._state, self._until = "", 0.0

    def __call__(self) -> str:
        with self._lock:
            if time.monotonic() >= self._until:
                self._state = self._check()
                self._until = time.monotonic() + self._seconds
            return self._state


def _sweep() -> str:
    try:
        oldest = Change.objects.filter(sweep__isnull=True).order_by("pk").values_list("detected_at", flat=True).first()
    except DatabaseError as error:
        logger.error("healthz: %s", error)
        return "unknown: the database does not answer"
    age = timezone.now() - oldest if oldest else timedelta()
    if age <= MAX_UNSWEPT:
        return "ok"
    return f"late: the oldest change of a page has waited {round(age.total_seconds() / 60)} minutes for its sweep"


def _rules() -> str:
    try:
        connection.ensure_connection()
        found = database_rules.compare(connection.connection, settings.DATABASES[DEFAULT_DB_ALIAS]["USER"])
        upgraded = bool(found.wrong) and database_rules.is_being_upgraded(connection.connection)
    except (DatabaseError, psycopg.Error) as error:
        logger.error("healthz: %s", error)
        return "unknown: the database does not answer"
    for each in found.wrong:
        logger.error("healthz: %s", each.text)
    if not found.wrong or upgraded:
        return "ok"
    return (
        f"altered: {len(found.wrong)} rules of the database are missing or altered; manage.py check --database default "
        "lists them, manage.py migrate puts them back"
    )


def _backup() -> str:
    try:
        return backup_state.health()
    except DatabaseError as error:
        logger.error("healthz: %s", error)
        return "unknown: the database does not answer"


def _answered(state: Callable[[], str]) -> Callable[[], str]:
    """The state, or that the database or the keys do not tell it."""

    def answered() -> str:
        try:
            return state()
        except DatabaseError as error:
            logger.error("healthz: %s", error)
            return "unknown: the database does not answer"
        except KeyProblem as error:
            logger.error("healthz: %s", error)
            return "stopped: a key of the data folder is missing or damaged; the log of the web server says which"

    return answered


_backup_state = _Recent(_backup, seconds=30)
_matcher_state = _Recent(_matcher, seconds=2)
_sweep_state = _Recent(_sweep, seconds=15)
_rules_state = _Recent(_rules, seconds=60)
_checkpoint_state = _Recent(_answered(checkpoint_state), seconds=60)
_audit_state = _Recent(_answered(audit_state), seconds=60)


def forget_recent_checks() -> None:
    """Compute every check anew at the next request."""
    _matcher_state.forget()
    _sweep_state.forget()
    _rules_state.forget()
    _backup_state.forget()
    _checkpoint_state.forget()
    _audit_state.forget()


def _fine(part: str) -> tuple[str, ...]:
    """The states of a part that are no fault."""
    return NOT_FAILING if part == "matcher" else ("ok",)


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Respond 200 if every part is ok, else 503. Needs no key, and reveals nothing but the states."""
    parts = states()
    record = restarts.read(settings.DATA)
    for part in record.down & parts.keys() if record else ():
        parts[part] = f"{'degraded' if part == 'matcher' else 'down'}: it ended and is being restarted"
    failing = [part for part, state in parts.items() if state.partition(":")[0] not in _fine(part)]
    body: dict[str, Any] = {"status": "failing" if failing else "ok", "parts": parts}
    if failing:
        body["failing"] = failing
    if record:
        body["restarts"] = record.restarts
    return JsonResponse(body, status=503 if failing else 200)
