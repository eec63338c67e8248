"""Reading ahead: a file read and its records judged in a process of its own, while this one builds and writes."""

import fcntl
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from claims.imports.formats import gc_tuning, reading
from claims.imports.formats.reading import Entry

WORTH_IT = 4_000_000  # bytes of a file; a smaller one is read before such a process has started
_PIECE = 1 << 18
_ENTRIES = 500  # sent at once
_PIPE = 1 << 20  # bytes that may be on their way, some three times as many; then the process waits


def pieces(path: Path) -> Iterator[bytes]:
    """The file's bytes, some at a time."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def entries(path: Path, *, form: str, now: datetime, language: str = "", after: int = 0) -> Iterator[Entry]:
    """What `reading.entries` finds in the file. Raises what reading raises, and `OSError` if the process is killed."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    with suppress(OSError):  # a wish: 64 KB, what else a pipe holds, are less than is sent at once
        fcntl.fcntl(sender, fcntl.F_SETPIPE_SZ, _PIPE)
    reader = context.Process(target=_read, args=(sender, path, form, now, language, after), name="reader", daemon=True)
    reader.start()
    sender.close()
    try:
        while True:
            try:
                sent = receiver.recv()
            except EOFError as error:
                raise OSError("the process that reads it has ended") from error
            if sent is None:
                return
            if isinstance(sent, Exception):
                raise sent
            yield from sent
    finally:
        receiver.close()
        reader.terminate()
        reader.join()


def _read(
    sender: "Connection[object, object]", path: Path, form: str, now: datetime, language: str, after: int
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that writes
    try:
        found = reading.entries(pieces(path), form=form, now=now, language=language, after=after)
        with gc_tuning.seldom_collected():
            while some := list(islice(found, _ENTRIES)):
                sender.send(some)
        sender.send(None)
    except BrokenPipeError:
        return  # nobody wants more
    except Exception as error:  # noqa: BLE001 - it is raised where the entries are taken
        sender.send(error)
