"""The Celery app that worker and beat run. Limits the worker's memory arenas; the schedule is in settings.py."""

import ctypes
import os
import warnings
from contextlib import suppress
from typing import Any

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "factcheck.settings")

# Celery warns of root because of pickled messages; this app sends and accepts JSON only.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("factcheck")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.imports = ("factcheck.audit.daily", "factcheck.health", "factcheck.newsrooms.webhooks.tasks")
app.autodiscover_tasks()

_M_ARENA_MAX = -8  # malloc.h


@worker_init.connect
def limit_arenas(**_: Any) -> None:
    """Let all threads of a worker share two of glibc's memory arenas; without glibc do nothing.

    By default there are up to eight per core, and no thread reuses what another has freed: 5 to 9 MB more
    (docs/benchmarks.md).
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
