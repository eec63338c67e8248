"""The scheduler of `celery beat`: writes its heartbeat, and holds ticks back while no worker answers."""

import time
from typing import Any

from celery.beat import Scheduler as InMemoryScheduler
from celery.schedules import schedule

from factcheck import health


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
                interval: Any = entry.schedule
                entry.last_run_at -= interval.run_every

    def tick(self, *args: Any, **kwargs: Any) -> float:
        now = time.monotonic()
        if now - self._looked_at >= (self._LOOK if self._worker_answers else self._WAIT):
            self._looked_at = now
            self._worker_answers = health.beat_ticks()
        if not self._worker_answers:
            return self._WAIT
        return min(super().tick(*args, **kwargs), self._LOOK)
