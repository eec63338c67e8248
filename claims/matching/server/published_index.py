"""Keep an engine equal to the published claims: open its base, catch up with the log, and follow it.

    no base, many claims ──written by another process──┐
    base ──open──> engine ──catch up──> ready ──look each second──> apply what changed
    no base, few claims ──read all──────┘            └─ far from its base: have another written, open it, change over

One thread calls `look`; any may ask for the engine and the state.
"""

import logging
import shutil
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from claims.matching.engine import VERSION, Engine
from claims.matching.server import base_folder, published_claims
from claims.matching.server.followed_engine import FollowedEngine, LogReplaced
from claims.matching.server.requests import NotReady

logger = logging.getLogger(__name__)

FEW = 20_000  # claims that are kept in memory alone; and changes after which a base is written anew
STALE_SECONDS = 30.0  # without a look at the log
PAUSE_SECONDS = 60.0  # after a base could not be written
RENEWAL_SECONDS = 900.0  # between two bases
REDACTED_SECONDS = 60.0  # between them if the one on the disk holds what was redacted
UNPUBLISHED_SECONDS = 6 * 3600.0  # that a base may hold on the disk what was withdrawn since


class BaseWriter(Protocol):
    """Writes a base in another process (claims/matching/server/child_process.py)."""

    def start(self) -> None: ...

    def result(self) -> bool | None:
        """Whether it was written; None while it is."""


class PublishedIndex:
    """The engine of the published claims, from the start of the process to its end."""

    def __init__(
        self,
        folder: Path,
        writer: BaseWriter,
        complete: Callable[[FollowedEngine], FollowedEngine] = lambda opened: opened,
    ) -> None:
        """`complete` is called in a thread with an engine that is to replace the present one."""
        self._folder = folder
        self._complete = complete
        self._writer = writer
        self._writing = False
        self._write_after = self._redact_after = 0.0
        self.current: FollowedEngine | None = None
        self._next: Future[FollowedEngine] | None = None
        self._threads = ThreadPoolExecutor(1, "base")
        self._looked = self._opened_at = time.monotonic()
        self._reason = "it starts"

    def engine(self) -> Engine:
        """The engine, once it has caught up. Raises NotReady."""
        current = self.current
        if current is None:
            raise NotReady
        return current.engine

    def state(self) -> dict[str, Any]:
        """Why it is not up to date (`reason`, empty if it is), how many claims it has, and the last event it read."""
        age = time.monotonic() - self._looked
        current, reason = self.current, self._reason
        if not reason and age > STALE_SECONDS:
            reason = f"it has not looked at the log for {age:.0f} s"
        counts = (
            {"claims": current.size, "sequence": current.place.sequence} if current else {"claims": 0, "sequence": 0}
        )
        return {"reason": reason, **counts}

    def look(self) -> None:
        """Open the engine, or apply what changed since the last look. Raises Django's errors."""
        try:
            opened = self.current or self._open()
            if opened is None:
                return
            opened.follow()
        except LogReplaced:
            logger.warning("The publication log is no longer the one that the matcher has read; it begins anew")
            self.current, self._reason = None, "the log was replaced"
            return
        self.current = opened
        self._looked, self._reason = time.monotonic(), ""
        self._renew(opened)

    def _open(self) -> FollowedEngine | None:
        """The engine as its base has it, or told all anew; None while a base is needed and not there."""
        if self._writing and self._written() is None:
            return None
        found = base_folder.newest(self._folder, version=VERSION)
        if found is not None and not published_claims.log_state(found[1].place).known:
            logger.warning("The matcher's base %s is of another log; it is built anew", found[0].name)
            shutil.rmtree(found[0], ignore_errors=True)
            found = None
        if found is not None:
            try:
                return FollowedEngine.of_base(*found)
            except Exception:  # whatever a library makes of a damaged file
                logger.exception("The matcher's base %s cannot be opened; it is built anew", found[0].name)
                shutil.rmtree(found[0], ignore_errors=True)
        if published_claims.count() <= FEW:
            return FollowedEngine.of_log()
        if time.monotonic() >= self._write_after:
            self._write()
            self._reason = "its index is being built"
        return None

    def _renew(self, current: FollowedEngine) -> None:
        """Have a base written once the engine is far from its own, and change over to it when it is open."""
        if self._next is not None:
            if self._next.done():
                made, self._next = self._next, None
                opened = made.result()
                opened.follow()
                self.current, self._opened_at = opened, time.monotonic()
        elif self._writing:
            if self._written():
                found = base_folder.newest(self._folder, version=VERSION)
                if found is not None and found[0] != current.base:
                    self._next = self._threads.submit(self._opened, *found)
        elif self._is_due(current):
            self._write()

    def _opened(self, base: Path, manifest: base_folder.Manifest) -> FollowedEngine:
        return self._complete(FollowedEngine.of_base(base, manifest))

    def _is_due(self, current: FollowedEngine) -> bool:
        """Whether a base should be written anew: far from what is published, or with texts that are not any more."""
        if current.holds_redacted and time.monotonic() >= self._redact_after:
            return True
        if time.monotonic() < self._write_after:
            return False
        if current.base is None:
            return current.distance > FEW
        far = current.distance > max(FEW, current.size // 10)
        return far or (current.distance > 0 and time.monotonic() - self._opened_at > UNPUBLISHED_SECONDS)

    def _write(self) -> None:
        self._writing = True
        self._write_after = time.monotonic() + RENEWAL_SECONDS
        self._redact_after = time.monotonic() + REDACTED_SECONDS
        self._writer.start()

    def _written(self) -> bool | None:
        written = self._writer.result()
        if written is not None:
            self._writing = False
        if written is False:
            self._write_after = self._redact_after = time.monotonic() + PAUSE_SECONDS
            self._reason = self._reason and "its index cannot be written; its log says why"
        return written
