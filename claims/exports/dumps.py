"""Dumps of what is public: every claim as NDJSON, every review as CSV, once a day.

    <folder>/20260301T020000Z/          a dump: there whole or not at all
        20260301T020000Z-claims.ndjson.gz   the published bodies, a line each, byte for byte
        20260301T020000Z-reviews.csv.gz     claims.formats.csv
        20260301T020000Z-manifest.json      where the log stood, counts, times, sizes and sums of the two
        20260301T020000Z-SHA256SUMS         of the three, as `sha256sum --check` reads it

It holds what stood when the log had come to one place, whatever is published meanwhile. It is written beside its place,
synced and renamed. A dump that was made before something was redacted still holds it, so it is shown no more; neither
is one of another log, such as was there before a backup was put back or the demo removed.
"""

import hashlib
import json
import os
import re
import shutil
from contextlib import closing
from datetime import UTC
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from isal import igzip

from claims.formats import csv
from claims.models import Publication
from claims.models.publication import Audience
from claims.publication import log_reader
from claims.publication.body import timestamp
from sources.database.locks import Lock, held

Json = dict[str, Any]
_STAMP = "%Y%m%dT%H%M%SZ"
_FOLDER = re.compile(r"\d{8}T\d{6}Z")
_BATCH = 200


class DumpError(Exception):
    """A dump cannot be written. The message says what to do."""


class DumpFile(NamedTuple):
    """A file of a dump."""

    path: Path
    sha256: str
    media_type: str


def folder() -> Path:
    return Path(settings.DUMPS)


def write_daily() -> Path | None:
    """Write today's dump (UTC) unless there is one, or none are kept, or nothing is public yet: then None."""
    if settings.DUMPS_KEPT < 1 or log_reader.Selection(Audience.PUBLIC).end() == log_reader.START:
        return None
    today = timezone.now().astimezone(UTC).strftime("%Y%m%d")
    if any(path.name.startswith(today) and _may_be_shown(path) for path in _all(folder())):
        return None
    return write(folder(), keep=settings.DUMPS_KEPT)


def write(place: Path, *, keep: int) -> Path | None:
    """Write a dump into the folder, then delete all but the `keep` newest. None if one is being written already.

    Memory does not grow with the number of claims. Raises `DumpError`.
    """
    with held(Lock.DUMP) as alone:
        if not alone:
            return None
        try:
            place.mkdir(parents=True, exist_ok=True)
            for left in place.glob(".*.part"):  # of one that was killed
                shutil.rmtree(left)
            made = _write(place)
        except OSError as error:
            raise DumpError(
                f"No dump could be written to {place} ({error.strerror}); make room there or name another folder "
                "with FACTCHECK_DUMPS."
            ) from error
        prune(place, keep=keep)
        return made


def prune(place: Path, *, keep: int) -> None:
    """Delete all but the newest, and those that hold what was redacted since.

    One of another log stays: where a backup was put back it may be the only copy of what came after.
    """
    dumps = _all(place)
    for number, path in enumerate(dumps):
        if number >= keep or (_is_of_this_log(path) and _redacted_since(path)):
            # Out of sight first, so that nobody is shown half of it.
            going = path.rename(path.with_name(f".{path.name}.part"))
            shutil.rmtree(going)


def standing() -> list[Json]:
    """The manifests of the dumps that may be shown, the newest first."""
    return [_manifest(path) for path in _all(folder()) if _may_be_shown(path)]


def find(name: str) -> DumpFile | None:
    """The file of this name, if it belongs to a dump that may be shown."""
    stamp, _, rest = name.partition("-")
    path = folder() / stamp
    if not _is_dump(path) or not _may_be_shown(path):
        return None
    sums = dict(line.split("  ")[::-1] for line in (path / f"{stamp}-SHA256SUMS").read_text().splitlines())
    if rest == "SHA256SUMS":
        sums[name] = hashlib.sha256((path / name).read_bytes()).hexdigest()
    if name not in sums:
        return None
    media_types = {".gz": "application/gzip", ".json": "application/json"}
    return DumpFile(path / name, sums[name], media_types.get(Path(name).suffix, "text/plain; charset=utf-8"))


def _all(place: Path) -> list[Path]:
    """The finished dumps, the newest first."""
    if not place.is_dir():
        return []
    return sorted((path for path in place.iterdir() if _is_dump(path)), reverse=True)


def _is_dump(path: Path) -> bool:
    return _FOLDER.fullmatch(path.name) is not None and (path / f"{path.name}-manifest.json").is_file()


def _manifest(path: Path) -> Json:
    manifest: Json = json.loads((path / f"{path.name}-manifest.json").read_text())
    return manifest


def _may_be_shown(path: Path) -> bool:
    return _is_of_this_log(path) and not _redacted_since(path)


def _is_of_this_log(path: Path) -> bool:
    """Not of one that was set back to a backup, or dropped with the demo."""
    manifest = _manifest(path)
    if manifest["sequence"] == log_reader.START.sequence:
        return True
    return Publication.objects.filter(sequence=manifest["sequence"], hash=manifest["hash"]).exists()


def _redacted_since(path: Path) -> bool:
    redactions = Publication.objects.filter(event=Publication.Event.REDACTED)
    last = redactions.aggregate(last=Max("sequence"))["last"]
    return last is not None and last > _manifest(path)["sequence"]


def _write(place: Path) -> Path:
    began = timezone.now()
    stamp = began.astimezone(UTC).strftime(_STAMP)
    if (place / stamp).exists():
        raise DumpError(f"A dump was written within this second ({stamp}); that one will do.")
    # What the public may see: a file knows no keys.
    head = log_reader.Selection(Audience.PUBLIC).end()
    part = place / f".{stamp}.part"
    part.mkdir()
    try:
        with (
            closing(_Packed(part / f"{stamp}-claims.ndjson.gz")) as claims,
            closing(_Packed(part / f"{stamp}-reviews.csv.gz")) as reviews,
        ):
            reviews.add(csv.written([csv.COLUMNS]), rows=0)
            for bodies in log_reader.bodies_at(head, audience=Audience.PUBLIC, batch=_BATCH):
                claims.add(b"".join(body + b"\n" for body in bodies), rows=len(bodies))
                rows = [row for body in bodies for row in csv.rows(orjson.loads(body))]
                reviews.add(csv.written(rows), rows=len(rows))
        moment = log_reader.time_of(head)
        manifest = {
            "name": stamp,
            "sequence": head.sequence,
            "hash": head.hash,
            "at": timestamp(moment),
            "began_at": timestamp(began),
            "ended_at": timestamp(timezone.now()),
            "claims": claims.rows,
            "reviews": reviews.rows,
            "files": [claims.described(), reviews.described()],
        }
        with closing(_Summed(part / f"{stamp}-manifest.json")) as described:
            described.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
        with closing(_Summed(part / f"{stamp}-SHA256SUMS")) as sums:
            sums.write("".join(file.line() for file in (claims.file, reviews.file, described)).encode())
        _sync_folder(part)
        made = part.rename(place / stamp)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _sync_folder(place)
    return made


class _Summed:
    """A new file whose size and sum are reckoned as it is written."""

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
        """It is on the disk when this returns."""
        if not self._file.closed:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()

    def line(self) -> str:
        """As `sha256sum --check` reads it."""
        return f"{self.digest.hexdigest()}  {self.name}\n"


class _Packed:
    """Such a file, gzipped, which counts its rows."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self.file = _Summed(path)
        # ISA-L's level 2 packs as well as zlib's 5 at a tenth of the cost.
        self._gzip = igzip.IGzipFile(fileobj=self.file, mode="wb", compresslevel=2, mtime=0)  # type: ignore[no-untyped-call]

    def add(self, data: bytes, *, rows: int) -> None:
        self._gzip.write(data)  # type: ignore[no-untyped-call]
        self.rows += rows

    def close(self) -> None:
        self._gzip.close()
        self.file.close()

    def described(self) -> Json:
        file = self.file
        return {"name": file.name, "bytes": file.size, "sha256": file.digest.hexdigest(), "rows": self.rows}


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
