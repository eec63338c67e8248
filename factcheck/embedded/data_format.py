"""Refuse data that another version of the product made, before anything of it is touched.

The file `FORMAT` in the data folder holds one number. A version that writes what earlier ones cannot use raises it, and
so keeps them away from what it has migrated. Data from before 0.2.0 has no such file; it is not converted.

    2   0.2.0
    3   0.3.0: log-ins, seals and restores, whose tables 0.2.0 would open to the web processes
    4   0.4.0: thinned seals, which 0.3.0 would call forged, and rows that its web could delete
    5   0.5.0: attributions, which 0.4.0 would lose of every document that it stores
    6   0.6.0: tips with private links, feed tokens and other rows that 0.5.0 does not know
    7   0.7.0: comments, timers, letters to sources and other work of the desk, which 0.6.0 would lose
    8   0.8.0: lines of the site's log that hold days, which 0.7.0 would call forged
"""

from pathlib import Path

from django.db import connections

from sources import atomic_file

FORMAT = 8
"""The format of data folders and databases that this version writes."""
OLDEST = 2
"""The oldest that it reads, and migrates."""

FILE = "FORMAT"
RESTORING = "RESTORING"
"""A file of the data folder, and a table of the database, that are there until a restore is complete."""
_WHAT_TO_DO = (
    "Continue to use it with the version that made it, or start anew with another {place}. Published reviews can be "
    "taken over: run the earlier version, and point `manage.py import_reviews` of this one at its address."
)
# First migrations of versions before 0.2.0, whose own are called 0001_initial.
_EARLIER = ("0001_first", "0001_squashed_%", "0001_heartbeat")


class WrongFormat(Exception):
    """The data is of another version. Nothing was touched; the message says what to do."""


def check_folder(data: Path) -> None:
    """Raise WrongFormat if this version cannot use the data folder. Writes nothing."""
    if (data / RESTORING).exists():
        raise WrongFormat(
            f"A restore into {data} did not finish: nothing was started. Repeat the same manage.py restore, "
            "which goes on where it can, or remove this folder."
        )
    try:
        text = (data / FILE).read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        if (data / "postgres" / "PG_VERSION").exists():
            raise WrongFormat(
                f"The database in {data} was made before 0.2.0: nothing was touched. "
                + _WHAT_TO_DO.format(place="data folder (--data)")
            ) from None
        return
    except (OSError, ValueError) as error:
        raise WrongFormat(f"{data / FILE} cannot be read ({error}): nothing was touched. Restore this file.") from error
    if not text.isascii() or not text.isdigit():
        raise WrongFormat(
            f"{data / FILE} should hold a number and holds {text[:40]!r}: nothing was touched. Restore this file."
        )
    if int(text) > FORMAT:
        raise WrongFormat(
            f"The data folder {data} has format {int(text)}, and this version knows formats up to {FORMAT}: nothing "
            "was touched. Use the newer version that made it, or name another data folder with --data."
        )
    if int(text) < OLDEST:
        raise WrongFormat(
            f"The data folder {data} has format {int(text)}, made before 0.2.0: nothing was touched. "
            + _WHAT_TO_DO.format(place="data folder (--data)")
        )


def mark_folder(data: Path) -> None:
    """Write the format into a data folder that has none. Call `check_folder` first."""
    if not (data / FILE).exists():
        atomic_file.write(data / FILE, f"{FORMAT}\n")


def raise_folder(data: Path) -> None:
    """Write the format of this version over an earlier one: call it before the database is migrated."""
    if (data / FILE).exists() and of_folder(data) < FORMAT:
        atomic_file.write(data / FILE, f"{FORMAT}\n")


def of_folder(data: Path) -> int:
    """The format of a data folder; this version's if it has none, as beside a database of one's own."""
    try:
        return int((data / FILE).read_text())
    except (OSError, ValueError):
        return FORMAT


def check_database(alias: str) -> None:
    """Raise WrongFormat if a version before 0.2.0 made the database. Writes nothing."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT to_regclass('factcheck_restoring') IS NOT NULL")
        if cursor.fetchone()[0]:
            raise WrongFormat(
                "A restore into this database did not finish: nothing was started. Repeat the same manage.py restore."
            )
        cursor.execute(
            "SELECT count(*) FROM django_migrations"
            " WHERE app IN ('claims', 'sources', 'newsrooms', 'factcheck') AND name LIKE ANY (%s)",
            [list(_EARLIER)],
        )
        if cursor.fetchone()[0]:
            raise WrongFormat(
                "The database was made before 0.2.0: nothing was touched. " + _WHAT_TO_DO.format(place="database")
            )
