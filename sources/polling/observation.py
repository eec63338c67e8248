"""What a fetch came to: the text is read, it is judged whether it is the page at all, and its bytes are kept."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from sources.changes import page_outcome
from sources.extraction import full_text, sandbox
from sources.extraction.browser import RENDERED
from sources.faults import point
from sources.http.addresses import canonical
from sources.http.fetcher import FetchResult, Reason
from sources.outcome import Outcome
from sources.polling.schedule import fresh_for
from sources.snapshots.default_store import store
from sources.snapshots.store import StorageError

_log = logging.getLogger(__name__)

_NO_ANSWER = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT, Reason.ROBOTS})


@dataclass(frozen=True)
class Known:
    """What is known of a page before it is looked at."""

    url: str = ""
    """Where it was read from last, else its own address."""
    blob: str = ""
    """sha256 of the bytes read last."""
    text_length: int = 0
    text: Callable[[], str] = str
    """Reads the text read last; asked only where it decides something."""


@dataclass(frozen=True)
class Observation:
    """What a fetch came to. `page_text` is None where nothing was read, and where the bytes are those read last."""

    outcome: Outcome
    detail: str = ""
    status: int | None = None
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    last_modified: str = ""
    retry_after: timedelta | None = None
    crawl_delay: timedelta | None = None
    fresh_for: timedelta | None = None
    elapsed: float = 0.0
    """Seconds that the fetch took."""
    host_answered: bool = True
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    canonical_url: str = ""
    page_text: full_text.PageText | None = None

    @property
    def readable(self) -> bool:
        return self.outcome in Outcome.readable()


def host_answered(result: FetchResult) -> bool:
    """Whether the host answered at all, and not that it has too much to do: what it says of a page is no matter."""
    if result.status is not None and (result.status == 429 or result.status >= 500):
        return False
    return result.reason not in _NO_ANSWER


def observe(result: FetchResult, known: Known | None = None) -> Observation:
    """Read a fetched page, judge whether it is the page, and put its bytes into the store.

    Raises `StorageError` if the store cannot take them.
    """
    (seen,) = observe_all([(result, known or Known())])
    if isinstance(seen, StorageError):
        raise seen
    return seen


def observe_all(fetched: Sequence[tuple[FetchResult, Known]]) -> list[Observation | StorageError]:
    """The same for several, side by side. Where the store could not take the bytes, what it said."""
    digests = [hashlib.sha256(result.body).hexdigest() if result.body is not None else "" for result, _ in fetched]
    unread = [_is_unread(*each, digest) for each, digest in zip(fetched, digests, strict=True)]
    readings = iter(_read_all([result for (result, _), new in zip(fetched, unread, strict=True) if new]))
    seen = [
        _judged(result, known, digest, next(readings) if new else None)
        for (result, known), digest, new in zip(fetched, digests, unread, strict=True)
    ]
    point("read")
    return _kept(seen, [result.body or b"" for result, _ in fetched])


BY_BROWSER = ", rendered"
"""What the extractor's name ends with where a browser made the page."""

_Reading = full_text.PageText | Exception


def _is_unread(result: FetchResult, known: Known, digest: str) -> bool:
    """Whether these are other bytes than those read last, or from elsewhere."""
    if result.outcome != Outcome.OK or result.body is None:
        return False
    return digest != known.blob or bool(page_outcome.moved_to(known.url, result.final_url))


def _read_all(results: Sequence[FetchResult]) -> list[_Reading]:
    if len(results) < 2:
        return list(map(_read, results))
    with ThreadPoolExecutor(max_workers=sandbox.CHILDREN) as readers:
        return list(readers.map(_read, results))


def _read(result: FetchResult) -> _Reading:
    try:
        return sandbox.extract(result.body or b"", result.media_type or "", result.charset)
    except Exception as error:  # noqa: BLE001 - a page that breaks a parser must not cost the batch
        return error


def _judged(result: FetchResult, known: Known, digest: str, reading: _Reading | None) -> Observation:
    seen: dict[str, Any] = {
        "detail": result.detail[:500],
        "status": result.status,
        "final_url": result.final_url[:2000],
        "headers": tuple(result.headers),
        "etag": _header(result, "etag")[:1000],
        "last_modified": _header(result, "last-modified")[:200],
        "retry_after": None if result.retry_after is None else timedelta(seconds=result.retry_after),
        "crawl_delay": None if result.crawl_delay is None else timedelta(seconds=min(result.crawl_delay, 86_400)),
        "fresh_for": fresh_for(_header(result, "cache-control"), _header(result, "age")),
        "elapsed": result.elapsed,
        "host_answered": host_answered(result),
        "media_type": (result.media_type or "")[:200],
        "sha256": digest,
        "size": len(result.body or b""),
    }
    if reading is None:
        return Observation(result.outcome, **seen)
    if isinstance(reading, full_text.UnsupportedMedia):
        return Observation(Outcome.UNSUPPORTED, **{**seen, "detail": str(reading)[:500]})
    if isinstance(reading, Exception):
        _log.error("No text could be extracted from %s", result.final_url, exc_info=reading)
        return Observation(Outcome.ERROR, **{**seen, "detail": f"The page cannot be read ({type(reading).__name__})."})
    judged = page_outcome.judge(
        result.body or b"",
        reading,
        asked=known.url,
        final_url=result.final_url,
        last=page_outcome.LastText(known.text_length, known.text),
    )
    if judged.outcome != Outcome.OK:
        return Observation(judged.outcome, **{**seen, "detail": judged.detail[:500]})
    if _header(result, RENDERED.lower()):
        reading = replace(reading, extractor_version=f"{reading.extractor_version}{BY_BROWSER}")
    return Observation(result.outcome, **seen, page_text=reading, canonical_url=_canonical(reading, result.final_url))


def _kept(seen: list[Observation], bodies: Sequence[bytes]) -> list[Observation | StorageError]:
    """Put the bytes of what was read into the store: all at once, or, if it cannot take them all, those it can."""
    new = [number for number, each in enumerate(seen) if each.page_text is not None]
    kept: list[Observation | StorageError] = list(seen)
    if not new:
        return kept
    place = store()
    try:
        place.put_many([bodies[number] for number in new], [seen[number].sha256 for number in new])
    except StorageError:
        for number in new:
            try:
                place.put_many([bodies[number]], [seen[number].sha256])
            except StorageError as error:
                kept[number] = error
    return kept


def _header(result: FetchResult, name: str) -> str:
    return next((value for key, value in result.headers if key.lower() == name), "")


def _canonical(page_text: full_text.PageText, base: str) -> str:
    """The address that the page calls its own, in the form in which pages are looked up; empty if it names none."""
    if not page_text.canonical:
        return ""
    try:
        return canonical(urljoin(base, page_text.canonical))
    except ValueError:
        return ""
