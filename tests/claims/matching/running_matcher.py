"""The matcher inside the tests' process: its indexes and sockets, on the test's own connection to the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from claims.matching import client, draft_client
from claims.matching.server.drafts_index import DraftRequests, DraftsIndex
from claims.matching.server.listener import Listener
from claims.matching.server.published_index import PublishedIndex
from claims.matching.server.requests import PublishedRequests
from claims.matching.wire.socket_folder import DRAFTS, PUBLISHED, socket_path


class NoWriter:
    """No base is written: what tests publish is few."""

    def start(self) -> None:
        raise AssertionError("a base is asked for")

    def result(self) -> bool | None:
        return None


@contextmanager
def running_matcher(settings: Any, folder: Path) -> Iterator[Callable[[], None]]:
    """Yields a function that has it look at the log and the drafts now, as the process does each second."""
    settings.MATCHER, settings.MATCHER_FOLDER = "words", folder / "matching"
    published, drafts = PublishedIndex(settings.MATCHER_FOLDER, NoWriter()), DraftsIndex()

    def look() -> None:
        published.look()
        drafts.look()

    look()
    listeners = [
        Listener(
            socket_path(settings.MATCHER_FOLDER, PUBLISHED),
            PublishedRequests(published.engine, lambda: {"state": "ok"}),
        ),
        Listener(socket_path(settings.MATCHER_FOLDER, DRAFTS), DraftRequests(published.engine, drafts.engine)),
    ]
    client._pool.forget()
    draft_client._pool.forget()
    try:
        for listener in listeners:
            listener.start()
        yield look
    finally:
        for listener in listeners:
            listener.stop()
