"""The settings of a worker that may poll servers of the tests: `factcheck.settings` refuse that with DATABASE_URL."""

import os
from datetime import timedelta

from factcheck.settings import *  # noqa: F403
from tests.sources.servers import Loopback

FETCH_ALLOWED_LOOPBACK = Loopback(("127.0.0.1", int(os.environ["TESTS_PORT"])))
POLL_HOST_DELAY = 0
for _task in ("poll due pages", "sweep changes into evidence checks"):
    CELERY_BEAT_SCHEDULE[_task]["schedule"] = timedelta(seconds=1)  # noqa: F405
