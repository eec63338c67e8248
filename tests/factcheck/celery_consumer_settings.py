"""The product's settings with Celery's own consumer, for the control of malformed messages."""

from factcheck.settings import *  # noqa: F403

CELERY_WORKER_CONSUMER = "celery.worker.consumer:Consumer"
