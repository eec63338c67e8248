"""Write the NDJSON file of an import's repairs: number of the record, field, what was changed, and the address."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Self

import orjson

from claims.imports.formats.reading import Entry
from claims.imports.formats.records import Record


class RepairFile:
    """Notes the repairs of the entries that pass through it, each record once however often it is read.

    A resumed import keeps the lines up to the record where it resumes. A file without a line is removed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] | None = None
        self._noted = 0  # the last record whose repairs are in the file
        self._lines = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
        if self._file is None or not self._lines:
            self.path.unlink(missing_ok=True)

    def noted(self, entries: Iterable[Entry], *, after: int) -> Iterator[Entry]:
        """The entries, of which the first is the record `after` + 1."""
        file = self._file or self._opened(after)
        for position, entry in enumerate(entries, start=after + 1):
            if position > self._noted:
                self._noted = position
                if isinstance(entry, Record) and entry.repairs:
                    self._note(file, position, entry)
            yield entry

    def _note(self, file: IO[bytes], position: int, record: Record) -> None:
        for repair in record.repairs:
            line = {"record": position, "field": repair.field, "repair": repair.what, "about": record.url}
            file.write(orjson.dumps(line) + b"\n")
            self._lines += 1

    def _opened(self, after: int) -> IO[bytes]:
        kept = self._lines_up_to(after) if after and self.path.exists() else []
        self._lines = len(kept)
        self._noted = after
        self.path.write_bytes(b"".join(kept))
        self._file = self.path.open("ab")
        return self._file

    def _lines_up_to(self, after: int) -> list[bytes]:
        lines = []
        for line in self.path.read_bytes().splitlines(keepends=True):
            try:
                if orjson.loads(line)["record"] <= after:
                    lines.append(line)
            except (ValueError, KeyError, TypeError):
                break  # a line that was only half written
        return lines
