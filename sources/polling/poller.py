"""Polling: lease what is due, fetch it, write what was seen, as it arrives.

    lease ──> web (an event loop in a thread of its own) ──> observe ──> record
      ^                                                                    │
      └────────────────── room for more, while any is due ────────────────┘

PostgreSQL is the queue of record (`leasing`, `recording`). The loop does HTTP only; leasing, reading and writing
are synchronous and outside of it. Nothing waits for the slowest page: what is there is written, a page that has
kept us waiting for `_SLOW` seconds no longer takes up room, and others are leased in its place.
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
from sources.http.defaults import caller, fetch_bounds
from sources.http.fetcher import FetchRequest, FetchResult
from sources.models import Outcome, Page, Polling, Snapshot
from sources.polling import leases, record
from sources.polling.leases import TRIPPED, HostSeen, LeasedPage
from sources.polling.observation import Known, Observation, host_answered, observe, observe_all
from sources.polling.record import Result
from sources.polling.schedule import host_rest
from sources.snapshots.default_store import store
from sources.snapshots.store import StorageError

__all__ = [
    "PageUnreadable",
    "accept",
    "fetch_once",
    "poll",
    "poll_batch",
    "poll_now",
    "start_watching",
    "stop_watching",
    "store",
    "weigh",
]

_log = logging.getLogger(__name__)

# Some servers answer 304 for ever. One fetch in so many goes without validators.
_UNCONDITIONAL = 20
# Seconds after which a fetch takes up no room any more, and how many may be under way all the same.
_SLOW = 5.0
_MOST_UNDER_WAY = 500
# Results written together at most, seconds that the first of them waits for others, and seconds between two looks for
# more pages to lease.
_GROUP = 50
_GATHER = 0.05
_PAUSE = 0.25
# Pages under way that a browser reads, each within some 35 s, so that all are read before their leases end; seconds
# until others are leased again.
_MOST_RENDERED = 2 * browser.AT_ONCE
_BROWSER_BUSY = 10.0


class PageUnreadable(Exception):
    """A page gave no text. The message is a sentence for the editor who asked."""


def poll_batch(limit: int | None = None) -> int:
    """Lease one batch, fetch it and write it. Returns how many pages were leased.

    Raises `StorageError`, after all else is written, if the snapshot store could not take some page's bytes.
    """
    return poll(limit=limit, go_on=lambda: False)


def poll(*, limit: int | None = None, go_on: Callable[[], bool]) -> int:
    """Poll until nothing is due or `go_on` says no, then finish what was begun.

    At most `limit` pages are under way, besides those that keep us waiting. Returns how many pages were leased.
    Raises `StorageError` as `poll_batch` does.
    """
    limit = limit or settings.POLL_CONCURRENCY
    leased = leases.lease_due(limit)
    if not leased:
        return 0
    point("leased")
    polled, full, more = len(leased), None, True
    with _Web() as web:
        web.ask(leased)
        looked = time.monotonic()
        while web.under_way:
            arrived = web.taken_in()
            if arrived:
                point("fetched")
                full = _take_in(arrived) or full
            more = more and full is None and go_on()
            if more and (room := web.room(limit)) and (arrived or time.monotonic() - looked >= _PAUSE):
                looked = time.monotonic()
                leased = leases.lease_due(room, thorough=False)
                point("leased more")
                polled += len(leased)
                web.ask(leased)
    if full is not None:
        raise full
    return polled


def fetch_once(page: Page, *, actor: Any) -> Snapshot:
    """Fetch a page that an editor attaches, once. It is not watched by that.

    Returns the snapshot, an earlier one if the page still has the same bytes. Raises `PageUnreadable`.
    """
    (result,) = asyncio.run(fetcher.fetch_many([FetchRequest(url=page.url)], **fetch_bounds()))
    if page.render:
        result = _rendered(result)
    observation = observe(result, Known(url=page.url))
    if not observation.readable:
        raise PageUnreadable(_sentence(observation))
    rest = host_rest(settings.POLL_HOST_DELAY, result.elapsed, result.crawl_delay)
    state = Polling.objects.get(page=page)
    host = HostSeen(state.host, answered=True, rest=rest)
    record.record([Result(page.pk, observation, host=host)], origin=Snapshot.Origin.ATTACHED)
    return page.snapshots.latest("pk")


def start_watching(*pages: Page) -> None:
    """Poll the pages from now on. Their sites will see regular visits under our User-Agent."""
    for page in pages:
        if page.watch != Page.Watch.WATCHED:
            page.watch = Page.Watch.WATCHED
            page.watched_since = timezone.now()
            page.save(update_fields=["watch", "watched_since"])
    _make_due(Polling.objects.filter(page__in=pages, due_at__isnull=True))


def stop_watching(page: Page) -> None:
    """Poll the page no more."""
    page.watch = Page.Watch.NOT_WATCHED
    page.save(update_fields=["watch"])
    Polling.objects.filter(page=page).update(due_at=None)


def poll_now(page: Page) -> None:
    """Make a watched page due at once."""
    _make_due(Polling.objects.filter(page=page, due_at__isnull=False))


def accept(page: Page) -> None:
    """Take the page as it is from the next poll on, however little is left of its text or wherever it leads."""
    Polling.objects.filter(page=page).update(text_length=0)
    poll_now(page)


def weigh(weights: dict[int, int]) -> None:
    """Say how many published reviews rest on each of these pages (by id); the schedule looks at it."""
    for page, weight in sorted(weights.items()):
        Polling.objects.filter(page=page).update(weight=weight)


def _make_due(states: Any) -> None:
    hosts = list(states.values_list("host", flat=True))
    states.update(due_at=Now())
    leases.bring_forward(hosts)


@dataclass(frozen=True)
class _Arrival:
    """A page, what came of it (nothing: it was not asked for), and how its host behaved, with the host's last page."""

    page: LeasedPage
    result: FetchResult | None
    host: HostSeen | None


class _Web(BackgroundLoop[fetcher.Fetcher, _Arrival]):
    """Fetches leased pages, host by host, and hands on what came of them."""

    def __init__(self) -> None:
        super().__init__(fetcher.opened(**fetch_bounds(), concurrency=_MOST_UNDER_WAY), name="polling")
        self._asked_at: dict[int, float] = {}
        self._rendering: set[int] = set()
        self._browsers = ThreadPoolExecutor(max_workers=browser.AT_ONCE, thread_name_prefix="browser")

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        self._browsers.shutdown(wait=False, cancel_futures=True)

    def room(self, limit: int) -> int:
        """How many more pages may be asked for, if that is worth a lease."""
        since = time.monotonic() - _SLOW
        quick = sum(1 for at in self._asked_at.values() if at > since)
        room = min(limit - quick, _MOST_UNDER_WAY - self.under_way)
        return room if room * 4 >= limit else 0

    def ask(self, pages: Sequence[LeasedPage]) -> None:
        hosts: dict[str, list[LeasedPage]] = {}
        now = time.monotonic()
        for page in pages:
            self._asked_at[page.page_id] = now
            if page.render and not self._may_render(page.page_id):
                self.under_way += 1
                self.deliver(_Arrival(page, None, HostSeen(page.host, answered=True, rest=_BROWSER_BUSY)))
                continue
            hosts.setdefault(page.host, []).append(page)
        for of_host in hosts.values():
            self.start(self._one_host(of_host), arrivals=len(of_host))

    def taken_in(self) -> list[_Arrival]:
        """What has arrived, after waiting for the first, and a moment for others to write with it."""
        found = self.collect(_PAUSE, most=_GROUP, gather=_GATHER)
        for each in found:
            self._asked_at.pop(each.page.page_id, None)
            self._rendering.discard(each.page.page_id)
        return found

    def _may_render(self, page_id: int) -> bool:
        """Whether the browser gets to this page before its lease ends."""
        if len(self._rendering) >= _MOST_RENDERED:
            return False
        self._rendering.add(page_id)
        return True

    async def _one_host(self, pages: Sequence[LeasedPage]) -> None:
        answer: FetchResult | None = None
        for page in pages:
            result: FetchResult | None = None
            if answer is None:
                result = answer = await self._fetch(page)
            elif not host_answered(answer) and page.host_failures + 1 >= TRIPPED:
                result = _not_asked(answer, page)
            elif not _rest(answer, page):
                result = answer = await self._fetch(page)
            last = page is pages[-1]
            host = HostSeen(page.host, host_answered(answer), _rest(answer, page)) if last else None
            self.deliver(_Arrival(page, result, host))

    async def _fetch(self, page: LeasedPage) -> FetchResult:
        if not page.render:
            return await self.client.fetch(_request(page))
        if refusal := browser.missing(settings.CHROMIUM):
            return FetchResult(Outcome.UNSUPPORTED, refusal, final_url=page.url)
        # "Not modified" would say nothing of what scripts fetch, so nothing is asked with validators.
        result = await self.client.fetch(FetchRequest(url=page.url))
        return await asyncio.get_running_loop().run_in_executor(self._browsers, _rendered, result)


def _rendered(result: FetchResult) -> FetchResult:
    return browser.rendered(result, **caller(), chromium=settings.CHROMIUM)


def _request(page: LeasedPage) -> FetchRequest:
    unconditional = random.randrange(_UNCONDITIONAL) == 0  # noqa: S311 - which one is no secret
    if unconditional:
        return FetchRequest(url=page.url)
    return FetchRequest(url=page.url, etag=page.etag, last_modified=page.last_modified)


def _not_asked(result: FetchResult, page: LeasedPage) -> FetchResult:
    """What is said of the other pages of a host that has not answered for a while."""
    times = page.host_failures + 1
    detail = f"{page.host} has not answered {times} times in a row, so this page was not asked for."
    return FetchResult(Outcome.ERROR, detail, result.reason, result.status, page.url, elapsed=result.elapsed)


def _rest(result: FetchResult, page: LeasedPage) -> float:
    failures = 0 if host_answered(result) else page.host_failures + 1
    return host_rest(settings.POLL_HOST_DELAY, result.elapsed, result.crawl_delay, failures=failures)


def _take_in(arrived: Sequence[_Arrival]) -> StorageError | None:
    """Read, keep and write what has arrived. Returns what the store said, if it could not take some page's bytes."""
    full: StorageError | None = None
    results: list[tuple[LeasedPage, Result]] = []
    answered = [(each.page, each.result, each.host) for each in arrived if each.result is not None]
    seen = observe_all([(result, _known(page)) for page, result, _ in answered])
    for (page, _, host), observation in zip(answered, seen, strict=True):
        if isinstance(observation, StorageError):
            full = observation  # nothing is written of the page, and it is due again when the lease ends
        else:
            results.append((page, Result(page.page_id, observation, page.token, host)))
    point("stored")
    if unasked := [each for each in arrived if each.result is None]:
        leases.put_back([each.page for each in unasked], [each.host for each in unasked if each.host is not None])
        point("put back")
    if results:
        _write(results)
        point("committed")
    return full


def _known(page: LeasedPage) -> Known:
    return Known(page.answered_from or page.url, page.blob, page.text_length, partial(_text_of, page.page_id))


def _write(results: Sequence[tuple[LeasedPage, Result]]) -> None:
    try:
        record.record([result for _, result in results])
    except (DataError, IntegrityError):
        for page, result in results:
            _write_one(page, result)


def _write_one(page: LeasedPage, result: Result) -> None:
    """One page that the database refuses must not cost the others theirs, poll after poll."""
    try:
        record.record([result])
        point("written alone")
    except (DataError, IntegrityError) as error:
        _log.exception("What was seen of %s cannot be written", page.url)
        detail = f"What the page sent cannot be stored ({type(error).__name__})."
        record.record([replace(result, seen=Observation(Outcome.ERROR, detail))])


def _text_of(page_id: int) -> str:
    found = Polling.objects.filter(page=page_id).values_list("latest_snapshot__text__text", flat=True).first()
    return found or ""


def _sentence(seen: Observation) -> str:
    """Why a page could not be read, and what an editor can do."""
    reasons = {
        Outcome.GONE: "the site says that this page does not exist",
        Outcome.BLOCKED: "the site refused us",
        Outcome.PAYWALL: "the page is behind a paywall",
        Outcome.DISALLOWED: "the site's robots.txt asks that this page not be fetched",
        Outcome.TOO_LARGE: "the page is too large",
        Outcome.UNSUPPORTED: "this kind of file cannot be read yet",
        Outcome.PARSE_LIMITED: "the page is too large or too deeply nested to read whole",
        Outcome.EMPTY: "no text was found on the page",
        Outcome.SOFT_404: "the site says that this page does not exist",
    }
    reason = reasons.get(seen.outcome, "the page could not be fetched")
    detail = f" ({seen.detail.rstrip('.')})" if seen.detail else ""
    return f"{reason}{detail}. Check the address, or choose another page."
