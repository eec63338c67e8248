"""Back up the database before `up` migrates it to a new version, and say how to go back."""

import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connections

from factcheck.backup.create import create
from factcheck.backup.places import BackupError

FOLDER = "before-upgrade"
KEPT = 3
_SOMETHING = (
    "SELECT EXISTS (SELECT FROM auth_user) OR EXISTS (SELECT FROM sources_page) OR EXISTS (SELECT FROM claims_claim)"
)


def back_up(alias: str, *, say: Callable[[str], object]) -> None:
    """Back up an existing database into the data folder. Raises `BackupError`: then nothing was migrated.

    The saved pages are not copied: no migration touches them, and they are on the same disk or in their bucket.
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
    try:
        made = create(str(folder), say=lambda line: None, database_only=True, inside_data=True, keep=KEPT)
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
    say(
        f"upgrade: to go back, stop this, run `manage.py restore {folder} --set {made.manifest.name} --data NEW` with "
        "this version, and start the earlier version with --data NEW"
    )
