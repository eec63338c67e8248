"""Turn a fetch result into an observation: extract the text, and judge whether it is the page."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

from sources.changes import page_outcome
from sources.changes.replacement import EDITED, Comparison, PageView
from sources.extraction import full_text, sandbox
from sources.extraction.browser import BY_BROWSER, RENDERED_HEADER
from sources.faults import point
from sources.http.addresses import canonical
from sources.http.fetcher import FetchResult, Reason
from sources.outcome import Outcome
from sources.polling.schedule import fresh_for

_log = logging.getLogger(__name__)

_NO_RESPONSE = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.TIMEOUT, Reason.ROBOTS})


@dataclass(frozen=True)
class LastRead:
    """The last successful read of a page."""

    url: str = ""
    """The final URL, or the page's own URL if it was never read."""
    sha256: str = ""
    """Of the bytes; empty if they are to be looked at in any case."""
    text_length: int = 0
    text: Callable[[], str] = str
    """Loads the text; called only where it matters."""
    title: str = ""
    language: str = ""


@dataclass(frozen=True)
class Observation:
    """The result of a poll. `page_text` is None if nothing was read or the bytes are those of the last read."""

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
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    canonical_url: str = ""
    page_text: full_text.PageText | None = None
    body: bytes = field(default=b"", repr=False)
    """The bytes, if there is a text."""
    refused_text: full_text.PageText | None = None
    """The text that came with a refusal or an error, if it is plainly the article. It counts as no reading."""

    @property
    def readable(self) -> bool:
        return self.outcome in Outcome.readable()


def host_responded(result: FetchResult) -> bool:
    """Whether the host responded, in whatever way, and did not report an overload (429 or 5xx)."""
    if result.status is not None and (result.status == 429 or result.status >= 500):
        return False
    return result.reason not in _NO_RESPONSE


def observe(result: FetchResult, last: LastRead | None = None) -> Observation:
    """Extract the text of a fetched page, and judge whether it is the page."""
    (observation,) = observe_all([(result, last or LastRead())])
    return observation


def observe_all(fetched: Sequence[tuple[FetchResult, LastRead]]) -> list[Observation]:
    """Observe several fetched pages in parallel."""
    digests = [hashlib.sha256(result.body).hexdigest() if result.body is not None else "" for result, _ in fetched]
    new = [_is_new(*each, digest) for each, digest in zip(fetched, digests, strict=True)]
    texts = iter(_extract_all([result for (result, _), is_new in zip(fetched, new, strict=True) if is_new]))
    observations = [
        _observation(result, last, digest, next(texts) if is_new else None)
        for (result, last), digest, is_new in zip(fetched, digests, new, strict=True)
    ]
    point("read")
    return observations


_Extraction = full_text.PageText | Exception


def _is_new(result: FetchResult, last: LastRead, digest: str) -> bool:
    """Whether the bytes or the final URL differ from those of the last read."""
    if result.outcome != Outcome.OK or result.body is None:
        return False
    return digest != last.sha256 or bool(page_outcome.moved_to(last.url, result.final_url))


def _extract_all(results: Sequence[FetchResult]) -> list[_Extraction]:
    if len(results) < 2:
        return list(map(_extract, results))
    with ThreadPoolExecutor(max_workers=sandbox.WORKERS) as pool:
        return list(pool.map(_extract, results))


def _extract(result: FetchResult) -> _Extraction:
    try:
        return sandbox.extract(result.body or b"", result.media_type or "", result.charset)
    except Exception as error:  # noqa: BLE001 - a page that breaks a parser must not fail the batch
        return error


def _observation(result: FetchResult, last: LastRead, digest: str, extraction: _Extraction | None) -> Observation:
    fields: dict[str, Any] = {
        "detail": result.detail[:500],
        "status": result.status,
        "final_url": result.final_url[:2000],
        "headers": _kept_headers(result.headers),
        "etag": _header(result, "etag")[:1000],
        "last_modified": _header(result, "last-modified")[:200],
        "retry_after": None if result.retry_after is None else timedelta(seconds=result.retry_after),
        "crawl_delay": None if result.crawl_delay is None else timedelta(seconds=min(result.crawl_delay, 86_400)),
        "fresh_for": fresh_for(_header(result, "cache-control"), _header(result, "age")),
        "elapsed": result.elapsed,
        "media_type": (result.media_type or "")[:200],
        "sha256": digest,
        "size": len(result.body or b""),
    }
    if extraction is None:
        return Observation(result.outcome, **fields, refused_text=_article_refused(result, last))
    if isinstance(extraction, full_text.UnsupportedMedia):
        return Observation(Outcome.UNSUPPORTED, **{**fields, "detail": str(extraction)[:500]})
    if isinstance(extraction, Exception):
        _log.error("No text could be extracted from %s", result.final_url, exc_info=extraction)
        detail = f"The page cannot be read ({type(extraction).__name__})."
        return Observation(Outcome.ERROR, **{**fields, "detail": detail})
    judgement = page_outcome.judge(
        result.body or b"",
        extraction,
        last_url=last.url,
        final_url=result.final_url,
        last=page_outcome.LastText(last.text_length, last.text, last.title, last.language),
        headers=result.headers,
    )
    if judgement.outcome != Outcome.OK:
        return Observation(judgement.outcome, **{**fields, "detail": judgement.detail[:500]})
    if _header(result, RENDERED_HEADER.lower()):
        extraction = replace(extraction, extractor_version=f"{extraction.extractor_version}{BY_BROWSER}")
    canonical_url = _canonical(extraction, result.final_url)
    return Observation(
        result.outcome, **fields, page_text=extraction, body=result.body or b"", canonical_url=canonical_url
    )


def _article_refused(result: FetchResult, last: LastRead) -> full_text.PageText | None:
    """The text of a refusal's body, if most of the article stands in it; None for every page of an error's own."""
    if not result.refused_body or not last.text_length:
        return None
    found = _extract(replace(result, body=result.refused_body))
    if isinstance(found, Exception) or found.limited:
        return None
    now = PageView(found.text, found.title, found.language or "")
    return found if Comparison(PageView(last.text(), last.title, last.language), now).kept >= EDITED else None


_MAX_HEADERS_KEPT = 100
_MAX_HEADER_KEPT = 8_190  # characters


def _kept_headers(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return the headers to be stored with each snapshot: a hostile server could send megabytes of them."""
    return tuple((name[:_MAX_HEADER_KEPT], value[:_MAX_HEADER_KEPT]) for name, value in headers[:_MAX_HEADERS_KEPT])


def _header(result: FetchResult, name: str) -> str:
    return next((value for key, value in result.headers if key.lower() == name), "")


def _canonical(page_text: full_text.PageText, base: str) -> str:
    """Return the page's canonical link as a canonical URL, or an empty string if there is none."""
    if not page_text.canonical:
        return ""
    try:
        return canonical(urljoin(base, page_text.canonical))
    except ValueError:
        return ""
