"""Remember hundreds of thousands of claim ids with the key of each one's text, in arrays instead of a dictionary.

A dictionary of 758,000 ids takes 150 MB, these arrays take 35. A claim keeps its number for as long as the process
lives, unless it is removed and comes again.
"""

import numpy as np
from numpy.typing import NDArray

_ID_BYTES = 24  # claims have 20
_MOST_RECENT = 20_000  # ids in the dictionary, before they are sorted in


class IndexedClaims:
    """Claims by number. One thread changes it while others read."""

    def __init__(self) -> None:
        self._ids = np.zeros(1_024, f"S{_ID_BYTES}")
        self._keys = np.zeros(1_024, np.uint64)
        self._present = np.zeros(1_024, bool)
        self._count = self._removed = 0
        self._recent: dict[str, int] = {}
        self._sorted = (np.empty(0, np.int64), np.empty(0, np.int32))  # hashes of ids, and the claims' numbers

    def __len__(self) -> int:
        return self._count - self._removed

    def set(self, id_: str, key: int) -> None:
        """Add a claim, or give it another text."""
        number = self.find(id_)
        if number < 0:
            number = self._append(id_)
        self._keys[number] = key

    def remove(self, id_: str) -> None:
        """Remove a claim if it is there."""
        number = self.find(id_)
        if number >= 0:
            self._present[number] = False
            self._removed += 1
            self._recent.pop(id_, None)

    def find(self, id_: str) -> int:
        """The number of a claim that is present, else -1."""
        number = self._recent.get(id_)
        if number is None:
            hashes, numbers = self._sorted
            place = int(np.searchsorted(hashes, hash(id_)))
            number = int(numbers[place]) if place < len(hashes) and hashes[place] == hash(id_) else -1
        return number if number >= 0 and self._present[number] and self.id(number) == id_ else -1

    def id(self, number: int) -> str:
        """The id of the claim with this number."""
        return str(self._ids[number], "ascii")

    def keys(self) -> NDArray[np.uint64]:
        """The keys of all claims in the order of their numbers, removed ones included."""
        return self._keys[: self._count].copy()

    def present(self) -> NDArray[np.bool_]:
        """Of all numbers, whether the claim was not removed."""
        return self._present[: self._count].copy()

    def _append(self, id_: str) -> int:
        encoded = id_.encode("ascii")
        if len(encoded) > _ID_BYTES:
            raise ValueError(f"An id has at most {_ID_BYTES} characters: {id_!r}")
        if self._count == len(self._keys):
            for name in ("_ids", "_keys", "_present"):
                array = getattr(self, name)
                setattr(self, name, np.concatenate((array, np.zeros(len(array), array.dtype))))
        number = self._count
        self._ids[number], self._present[number] = encoded, True
        self._recent[id_] = number
        self._count += 1
        if len(self._recent) >= _MOST_RECENT:
            self._sort_in()
        return number

    def _sort_in(self) -> None:
        hashes, numbers = self._sorted
        kept = self._present[numbers]
        recent = np.fromiter(map(hash, self._recent), np.int64, len(self._recent))
        hashes = np.concatenate((hashes[kept], recent))
        numbers = np.concatenate((numbers[kept], np.fromiter(self._recent.values(), np.int32, len(self._recent))))
        order = np.argsort(hashes, kind="stable")
        self._sorted = (hashes[order], numbers[order])
        self._recent = {}
