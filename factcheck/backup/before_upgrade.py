"""Back up the database before `up` migrates it to a new version, and say how to go back."""

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections

from factcheck.backup.create import create
from factcheck.backup.manifest import read
from factcheck.backup.places import BackupError, backup_place
from factcheck.backup.source import log_head
from sources import atomic_file

FOLDER = "before-upgrade"
UNFINISHED = "unfinished"
"""A file of the folder with the name of the set that was made before migrations that have not come to their end."""
KEPT = 3
_SOMETHING = (
    "SELECT EXISTS (SELECT FROM auth_user) OR EXISTS (SELECT FROM sources_page) OR EXISTS (SELECT FROM claims_claim)"
)


def back_up(alias: str, *, say: Callable[[str], object]) -> None:
    """Back up an existing database into the data folder. Raises `BackupError`: then nothing was migrated.

    The saved pages are not copied: no migration touches them, and they are on the same disk or in their bucket.
    An upgrade that was interrupted has its backup: another one would be of a database between two versions, which the
    earlier one cannot use, and after some attempts no other would be left. `alias` names the owner of the tables,
    since *app* gets its rights on new ones when all migrations are done.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.claims_claim') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return
        cursor.execute(_SOMETHING)
        if cursor.fetchone() != (True,):
            say("upgrade: no backup was made, because the database holds no account, page or claim yet")
            return
    started, folder = time.monotonic(), Path(settings.DATA) / FOLDER
    if name := _of_interrupted(alias, folder):
        say(f"upgrade: it was interrupted and goes on; the database was backed up before it began, to {folder}")
        say(_way_back(folder, name))
        return
    try:
        made = create(str(folder), say=lambda line: None, alias=alias, database_only=True, inside_data=True, keep=KEPT)
    except BackupError as error:
        raise BackupError(
            f"The database must be migrated to this version, and could not be backed up before: {error} Nothing was "
            "changed. Correct this, or make a backup elsewhere by manage.py backup and start with --no-backup."
        ) from error
    size = made.manifest.files["database.dump.gz"]["size"]
    say(
        f"upgrade: the database was backed up to {folder} ({size / 1e6:,.1f} MB, {time.monotonic() - started:.0f} s; "
        "saved pages are not copied, no upgrade touches them)"
    )
    say(_way_back(folder, made.manifest.name))
    atomic_file.write(folder / UNFINISHED, f"{made.manifest.name}\n")


def finished() -> None:
    """Note that the migrations came to their end: the next upgrade begins with a backup of its own."""
    (Path(settings.DATA) / FOLDER / UNFINISHED).unlink(missing_ok=True)


def _of_interrupted(alias: str, folder: Path) -> str:
    """The set that was made before an upgrade which was interrupted, if nothing was published since; else nothing."""
    try:
        name = (folder / UNFINISHED).read_text().strip()
        made = read(backup_place(str(folder)), name)
    except (OSError, BackupError):
        return ""
    connections[alias].ensure_connection()
    return name if made.log == log_head(connections[alias].connection) else ""


def _way_back(folder: Path, name: str) -> str:
    return (
        f"upgrade: to go back, stop this, run `manage.py restore {folder} --set {name} --data NEW` with "
        "this version, and start the earlier version by `manage.py up --mend --data NEW`"
    )
