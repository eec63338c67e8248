"""Restore a backup set into a new data folder, or into an empty database of your own.

Nothing is touched before every file of the set was read and its sha256 compared. The target is marked as unfinished
from the first write to the last check (data_format.RESTORING), so that `up` does not start on it, and the same command
can be repeated after whatever interrupted it.
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from factcheck.backup import blobs, keys, postgresql, verify
from factcheck.backup.manifest import BLOB_LIST, BLOBS, DATABASE, DEMO_FILES, KEYS, SETS, Manifest, Sets, read
from factcheck.backup.places import BackupError, Digest, Place, backup_place, snapshot_place
from factcheck.embedded import data_format, database_roles, trigger_functions
from factcheck.embedded.postgres import Cluster
from sources import atomic_file
from sources.faults import point

Say = Callable[[str], object]
MARK = data_format.RESTORING
_TABLE = "factcheck_restoring"
# Indexes and the write-ahead log come on top of the tables.
_DATABASE_SHARE = 2.5
_RESERVE = 100_000_000
_SHOWN = 20
# Links that were used since the backup could be used again, so all of them end; the audit says why.
_FINISH: LiteralString = """
    DO $$ BEGIN
        PERFORM set_config('pghistory.context_metadata', '{"actor":"restore","reason":"backup restored"}', true);
        IF to_regclass('public.login_loginlink') IS NOT NULL THEN
            DELETE FROM public.login_loginlink WHERE used_at IS NULL;
        END IF;
        DROP TABLE IF EXISTS public.factcheck_restoring;
    END $$
"""


@dataclass
class Restoration:
    """A restore that was checked as far as it can be without touching anything.

    `lost` are blobs that the backup lacks. `found` is what the audit of the restored data finds.
    """

    place: Place
    manifest: Manifest
    files: Place
    blob_source: Place
    listed: list[blobs.Blob]
    keys: dict[str, bytes]
    lost: list[blobs.WrongBlob] = field(default_factory=list)
    found: list[str] = field(default_factory=list)

    @property
    def lost_blobs(self) -> set[str]:
        """sha256s of the blobs that cannot be restored."""
        return {each.sha256 for each in self.lost}

    @property
    def same_version(self) -> bool:
        """Whether the set has every migration of this version."""
        return not _known_migrations() - set(self.manifest.migrations)


def alias() -> str:
    """The role that owns the tables."""
    return "owner" if "owner" in settings.DATABASES else DEFAULT_DB_ALIAS


def prepare(
    address: str, *, say: Say, name: str = "", without_keys: bool = False, despite: bool = False
) -> Restoration:
    """Choose a set, read all of it, and compare it with its manifest. Writes nothing. Raises `BackupError`.

    With `despite` missing and damaged blobs are left out instead of refused.
    """
    place, name = _choose(address, name, say)
    manifest = read(place, name)
    _check_target(settings.DATA, manifest.name)
    _check_made_for_this(manifest)
    files = place.under(f"{SETS}/{name}")
    _check_files(files, manifest)
    found = _keys(place, files, manifest, without_keys=without_keys, say=say)
    listed = list(blobs.read_lines(postgresql.inflate(files.read(BLOB_LIST))))
    source = snapshot_place(manifest.snapshots) if manifest.snapshots else place.under(BLOBS)
    say(f"checking {len(listed):,} saved pages in {source}")
    wrong = blobs.find_wrong(listed, source)
    if wrong and not despite:
        raise BackupError(
            _list([each.sentence for each in wrong])
            + "\nNothing was touched. Take these files from another copy of the backup, use another set "
            "(--set), or restore all the rest with --despite-damage."
        )
    _check_space(settings.DATA, manifest)
    return Restoration(place, manifest, files, source, listed, found, wrong)


def _choose(address: str, name: str, say: Say) -> tuple[Place, str]:
    """The place and the name of the set: the newest finished one, unless the address or `name` says another."""
    place = backup_place(address)
    path = Path(address)
    if "://" not in address and path.resolve().parent.name == SETS:
        place, name = backup_place(str(path.resolve().parent.parent)), name or path.resolve().name
    sets = Sets.at(place)
    if name:
        if name not in [*sets.finished, *sets.unfinished, *sets.future]:
            raise BackupError(f"There is no set {name} at {place}; there are: {', '.join(sets.finished) or 'none'}.")
        return place, name
    if sets.future:
        say(f"not used, as made while a clock was wrong: {', '.join(sets.future)}; --set restores one")
    if not sets.finished:
        unfinished = f" The set {sets.unfinished[-1]} is unfinished." if sets.unfinished else ""
        raise BackupError(f"There is no backup at {place}.{unfinished}")
    newer = [each for each in sets.unfinished if each > sets.finished[-1]]
    if newer:
        say(f"the set {newer[-1]} is unfinished and not used")
    say(f"set {sets.finished[-1]} of {place}")
    return place, sets.finished[-1]


def _check_target(data: Path, name: str) -> None:
    """The data folder must be new, or marked by an earlier attempt with the same set."""
    mark = data / MARK
    if mark.is_file():
        if (other := mark.read_text().strip()) != name:
            raise BackupError(
                f"{data} holds an unfinished restore of the set {other}. Repeat that with --set {other}, or remove the "
                "folder."
            )
    elif data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise BackupError(
            f"{data} is not empty, and a restore never replaces anything. Name a new folder with --data; move it to "
            "its place afterwards."
        )


def _known_migrations() -> set[str]:
    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _check_made_for_this(manifest: Manifest) -> None:
    newer = sorted(set(manifest.migrations) - _known_migrations())
    if manifest.data_format > data_format.FORMAT or newer:
        raise BackupError(
            f"This set was made by version {manifest.version}, which this one does not know all of "
            f"({newer[0] if newer else f'format {manifest.data_format}'}). Restore it with that version or a later one."
        )
    if int(manifest.tool.split(".")[0]) > int(postgresql.tool_version().split(".")[0]):
        raise BackupError(
            f"The database was dumped by pg_dump {manifest.tool}, and pg_restore here is {postgresql.tool_version()}. "
            "Set FACTCHECK_POSTGRESQL_PROGRAMS to the folder of a newer one."
        )


def _check_files(files: Place, manifest: Manifest) -> None:
    for name, expected in manifest.files.items():
        digest = Digest()
        try:
            for _ in digest.through(files.read(name)):
                pass
        except FileNotFoundError as error:
            raise BackupError(f"{files}/{name} is missing. Nothing was touched. Use another set (--set).") from error
        if digest.size != expected["size"]:
            problem = f"has {digest.size:,} bytes instead of {expected['size']:,}: it was cut off or replaced"
        elif digest.sha256 != expected["sha256"]:
            problem = "is damaged: its sha256 is not that of the manifest"
        else:
            continue
        raise BackupError(f"{files}/{name} {problem}. Nothing was touched. Use another set (--set).")


def _keys(place: Place, files: Place, manifest: Manifest, *, without_keys: bool, say: Say) -> dict[str, bytes]:
    """The keys of the set, and a word on what stops working without them."""
    if manifest.keys and not without_keys:
        if not settings.BACKUP_PASSPHRASE:
            raise BackupError(
                "The keys of this backup are encrypted: set FACTCHECK_BACKUP_PASSPHRASE, or leave them out with "
                f"--without-keys. {keys.WITHOUT_KEY}"
            )
        return keys.decrypt(b"".join(files.read(KEYS)), settings.BACKUP_PASSPHRASE)
    if not without_keys and (beside := _keys_beside(place, manifest)):
        say(f"keys: those of {place.folder and place.folder.parent}, in which the backup lies")
        return beside
    if keys.is_of(settings.SECRET_KEY, manifest.secret_key):
        say("the secret key of the environment is the one of the backup")
    else:
        say(
            "Warning: the secret key is not restored. If you have it, set SECRET_KEY, or write it to the file "
            f"secret_key of the data folder before the first start. {keys.WITHOUT_KEY}"
        )
    return {}


def _keys_beside(place: Place, manifest: Manifest) -> dict[str, bytes]:
    """The keys of the data folder in which `up` made this backup before it migrated; nothing of another's."""
    data = place.folder.parent if place.folder is not None else None
    if data is None or not (data / keys.SECRET_KEY).is_file():
        return {}
    secret_key = (data / keys.SECRET_KEY).read_text(errors="replace").strip()
    return keys.collect(data, secret_key) if keys.is_of(secret_key, manifest.secret_key) else {}


def _check_space(data: Path, manifest: Manifest) -> None:
    needed = _RESERVE
    if settings.EMBEDDED_DATABASE:
        needed += int(manifest.database_bytes * _DATABASE_SHARE)
    if snapshot_place().folder is not None:
        needed += manifest.blobs["bytes"]
    folder = data
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise BackupError(
            f"{folder} has {free / 1e6:,.0f} MB free, and the restore needs about {needed / 1e6:,.0f} MB. Nothing was "
            "touched. Free space, or name a folder on another disk with --data."
        )


def mark(data: Path, plan: Restoration) -> None:
    """Create the data folder with the mark of an unfinished restore."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic_file.write(data / MARK, plan.manifest.name.encode() + b"\n")
    except OSError as error:
        raise BackupError(f"{data} cannot be written: {error.strerror}. Name another folder with --data.") from error


def run(plan: Restoration, *, say: Say, cluster: Cluster | None, finish: Callable[[str], None]) -> None:
    """Restore what was prepared; the data folder is there, and the embedded server too if `cluster` is given.

    `finish` installs what is outside the dump, such as rights, for the alias of the owner. Raises `BackupError`; then
    the target stays marked, and the same command can be repeated.
    """
    os.umask(0o077)
    data = settings.DATA
    if cluster is not None:
        cluster.create()
        cluster.start()
        cluster.prepare_database()
    try:
        _load(plan, say)
        point("database restored")
        _copy_blobs(plan, say)
        if plan.same_version:
            finish(alias())
        else:
            _grant()
        _write_files(plan, data)
        wrong = _differences(plan)
    except (DatabaseError, psycopg.Error) as error:
        raise BackupError(f"The database failed: {str(error).splitlines()[0]} Repeat the command.") from error
    if wrong:
        raise BackupError(_list(wrong) + f"\nThe restore into {data} is not usable. Keep the backup as it is.")
    with _owner() as connection:
        connection.execute(_FINISH)
    atomic_file.write(data / data_format.FILE, f"{plan.manifest.data_format}\n".encode())
    (data / MARK).unlink()
    rules = "its chain, rules and rights, " if plan.same_version else ""
    say(f"verified: {plan.manifest.log['count']:,} events of the log, {rules}{len(plan.listed):,} saved pages")


def _owner() -> psycopg.Connection[Any]:
    """A connection of the owner, with no limits."""
    connections[alias()].close()
    parameters = postgresql.connection_string(alias())
    password = connections[alias()].get_connection_params().get("password")
    return psycopg.connect(parameters, autocommit=True, **({"password": password} if password else {}))


def _grant() -> None:
    """Give the role of web and worker its rights, and nobody else any, in a schema of an earlier version."""
    with _owner() as connection:
        trigger_functions.secure(connection)
        if app := settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]:
            database_roles.grant_to_app(connection, app)
    if alias() != DEFAULT_DB_ALIAS:
        connections[DEFAULT_DB_ALIAS].ensure_connection()
        database_roles.limit_sessions(connections[DEFAULT_DB_ALIAS].connection)


def _load(plan: Restoration, say: Say) -> None:
    with _owner() as connection:
        server = connection.info.server_version
        postgresql.check_versions(server)
        if connection.execute("SHOW server_encoding").fetchone() != ("UTF8",):
            raise BackupError("The database is not encoded in UTF8. Create it with ENCODING 'UTF8'.")
        if _is_loaded(connection, plan.manifest.name):
            say("the database was loaded by an earlier attempt")
            return
    last = _last_statements(plan.manifest)
    postgresql.load(plan.files.read(DATABASE), alias=alias(), server=server, last=last)
    with _owner() as connection:
        connection.execute("ANALYZE")
    say(f"database: {sum(plan.manifest.tables.values()):,} rows")


def _is_loaded(connection: psycopg.Connection[Any], name: str) -> bool:
    """Whether an earlier attempt loaded this set. Raises `BackupError` if the database has anything else."""
    tables = connection.execute(
        "SELECT count(*), count(*) FILTER (WHERE relname = %s) FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')",
        [_TABLE],
    ).fetchone()
    if tables == (0, 0):
        return False
    if tables is not None and tables[1]:
        row = connection.execute(f"SELECT name FROM public.{_TABLE}").fetchone()  # noqa: S608 - our own name
        if row == (name,):
            return True
    raise BackupError(
        f"The database {connection.info.dbname} is not empty, and a restore never replaces anything. Create an empty "
        "one, and name it in DATABASE_URL and DATABASE_OWNER_URL."
    )


def _last_statements(manifest: Manifest) -> str:
    """SQL that marks the database as unfinished and tells readers of the log, in the transaction of the load."""
    name = sql.Literal(manifest.name)
    statements = [
        sql.SQL("CREATE TABLE public.{} (name text NOT NULL)").format(sql.Identifier(_TABLE)),
        sql.SQL("INSERT INTO public.{} VALUES ({})").format(sql.Identifier(_TABLE), name),
        # Responses that were cached before the restore must not be served for what is written after it.
        sql.SQL("UPDATE public.claims_indexstate SET epoch = gen_random_uuid()"),
    ]
    if verify.LOG_RESTORES in manifest.tables:
        statements.append(
            sql.SQL("INSERT INTO public.claims_logrestore (sequence, hash, backup) VALUES ({}, {}, {})").format(
                sql.Literal(manifest.log["sequence"]), sql.Literal(manifest.log["hash"]), name
            )
        )
    return ";\n".join(each.as_string(None) for each in statements) + ";"


def _copy_blobs(plan: Restoration, say: Say) -> None:
    target = snapshot_place()
    if plan.blob_source.address == target.address:
        return  # a backup of the database alone, beside a bucket that is still in use
    wanted = [(blob.sha256, blob.size) for blob in plan.listed if blob.sha256 not in plan.lost_blobs]
    copied = blobs.copy(wanted, plan.blob_source, target)
    if copied.damaged:
        raise BackupError(f"{plan.blob_source} changed while it was read: {copied.damaged[0]}. Repeat the command.")
    plan.listed = copied.blobs
    say(f"saved pages: {copied.new:,} copied ({copied.new_bytes / 1e6:,.1f} MB)")


def _differences(plan: Restoration) -> list[str]:
    """What is not as in the backup; fills what the audit finds besides."""
    with _owner() as connection:
        wrong = list(verify.differences(connection, plan.manifest))
        if plan.same_version:
            plan.found = list(verify.findings(connection, lost=plan.lost_blobs))
    kept = [blob for blob in plan.listed if blob.sha256 not in plan.lost_blobs]
    return wrong + [each.sentence for each in blobs.find_wrong(kept, snapshot_place())]


def _write_files(plan: Restoration, data: Path) -> None:
    for name in DEMO_FILES & plan.manifest.demo.keys():  # nothing else that somebody may have put there
        (data / "demo").mkdir(mode=0o700, exist_ok=True)
        atomic_file.write(data / "demo" / name, plan.manifest.demo[name].encode())
    for name, content in plan.keys.items():
        path = (data / name).resolve()
        if not path.is_relative_to(data):
            raise BackupError(
                f"The keys of the backup name a file outside the data folder: {name}. Nothing was written."
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic_file.write(path, content)


def _list(sentences: list[str]) -> str:
    more = f"\n  and {len(sentences) - _SHOWN} more" if len(sentences) > _SHOWN else ""
    return "\n".join(f"  {each}" for each in sentences[:_SHOWN]) + more
