"""What a fetch came to: the text is read, it is judged whether it is the page at all, and its bytes are kept."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from django.conf import settings

from sources import bounded, outcomes, text
from sources.addresses import canonical
from sources.fetching import FetchResult, Reason
from sources.models import Outcome
from sources.schedule import fresh_for
from sources.storage import SnapshotStore, open_store

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
    page_text: text.PageText | None = None

    @property
    def readable(self) -> bool:
        return self.outcome in Outcome.readable()


def store() -> SnapshotStore:
    """The snapshot store that settings name."""
    return open_store(settings.SNAPSHOT_STORE, settings.SNAPSHOT_STORE_ACCESS_KEY, settings.SNAPSHOT_STORE_SECRET_KEY)


def host_answered(result: FetchResult) -> bool:
    """Whether the host answered at all, and not that it has too much to do: what it says of a page is no matter."""
    if result.status is not None and (result.status == 429 or result.status >= 500):
        return False
    return result.reason not in _NO_ANSWER


def observe(result: FetchResult, known: Known | None = None) -> Observation:
    """Read a fetched page, judge whether it is the page, and put its bytes into the store.

    Raises `StorageError` if the store cannot take them.
    """
    known = known or Known()
    outcome = Outcome(result.outcome)
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
    }
    if outcome != Outcome.OK or result.body is None:
        return Observation(outcome, **seen)
    seen |= {"sha256": hashlib.sha256(result.body).hexdigest(), "size": len(result.body)}
    if seen["sha256"] == known.blob and not outcomes.moved_to(known.url, result.final_url):
        return Observation(outcome, **seen)
    try:
        page_text = bounded.extract(result.body, result.media_type or "", result.charset)
    except text.UnsupportedMedia as error:
        return Observation(Outcome.UNSUPPORTED, **{**seen, "detail": str(error)[:500]})
    except Exception as error:  # noqa: BLE001 - a page that breaks a parser must not cost the batch
        _log.exception("No text could be extracted from %s", result.final_url)
        return Observation(Outcome.ERROR, **{**seen, "detail": f"The page cannot be read ({type(error).__name__})."})
    judged = outcomes.judge(
        result.body,
        page_text,
        asked=known.url,
        final_url=result.final_url,
        last=outcomes.LastText(known.text_length, known.text),
    )
    if judged.outcome != outcomes.Seen.OK:
        return Observation(Outcome(judged.outcome), **{**seen, "detail": judged.detail[:500]})
    store().put(result.body)
    return Observation(outcome, **seen, page_text=page_text, canonical_url=_canonical(page_text, result.final_url))


def _header(result: FetchResult, name: str) -> str:
    return next((value for key, value in result.headers if key.lower() == name), "")


def _canonical(page_text: text.PageText, base: str) -> str:
    """The address that the page calls its own, in the form in which pages are looked up; empty if it names none."""
    if not page_text.canonical:
        return ""
    try:
        return canonical(urljoin(base, page_text.canonical))
    except ValueError:
        return ""
