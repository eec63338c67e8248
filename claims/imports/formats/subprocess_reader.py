"""Read and parse a large file in a child process, while this process builds and writes."""

import fcntl
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path

from claims.imports import gc_tuning
from claims.imports.formats import reading
from claims.imports.formats.reading import Entry

MIN_FILE_SIZE = 4_000_000  # bytes; a smaller file is read before the child process has started
_PIECE = 1 << 18
_ENTRIES = 500  # of one message
_PIPE_SIZE = 1 << 20  # bytes; the child waits when the pipe is full


def pieces(path: Path) -> Iterator[bytes]:
    """The bytes of the file in pieces."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def entries(
    path: Path, *, form: str, now: datetime, language: str = "", charset: str = "", after: int = 0
) -> Iterator[Entry]:
    """The entries that `reading.entries` yields. Raises what reading raises, and `OSError` if the child dies."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    with suppress(OSError):  # optional: the default of 64 KB is less than one message
        fcntl.fcntl(sender, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
    reader = context.Process(
        target=_read, args=(sender, path, form, now, language, charset, after), name="reader", daemon=True
    )
    reader.start()
    sender.close()
    try:
        while True:
            try:
                message = receiver.recv()
            except EOFError as error:
                raise OSError("the process that reads it has ended") from error
            if message is None:
                return
            if isinstance(message, Exception):
                raise message
            yield from message
    finally:
        receiver.close()
        reader.terminate()
        reader.join()


def _read(
    sender: "Connection[object, object]",
    path: Path,
    form: str,
    now: datetime,
    language: str,
    charset: str,
    after: int,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is handled by the parent
    try:
        entries_ = reading.entries(pieces(path), form=form, now=now, language=language, charset=charset, after=after)
        with gc_tuning.rare_collections():
            while message := list(islice(entries_, _ENTRIES)):
                sender.send(message)
        sender.send(None)
    except BrokenPipeError:
        return  # the parent has stopped reading
    except Exception as error:  # noqa: BLE001 - raised again in the parent
        sender.send(error)
