"""The base of an index on disk: files that are written once, beside a manifest that says what they hold.

    matching/base-000123456-1f2e3d4c/   manifest.json and the files of the legs
    matching/.base-5a6b7c8d/            one that is being written, or was when its writer ended

A base is written aside, checked in, and renamed when it is whole; nothing of it changes afterwards. What was published
since is kept in memory, and read again from the log at the next start: the manifest has the place in the log. A base
that is damaged, half written, of another log or of another version of the analysis is removed.
"""

import hashlib
import logging
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from claims.publication.log_reader import Place

logger = logging.getLogger(__name__)

FORMAT = 1
_MANIFEST = "manifest.json"


class BadBase(Exception):
    """The base cannot be used; the message says why."""


@dataclass(frozen=True)
class Manifest:
    """What a base holds: of which place in the log, by which version of the analysis, and each file's size and hash."""

    format: int
    version: str
    sequence: int
    hash: str
    epoch: str
    claims: int
    files: dict[str, tuple[int, str]]

    @property
    def place(self) -> Place:
        return Place(self.sequence, self.hash)


def write(
    folder: Path, *, version: str, place: Place, epoch: str, fill: Callable[[Path], int]
) -> tuple[Path, Manifest]:
    """Write a base beside the others; `fill` writes its files and returns how many claims they hold.

    Raises OSError, and whatever `fill` does; then nothing of it is left.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    token = secrets.token_hex(4)
    aside = folder / f".base-{token}"
    try:
        aside.mkdir(mode=0o700)
        claims = fill(aside)
        files = {str(path.relative_to(aside)): _checked_in(path) for path in sorted(aside.rglob("*")) if path.is_file()}
        manifest = Manifest(FORMAT, version, place.sequence, place.hash, epoch, claims, files)
        with (aside / _MANIFEST).open("wb") as file:
            file.write(orjson.dumps(asdict(manifest)))
            file.flush()
            os.fsync(file.fileno())
        for each in (*(path for path in aside.rglob("*") if path.is_dir()), aside):
            _sync(each)
        whole = folder / f"base-{place.sequence:012d}-{token}"
        aside.rename(whole)
        _sync(folder)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    return whole, manifest


def newest(folder: Path, *, version: str) -> tuple[Path, Manifest] | None:
    """The newest base that can be used. Removes all others, and says of each why."""
    found: tuple[Path, Manifest] | None = None
    for base in sorted(folder.glob("base-*"), reverse=True):
        if found is None:
            try:
                found = base, check(base, version=version)
                continue
            except BadBase as error:
                logger.warning("The matcher's base %s is built anew: %s", base.name, error)
        shutil.rmtree(base, ignore_errors=True)
    for left in folder.glob(".base-*"):
        shutil.rmtree(left, ignore_errors=True)
    return found


def check(base: Path, *, version: str) -> Manifest:
    """The manifest of a base whose files are as they were written. Raises BadBase."""
    try:
        members = orjson.loads((base / _MANIFEST).read_bytes())
        if members.get("format") != FORMAT or members.get("version") != version:
            raise BadBase("another version of the program wrote it")
        members["files"] = {name: tuple(size_and_hash) for name, size_and_hash in members["files"].items()}
        manifest = Manifest(**members)
        for name, expected in manifest.files.items():
            if (base / name).stat().st_size != expected[0] or _sha256(base / name) != expected[1]:
                raise BadBase(f"{name} is damaged")
    except BadBase:
        raise
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBase("it is not whole") from error
    return manifest


def _checked_in(path: Path) -> tuple[int, str]:
    _sync(path)
    return path.stat().st_size, _sha256(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
