"""Settings for a worker that may poll the tests' servers on loopback, which `factcheck.settings` refuse.

They do so wherever DATABASE_URL is set.
"""

import os
from datetime import timedelta

from factcheck.settings import *  # noqa: F403
from tests.sources.servers import Loopback

FETCH_ALLOWED_LOOPBACK = Loopback(("127.0.0.1", int(os.environ["TESTS_PORT"])))
POLL_HOST_DELAY = 0
for _task in ("poll due pages", "sweep changes into evidence checks"):
    CELERY_BEAT_SCHEDULE[_task]["schedule"] = timedelta(seconds=1)  # noqa: F405
