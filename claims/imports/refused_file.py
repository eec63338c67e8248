"""The file of what an import refused, a line of JSON each: which record, why, and how to find it."""

import os
from pathlib import Path
from typing import Self

import orjson

from claims.imports.formats.reading import Refusal


class RefusalFile:
    """Lines up to the record `after` are kept from an import that was broken off; later ones are written anew.

    So a record that is read twice, because the machine stopped in between, is refused in one line.
    """

    def __init__(self, path: Path, *, after: int) -> None:
        self.path = path
        kept = self._kept(after) if after and path.exists() else b""
        fresh = path.with_name(f"{path.name}.new")
        fresh.write_bytes(kept)
        fresh.replace(path)
        self._file = path.open("ab")
        self._written = 0

    def _kept(self, after: int) -> bytes:
        lines = []
        for line in self.path.read_bytes().splitlines(keepends=True):
            try:
                if orjson.loads(line)["record"] <= after:
                    lines.append(line)
            except (ValueError, KeyError, TypeError):
                break  # cut off in the middle of a line
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
        """Everything so far is on disk; how many lines that are new."""
        self._file.flush()
        os.fsync(self._file.fileno())
        written, self._written = self._written, 0
        return written
