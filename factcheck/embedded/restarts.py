"""When a part of `manage.py up` is restarted and when `up` gives up, and the record of it that `/healthz` reads.

The record is a file of the data folder rather than rows: it can be written and read while PostgreSQL is what is being
restarted, and restarts belong to one machine's `up`, not to the database that several machines may share.
"""

import json
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sources import atomic_file

FILE = "restarts.json"


@dataclass(frozen=True)
class Policy:
    """Delays before a restart, and how many ends of a part are too many. All times are in seconds."""

    first_delay: float = 1
    longest_delay: float = 30
    healthy_after: float = 300  # a part that ran for so long begins with the first delay again
    most_ends: int = 5
    within: float = 600


@dataclass
class History:
    """The ends of one part since `up` started."""

    policy: Policy
    since_start: int = 0
    last: float = 0.0  # Unix time
    _times: deque[float] = field(default_factory=deque)  # Unix times of the recent ones
    _counted: deque[float] = field(default_factory=deque)  # by the monotonic clock, which nobody sets
    _streak: int = 0

    def ended(self, *, ran: float, counts: bool = True) -> float | None:
        """Note an end after `ran` seconds; return the delay before the restart, or None where it was one too many.

        An end that does not count is restarted, however often it happens.
        """
        now = time.monotonic()
        self.since_start += 1
        self.last = time.time()
        self._times.append(self.last)
        while len(self._times) > 100:
            self._times.popleft()
        self._streak = 1 if ran >= self.policy.healthy_after else self._streak + 1
        if counts:
            self._counted.append(now)
            while self._counted[0] < now - self.policy.within:
                self._counted.popleft()
            if len(self._counted) >= self.policy.most_ends:
                return None
        delay = self.policy.first_delay * 2.0 ** min(self._streak - 1, 30)
        return min(delay, self.policy.longest_delay)

    def as_json(self) -> dict[str, Any]:
        return {"times": list(self._times), "since_start": self.since_start}


def write(data: Path, histories: dict[str, History], down: Iterable[str]) -> None:
    """Write the record. A disk that is full must not end `up`, so failures are ignored."""
    parts = {name: history.as_json() for name, history in histories.items() if history.since_start}
    with suppress(OSError):
        atomic_file.write(data / FILE, json.dumps({"parts": parts, "down": sorted(down)}))


def remove(data: Path) -> None:
    """Remove the record: where no `up` runs there are no restarts to tell of."""
    with suppress(OSError):
        (data / FILE).unlink(missing_ok=True)


@dataclass(frozen=True)
class Record:
    """What `/healthz` says of restarts: by part how many, and which parts are down right now."""

    restarts: dict[str, dict[str, Any]]
    down: frozenset[str]


def read(data: Path, *, within: float = Policy.within) -> Record | None:
    """Return the record, or None where no `up` runs or its record cannot be read."""
    try:
        record = json.loads((data / FILE).read_text())
        since = time.time() - within
        restarts = {
            name: {
                "last_ten_minutes": sum(at >= since for at in part["times"]),
                "since_start": part["since_start"],
                "last": datetime.fromtimestamp(part["times"][-1], UTC).isoformat(timespec="seconds"),
            }
            for name, part in record["parts"].items()
        }
        return Record(restarts, frozenset(record["down"]))
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None
