"""The manifest of a backup set, and where the parts of a set are.

blobs/aa/bb/<sha256>.gz          saved pages, as in a snapshot store; all sets share them
sets/<time>/database.dump.gz     pg_dump's custom format, without indexes' data, gzip around it
sets/<time>/blobs.gz             a line for each blob: sha256, bytes, bytes of its file
sets/<time>/keys.json            the encrypted keys, if there is a passphrase
sets/<time>/manifest.json        written last: without it the set is unfinished and never restored
"""

import hashlib
import tomllib
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from django.conf import settings
from django.utils import timezone

from factcheck.backup.places import BackupError, Place

FORMAT = 1
BLOBS = "blobs"
SETS = "sets"
MANIFEST = "manifest.json"
DATABASE = "database.dump.gz"
BLOB_LIST = "blobs.gz"
KEYS = "keys.json"
DEMO_FILES = {"port", "seeded", "removed", "site.json"}
"""The demo's files that are no secret: its pages are recorded with its port."""
_CLOCKS_DIFFER = timedelta(hours=1)


@dataclass
class Manifest:
    """What a set holds, all of it read in one snapshot of the database.

    `files` has sha256 and size by name, `tables` the rows, `left_out` tables whose rows are not in the dump, and
    `snapshots` is the address of the snapshot store if the blobs were not copied.
    """

    name: str
    version: str
    data_format: int
    installation: str
    server: int
    tool: str
    log: dict[str, Any]
    tables: dict[str, int]
    left_out: list[str]
    migrations: list[str]
    database_bytes: int
    blobs: dict[str, int]
    secret_key: dict[str, str]
    snapshots: str = ""
    damaged: list[str] = field(default_factory=list)
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    demo: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def at(self) -> datetime:
        return time_of(self.name)

    def dump(self) -> bytes:
        """The manifest as JSON, with a hash of all the rest of it."""
        values = asdict(self)
        return orjson.dumps({**values, "sha256": _digest(values)}, option=orjson.OPT_INDENT_2)

    @classmethod
    def load(cls, text: bytes, where: str) -> "Manifest":
        """Raises `BackupError` if it is damaged, or made by a newer version."""
        try:
            values = orjson.loads(text)
            digest = values.pop("sha256")
            newer = values["format"] > FORMAT
            if not newer and digest == _digest(values):
                return cls(**values)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(f"{where} is damaged. Use another set of the backup.") from error
        if newer:
            raise BackupError(f"{where} was written by a newer version of factcheck. Restore with that version.")
        raise BackupError(f"{where} is damaged: its hash is wrong. Use another set of the backup.")


def version() -> str:
    """The version of this program."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())
    return str(project["project"]["version"])


def _digest(values: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).hexdigest()


def new_name(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")


def time_of(name: str) -> datetime:
    """When the set of this name was made. Raises ValueError for another name."""
    return datetime.strptime(name[:20], "%Y-%m-%dT%H-%M-%SZ").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Sets:
    """The sets at a place, the oldest first. Folders with other names are nobody's business.

    `future` are finished sets whose name is a time to come, made while a clock was wrong. They are never the newest,
    and never removed.
    """

    finished: list[str]
    unfinished: list[str]
    future: list[str]

    @classmethod
    def at(cls, place: Place) -> "Sets":
        finished: list[str] = []
        unfinished: list[str] = []
        future: list[str] = []
        latest = timezone.now() + _CLOCKS_DIFFER
        for name in place.folders(SETS):
            try:
                made_at = time_of(name)
            except ValueError:
                continue
            has_manifest = any(file.name.endswith(f"/{MANIFEST}") for file in place.files(f"{SETS}/{name}"))
            (unfinished if not has_manifest else future if made_at > latest else finished).append(name)
        return cls(finished, unfinished, future)


def read(place: Place, name: str) -> Manifest:
    """The manifest of a set. Raises `BackupError`."""
    path = f"{SETS}/{name}/{MANIFEST}"
    try:
        return Manifest.load(b"".join(place.read(path)), f"{place}/{path}")
    except FileNotFoundError as error:
        raise BackupError(
            f"The set {name} at {place} is unfinished: it has no {MANIFEST}. Use another set of the backup."
        ) from error
