"""The folder of a mirror: files that are written whole or not at all, and a list of them beside.

The list has a line of JSON for each file: its name, where it came from, of which state of the site, and where it leads.
It is written as the run goes on, so that a run which was broken off resumes where it stopped.
"""

import gzip
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

import orjson

LIST = ".factcheck-export.jsonl"


class NotAMirror(Exception):
    """The folder has files of somebody else. The message is a sentence."""


@dataclass(frozen=True)
class Made:
    """A file of the mirror."""

    file: str
    state: str = ""
    sha256: str = ""
    links: list[str] = field(default_factory=list)
    static: list[str] = field(default_factory=list)


class Folder:
    """The mirror's folder during a run. Of each file its name and the place of its line are in memory, and no more."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = self.unchanged = self.removed = 0
        self._before: dict[str, int] = {}
        self._now: dict[str, int] = {}
        if path.exists() and any(path.iterdir()) and not (path / LIST).exists():
            raise NotAMirror(f"{path} is not empty and holds no mirror; name another folder.")
        path.mkdir(parents=True, exist_ok=True)
        self._list: IO[bytes] = (path / LIST).open("a+b")
        self._end = 0
        self._list.seek(0)
        for line in self._list:
            if made := _made(line):
                self._before[made.file] = self._end
            self._end += len(line)
        if self._end and not line.endswith(b"\n"):  # cut off: what is added begins on a line of its own
            self._append(b"\n")

    def known(self, file: str, state: str) -> Made | None:
        """What an earlier run made of this file for the same state, if the file is still as it was written."""
        made = self._made_at(self._before[file]) if file in self._before else None
        if made is None or made.state != state or not made.sha256:
            return None
        return made if self._sha256(file) == made.sha256 else None

    def keep(self, made: Made) -> None:
        """The file stays as it is."""
        self.unchanged += 1
        self._now[made.file] = self._before[made.file]

    def write(self, file: str, content: bytes, *, state: str, links: list[str], static: list[str]) -> Made:
        """Write the file if it differs."""
        made = Made(file, state, hashlib.sha256(content).hexdigest(), links, static)
        if self._sha256(file) == made.sha256:
            self.unchanged += 1
        else:
            with self._fresh(file) as fresh:
                fresh.write_bytes(content)
                fresh.replace(self.path / file)
            self.written += 1
        self._note(made)
        return made

    def write_compressed(self, file: str, pieces: Iterable[bytes]) -> None:
        """Write the file, compressed by gzip, if it differs; a piece at a time, however long it becomes."""
        with self._fresh(file) as fresh:
            with fresh.open("wb") as out, gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0) as compressed:
                for piece in pieces:
                    compressed.write(piece)
            made = Made(file, sha256=_sha256_of(fresh))
            if self._sha256(file) == made.sha256:
                self.unchanged += 1
            else:
                fresh.replace(self.path / file)
                self.written += 1
        self._note(made)

    def finish(self) -> None:
        """Remove what this run did not make, and write the list anew."""
        for file in self._before.keys() - self._now.keys():
            place = self.path / file
            place.unlink(missing_ok=True)
            self.removed += 1
            for folder in place.relative_to(self.path).parents:
                if folder != Path() and (self.path / folder).is_dir() and not any((self.path / folder).iterdir()):
                    (self.path / folder).rmdir()
        fresh = self.path / f"{LIST}-new"
        with fresh.open("wb") as lines:
            for file in sorted(self._now):
                lines.write(self._line_at(self._now[file]))
        self._list.close()
        fresh.replace(self.path / LIST)

    @contextmanager
    def _fresh(self, file: str) -> Iterator[Path]:
        """A new name beside the file. What is left there is removed."""
        place = self.path / file
        place.parent.mkdir(parents=True, exist_ok=True)
        # Not by sources/atomic_file: it waits for the disk, and a mirror has 100,000s of files. One that a power cut
        # tore is known by its hash, and made again.
        fresh = place.with_name(f".{secrets.token_hex(8)}")
        try:
            yield fresh
        finally:
            fresh.unlink(missing_ok=True)

    def _note(self, made: Made) -> None:
        self._now[made.file] = self._end
        self._append(orjson.dumps(asdict(made)) + b"\n")

    def _append(self, line: bytes) -> None:
        self._list.write(line)
        self._list.flush()
        self._end += len(line)

    def _line_at(self, place: int) -> bytes:
        self._list.seek(place)
        return self._list.readline()

    def _made_at(self, place: int) -> Made | None:
        return _made(self._line_at(place))

    def _sha256(self, file: str) -> str:
        try:
            return _sha256_of(self.path / file)
        except OSError:
            return ""


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _made(line: bytes) -> Made | None:
    """What a line of the list says; None for one that was cut off."""
    try:
        return Made(**orjson.loads(line))
    except (orjson.JSONDecodeError, TypeError):
        return None
