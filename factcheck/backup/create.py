"""Make a backup: the database first, in one snapshot, then the saved pages that it names, and last the manifest.

Whatever is written while the backup runs is in the next one. Blobs are never changed, and whatever deletes them waits
while the lock is held, so that each blob that the snapshot names is still there when it is copied.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from isal import igzip

from factcheck.backup import blobs, keys, postgresql, retention
from factcheck.backup.manifest import (
    BLOB_LIST,
    BLOBS,
    DATABASE,
    DEMO_FILES,
    KEYS,
    MANIFEST,
    SETS,
    Manifest,
    Sets,
    new_name,
    read,
    version,
)
from factcheck.backup.places import BackupError, Digest, Place, backup_place, snapshot_place
from factcheck.backup.source import Source, is_locked, locked, open_source
from factcheck.embedded import data_format
from sources.faults import point

Say = Callable[[str], object]
# A compressed dump has a quarter to a third of the bytes of its tables.
_DUMP_SHARE = 0.4
_RESERVE = 20_000_000


class Made(NamedTuple):
    """A finished set, and sentences on what it lacks."""

    manifest: Manifest
    warnings: list[str]


def create(
    address: str,
    *,
    say: Say,
    alias: str = DEFAULT_DB_ALIAS,
    database_only: bool = False,
    inside_data: bool = False,
    keep: int | None = None,
) -> Made:
    """Make a backup at an address, a folder or a bucket. Raises `BackupError`; then what was written does not count.

    With `database_only` the blobs are not copied: the manifest says in which store they are. `alias` names the role
    that reads: *app* has rights on every table of a desk that was migrated to its end.
    """
    os.umask(0o077)
    place = backup_place(address)
    if not inside_data:
        _check_apart(place)
    with locked(alias) as lock:
        place.check_writable()
        name = _free_name(place)
        files = place.under(f"{SETS}/{name}")
        try:
            manifest, warnings = _write(
                place, files, name, say=say, database_only=database_only, lock=lock, alias=alias
            )
        except BaseException:
            _remove(files)
            raise
        removed = retention.prune(place, keep=settings.BACKUP_KEPT if keep is None else keep)
        if removed:
            say(f"removed {removed}")
    return Made(manifest, [*warnings, *_warnings(manifest)])


def _write(
    place: Place,
    files: Place,
    name: str,
    *,
    say: Say,
    alias: str,
    database_only: bool,
    lock: psycopg.Connection[Any],
) -> Made:
    copy_to, copy_from = place.under(BLOBS), snapshot_place()
    with open_source(alias) as source:
        tool = postgresql.check_versions(source.server)
        manifest = _manifest(source, name, tool)
        warnings = list(_check_same_desk(place, manifest, source))
        wanted = list(source.blobs())
        _check_space(place, manifest, 0 if database_only else blobs.count_missing(wanted, copy_from, copy_to))
        _write_file(files, DATABASE, source.dump(), manifest)
        manifest.tables, manifest.log = source.counts(), source.log()
    say(f"database: {manifest.files[DATABASE]['size'] / 1e6:,.1f} MB, {manifest.log['count']:,} events of the log")
    point("database backed up")
    if database_only:
        manifest.snapshots = copy_from.address if copy_from.folder else settings.SNAPSHOT_STORE
        listed = [blobs.Blob(sha256, size, 0) for sha256, size in wanted]
    else:
        copied = blobs.copy(wanted, copy_from, copy_to)
        listed, manifest.damaged = copied.blobs, copied.damaged
        say(f"saved pages: {len(wanted):,}, of which {copied.new:,} are new ({copied.new_bytes / 1e6:,.1f} MB)")
    manifest.blobs = {"count": len(listed), "bytes": sum(blob.packed for blob in listed)}
    packed = igzip.compress(b"".join(blob.line for blob in listed), compresslevel=2, mtime=0)
    _write_file(files, BLOB_LIST, [packed], manifest)
    _write_keys(files, manifest)
    place.flush()
    point("before the manifest")
    if not is_locked(lock):
        raise BackupError("The connection to the database was lost while the backup ran. Repeat the command.")
    files.write(MANIFEST, manifest.dump())
    files.flush(MANIFEST)
    return Made(manifest, warnings)


def _manifest(source: Source, name: str, tool: str) -> Manifest:
    return Manifest(
        name=name,
        version=version(),
        data_format=data_format.of_folder(settings.DATA),
        installation=source.installation(),
        server=source.server,
        tool=tool,
        log={},
        tables={},
        left_out=source.left_out,
        migrations=source.migrations(),
        database_bytes=source.table_bytes(),
        blobs={},
        secret_key=keys.fingerprint(settings.SECRET_KEY),
        demo=_demo(settings.DATA),
    )


def _demo(data: Path) -> dict[str, str]:
    return {name: (data / "demo" / name).read_text() for name in sorted(DEMO_FILES) if (data / "demo" / name).is_file()}


def _write_file(files: Place, name: str, pieces: Iterable[bytes], manifest: Manifest) -> None:
    digest = Digest()
    files.write(name, digest.through(pieces))
    manifest.files[name] = {"sha256": digest.sha256, "size": digest.size}


def _write_keys(files: Place, manifest: Manifest) -> None:
    if settings.BACKUP_PASSPHRASE:
        found = keys.collect(settings.DATA, settings.SECRET_KEY)
        manifest.keys = sorted(found)
        _write_file(files, KEYS, [keys.encrypt(found, settings.BACKUP_PASSPHRASE)], manifest)


def _check_apart(place: Place) -> None:
    """A backup beside what it is of is lost with it."""
    store = Path(settings.SNAPSHOT_STORE) if "://" not in settings.SNAPSHOT_STORE else settings.DATA
    for what, folder in (("data folder", settings.DATA), ("snapshot store", store.expanduser().resolve())):
        if place.folder is not None and place.folder.is_relative_to(folder):
            raise BackupError(
                f"{place} is in the {what} {folder}, and would be lost with it. Name a folder on another disk, or a "
                "bucket."
            )


def _free_name(place: Place) -> str:
    name = new_name(timezone.now())
    taken = place.folders(SETS)
    return next(each for each in [name, *(f"{name}-{number}" for number in range(2, 99))] if each not in taken)


def _check_same_desk(place: Place, manifest: Manifest, source: Source) -> Iterator[str]:
    """Refuse a place where another desk, or another copy of this one, has its sets: they would push each other out.

    Yields sentences on sets that somebody should look at.
    """
    sets = Sets.at(place)
    if sets.future:
        yield (
            f"{place} has sets from the future, made while a clock was wrong: {', '.join(sets.future)}. They are kept"
            " and not used; restore or remove them by name."
        )
    for name in reversed(sets.finished):
        try:
            newest = read(place, name)
        except BackupError as error:
            yield f"{error} Remove the folder {SETS}/{name} there: nothing can be restored from it."
            continue
        if newest.installation != manifest.installation:
            raise BackupError(
                f"{place} has backups of another desk. Name another folder, or another part of the bucket."
            )
        if not source.has_in_log(newest.log):
            raise BackupError(
                f"The newest set at {place}, {name}, has events that the log of this desk has not: it is of another"
                " copy of this desk, or this desk was restored to an earlier time. Name another place, or move the sets"
                " away that were made after that time."
            )
        return


def _check_space(place: Place, manifest: Manifest, blob_bytes: int) -> None:
    needed = int(manifest.database_bytes * _DUMP_SHARE) + blob_bytes + _RESERVE
    free = place.free_bytes()
    if free is not None and free < needed:
        raise BackupError(
            f"{place} has {free / 1e6:,.0f} MB free, and the backup needs about {needed / 1e6:,.0f} MB. Free space "
            "there, keep fewer sets (FACTCHECK_BACKUP_KEPT), or use another place."
        )


def _remove(files: Place) -> None:
    """Delete an unfinished set, which only takes space."""
    try:
        files.delete([file.name for file in files.files()])
    except BackupError:
        return


def _warnings(manifest: Manifest) -> Iterable[str]:
    if manifest.damaged:
        yield (
            f"{len(manifest.damaged)} saved pages are missing or damaged in the snapshot store and not in the backup, "
            f"the first is {manifest.damaged[0]}. Run manage.py scrub; an earlier backup may still have them."
        )
    if not manifest.keys:
        yield (
            "The secret key is not in the backup, because FACTCHECK_BACKUP_PASSPHRASE is not set. Set it, or keep the "
            f"key elsewhere. {keys.WITHOUT_KEY}"
        )
