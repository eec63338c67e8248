"""Write the NDJSON file of an import's refused records: number, reason, and address or beginning of each."""

import os
from pathlib import Path
from typing import Self

import orjson

from claims.imports.formats.reading import Refusal


class RefusalFile:
    """A resumed import keeps the lines up to the record `after` and drops later ones.

    So a record that is read twice because of the interruption has one line.
    """

    def __init__(self, path: Path, *, after: int) -> None:
        self.path = path
        new = path.with_name(f"{path.name}.new")
        new.write_bytes(self._lines_up_to(after) if after and path.exists() else b"")
        new.replace(path)
        self._file = path.open("ab")
        self._written = 0

    def _lines_up_to(self, after: int) -> bytes:
        lines = []
        for line in self.path.read_bytes().splitlines(keepends=True):
            try:
                if orjson.loads(line)["record"] <= after:
                    lines.append(line)
            except (ValueError, KeyError, TypeError):
                break  # a line that was only half written
        return b"".join(lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, record: int, refusal: Refusal) -> None:
        about = refusal.about.encode("utf-8", "replace").decode()
        self._file.write(orjson.dumps({"record": record, "reason": refusal.reason, "about": about}) + b"\n")
        self._written += 1

    def sync(self) -> int:
        """Sync the file to disk. Returns the number of lines written since the last call."""
        self._file.flush()
        os.fsync(self._file.fileno())
        lines, self._written = self._written, 0
        return lines
