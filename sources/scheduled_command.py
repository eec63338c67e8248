"""Start management commands that are due in processes of their own, so that no thread of the worker waits for them."""

import subprocess
import sys
import threading
from collections.abc import Callable

from django.conf import settings


class ScheduledCommand:
    """A command of `manage.py` that a periodic task starts. Of each worker process at most one runs at a time."""

    def __init__(self, is_due: Callable[[], bool]) -> None:
        self._is_due = is_due
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def start_due(self, *arguments: str) -> bool:
        """Start `manage.py` with the arguments if that is due and none still runs. Returns whether it was started.

        The process logs to this one's stderr.
        """
        with self._starting:
            if (self._process is not None and self._process.poll() is None) or not self._is_due():
                return False
            self._process = subprocess.Popen(
                [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments],
                cwd=settings.BASE_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
            return True
