"""Write daily dumps of all public data (claims, reviews, the log), and find the files of finished dumps.

    <folder>/20260301T020000Z/          a complete dump
        20260301T020000Z-claims.ndjson.gz   one published body a line, byte for byte
        20260301T020000Z-reviews.csv.gz     claims.formats.csv
        20260301T020000Z-log.ndjson.gz      claims.publication.log_proof: all rows of the log until this position
        20260301T020000Z-manifest.json      position in the log, counts, times, sizes and checksums of the three
        20260301T020000Z-SHA256SUMS         of the four, for `sha256sum --check`

A dump shows the data at one position of the log. It is written to a temporary folder, synced and renamed. Dumps made
before a redaction are no longer offered, nor are dumps of another log (before a restored backup or a removed demo).
"""

import hashlib
import json
import os
import re
import shutil
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import NamedTuple

import orjson
from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from isal import igzip

from claims.formats import csv
from claims.json_object import Json
from claims.models import Publication
from claims.models.publication import Audience
from claims.publication import log_proof, log_reader
from sources.database.locks import Lock, held
from sources.timestamp import timestamp

_STAMP = "%Y%m%dT%H%M%SZ"
_FOLDER = re.compile(r"\d{8}T\d{6}Z")
_BATCH = 200
_LOG_BATCH = 5_000


class DumpError(Exception):
    """The dump cannot be written. The message says what to do."""


class DumpFile(NamedTuple):
    """A file of a dump."""

    path: Path
    sha256: str
    media_type: str


def folder() -> Path:
    return Path(settings.DUMPS)


def write_daily() -> Path | None:
    """Write today's dump (UTC). None if there is one, if dumps are off, or if nothing is public yet."""
    if settings.DUMPS_KEPT < 1 or log_reader.Selection(Audience.PUBLIC).end() == log_reader.START:
        return None
    today = timezone.now().astimezone(UTC).strftime("%Y%m%d")
    if any(path.name.startswith(today) and _is_available(path) for path in _finished(folder())):
        return None
    return write(folder(), keep=settings.DUMPS_KEPT)


def write(place: Path, *, keep: int) -> Path | None:
    """Write a dump into the folder, then delete all but the `keep` newest. None if another process is writing one.

    Memory use does not grow with the number of claims. Raises `DumpError`.
    """
    with held(Lock.DUMP) as locked:
        if not locked:
            return None
        try:
            place.mkdir(parents=True, exist_ok=True)
            for partial in place.glob(".*.part"):  # left by a killed process
                shutil.rmtree(partial)
            dump = _write(place)
        except OSError as error:
            raise DumpError(
                f"No dump could be written to {place} ({error.strerror}); make room there or name another folder "
                "with FACTCHECK_DUMPS."
            ) from error
        prune(place, keep=keep)
        return dump


def prune(place: Path, *, keep: int) -> None:
    """Delete all but the `keep` newest dumps, and those made before a redaction.

    Keeps dumps of another log: after a restored backup they may be the only copy of what came later.
    """
    dumps = _finished(place)
    for number, path in enumerate(dumps):
        if number >= keep or (_is_of_this_log(path) and _redacted_since(path)):
            # Rename it first, so that nobody is served half of it.
            shutil.rmtree(path.rename(path.with_name(f".{path.name}.part")))


def manifests() -> list[Json]:
    """The manifests of the available dumps, the newest first."""
    return [_manifest(path) for path in _finished(folder()) if _is_available(path)]


def find(name: str) -> DumpFile | None:
    """The file of this name in an available dump; None if there is none."""
    stamp, _, rest = name.partition("-")
    path = folder() / stamp
    if not _is_dump(path) or not _is_available(path):
        return None
    sums = dict(line.split("  ")[::-1] for line in (path / f"{stamp}-SHA256SUMS").read_text().splitlines())
    if rest == "SHA256SUMS":
        sums[name] = hashlib.sha256((path / name).read_bytes()).hexdigest()
    if name not in sums:
        return None
    media_types = {".gz": "application/gzip", ".json": "application/json"}
    return DumpFile(path / name, sums[name], media_types.get(Path(name).suffix, "text/plain; charset=utf-8"))


def _finished(place: Path) -> list[Path]:
    """The folders of finished dumps, the newest first."""
    if not place.is_dir():
        return []
    return sorted((path for path in place.iterdir() if _is_dump(path)), reverse=True)


def _is_dump(path: Path) -> bool:
    return _FOLDER.fullmatch(path.name) is not None and (path / f"{path.name}-manifest.json").is_file()


def _manifest(path: Path) -> Json:
    manifest: Json = json.loads((path / f"{path.name}-manifest.json").read_text())
    # Dumps of earlier versions do not name it.
    return manifest | {"cursor": log_reader.Place(manifest["sequence"], manifest["hash"]).cursor}


def _is_available(path: Path) -> bool:
    return _is_of_this_log(path) and not _redacted_since(path)


def _is_of_this_log(path: Path) -> bool:
    """Whether the present log contains the dump's last event; false after a restored backup or a removed demo."""
    manifest = _manifest(path)
    if manifest["sequence"] == log_reader.START.sequence:
        return True
    return Publication.objects.filter(sequence=manifest["sequence"], hash=manifest["hash"]).exists()


def _redacted_since(path: Path) -> bool:
    redactions = Publication.objects.filter(event=Publication.Event.REDACTED)
    last = redactions.aggregate(last=Max("sequence"))["last"]
    return last is not None and last > _manifest(path)["sequence"]


def _write(place: Path) -> Path:
    began_at = timezone.now()
    stamp = began_at.astimezone(UTC).strftime(_STAMP)
    if (place / stamp).exists():
        raise DumpError(f"A dump was written within this second ({stamp}); that one will do.")
    head = log_reader.Selection(Audience.PUBLIC).end()
    part = place / f".{stamp}.part"
    part.mkdir()
    try:
        with (
            closing(_GzipFile(part / f"{stamp}-claims.ndjson.gz")) as claims,
            closing(_GzipFile(part / f"{stamp}-reviews.csv.gz")) as reviews,
            closing(_GzipFile(part / f"{stamp}-log.ndjson.gz")) as log,
        ):
            reviews.add(csv.encoded([csv.COLUMNS]), rows=0)
            for bodies in log_reader.bodies_at(head, audience=Audience.PUBLIC, batch=_BATCH):
                claims.add(b"".join(body + b"\n" for body in bodies), rows=len(bodies))
                rows = [row for body in bodies for row in csv.rows(orjson.loads(body))]
                reviews.add(csv.encoded(rows), rows=len(rows))
            for lines in log_proof.rows_until(head.sequence, audience=Audience.PUBLIC, batch=_LOG_BATCH):
                log.add(b"".join(line.json + b"\n" for line in lines), rows=len(lines))
        manifest = {
            "name": stamp,
            "sequence": head.sequence,
            "hash": head.hash,
            "cursor": head.cursor,
            "at": timestamp(log_reader.time_of(head)),
            "began_at": timestamp(began_at),
            "ended_at": timestamp(timezone.now()),
            "claims": claims.rows,
            "reviews": reviews.rows,
            "files": [claims.description(), reviews.description(), log.description()],
        }
        with closing(_HashedFile(part / f"{stamp}-manifest.json")) as manifest_file:
            manifest_file.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        with closing(_HashedFile(part / f"{stamp}-SHA256SUMS")) as sums:
            sums.write("".join(file.line() for file in (claims.file, reviews.file, log.file, manifest_file)).encode())
        _sync_folder(part)
        dump = part.rename(place / stamp)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _sync_folder(place)
    return dump


class _HashedFile:
    """A new file that counts its size and SHA-256 as it is written."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.size = 0
        self.digest = hashlib.sha256()
        self._file = path.open("xb")

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        self.size += len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Sync the file to disk and close it."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def line(self) -> str:
        """The file's line for `sha256sum --check`."""
        return f"{self.digest.hexdigest()}  {self.name}\n"


class _GzipFile:
    """A gzipped `_HashedFile` that counts its rows."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self.file = _HashedFile(path)
        # ISA-L's level 2 compresses as well as zlib's level 5 at a tenth of the cost.
        self._gzip = igzip.IGzipFile(fileobj=self.file, mode="wb", compresslevel=2, mtime=0)  # type: ignore[no-untyped-call]

    def add(self, data: bytes, *, rows: int) -> None:
        self._gzip.write(data)  # type: ignore[no-untyped-call]
        self.rows += rows

    def close(self) -> None:
        self._gzip.close()
        self.file.close()

    def description(self) -> Json:
        file = self.file
        return {"name": file.name, "bytes": file.size, "sha256": file.digest.hexdigest(), "rows": self.rows}


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
