"""Read the change feed of another instance from a cursor, page by page, as entries to import."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import orjson

from claims.imports.formats import reading
from claims.imports.formats.reading import Entry, Refusal
from claims.permissions import Refused
from sources.http.responses import FetchResult
from sources.outcome import Outcome

FEED = "/api/v1/feed/"
_PAGE_SIZE = 100  # events


class Page(NamedTuple):
    """The entries of one page of the feed, and the cursor of the next."""

    entries: list[Entry]
    cursor: str


def is_instance(url: str) -> bool:
    """Whether the URL is the root, the claims list or the feed of another instance's API under /api/v1/."""
    parts = urlsplit(url)
    return parts.path.rstrip("/") in {"/api/v1", "/api/v1/feed", "/api/v1/claims"} and not parts.query


def feed_url(url: str) -> str:
    """The feed of the instance at this URL."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{FEED}"


def pages(feed: str, *, cursor: str, now: datetime, fetch: Callable[[str], FetchResult]) -> Iterator[Page]:
    """Read the feed to its end. `fetch` gets a URL with the key. Raises `Refused` if that fails or is no feed."""
    while True:
        after = f"&after={quote(cursor, safe='')}" if cursor else ""
        answer = _read(fetch(f"{feed}?limit={_PAGE_SIZE}{after}"), feed)
        results, following = answer.get("results"), answer.get("cursor")
        if not isinstance(results, list) or not isinstance(following, str):
            raise Refused(f"{feed} does not answer as a change feed does; is it an instance of this product?")
        if not results:
            return
        yield Page([entry for event in results for entry in _entries(event, feed, now)], following)
        if following == cursor:
            return
        cursor = following


def _entries(event: object, feed: str, now: datetime) -> list[Entry]:
    body = event.get("body") if isinstance(event, dict) else None
    if body is None:  # redacted: the event remains without its body
        return []
    entries = list(reading.of_value(body, now=now, url=feed))
    return entries or (
        [] if isinstance(body, dict) and body.get("merged_into") else [Refusal("No claim.", str(body)[:200])]
    )


def _read(answer: FetchResult, feed: str) -> dict[str, object]:
    if answer.status in {401, 403}:
        raise Refused(f"{feed} wants a key: put one of that instance with the scope read into FACTCHECK_IMPORT_KEY.")
    if answer.outcome is not Outcome.OK or answer.body is None:
        why = answer.detail.rstrip(".") or f"the answer was {answer.status}"
        raise Refused(f"{feed} could not be read: {why}. Run the import again to resume.")
    try:
        value = orjson.loads(answer.body)
    except ValueError as error:
        raise Refused(f"{feed} did not answer in JSON; is it an instance of this product?") from error
    if not isinstance(value, dict):
        raise Refused(f"{feed} does not answer as a change feed does; is it an instance of this product?")
    return value
