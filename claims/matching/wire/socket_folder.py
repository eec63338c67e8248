"""Where the matcher's sockets are: in its own folder of the data folder, or in /tmp where that path is too long."""

import hashlib
import os
from pathlib import Path

# A socket's path may have 108 bytes on Linux and 104 on macOS, including the terminating zero.
_MOST_BYTES = 103
PUBLISHED, DRAFTS = "match.sock", "draft.sock"


class WrongFolder(Exception):
    """Another user owns the folder of the sockets; the message says what to do."""


def socket_path(folder: Path, name: str) -> Path:
    """The path of a socket of the matcher whose folder this is; nothing is created."""
    inside = folder / name
    if len(os.fsencode(inside)) <= _MOST_BYTES:
        return inside
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:20]
    return Path("/tmp") / f"factcheck-matcher-{digest}" / name  # noqa: S108 - owner and mode are checked


def check_owner(path: Path, *, owners: set[int] | None = None) -> None:
    """Raise WrongFolder if somebody else could answer at this socket."""
    folder = path.parent
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return
    if folder.is_symlink() or not folder.is_dir() or status.st_uid not in (owners or {os.getuid(), 0}):
        raise WrongFolder(
            f"{folder} belongs to someone else, and the matcher's socket would be in it. Remove it, or name a data "
            "folder with a shorter path."
        )


def make_folder(path: Path) -> None:
    """Make the folder of a socket, for its owner alone. Raises WrongFolder and OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    check_owner(path, owners={os.getuid()})
    path.parent.chmod(0o700)
