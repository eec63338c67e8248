"""What a poll proves of the times at which a page was read and its passages were seen.

A time is the database's, taken before the request was sent, so that a passage is never said to have been seen later
than it was. `Polling.read_sha256` are the bytes last read and `read_since` is when they were first read; every passage
that was seen at that time or later stands in them, so the same bytes read again prove all of these without being
extracted. A read that was overtaken by another could not keep this so: it forgets the bytes, and the next poll looks.

Pure: no database and no clock.
"""

from collections.abc import Collection
from datetime import datetime

from sources.models import Polling


def note_validated(state: Polling, at: datetime | None) -> None:
    """Note that the server answered the request sent at `at` by 304: nothing is known of the page's content."""
    state.last_validated_at = _later(state.last_validated_at, at)


def note_read(state: Polling, sha256: str, at: datetime | None, *, seen: Collection[int]) -> None:
    """Note that the whole body with this sha256 was read by the request sent at `at` (None: unknown).

    `seen` are the passages known to stand in it.
    """
    if sha256 and sha256 == state.read_sha256 and state.read_since is not None:
        since = state.read_since
        seen = {
            passage
            for passage, last in zip(state.passages, state.seen_at, strict=True)
            if passage in seen or (last is not None and last >= since)
        }
    else:
        in_order = at is not None and (state.last_read_at is None or at > state.last_read_at)
        state.read_sha256, state.read_since = (sha256, at) if in_order else ("", None)
    if at is not None:
        state.last_read_at = _later(state.last_read_at, at)
        state.seen_at = [
            _later(last, at) if passage in seen else last
            for passage, last in zip(state.passages, state.seen_at, strict=True)
        ]


def forget_the_future(state: Polling, now: datetime) -> None:
    """Drop times later than `now`, which the database's clock gave before it was set back.

    `last_read_at` stays: until the clock has passed it, every read counts as overtaken, and its bytes are forgotten.
    """
    padded = [*state.seen_at, *[None] * len(state.passages)][: len(state.passages)]
    state.seen_at = [None if at is None or at > now else at for at in padded]
    if state.last_validated_at is not None and state.last_validated_at > now:
        state.last_validated_at = None


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((at for at in (first, second) if at is not None), default=None)
