"""Public ids by row and rows by public id, in files mapped into memory: 52 bytes a claim."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_IDS, _SORTED, _ORDER = "ids.npy", "ids-sorted.npy", "ids-order.npy"


def mapped(file: Path) -> NDArray[Any]:
    """The array of a file, mapped into memory: as a plain array, since those of type memmap are slow to index."""
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False)).view(np.ndarray)


class IdTable:
    """The ids of a base index, numbered from 0 in the order in which its claims were written."""

    def __init__(self, folder: Path) -> None:
        self._ids: NDArray[np.bytes_] = mapped(folder / _IDS)
        self._sorted: NDArray[np.bytes_] = mapped(folder / _SORTED)
        self._order: NDArray[np.uint32] = mapped(folder / _ORDER)

    @staticmethod
    def write(folder: Path, ids: Sequence[str]) -> None:
        """Write the files of the table for distinct ids in the order of their rows."""
        column = np.array([each.encode() for each in ids] or [b""], dtype=np.bytes_)[: len(ids)]
        order = np.argsort(column, kind="stable")
        np.save(folder / _IDS, column, allow_pickle=False)
        np.save(folder / _SORTED, column[order], allow_pickle=False)
        np.save(folder / _ORDER, order.astype(np.uint32), allow_pickle=False)

    def __len__(self) -> int:
        return len(self._ids)

    @property
    def sorted(self) -> NDArray[np.bytes_]:
        """All ids in the order of their bytes."""
        return self._sorted

    @property
    def order(self) -> NDArray[np.uint32]:
        """The row of each id of `sorted`."""
        return self._order

    def id(self, row: int) -> str:
        """The id of a row."""
        return bytes(self._ids[row]).decode()

    def row(self, claim: str) -> int | None:
        """The row of an id, None for one that is not there."""
        return self.rows([claim])[0]

    def rows(self, claims: Sequence[str]) -> list[int | None]:
        """The rows of ids, None for each that is not there."""
        longest = self._sorted.dtype.itemsize
        encoded = [claim.encode("utf-8", "surrogatepass") for claim in claims]
        if not len(self._sorted) or not encoded:
            return [None] * len(encoded)
        # numpy compares bytes as if they were filled up with zeros, and copies the column for a longer value
        sought = np.array([each if len(each) <= longest else b"" for each in encoded], dtype=self._sorted.dtype)
        places = np.minimum(np.searchsorted(self._sorted, sought), len(self._sorted) - 1)
        found, rows = self._sorted[places].tolist(), self._order[places].tolist()
        return [row if each == there else None for each, there, row in zip(encoded, found, rows, strict=True)]
