"""Polling: lease what is due, fetch it, write what was seen.

    due ──lease (token + 1)──> leased ──fetch──> result ──write, if the token still stands──> due again
                                  └── the worker died: due again when the lease ends ──┘

PostgreSQL is the queue of record. HTTP happens in one asyncio loop a batch; leasing and writing are
synchronous and outside of it. Each result is one transaction that also clears the lease, so that a worker
killed anywhere has either written all of a poll or nothing of it.
"""

import asyncio
import logging
import os
import random
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone

from sources import bounded, fetching, outcomes, text
from sources.faults import point
from sources.models import Blob, Change, Outcome, Page, Polling, Snapshot, Text
from sources.schedule import host_rest, next_due
from sources.storage import SnapshotStore, StorageError, open_store

_log = logging.getLogger(__name__)

# Leasing is serialised, so that two workers never lease two pages of one host; any number will do.
_LEASE_LOCK = 4_820_117
# Overdue pages looked at for each that may be leased.
_WINDOW = 10
# Some servers answer 304 for ever. One fetch in so many goes without validators.
_UNCONDITIONAL = 20


class PageUnreadable(Exception):
    """A page gave no text. The message is a sentence for the editor who asked."""


@dataclass(frozen=True)
class LeasedPage:
    """A page to fetch, and the fencing token under which the result may be written."""

    page_id: int
    url: str
    token: int
    etag: str
    last_modified: str
    text_length: int


@dataclass(frozen=True)
class Observation:
    """What a fetch came to, after the text was extracted and the bytes were stored."""

    outcome: Outcome
    detail: str = ""
    status: int | None = None
    final_url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    etag: str = ""
    last_modified: str = ""
    retry_after: timedelta | None = None
    sha256: str = ""
    size: int = 0
    media_type: str = ""
    page_text: text.PageText | None = None
    rest: float = 0.0
    """Seconds for which the host is to be left alone."""

    @property
    def readable(self) -> bool:
        return self.outcome in Outcome.readable()


def holder() -> str:
    """Who leases: this process, for people who look into the table."""
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


def store() -> SnapshotStore:
    """The snapshot store that settings name."""
    return open_store(settings.SNAPSHOT_STORE, settings.SNAPSHOT_STORE_ACCESS_KEY, settings.SNAPSHOT_STORE_SECRET_KEY)


def lease_due(limit: int) -> list[LeasedPage]:
    """Lease up to `limit` pages that are due, longest overdue first, one per host.

    A host is left alone while a page of it is leased, and while it rests (see `host_rest`). Only the longest
    overdue are looked at, `_WINDOW` for each to lease, so that the cost does not grow with how many are due.
    """
    # statement_timestamp(), since no index is used for the volatile clock_timestamp().
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LEASE_LOCK])
        cursor.execute(
            """
            WITH busy AS MATERIALIZED (
                SELECT host FROM sources_polling WHERE leased_until > statement_timestamp()
                UNION
                SELECT host FROM sources_polling WHERE host_rests_until > statement_timestamp()
            ), overdue AS MATERIALIZED (
                SELECT page_id, host, due_at FROM sources_polling
                WHERE due_at <= statement_timestamp()
                  AND (leased_until IS NULL OR leased_until <= statement_timestamp())
                  AND host NOT IN (SELECT host FROM busy)
                ORDER BY due_at LIMIT %(window)s
            ), candidate AS (
                SELECT DISTINCT ON (host) page_id, due_at FROM overdue ORDER BY host, due_at
            ), chosen AS (
                SELECT polling.page_id FROM sources_polling AS polling
                JOIN candidate USING (page_id)
                ORDER BY candidate.due_at LIMIT %(limit)s
                FOR UPDATE OF polling SKIP LOCKED
            )
            UPDATE sources_polling AS polling
            SET lease_token = polling.lease_token + 1,
                leased_until = statement_timestamp() + make_interval(secs => %(lease)s),
                leased_by = %(holder)s
            FROM chosen JOIN sources_page AS page ON page.id = chosen.page_id
            WHERE polling.page_id = chosen.page_id
            RETURNING polling.page_id, page.url, polling.lease_token, polling.etag, polling.last_modified,
                polling.text_length
            """,
            {"window": _WINDOW * limit, "limit": limit, "lease": settings.POLL_LEASE, "holder": holder()},
        )
        return [LeasedPage(*row) for row in cursor.fetchall()]


def seconds_until_due() -> float | None:
    """How long until a page is due that nobody has leased; 0 if one is, None if none will be."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT greatest(extract(epoch FROM min(due_at) - clock_timestamp()), 0) FROM sources_polling
            WHERE due_at IS NOT NULL AND (leased_until IS NULL OR leased_until <= clock_timestamp())
            """
        )
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)


def poll_batch(limit: int | None = None) -> int:
    """Lease, fetch and write one batch. Returns how many pages were leased.

    Raises `StorageError`, after all else is written, if the snapshot store could not take some page's bytes.
    """
    leased = lease_due(limit or settings.POLL_BATCH)
    if not leased:
        return 0
    point("leased")
    results = asyncio.run(_fetch([_request(page) for page in leased]))
    point("fetched")
    full: StorageError | None = None
    for page, result in zip(leased, results, strict=True):
        try:
            last = outcomes.LastText(page.text_length, partial(_text_read_last, page.page_id))
            observation = observe(result, asked=page.url, last=last)
        except StorageError as error:
            full = error  # not the page's fault: nothing is written of it, and it is due again when the lease ends
            continue
        point("stored")
        try:
            write(page.page_id, observation, token=page.token)
        except (DataError, IntegrityError) as error:
            # One page that the database refuses must not cost the others theirs, poll after poll.
            _log.exception("What was seen of %s cannot be written", page.url)
            detail = f"What the page sent cannot be stored ({type(error).__name__})."
            refused = Observation(Outcome.ERROR, detail, rest=observation.rest)
            write(page.page_id, refused, token=page.token)
    if full is not None:
        raise full
    return len(leased)


def fetch_once(page: Page, *, actor: Any) -> Snapshot:
    """Fetch a page that an editor attaches, once. It is not watched by that.

    Returns the snapshot, an earlier one if the page still has the same bytes. Raises `PageUnreadable`.
    """
    (result,) = asyncio.run(_fetch([fetching.FetchRequest(url=page.url)]))
    observation = observe(result, asked=page.url)
    if not observation.readable:
        raise PageUnreadable(_sentence(observation))
    write(page.pk, observation, origin=Snapshot.Origin.ATTACHED)
    return page.snapshots.latest("pk")


def start_watching(page: Page) -> None:
    """Poll the page from now on. The site will see regular visits under our User-Agent."""
    if page.watch != Page.Watch.WATCHED:
        page.watch = Page.Watch.WATCHED
        page.watched_since = timezone.now()
        page.save(update_fields=["watch", "watched_since"])
    Polling.objects.filter(page=page, due_at__isnull=True).update(due_at=timezone.now())


def stop_watching(page: Page) -> None:
    """Poll the page no more."""
    page.watch = Page.Watch.NOT_WATCHED
    page.save(update_fields=["watch"])
    Polling.objects.filter(page=page).update(due_at=None)


def poll_now(page: Page) -> None:
    """Make a watched page due at once."""
    Polling.objects.filter(page=page, due_at__isnull=False).update(due_at=timezone.now())


def observe(result: fetching.FetchResult, *, asked: str = "", last: outcomes.LastText | None = None) -> Observation:
    """Extract the text of a fetched page, judge whether it is the page, and put its bytes into the store.

    `asked` is the page's URL, `last` the text read last, if any.
    """
    outcome = Outcome(result.outcome)
    seen: dict[str, Any] = {
        "detail": result.detail[:500],
        "status": result.status,
        "final_url": result.final_url[:2000],
        "headers": tuple(result.headers),
        "etag": _header(result, "etag")[:1000],
        "last_modified": _header(result, "last-modified")[:200],
        "retry_after": None if result.retry_after is None else timedelta(seconds=result.retry_after),
        "media_type": (result.media_type or "")[:200],
        "rest": host_rest(settings.POLL_HOST_DELAY, result.elapsed, result.crawl_delay),
    }
    if outcome != Outcome.OK or result.body is None:
        return Observation(outcome, **seen)
    try:
        page_text = bounded.extract(result.body, result.media_type or "", result.charset)
    except text.UnsupportedMedia as error:
        return Observation(Outcome.UNSUPPORTED, **{**seen, "detail": str(error)[:500]})
    except Exception as error:  # noqa: BLE001 - a page that breaks a parser must not cost the batch
        _log.exception("No text could be extracted from %s", result.final_url)
        return Observation(Outcome.ERROR, **{**seen, "detail": f"The page cannot be read ({type(error).__name__})."})
    judged = outcomes.judge(result.body, page_text, asked=asked, final_url=result.final_url, last=last)
    if judged.outcome != outcomes.Seen.OK:
        return Observation(Outcome(judged.outcome), **{**seen, "detail": judged.detail[:500]})
    sha256 = store().put(result.body)
    return Observation(outcome, **seen, sha256=sha256, size=len(result.body), page_text=page_text)


@transaction.atomic
def write(page_id: int, seen: Observation, *, token: int | None = None, origin: str = Snapshot.Origin.POLL) -> bool:
    """Write what was seen of a page and clear its lease, in one transaction.

    With a `token` that no longer stands nothing is written and False returned: the lease ended, and
    another worker has the page.
    """
    rows = Polling.objects.select_for_update(of=("self",)).select_related(
        "page", "latest_snapshot__text", "confirmed_snapshot__text"
    )
    state = rows.filter(page=page_id, **({} if token is None else {"lease_token": token})).first()
    if state is None:
        return False
    now = _database_time()
    before = state.latest_snapshot
    text_differs = False
    if seen.page_text is not None and (before is None or before.blob_id != seen.sha256):
        state.latest_snapshot = _take_snapshot(state.page, seen, now, origin)
        point("snapshot written")
        text_differs = before is not None and _text_differs(before, state.latest_snapshot, seen)
    _write_changes(state, seen, before, now, text_differs=text_differs)
    point("changes written")
    _settle_polling(state, seen, now)
    point("before commit")
    return True


def _request(page: LeasedPage) -> fetching.FetchRequest:
    unconditional = random.randrange(_UNCONDITIONAL) == 0  # noqa: S311 - which one is no secret
    if unconditional:
        return fetching.FetchRequest(url=page.url)
    return fetching.FetchRequest(url=page.url, etag=page.etag, last_modified=page.last_modified)


async def _fetch(requests: Sequence[fetching.FetchRequest]) -> list[fetching.FetchResult]:
    return await fetching.fetch_many(
        requests,
        user_agent=settings.FETCH_USER_AGENT,
        allow=settings.FETCH_ALLOWED_LOOPBACK or None,
        total_deadline=settings.FETCH_TOTAL_DEADLINE,
        max_bytes=settings.FETCH_MAX_BYTES,
    )


def _text_read_last(page_id: int) -> str:
    found = Polling.objects.filter(page=page_id).values_list("latest_snapshot__text__text", flat=True).first()
    return found or ""


def _header(result: fetching.FetchResult, name: str) -> str:
    return next((value for key, value in result.headers if key.lower() == name), "")


def _database_time() -> datetime:
    """The database's clock: hosts may disagree, and every later comparison is made there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment  # type: ignore[no-any-return]


def _take_snapshot(page: Page, seen: Observation, now: datetime, origin: str) -> Snapshot:
    if seen.page_text is None:
        raise ValueError("a snapshot needs text")
    Blob.objects.bulk_create(
        [Blob(sha256=seen.sha256, size=seen.size, media_type=seen.media_type)], ignore_conflicts=True
    )
    digest = text.text_sha256(seen.page_text.text)
    Text.objects.bulk_create([Text(sha256=digest, text=seen.page_text.text)], ignore_conflicts=True)
    if not page.title and seen.page_text.title:
        page.title = seen.page_text.title[:500]
        page.save(update_fields=["title"])
    return Snapshot.objects.create(
        page=page,
        taken_at=now,
        origin=origin,
        status=seen.status,
        final_url=seen.final_url,
        headers=[list(pair) for pair in seen.headers],
        blob_id=seen.sha256,
        text_id=digest,
        title=seen.page_text.title[:500],
        language=(seen.page_text.language or "")[:35],
        extractor=seen.page_text.extractor_version,
        flags=list(seen.page_text.flags),
    )


def _text_differs(before: Snapshot, after: Snapshot, seen: Observation) -> bool:
    """Whether the page reads differently. A new extractor re-reads the old bytes, so that it raises nothing."""
    if before.text_id == after.text_id:
        return False
    if before.extractor == after.extractor:
        return True
    header = next((value for name, value in before.headers if name.lower() == "content-type"), before.blob.media_type)
    old = bounded.extract(store().get(before.blob_id), header)
    return text.text_sha256(old.text) != after.text_id


_CLASSES = {Outcome.GONE: Change.Kind.GONE}


def _class_of(outcome: str) -> str:
    """readable, gone, or blocked (could not look)."""
    if not outcome or outcome in Outcome.readable():
        return "readable"
    return _CLASSES.get(Outcome(outcome), Change.Kind.BLOCKED)


def _write_changes(
    state: Polling, seen: Observation, before: Snapshot | None, now: datetime, *, text_differs: bool
) -> None:
    """The Change rows that this poll gives rise to, and what is suspected from now on."""

    def add(kind: str, certainty: str, first: Snapshot | None, last: Snapshot | None) -> None:
        Change.objects.create(
            page=state.page,
            before=first,
            after=last,
            kind=kind,
            certainty=certainty,
            outcome=seen.outcome,
            detected_at=now,
        )

    was, now_is = _class_of(state.last_outcome), _class_of(seen.outcome)
    after = state.latest_snapshot if seen.readable else None
    if state.confirmed_snapshot is None:
        state.confirmed_snapshot = before or after
    flipped = was != now_is and before is not None
    if flipped and seen.readable:
        add(Change.Kind.BACK, Change.Certainty.CONFIRMED, before, after)
    elif flipped:
        add(now_is, Change.Certainty.SUSPECTED, before, None)
    if text_differs:
        add(Change.Kind.TEXT, Change.Certainty.SUSPECTED, before, after)

    confirmed = state.confirmed_snapshot
    settled = seen.readable and after is not None and confirmed is not None and after.text_id == confirmed.text_id
    if flipped:
        # The clock of a suspicion starts with the class of outcome it is about.
        state.suspected_since = None if settled else now
    elif settled:
        state.suspected_since = None
    elif state.suspected_since is None:
        state.suspected_since = now if text_differs else None
    elif now - state.suspected_since >= _confirm_after(state.page):
        add(Change.Kind.TEXT if seen.readable else now_is, Change.Certainty.CONFIRMED, confirmed, after)
        # What was first seen in this very poll needs a look of its own later.
        state.suspected_since = now if text_differs else None
        if seen.readable:
            state.confirmed_snapshot = after


def _confirm_after(page: Page) -> timedelta:
    return page.confirm_after or timedelta(seconds=settings.CONFIRM_AFTER)


def _settle_polling(state: Polling, seen: Observation, now: datetime) -> None:
    state.last_attempt_at = now
    state.host_rests_until = now + timedelta(seconds=seen.rest) if seen.rest else None
    state.last_outcome = seen.outcome
    state.last_detail = seen.detail
    if seen.readable:
        state.last_success_at = now
        state.failures = 0
    else:
        state.failures += 1
    if seen.page_text is not None:
        state.text_length = len(seen.page_text.text.strip())
        state.etag, state.last_modified = seen.etag, seen.last_modified
    if state.due_at is not None:
        interval = state.page.pinned_interval or timedelta(seconds=settings.POLL_INTERVAL)
        state.due_at = next_due(now, interval, failures=state.failures, retry_after=seen.retry_after)
    state.leased_until = None
    state.leased_by = ""
    state.save()


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
