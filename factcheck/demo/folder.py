"""The demo's files in the data folder, under `demo/`.

port       the demo site's port, chosen once: the URLs in the database contain it
logins     user names and passwords, which `up` prints once
site.json  edits of the site (factcheck/demo/site.py)
seeded     the database contains the demo
removed    the demo was removed and does not come back
"""

import json
import random
import secrets
import socket
from contextlib import closing
from pathlib import Path

from sources import atomic_file

HOST = "127.0.0.1"
# Below the ports of outgoing connections, so that none of them occupies the demo's port at a restart.
_PORTS = range(20_000, 32_000)


class DemoError(Exception):
    """The demo cannot be started or removed; the message says what to do."""


class DemoFolder:
    def __init__(self, data: Path) -> None:
        self.path = data / "demo"
        self.seeded = self.path / "seeded"
        self.removed = self.path / "removed"

    def make(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def reset(self) -> None:
        """Delete the edits: the database will quote the original site."""
        self.seeded.unlink(missing_ok=True)
        (self.path / "site.json").unlink(missing_ok=True)

    def port(self) -> int:
        """The demo site's port: the one chosen before, or else a free one. Raises DemoError if it is taken."""
        file = self.path / "port"
        if file.exists():
            port = int(file.read_text())
            if not _is_free(port):
                raise DemoError(
                    f"Port {port} on {HOST}, where the demo site must answer since the demo's pages are "
                    "recorded there, is taken by another program. End that program, or start with --no-demo."
                )
            return port
        for port in random.sample(_PORTS, 200):
            if _is_free(port):
                atomic_file.write(file, str(port))
                return port
        raise DemoError(f"No free port on {HOST} for the demo site. Start with --no-demo.")

    def passwords(self, usernames: tuple[str, ...]) -> dict[str, str]:
        """User name to password, those of earlier calls too; each is generated once."""
        file = self.path / "logins"
        passwords: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        if missing := [name for name in usernames if name not in passwords]:
            passwords |= {name: secrets.token_urlsafe(9) for name in missing}
            atomic_file.write(file, json.dumps(passwords))
        return passwords

    def has_self_edited(self) -> bool:
        """Whether the site has made its own edit."""
        file = self.path / "site.json"
        return file.exists() and bool(json.loads(file.read_text())["changed_itself"])


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
