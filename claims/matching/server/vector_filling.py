"""Give the index of published claims its legs by meaning, and see that their vectors come and go.

models loaded, legs told all entries ──attach──> few texts lack a vector: computed here, eight at a time
                                                 many, or a model's file: by a child at nice 19
                                                 vectors of no claim: deleted by it after a while
"""

import logging
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Protocol

from claims.matching.leg import Leg
from claims.matching.server.followed_engine import MOST_RECENT, FollowedEngine
from claims.matching.types import ClaimEntry

logger = logging.getLogger(__name__)

BEGIN_AFTER = 10.0  # seconds after the start, which the other parts of the product need for theirs
REFRESH_SECONDS = 20.0  # while a child fills
AGAIN_SECONDS = 60.0  # between two children
UNUSED_SECONDS = 600.0  # that a vector of no claim stays


def few_of(size: int) -> int:
    """How many claims may lack a vector without the answers being worse for it: newly published ones, not an import."""
    return min(max(MOST_RECENT, size // 200), max(4, size // 20))


class Encoders(Protocol):
    """See `vector_legs.Encoders`."""

    @property
    def lack_file(self) -> bool: ...

    def load(self) -> bool: ...


class Vectors(Protocol):
    """See `vector_legs.VectorLegs`."""

    def legs(self, entries: Iterable[ClaimEntry]) -> Sequence[Leg]: ...

    def fill(self, texts: Sequence[str]) -> bool: ...

    def compact(self, texts: Sequence[str]) -> bool: ...


class Child(Protocol):
    """See `ChildProcess`."""

    @property
    def runs(self) -> bool: ...

    def start(self) -> None: ...

    def result(self) -> bool | None: ...


class VectorFilling:
    """One thread calls `look` with the engine of the moment; any may ask for the state."""

    def __init__(self, encoders: Encoders, vectors: Vectors, child: Child) -> None:
        self._encoders = encoders
        self._vectors = vectors
        self._child = child
        self._threads = ThreadPoolExecutor(1, "vectors")
        self._begin = time.monotonic() + BEGIN_AFTER
        self._attached: FollowedEngine | None = None
        self._attaching: tuple[FollowedEngine, Future[Sequence[Leg] | None]] | None = None
        self._filling: Future[bool] | None = None
        self._next_child = self._next_refresh = 0.0
        self._hopeless = 0  # texts that no child could fill: without letters, for example
        self._unused_since: float | None = None

    def state(self) -> dict[str, Any]:
        """Whether vectors are still to come, and of each encoder how many claims have one."""
        current = self._attached
        if current is None:
            return {"filling": True, "vectors": {}}
        filling = self._encoders.lack_file or self._pending(current) - self._hopeless > few_of(current.size)
        return {"filling": filling, "vectors": _vector_legs(current)}

    def complete(self, opened: FollowedEngine) -> FollowedEngine:
        """Attach the legs to an engine that nobody follows yet, if there are any."""
        if self._attached is not None:
            opened.attach(self._vectors.legs(opened.engine.entries))
        return opened

    def look(self, current: FollowedEngine) -> bool:
        """Take the next step; whether encoders came, so that other indexes may have their legs anew.

        Raises whatever a step does; the next one is then taken after a pause.
        """
        now = time.monotonic()
        if now < self._begin:
            return False
        self._begin = now + AGAIN_SECONDS
        came = self._look_at_legs(current)
        if self._attached is current and self._attaching is None:
            self._look_at_texts(current, now)
        self._look_at_child(current, now)
        self._begin = 0.0
        return came

    def _look_at_legs(self, current: FollowedEngine) -> bool:
        if self._attaching is not None:
            followed, made = self._attaching
            if not made.done():
                return False
            self._attaching = None
            legs = made.result()
            if followed is current and legs is not None:
                current.attach(legs)
                self._attached = current
                return True
        elif self._attached is not current:
            if self._attached is not None and _vector_legs(current):
                self._attached = current  # it came with its legs
            else:
                self._attach(current)
        return False

    def _attach(self, current: FollowedEngine) -> None:
        """Load the encoders and make the legs, in a thread. If that brings nothing new, the legs stay."""

        def made() -> Sequence[Leg] | None:
            if self._encoders.load() or self._attached is not current:
                return self._vectors.legs(current.engine.entries)
            return None

        current.later = []
        self._attaching = (current, self._threads.submit(made))

    def _look_at_texts(self, current: FollowedEngine, now: float) -> None:
        """Compute vectors that few recent texts lack; have a child compute those of many, and delete unused ones."""
        if self._filling is not None:
            if not self._filling.done():
                return
            filled, self._filling = self._filling, None
            if filled.result():
                current.look_at_vectors()
        unused = max((leg.get("unused", 0) for leg in _vector_legs(current).values()), default=0)
        self._unused_since = (self._unused_since or now) if unused else None
        overdue = self._unused_since is not None and now - self._unused_since > UNUSED_SECONDS
        lacking = self._pending(current) - self._hopeless
        if self._child.runs:
            return
        if 0 < lacking <= MOST_RECENT and current.recent and not self._encoders.lack_file:
            texts, current.recent = current.recent, []
            self._filling = self._threads.submit(self._vectors.fill, texts)
        elif (lacking > 0 or overdue or self._encoders.lack_file) and now >= self._next_child:
            self._child.start()
            self._next_refresh = now + REFRESH_SECONDS

    def _look_at_child(self, current: FollowedEngine, now: float) -> None:
        if not self._child.runs:
            return
        ended = self._child.result()
        if ended is None:
            if now >= self._next_refresh and self._attached is current:
                self._next_refresh = now + REFRESH_SECONDS
                current.look_at_vectors()
            return
        self._next_child = now + AGAIN_SECONDS
        if not ended:
            logger.warning("The matcher's vectors are not all filled; it goes on in %.0f s", AGAIN_SECONDS)
            return
        self._unused_since = None
        if self._attached is current:
            current.look_at_vectors()
            self._hopeless = self._pending(current)
            if self._encoders.lack_file:
                self._hopeless = 0
                self._attach(current)

    def _pending(self, current: FollowedEngine) -> int:
        return max((leg["pending"] for leg in _vector_legs(current).values()), default=0)


def _vector_legs(current: FollowedEngine) -> dict[str, Any]:
    return {name: leg for name, leg in current.engine.state()["legs"].items() if name != "words"}
