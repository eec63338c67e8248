"""Notice parts of `manage.py up` that run and do nothing: stopped, deadlocked, or blocked for good.

A sign of life is any value that changes while the part works. A part whose sign stays the same is reported; one whose
sign cannot be read is not, because what failed may be the database, its disk or the network.
"""

import http.client
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing

logger = logging.getLogger(__name__)

SILENT_AFTER = 60.0  # seconds
EVERY = 5.0
_LEAST_LOOKS = 5  # so that a machine which was paused, or is too busy for this thread, blames nobody


class Watchdog:
    """A thread that reads the signs of life, and reports each part whose sign stays the same for too long."""

    def __init__(
        self,
        signs: Callable[[], Mapping[str, object]],
        report: Callable[[str, float], None],
        *,
        silent_after: float = SILENT_AFTER,
        every: float = EVERY,
    ) -> None:
        self._signs = signs
        self._report = report
        self._silent_after = silent_after
        self._every = every
        self._seen: dict[str, tuple[object, float, int]] = {}  # sign, since when, how many looks
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                signs = self._signs()
            except Exception:
                logger.exception("The signs of life cannot be read")
                signs = {}
            self.look(signs)

    def look(self, signs: Mapping[str, object]) -> None:
        """Compare the signs with those of the last look."""
        now = time.monotonic()
        for name in set(self._seen) - set(signs):
            del self._seen[name]
        for name, sign in signs.items():
            before, since, looks = self._seen.get(name, (None, now, 0))
            if name not in self._seen or before != sign:
                self._seen[name] = (sign, now, 0)
            elif now - since >= self._silent_after and looks >= _LEAST_LOOKS:
                self._report(name, self._silent_after)
                del self._seen[name]
            else:
                self._seen[name] = (sign, since, looks + 1)


def responds(host: str, port: int, *, path: str, timeout: float = 10) -> bool:
    """Whether a web server sends any response at all within `timeout` seconds."""
    with closing(http.client.HTTPConnection(host, port, timeout=timeout)) as client:
        try:
            client.request("GET", path)
            client.getresponse()
        except (OSError, http.client.HTTPException):
            return False
    return True
