"""An engine and the place in the log up to which it was told what is published."""

from collections.abc import Sequence
from pathlib import Path

from claims.matching.engine import VERSION, Engine
from claims.matching.leg import Leg
from claims.matching.server import base_folder, published_claims
from claims.matching.server.published_claims import Changes, Known
from claims.matching.types import ClaimEntry
from claims.publication.log_reader import Place

_AT_ONCE = 2_000  # entries
MOST_RECENT = 256  # texts


class LogReplaced(Exception):
    """The log has no longer the place up to which the engine was told: it was restored from a backup, or is another."""


def write_base(folder: Path) -> int:
    """Write a base of all published claims as of now; returns their number."""
    state = published_claims.log_state()
    entries = published_claims.entries_at(state.head)
    _, manifest = base_folder.write(
        folder,
        version=VERSION,
        place=state.head,
        epoch=state.epoch,
        fill=lambda aside: Engine.write(aside, entries),
    )
    return manifest.claims


class FollowedEngine:
    """One thread calls `follow` and `attach`, while others ask the engine."""

    def __init__(self, engine: Engine, *, place: Place, epoch: str, base: Path | None = None) -> None:
        self.engine = engine
        self.base = base
        self.place = place
        self.holds_redacted = False  # whether its base, on the disk, may have words that were redacted since
        self.later: list[Changes] | None = None  # what the legs to be attached were not told
        self.recent: list[str] = []  # texts that came, for whoever computes their vectors
        self._epoch = epoch

    @classmethod
    def of_base(cls, base: Path, manifest: base_folder.Manifest) -> "FollowedEngine":
        """The engine as its base has it. Raises whatever opening a damaged file does."""
        return cls(Engine(base), place=manifest.place, epoch=manifest.epoch, base=base)

    @classmethod
    def of_log(cls) -> "FollowedEngine":
        """An engine without a base that was told all that is published."""
        state = published_claims.log_state()
        made = cls(Engine(), place=state.head, epoch=state.epoch)
        some: list[ClaimEntry] = []
        for entry in published_claims.entries_at(state.head):
            some.append(entry)
            if len(some) >= _AT_ONCE:
                made._apply(Changes(some, []))
                some = []
        made._apply(Changes(some, []))
        return made

    @property
    def distance(self) -> int:
        """How many claims its base does not have as they are now."""
        return int(self.engine.state()["later"])

    @property
    def size(self) -> int:
        return int(self.engine.state()["claims"])

    def follow(self) -> None:
        """Tell the engine what changed up to the end of the log. Raises LogReplaced and Django's errors."""
        state = published_claims.log_state(self.place)
        if not state.known:
            raise LogReplaced
        if self.base is not None and not self.holds_redacted and self.place.sequence < state.head.sequence:
            self.holds_redacted = published_claims.redacted_between(self.place, state.head)
        for place, changes in published_claims.changed_after(self.place, state.head):
            self._apply(changes)
            self.place = place
        if state.epoch != self._epoch:
            self._apply(published_claims.compared(Known(*self.engine.sequences())))
            self._epoch = state.epoch

    def attach(self, legs: Sequence[Leg]) -> None:
        """Ask these legs too from now on, which were told all entries but those in `later`."""
        for entries, removed in self.later or ():
            for leg in legs:
                leg.add(entries)
                leg.remove(removed)
        for leg in legs:
            leg.commit()
        self.engine = self.engine.with_legs(legs)
        self.later = None

    def look_at_vectors(self) -> None:
        """Have the legs see the vectors that came."""
        self.engine.apply([], [])

    def _apply(self, changes: Changes) -> None:
        if not changes.entries and not changes.removed:
            return
        self.engine.apply(changes.entries, changes.removed)
        if self.later is not None:
            self.later.append(changes)
        self.recent = [*self.recent, *(entry.text for entry in changes.entries)][-MOST_RECENT:]
