"""The Celery app: `celery -A factcheck.celery worker` and `celery -A factcheck.celery beat`."""

import ctypes
import os
import time
import warnings
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.beat import Scheduler as InMemoryScheduler
from celery.schedules import schedule
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

# Celery warns of root because of pickled messages. Ours are JSON, and it takes no others.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("factcheck.health", "factcheck.newsrooms.webhooks.tasks")
app.autodiscover_tasks()

_M_ARENA_MAX = -8  # malloc.h


@worker_init.connect
def keep_few_arenas(**_: Any) -> None:
    """Let all threads of a worker share two of glibc's arenas.

    Else it makes up to eight for each core, and what one thread gave back another does not use: some 5 to 9 MB
    (docs/benchmarks.md). Where there is no glibc, nothing is done.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


class Scheduler(InMemoryScheduler):
    """Beat that keeps nothing on disk, writes its heartbeat, and waits while no worker answers.

    What is scheduled by an interval is due at once after a start: ticks say "look what is due", and what fell
    due while beat was down should not wait. While no worker is alive ticks would only pile up in the broker.
    """

    _WAIT = 0.5  # seconds between looks for a worker
    _LOOK = 2.0  # seconds between heartbeats

    _looked_at = float("-inf")
    _worker_answers = False

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for entry in self.schedule.values():
            if isinstance(entry.schedule, schedule):
                entry.last_run_at = entry.last_run_at - entry.schedule.run_every

    def tick(self, *args: Any, **kwargs: Any) -> float:
        from factcheck import health

        now = time.monotonic()
        if now - self._looked_at >= (self._LOOK if self._worker_answers else self._WAIT):
            self._looked_at = now
            self._worker_answers = health.beat_ticks()
        if not self._worker_answers:
            return self._WAIT
        return min(super().tick(*args, **kwargs), self._LOOK)
