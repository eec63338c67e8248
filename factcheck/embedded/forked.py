"""Run a function in a forked child, so that the memory it needs is given back when it is done."""

import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, TypeVar

from sources.extraction.process_tree import die_with_parent

T = TypeVar("T")


class ChildEnded(Exception):
    """The child ended without a result; the message says how."""


def run(function: Callable[[], T]) -> T:
    """Return the function's result or raise its exception. The child is ended if this process is interrupted.

    Call it while this process has one thread and no open database connections. Where forking is not safe (macOS), it
    runs here.
    """
    if sys.platform != "linux":
        return function()
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(function, sender, os.getpid()))
    child.start()
    sender.close()
    try:
        succeeded, result = receiver.recv()
    except EOFError:
        child.join()
        raise ChildEnded(f"the child process ended with {child.exitcode}") from None
    finally:
        child.join(0 if sys.exc_info()[0] else None)
        if child.is_alive():
            child.kill()
            child.join()
        receiver.close()
    if succeeded:
        value: T = result
        return value
    raise result


def _child(function: Callable[[], Any], sender: Connection, parent: int) -> None:
    for number in (signal.SIGINT, signal.SIGHUP):  # the terminal sends them to the parent as well
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent()
    if os.getppid() != parent:
        os._exit(1)
    try:
        answer: tuple[bool, Any] = True, function()
    except Exception as error:  # noqa: BLE001 - it is raised in the parent
        error.add_note(traceback.format_exc())
        answer = False, error
    try:
        sender.send(answer)
    except Exception as error:  # noqa: BLE001 - it cannot be pickled
        with suppress(OSError):
            sender.send((False, ChildEnded(f"{answer[1]!r}: {error}")))
