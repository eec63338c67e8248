"""The hashes of a log at its entries, noted while it is verified, for whoever compares checkpoints with them."""

from collections.abc import Iterable

from claims.publication import log_line


class LogHashes:
    """The hashes at the entries that are `wanted`, or at all; `log`, `entry`, `entries` are its names in sentences."""

    def __init__(self, log: str, entry: str, entries: str, *, wanted: Iterable[int] | None = None) -> None:
        self.log, self.entry, self.entries = log, entry, entries
        self._wanted = None if wanted is None else set(wanted)
        self._hashes = {0: log_line.NO_HASH}
        self.end = 0

    def see(self, sequence: int, hash: str) -> None:
        self.end = sequence
        if self._wanted is None or sequence in self._wanted:
            self._hashes[sequence] = hash

    def at(self, sequence: int) -> str | None:
        """The hash at an entry; None if the log has no such entry."""
        return self._hashes.get(sequence)
