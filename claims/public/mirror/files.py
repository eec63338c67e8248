"""The folder of a mirror: files that are written whole or not at all, and a list of them beside.

The list has a line of JSON for each file: its name, where it came from, of which state of the site, and where it leads.
It is written as the run goes on, so that a run which was broken off resumes where it stopped.
"""

import hashlib
import secrets
from collections.abc import Iterator
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
    """The mirror's folder during a run."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.written = self.unchanged = self.removed = 0
        self._before: dict[str, Made] = {}
        self._now: dict[str, Made] = {}
        if path.exists() and any(path.iterdir()) and not (path / LIST).exists():
            raise NotAMirror(f"{path} is not empty and holds no mirror; name another folder.")
        path.mkdir(parents=True, exist_ok=True)
        for made in _lines(path / LIST):
            self._before[made.file] = made
        self._list: IO[bytes] = (path / LIST).open("ab")

    def known(self, file: str, state: str) -> Made | None:
        """What an earlier run made of this file for the same state, if the file is still as it was written."""
        made = self._before.get(file)
        if made is None or made.state != state or not made.sha256:
            return None
        return made if self._sha256(file) == made.sha256 else None

    def keep(self, made: Made) -> None:
        """The file stays as it is."""
        self.unchanged += 1
        self._now[made.file] = made

    def write(self, file: str, content: bytes, *, state: str, links: list[str], static: list[str]) -> Made:
        """Write the file if it differs."""
        made = Made(file, state, hashlib.sha256(content).hexdigest(), links, static)
        if self._sha256(file) == made.sha256:
            self.unchanged += 1
        else:
            place = self.path / file
            place.parent.mkdir(parents=True, exist_ok=True)
            # Not by sources/atomic_file: it waits for the disk, and a mirror has 100,000s of files. One that a power
            # cut tore is known by its hash, and made again.
            fresh = place.with_name(f".{secrets.token_hex(8)}")
            try:
                fresh.write_bytes(content)
                fresh.replace(place)
            finally:
                fresh.unlink(missing_ok=True)
            self.written += 1
        self._now[file] = made
        self._list.write(orjson.dumps(asdict(made)) + b"\n")
        self._list.flush()
        return made

    def finish(self) -> None:
        """Remove what this run did not make, and write the list anew."""
        for file in self._before.keys() - self._now.keys():
            place = self.path / file
            place.unlink(missing_ok=True)
            self.removed += 1
            for folder in place.relative_to(self.path).parents:
                if folder != Path() and (self.path / folder).is_dir() and not any((self.path / folder).iterdir()):
                    (self.path / folder).rmdir()
        self._list.close()
        fresh = self.path / f"{LIST}-new"
        fresh.write_bytes(b"".join(orjson.dumps(asdict(self._now[each])) + b"\n" for each in sorted(self._now)))
        fresh.replace(self.path / LIST)

    def _sha256(self, file: str) -> str:
        try:
            return hashlib.sha256((self.path / file).read_bytes()).hexdigest()
        except OSError:
            return ""


def _lines(path: Path) -> Iterator[Made]:
    """The lines of the list; one that was cut off is passed over."""
    if path.exists():
        for line in path.read_bytes().splitlines():
            try:
                yield Made(**orjson.loads(line))
            except (orjson.JSONDecodeError, TypeError):
                continue
