"""Public ids by row and rows by public id, in files mapped into memory: 24 bytes a claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

_IDS, _ORDER = "ids.npy", "ids-order.npy"


class IdTable:
    """The ids of a base index, numbered from 0 in the order in which its claims were written."""

    def __init__(self, folder: Path) -> None:
        self._ids = np.load(folder / _IDS, mmap_mode="r", allow_pickle=False)
        self._order = np.load(folder / _ORDER, mmap_mode="r", allow_pickle=False)

    @staticmethod
    def write(folder: Path, ids: Sequence[str]) -> None:
        """Write the files of the table for distinct ids in the order of their rows."""
        column = np.array([each.encode() for each in ids] or [b""], dtype=np.bytes_)[: len(ids)]
        np.save(folder / _IDS, column, allow_pickle=False)
        np.save(folder / _ORDER, np.argsort(column, kind="stable").astype(np.uint32), allow_pickle=False)

    def __len__(self) -> int:
        return len(self._ids)

    def id(self, row: int) -> str:
        """The id of a row."""
        return bytes(self._ids[row]).decode()

    def row(self, claim: str) -> int | None:
        """The row of an id, None for one that is not there."""
        wanted = claim.encode("utf-8", "surrogatepass")
        low, high = 0, len(self._order)
        while low < high:
            middle = (low + high) // 2
            if self._ids[self._order[middle]] < wanted:
                low = middle + 1
            else:
                high = middle
        if low < len(self._order) and self._ids[self._order[low]] == wanted:
            return int(self._order[low])
        return None
