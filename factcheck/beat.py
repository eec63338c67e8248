"""The scheduler of `celery beat`: writes its heartbeat, and sends no tasks while no worker is alive."""

import time
from typing import Any

from celery.beat import Scheduler as InMemoryScheduler
from celery.schedules import schedule

from factcheck import health


class Scheduler(InMemoryScheduler):
    """An in-memory scheduler that writes its heartbeat and waits while no worker is alive.

    Entries with an interval are due at once after a start, because what fell due while beat was down should not wait.
    While no worker is alive, ticks would only pile up in the broker.
    """

    _RETRY_SECONDS = 0.5  # between checks for a worker
    _HEARTBEAT_SECONDS = 2.0

    _beat_at = float("-inf")
    _worker_alive = False

    def setup_schedule(self) -> None:
        super().setup_schedule()
        for entry in self.schedule.values():
            if isinstance(entry.schedule, schedule):
                interval: Any = entry.schedule
                entry.last_run_at -= interval.run_every

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = time.monotonic()
        if now - self._beat_at >= (self._HEARTBEAT_SECONDS if self._worker_alive else self._RETRY_SECONDS):
            self._beat_at = now
            self._worker_alive = health.beat_and_find_worker()
        if not self._worker_alive:
            return self._RETRY_SECONDS
        return min(super().tick(*args, **kwargs), self._HEARTBEAT_SECONDS)
