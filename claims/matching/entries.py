"""The entries of an index by id, and the claims of each text: a base in mapped files, and what came since in memory."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from claims.matching.id_table import IdTable, mapped
from claims.matching.normalization import normalize, text_hash
from claims.matching.types import ClaimEntry

FORMAT = 1  # raise it when a file of a base is laid out otherwise
_RECORDS, _OFFSETS, _SEQUENCES = "records.bin", "offsets.npy", "sequences.npy"
_MOST_READ = 4_096  # entries that are kept as they were read: some 6 MB
_HASHES, _HASHES_SORTED, _HASH_ROWS = "hashes.npy", "hashes-sorted.npy", "hash-rows.npy"


class Known(NamedTuple):
    """An entry, and 64 bits that all claims of its normalised text share."""

    entry: ClaimEntry
    text_hash: int


class Entries:
    """All entries that are searchable. One thread calls `apply` while others read."""

    def __init__(self, folder: Path | None = None) -> None:
        """Open the base that `write` put into `folder`; None for an empty one."""
        self._lock = threading.Lock()
        self._base = _Base(folder) if folder is not None else None
        self._later: dict[str, Known] = {}
        self._later_by_text: dict[int, list[str]] = defaultdict(list)
        self._gone: set[str] = set()  # ids of the base that were removed or replaced

    @staticmethod
    def write(folder: Path, entries: Iterable[ClaimEntry]) -> None:
        """Write a base of entries with distinct ids into `folder`, which must not exist."""
        folder.mkdir(parents=True)
        ids, hashes, sequences, offsets = [], [], [], [0]
        with (folder / _RECORDS).open("wb") as file:
            for entry in entries:
                ids.append(entry.id)
                hashes.append(text_hash(entry.text))
                sequences.append(entry.sequence)
                offsets.append(offsets[-1] + file.write(_packed(entry)))
        IdTable.write(folder, ids)
        np.save(folder / _OFFSETS, np.array(offsets, dtype=np.uint64), allow_pickle=False)
        np.save(folder / _SEQUENCES, np.array(sequences, dtype=np.int64), allow_pickle=False)
        column = np.array(hashes, dtype=np.uint64)
        order = np.argsort(column, kind="stable")
        np.save(folder / _HASHES, column, allow_pickle=False)
        np.save(folder / _HASHES_SORTED, column[order], allow_pickle=False)
        np.save(folder / _HASH_ROWS, order.astype(np.uint32), allow_pickle=False)

    def __len__(self) -> int:
        return (len(self._base.ids) if self._base is not None else 0) - len(self._gone) + len(self._later)

    def __iter__(self) -> Iterator[ClaimEntry]:
        """Every entry: those of the base by row, then the later ones."""
        if self._base is not None:
            yield from (entry for entry in self._base if entry.id not in self._gone)
        yield from (known.entry for known in list(self._later.values()))

    @property
    def later(self) -> int:
        """How many claims were added, replaced or removed since the base was written."""
        return len(self._gone | self._later.keys())

    def apply(self, entries: Iterable[ClaimEntry], removed: Iterable[str]) -> None:
        """Put entries in place of those with their ids, and drop the removed ones; unknown ids are ignored."""
        with self._lock:
            for entry in entries:
                self._drop(entry.id)
                self._later[entry.id] = Known(entry, text_hash(entry.text))
                self._later_by_text[self._later[entry.id].text_hash].append(entry.id)
            for claim in removed:
                self._drop(claim)

    def get(self, claims: Sequence[str]) -> list[Known]:
        """The entries of claims, in their order, without those that are not there."""
        rows = self._base.ids.rows(claims) if self._base is not None else [None] * len(claims)
        found = []
        for claim, row in zip(claims, rows, strict=True):
            if (known := self._later.get(claim)) is not None:
                found.append(known)
            elif self._base is not None and row is not None and claim not in self._gone:
                found.append(Known(self._base.entry(row), self._base.text_hash(row)))
        return found

    def hashes(self, claims: Sequence[str]) -> list[int | None]:
        """The hash of each claim's text, as `Known` has it; None for those that are not there. Reads no entry."""
        base = self._base
        rows = base.ids.rows(claims) if base is not None else [None] * len(claims)
        found: list[int | None] = []
        for claim, row in zip(claims, rows, strict=True):
            if (known := self._later.get(claim)) is not None:
                found.append(known.text_hash)
            elif base is None or row is None or claim in self._gone:
                found.append(None)
            else:
                found.append(base.text_hash(row))
        return found

    def of_text(self, text: str) -> list[ClaimEntry]:
        """All claims whose normalised text is that of `text`, the newest first."""
        wanted, normalized = text_hash(text), normalize(text)
        found = [known.entry for known in map(self._later.get, self._later_by_text.get(wanted, ())) if known]
        if self._base is not None:
            same = map(self._base.entry, self._base.rows_of(wanted))
            found += [entry for entry in same if entry.id not in self._gone]
        same_text = (entry for entry in found if normalize(entry.text) == normalized)
        return sorted(same_text, key=lambda entry: (-entry.sequence, entry.id))

    def sequences(self) -> tuple[NDArray[np.bytes_], NDArray[np.int64]]:
        """The ids of all entries in the order of their bytes, and the sequence of each."""
        later = sorted((claim.encode(), known.entry.sequence) for claim, known in self._later.items())
        ids = np.array([claim for claim, _ in later] or [b""], dtype=np.bytes_)[: len(later)]
        sequences = np.array([sequence for _, sequence in later], dtype=np.int64)
        if self._base is None:
            return ids, sequences
        stays = np.ones(len(self._base.ids), dtype=np.bool_)
        stays[np.array([row for row in self._base.ids.rows(list(self._gone)) if row is not None], dtype=np.int64)] = (
            False
        )
        stays = stays[self._base.ids.order]
        ids = np.concatenate([self._base.ids.sorted[stays], ids])
        sequences = np.concatenate([self._base.sequences[self._base.ids.order][stays], sequences])
        order = np.argsort(ids, kind="stable")
        return ids[order], sequences[order]

    def _drop(self, claim: str) -> None:
        if (known := self._later.pop(claim, None)) is not None:
            rest = [each for each in self._later_by_text[known.text_hash] if each != claim]
            if rest:
                self._later_by_text[known.text_hash] = rest
            else:
                del self._later_by_text[known.text_hash]
        if self._base is not None and self._base.ids.row(claim) is not None:
            self._gone.add(claim)


class _Base:
    """The files that `Entries.write` wrote."""

    def __init__(self, folder: Path) -> None:
        self.ids = IdTable(folder)
        self._offsets = mapped(folder / _OFFSETS)
        self.sequences: NDArray[np.int64] = mapped(folder / _SEQUENCES)
        self._hashes = mapped(folder / _HASHES)
        self._sorted = mapped(folder / _HASHES_SORTED)
        self._rows = mapped(folder / _HASH_ROWS)
        self.entry = lru_cache(_MOST_READ)(self._entry)
        self._file: BinaryIO = (folder / _RECORDS).open("rb", buffering=0)

    def __iter__(self) -> Iterator[ClaimEntry]:
        return map(self._entry, range(len(self.ids)))

    def _entry(self, row: int) -> ClaimEntry:
        start, end = self._offsets[row : row + 2].tolist()
        return _unpacked(os.pread(self._file.fileno(), end - start, start))

    def text_hash(self, row: int) -> int:
        return int(self._hashes[row])

    def rows_of(self, wanted: int) -> list[int]:
        """Rows of the claims whose normalised texts have this hash."""
        start, end = (np.searchsorted(self._sorted, np.uint64(wanted), side) for side in ("left", "right"))
        rows: list[int] = self._rows[start:end].tolist()
        return rows


def _packed(entry: ClaimEntry) -> bytes:
    fields = (entry.id, entry.sequence, entry.text, entry.language, entry.titles, entry.speakers)
    return orjson.dumps((*fields, entry.period_start, entry.period_end, entry.place, entry.organisations, entry.topics))


def _unpacked(record: bytes) -> ClaimEntry:
    fields: list[Any] = orjson.loads(record)
    claim, sequence, text, language, titles, speakers, start, end, place, organisations, topics = fields
    return ClaimEntry(
        id=claim,
        sequence=sequence,
        text=text,
        language=language,
        titles=tuple(titles),
        speakers=tuple(speakers),
        period_start=date.fromisoformat(start) if start else None,
        period_end=date.fromisoformat(end) if end else None,
        place=place,
        organisations=tuple(organisations),
        topics=tuple(topics),
    )
