"""The legs by meaning of an index, and the vectors that few texts lack. Only loaded where the models have room."""

import time
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from claims.matching.server.memory import release_memory
from claims.matching.types import ClaimEntry
from claims.matching.vectors import fill
from claims.matching.vectors.e5 import E5
from claims.matching.vectors.e5_weights import weights_file
from claims.matching.vectors.encoder import Encoder, EncoderUnavailable
from claims.matching.vectors.folder import open_encoders, store_file
from claims.matching.vectors.indexed_claims import IndexedClaims
from claims.matching.vectors.leg import VectorLeg
from claims.matching.vectors.store import StoreBusy, StoreReader, StoreWriter

_AT_ONCE = 2_000  # entries
_TEXTS_AT_ONCE = 8  # that an encoder takes together: a question waits so long


class Encoders:
    """The encoders of this process, which its indexes share: each takes 100 MB or more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.loaded: list[Encoder] = []

    def load(self) -> bool:
        """Load those that run here, that of many languages once a fill has made its file; whether more came."""
        found = open_encoders(self._folder, threads=1)
        more = len(found) > len(self.loaded)
        if more:
            self.loaded = found
        release_memory()
        return more

    @property
    def lack_file(self) -> bool:
        """Whether a fill has still to make a model's file."""
        return E5.name not in {encoder.name for encoder in self.loaded} and _is_installed()


class VectorLegs:
    """The legs of one index, with its stores in `folder`."""

    def __init__(self, encoders: Encoders, folder: Path) -> None:
        self._encoders = encoders
        self._folder = folder

    def legs(self, entries: Iterable[ClaimEntry]) -> Sequence[VectorLeg]:
        """A leg for each encoder that was told these entries: 10 s for 758,000; other threads get their turn."""
        claims = IndexedClaims()
        legs = [
            VectorLeg(each, StoreReader(store_file(self._folder, each.name), each.name), claims)
            for each in self._encoders.loaded
        ]
        rest = iter(entries)
        while legs and (some := list(islice(rest, _AT_ONCE))):
            legs[0].add(some)  # they share what they are told
            time.sleep(0.002)
        for leg in legs:
            leg.commit()
        release_memory()
        return legs

    def fill(self, texts: Sequence[str]) -> bool:
        """Compute what these few texts lack; False while another process writes."""
        try:
            for encoder in self._encoders.loaded:
                with StoreWriter(store_file(self._folder, encoder.name), encoder.name) as writer:
                    for at in range(0, len(texts), _TEXTS_AT_ONCE):
                        fill.fill(writer, encoder, texts[at : at + _TEXTS_AT_ONCE])
        except StoreBusy:
            return False
        return True

    def compact(self, texts: Sequence[str]) -> bool:
        """Delete the vectors of all texts but these; False while another process writes."""
        try:
            for encoder in self._encoders.loaded:
                with StoreWriter(store_file(self._folder, encoder.name), encoder.name) as writer:
                    fill.compact(writer, texts)
        except StoreBusy:
            return False
        return True


def _is_installed() -> bool:
    try:
        weights_file()
    except EncoderUnavailable:
        return False
    return True
