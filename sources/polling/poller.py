"""The poller: lease due pages, fetch them, and record each result as it arrives; also start, stop and force polling.

    lease ──> fetch (an event loop in its own thread) ──> observe ──> record
      ^                                                                 │
      └───────────────── while there is capacity and pages are due ────┘

PostgreSQL is the queue of record (`leases`, `record`). The event loop does HTTP only; leasing, text extraction and
writing are synchronous and outside it. Nothing waits for the slowest page: results are written as they arrive, and a
fetch that takes longer than `_SLOW` seconds no longer counts towards the limit, so other pages are leased.
"""

import asyncio
import logging
import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError
from django.db.models.functions import Now
from django.utils import timezone

from sources.extraction import browser
from sources.faults import point
from sources.http import fetcher
from sources.http.background_loop import BackgroundLoop
from sources.http.defaults import fetch_defaults, request_defaults
from sources.http.fetcher import FetchRequest, FetchResult
from sources.models import Outcome, Page, Polling, Snapshot
from sources.polling import leases, record
from sources.polling.leases import UNRESPONSIVE_AFTER, HostResult, LeasedPage
from sources.polling.observation import LastRead, Observation, host_responded, observe, observe_all
from sources.polling.record import Result
from sources.polling.schedule import host_rest
from sources.snapshots.store import StorageError

_log = logging.getLogger(__name__)

# Some servers always answer 304, so one fetch in this many is sent without validators.
_UNCONDITIONAL = 20
# Seconds after which a fetch no longer counts towards the limit, and the limit of all fetches in progress.
_SLOW = 5.0
_MAX_FETCHES = 500
# Most results written together, seconds to wait for them after the first, and seconds between two leases.
_BATCH = 50
_GATHER = 0.05
_PAUSE = 0.25
# Most pages in progress that need a browser, so that each is read (some 35 s) before its lease ends; and the delay of
# the host of a page that has to wait for a browser.
_MAX_RENDERED = 2 * browser.MAX_BROWSERS
_BROWSER_BUSY = 10.0


class PageUnreadable(Exception):
    """A page gave no text. The message is a sentence for the editor who requested it."""


def poll_batch(limit: int | None = None) -> int:
    """Lease, fetch and record one batch. Returns the number of pages leased.

    Raises `StorageError`, after recording the other pages, if the snapshot store failed for some.
    """
    return poll(limit=limit, may_continue=lambda: False)


def poll(*, limit: int | None = None, may_continue: Callable[[], bool]) -> int:
    """Poll until nothing is due or `may_continue` returns False, then finish the pages in progress.

    At most `limit` fetches are in progress, not counting slow ones. Returns the number of pages leased. Raises
    `StorageError` as `poll_batch` does.
    """
    limit = limit or settings.POLL_CONCURRENCY
    leased = leases.lease_due(limit)
    if not leased:
        return 0
    point("leased")
    polled, failed, more = len(leased), None, True
    with _FetchLoop() as loop:
        loop.fetch(leased)
        leased_at = time.monotonic()
        while loop.under_way:
            fetched = loop.collect_fetched()
            if fetched:
                point("fetched")
                failed = _process(fetched) or failed
            more = more and failed is None and may_continue()
            if more and (room := loop.room(limit)) and (fetched or time.monotonic() - leased_at >= _PAUSE):
                leased_at = time.monotonic()
                leased = leases.lease_due(room, thorough=False)
                point("leased more")
                polled += len(leased)
                loop.fetch(leased)
    if failed is not None:
        raise failed
    return polled


def fetch_once(page: Page, *, actor: Any) -> Snapshot:
    """Fetch and record a page once, when an editor attaches it, without watching it.

    Returns the snapshot, which is an earlier one if the bytes are the same. Raises `PageUnreadable`.
    """
    requested_at = leases.database_time()
    result = fetcher.fetch(page.url, **fetch_defaults())
    if page.render:
        result = _rendered(result)
    observation = observe(result, LastRead(url=page.url))
    if not observation.readable:
        raise PageUnreadable(_sentence(observation))
    rest = host_rest(settings.POLL_HOST_DELAY, result.elapsed, result.crawl_delay)
    state = Polling.objects.get(page=page)
    host = HostResult(state.host, responded=True, rest=rest)
    record.record([Result(page.pk, observation, host=host, requested_at=requested_at)], origin=Snapshot.Origin.ATTACHED)
    return page.snapshots.latest("pk")


def start_watching(*pages: Page) -> None:
    """Poll the pages regularly from now on. Their sites will see visits with our User-Agent."""
    for page in pages:
        if page.watch != Page.Watch.WATCHED:
            page.watch = Page.Watch.WATCHED
            page.watched_since = timezone.now()
            page.save(update_fields=["watch", "watched_since"])
    _make_due(Polling.objects.filter(page__in=pages, due_at__isnull=True))


def stop_watching(page: Page) -> None:
    """Stop polling the page."""
    page.watch = Page.Watch.NOT_WATCHED
    page.save(update_fields=["watch"])
    Polling.objects.filter(page=page).update(due_at=None)


def poll_now(page: Page) -> None:
    """Make a watched page due at once."""
    _make_due(Polling.objects.filter(page=page, due_at__isnull=False))


def accept(page: Page) -> None:
    """Poll the page now and accept it as it is, whatever the last text was."""
    Polling.objects.filter(page=page).update(text_length=0)
    poll_now(page)


def set_weights(weights: dict[int, int]) -> None:
    """Set how many published reviews rest on each page (by id); the schedule polls heavier pages more often."""
    for page, weight in sorted(weights.items()):
        Polling.objects.filter(page=page).update(weight=weight)


def _make_due(states: Any) -> None:
    hosts = list(states.values_list("host", flat=True))
    states.update(due_at=Now())
    leases.bring_forward(hosts)


@dataclass(frozen=True)
class _FetchedPage:
    """A leased page, its result (None: not requested), and with the last page of a host the host's result."""

    page: LeasedPage
    result: FetchResult | None
    host: HostResult | None


class _FetchLoop(BackgroundLoop[fetcher.Fetcher, _FetchedPage]):
    """Fetches leased pages in a background event loop, the pages of one host one after the other."""

    def __init__(self) -> None:
        super().__init__(fetcher.open_fetcher(**fetch_defaults(), concurrency=_MAX_FETCHES), name="polling")
        self._started_at: dict[int, float] = {}
        self._rendering: set[int] = set()
        self._browsers = ThreadPoolExecutor(max_workers=browser.MAX_BROWSERS, thread_name_prefix="browser")

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        self._browsers.shutdown(wait=False, cancel_futures=True)

    def room(self, limit: int) -> int:
        """Return how many more pages may be leased; 0 for a few, which are not worth a query."""
        since = time.monotonic() - _SLOW
        quick = sum(1 for at in self._started_at.values() if at > since)
        room = min(limit - quick, _MAX_FETCHES - self.under_way)
        return room if room * 4 >= limit else 0

    def fetch(self, pages: Sequence[LeasedPage]) -> None:
        hosts: dict[str, list[LeasedPage]] = {}
        now = time.monotonic()
        for page in pages:
            self._started_at[page.page_id] = now
            if page.render and not self._may_render(page.page_id):
                self.under_way += 1
                self.deliver(_FetchedPage(page, None, HostResult(page.host, responded=True, rest=_BROWSER_BUSY)))
                continue
            hosts.setdefault(page.host, []).append(page)
        for of_host in hosts.values():
            self.start(self._fetch_host(of_host), arrivals=len(of_host))

    def collect_fetched(self) -> list[_FetchedPage]:
        """Wait for the first result, and a moment for others to write with it."""
        fetched = self.collect(_PAUSE, most=_BATCH, gather=_GATHER)
        for each in fetched:
            self._started_at.pop(each.page.page_id, None)
            self._rendering.discard(each.page.page_id)
        return fetched

    def _may_render(self, page_id: int) -> bool:
        """Reserve a browser for this page, if one will be free before its lease ends."""
        if len(self._rendering) >= _MAX_RENDERED:
            return False
        self._rendering.add(page_id)
        return True

    async def _fetch_host(self, pages: Sequence[LeasedPage]) -> None:
        last: FetchResult | None = None
        for page in pages:
            result: FetchResult | None = None
            if last is None:
                result = last = await self._fetch(page)
            elif not host_responded(last) and page.host_failures + 1 >= UNRESPONSIVE_AFTER:
                result = _skipped(last, page)
            elif not _rest(last, page):
                result = last = await self._fetch(page)
            host = HostResult(page.host, host_responded(last), _rest(last, page)) if page is pages[-1] else None
            self.deliver(_FetchedPage(page, result, host))

    async def _fetch(self, page: LeasedPage) -> FetchResult:
        if not page.render:
            return await self.client.fetch(_request(page))
        if refusal := browser.missing_requirement(settings.CHROMIUM):
            return FetchResult(Outcome.UNSUPPORTED, refusal, final_url=page.url)
        # Without validators, since "not modified" would not cover what scripts fetch.
        result = await self.client.fetch(FetchRequest(url=page.url))
        return await asyncio.get_running_loop().run_in_executor(self._browsers, _rendered, result)


def _rendered(result: FetchResult) -> FetchResult:
    return browser.render_result(result, **request_defaults(), chromium=settings.CHROMIUM)


def _request(page: LeasedPage) -> FetchRequest:
    unconditional = random.randrange(_UNCONDITIONAL) == 0  # noqa: S311 - need not be unpredictable
    if unconditional or page.full_read:
        return FetchRequest(url=page.url)
    return FetchRequest(url=page.url, etag=page.etag, last_modified=page.last_modified)


def _skipped(result: FetchResult, page: LeasedPage) -> FetchResult:
    """Return the result of a page that was not requested because its host is unresponsive."""
    times = page.host_failures + 1
    detail = f"{page.host} has not responded {times} times in a row, so this page was not requested."
    return FetchResult(Outcome.ERROR, detail, result.reason, result.status, page.url, elapsed=result.elapsed)


def _rest(result: FetchResult, page: LeasedPage) -> float:
    failures = 0 if host_responded(result) else page.host_failures + 1
    return host_rest(settings.POLL_HOST_DELAY, result.elapsed, result.crawl_delay, failures=failures)


def _process(fetched: Sequence[_FetchedPage]) -> StorageError | None:
    """Observe, store and record fetched pages. Returns the store's error, if it failed for some page."""
    requested = [(each.page, each.result, each.host) for each in fetched if each.result is not None]
    observations = observe_all([(result, _last_read(page)) for page, result, _ in requested])
    if skipped := [each for each in fetched if each.result is None]:
        leases.release([each.page for each in skipped], [each.host for each in skipped if each.host is not None])
        point("released")
    results = [
        (page, Result(page.page_id, observation, page.token, host, page.leased_at))
        for (page, _, host), observation in zip(requested, observations, strict=True)
    ]
    if not results:
        return None
    failed = _record(results)
    point("committed")
    return failed


def _last_read(page: LeasedPage) -> LastRead:
    text = partial(_last_text, page.page_id)
    return LastRead(page.last_url or page.url, page.read_sha256, page.text_length, text, page.title, page.language)


def _record(results: Sequence[tuple[LeasedPage, Result]]) -> StorageError | None:
    try:
        record.record([result for _, result in results])
    except StorageError as error:
        return error
    except (DataError, IntegrityError):
        failed = [_record_one(page, result) for page, result in results]
        return next(filter(None, failed), None)
    return None


def _record_one(page: LeasedPage, result: Result) -> StorageError | None:
    """Record one page by itself, so that a page that the database refuses does not block the others."""
    try:
        record.record([result])
        point("written alone")
    except StorageError as error:
        return error
    except (DataError, IntegrityError) as error:
        _log.exception("The database refused the result of %s", page.url)
        detail = f"The page's content cannot be stored ({type(error).__name__})."
        record.record([replace(result, observation=Observation(Outcome.ERROR, detail))])
    return None


def _last_text(page_id: int) -> str:
    return Polling.objects.filter(page=page_id).values_list("latest_snapshot__text__text", flat=True).first() or ""


def _sentence(observation: Observation) -> str:
    """Explain to an editor why a page could not be read, and what to do."""
    reasons = {
        Outcome.GONE: "the site says that this page does not exist",
        Outcome.BLOCKED: "the site refused us",
        Outcome.PAYWALL: "the page is behind a paywall",
        Outcome.DISALLOWED: "the site's robots.txt disallows fetching this page",
        Outcome.TOO_LARGE: "the page is too large",
        Outcome.UNSUPPORTED: "this kind of file cannot be read yet",
        Outcome.PARSE_LIMITED: "the page is too large or too deeply nested to be read completely",
        Outcome.EMPTY: "no text was found on the page",
        Outcome.SOFT_404: "the site says that this page does not exist",
    }
    reason = reasons.get(observation.outcome, "the page could not be fetched")
    detail = f" ({observation.detail.rstrip('.')})" if observation.detail else ""
    return f"{reason}{detail}. Check the address, or choose another page."
