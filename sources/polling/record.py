"""Write the results of polls: snapshots, changes, polling state, and when each page is due again.

Bytes are stored first, then one transaction writes a batch of results and clears their leases, so a killed worker has
written all of a poll or nothing but bytes that nothing refers to. The transaction locks pages in the order of their
ids, then hosts in the order of their names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from sources.changes import change_kinds
from sources.database.audit import acting_as
from sources.extraction import sandbox
from sources.extraction.browser import BY_BROWSER
from sources.faults import point
from sources.models import Blob, Outcome, Page, Snapshot, Text
from sources.passages.readings import reading_of
from sources.polling import freshness, leases, polling_rows, quiet, refused_article, schedule, snapshot_rows
from sources.polling.budget import Budget, current_budget
from sources.polling.leases import HostResult
from sources.polling.observation import Observation
from sources.polling.page_changes import PageUpdate, add_changes
from sources.polling.quiet import Plan, confirm_after
from sources.snapshots.default_store import store
from sources.snapshots.store import StorageError


@dataclass(frozen=True)
class Result:
    """The observation of a page, its fencing token if it was leased, and its host's result if it was the last page.

    `requested_at` is the database's time before the request was sent; without it nothing counts as seen.
    """

    page_id: int
    observation: Observation
    token: int | None = None
    host: HostResult | None = None
    requested_at: datetime | None = None


def record(results: Sequence[Result], *, origin: str = Snapshot.Origin.POLL) -> set[int]:
    """Write a batch of results and clear their leases. Returns the ids of the pages written.

    A result whose token is outdated is skipped: its lease ended, and another worker may have the page. Raises
    `StorageError`, after writing the others, if the snapshot store failed for some.
    """
    results = _explained(results)
    plans = _plans(results, origin)
    stored, failed = _store_bodies(results, plans)
    point("stored")
    written, stale = _write(stored, plans, origin)
    if stale:
        # Something else was recorded of these pages since they were compared: keep what was read, as it is.
        stored, failed_again = _store_bodies(stale, {})
        written |= _write(stored, {}, origin)[0]
        failed = failed or failed_again
    if failed is not None:
        raise failed
    return written


def _explained(results: Sequence[Result]) -> list[Result]:
    """The results, with what articles that came with a refusal say of watched quotes."""
    refused = [result.page_id for result in results if result.observation.refused_text is not None]
    states = {state.page_id: state for state in polling_rows.read(refused) if state.passages} if refused else {}
    return [
        replace(result, observation=refused_article.explained(states[result.page_id], result.observation))
        if result.page_id in states
        else result
        for result in results
    ]


def _plans(results: Sequence[Result], origin: str) -> dict[int, Plan]:
    """Plan which readings are kept, by page; those that are not in the result are."""
    read = {result.page_id: result.observation for result in results if result.observation.page_text is not None}
    if not read:
        return {}
    states = [state for state in polling_rows.read(read) if state.passages]
    plans = quiet.plan([(state, read[state.page_id]) for state in states], leases.database_time())
    if origin != Snapshot.Origin.POLL:
        # An editor asked for this reading, to quote from it.
        return {page: replace(plan, quiet=False, keep=True) for page, plan in plans.items()}
    return plans


def _store_bodies(results: Sequence[Result], plans: dict[int, Plan]) -> tuple[list[Result], StorageError | None]:
    """Store the bytes that are kept: all together, or one by one if that fails.

    Returns the results that can be written, and an error if there was one.
    """
    kept = [
        result
        for result in results
        if result.observation.page_text is not None and plans.get(result.page_id, quiet.KEEP).keep
    ]
    if not kept:
        return list(results), None
    snapshots = store()
    try:
        snapshots.put_many([each.observation.body for each in kept], [each.observation.sha256 for each in kept])
    except StorageError:
        failed: dict[int, StorageError] = {}
        for each in kept:
            try:
                snapshots.put_many([each.observation.body], [each.observation.sha256])
            except StorageError as error:
                failed[each.page_id] = error  # nothing is recorded, so the page is due again when its lease ends
        return [each for each in results if each.page_id not in failed], next(iter(failed.values()), None)
    return list(results), None


@transaction.atomic
def _write(results: Sequence[Result], plans: dict[int, Plan], origin: str) -> tuple[set[int], list[Result]]:
    """Write results whose bytes are stored. Returns the ids of the pages written, and the results with stale plans."""
    by_page = {result.page_id: result for result in results}
    now = leases.database_time()
    updates: list[PageUpdate] = []
    stale: list[Result] = []
    for state in polling_rows.lock(by_page):
        result, plan = by_page[state.page_id], plans.get(state.page_id, quiet.KEEP)
        if result.token not in (None, state.lease_token):
            continue
        if plan.is_stale(state):
            stale.append(result)
            continue
        freshness.forget_the_future(state, now)
        requested_at = result.requested_at if result.requested_at is None or result.requested_at <= now else None
        updates.append(PageUpdate(state, result.observation, plan, requested_at, state.latest_snapshot))
    _add_snapshots(updates, now, origin)
    point("snapshot written")
    _compare(updates)
    for update in updates:
        add_changes(update, now)
        _note_freshness(update)
    snapshot_rows.insert_changes([change for update in updates for change in update.changes])
    point("changes written")
    budget = current_budget()
    for update in updates:
        _reschedule(update, now, budget)
    polling_rows.write([update.state for update in updates])
    point("polling written")
    polling_rows.bring_siblings_forward([update.state for update in updates if update.prose_differs], now, budget)
    skipped = {result.page_id for result in stale}
    leases.update_hosts(
        [result.host for result in results if result.host is not None and result.page_id not in skipped],
        now,
        lied={update.state.host for update in updates if update.validators_lied},
    )
    point("before commit")
    return {update.state.page_id for update in updates}, stale


def _add_snapshots(updates: Sequence[PageUpdate], now: datetime, origin: str) -> None:
    """Insert a snapshot of each page whose bytes or final URL differ from those of its last one."""
    blobs: dict[str, Blob] = {}
    texts: dict[str, Text] = {}
    changed: list[PageUpdate] = []
    for update in updates:
        observation, before = update.observation, update.before
        if observation.page_text is None:
            continue
        update.moved = before is not None and quiet.has_moved(update.page, before, observation)
        if not update.plan.keep or (before is not None and before.blob_id == observation.sha256 and not update.moved):
            continue
        digest = observation.page_text.sha256
        blobs[observation.sha256] = Blob(
            sha256=observation.sha256, size=observation.size, media_type=observation.media_type
        )
        if before is None or before.text_id != digest:
            texts[digest] = Text(sha256=digest, text=observation.page_text.text)
        update.snapshot = _snapshot(update.page, update, digest, now, origin)
        changed.append(update)
    # In order of their keys, so that two batches with the same bytes cannot deadlock.
    new = snapshot_rows.insert_blobs([blobs[key] for key in sorted(blobs)])
    _store_again(new, {update.observation.sha256: update.observation.body for update in changed})
    snapshot_rows.insert_texts([texts[key] for key in sorted(texts)])
    snapshot_rows.insert_snapshots([update.snapshot for update in changed if update.snapshot is not None])
    for update in changed:
        update.state.latest_snapshot = update.snapshot
        update.state.text_kept_at = now
        if not update.page.title and update.snapshot is not None and update.snapshot.title:
            update.page.title = update.snapshot.title
            with acting_as("poller", reason="title of the page"):
                update.page.save(update_fields=["title"])


def _store_again(names: Sequence[str], bodies: Mapping[str, bytes]) -> None:
    """Store bytes that a thinning has removed since they were found to be there; their rows are ours now."""
    snapshots = store()
    missing = [sha256 for sha256 in names if not snapshots.exists(sha256)]
    if missing:
        snapshots.put_many([bodies[sha256] for sha256 in missing], missing)


def _snapshot(page: Page, update: PageUpdate, digest: str, now: datetime, origin: str) -> Snapshot:
    observation = update.observation
    if observation.page_text is None:
        raise ValueError("a snapshot needs text")
    reading = reading_of(observation.page_text)
    return Snapshot(
        page=page,
        taken_at=now,
        requested_at=update.requested_at,
        origin=origin,
        status=observation.status,
        final_url=observation.final_url,
        canonical_url=observation.canonical_url,
        headers=[list(pair) for pair in observation.headers],
        blob_id=observation.sha256,
        text_id=digest,
        title=reading.title,
        language=reading.language,
        extractor=observation.page_text.extractor_version,
        flags=list(observation.page_text.flags),
    )


def _compare(updates: Sequence[PageUpdate]) -> None:
    """Determine for each reading whether and how its text differs from the one before."""
    differing: list[tuple[PageUpdate, Snapshot, Snapshot]] = []
    for update in updates:
        before, after, page_text = update.before, update.snapshot, update.observation.page_text
        if page_text is None:
            continue
        prose = change_kinds.prose_sha256(page_text.text)
        prose_before, update.state.prose_sha256 = update.state.prose_sha256, prose
        if before is None or before.extractor.endswith(BY_BROWSER) != page_text.extractor_version.endswith(BY_BROWSER):
            continue  # an editor switched rendering on or off; the page itself may be unchanged
        same_extractor = before.extractor == page_text.extractor_version
        if same_extractor and prose_before:
            update.prose_differs = prose != prose_before
        if after is not None and before.text_id != after.text_id:
            update.text_differs = same_extractor or _reextract(before) != after.text_id
            update.prose_unknown = not (same_extractor and prose_before)
            if update.text_differs:
                differing.append((update, before, after))
    texts = {before.text_id for _, before, _ in differing}
    old = dict(Text.objects.filter(pk__in=texts).values_list("sha256", "text")) if texts else {}
    for update, before, after in differing:
        differences = change_kinds.compare(
            old[before.text_id],
            update.observation.page_text.text if update.observation.page_text else "",
            titles=(before.title, after.title),
            addresses=(before.final_url, after.final_url),
        )
        update.kinds = list(differences.kinds)
        if update.prose_unknown:
            update.prose_differs = differences.prose


def _reextract(snapshot: Snapshot) -> str:
    """Extract the text of old bytes with the current extractor, so that its upgrade is no change; return its sha256."""
    return sandbox.extract(store().get(snapshot.blob_id), snapshot.content_type).sha256


def _note_freshness(update: PageUpdate) -> None:
    """Note what the poll proves of the times at which the page was read and its passages were seen."""
    state, observation = update.state, update.observation
    if observation.outcome == Outcome.UNCHANGED:
        freshness.note_validated(state, update.requested_at)
        return
    if observation.outcome != Outcome.OK:
        return
    update.validators_lied = _have_validators_lied(update)
    freshness.note_read(state, observation.sha256, update.requested_at, seen=update.plan.seen)
    if update.plan.quiet and update.snapshot is None:
        state.quiet_polls += 1


def _have_validators_lied(update: PageUpdate) -> bool:
    """Whether other content came with the ETag or the Last-Modified of the last read.

    A weak ETag may stay where a counter changes, so running text or something watched must differ.
    """
    state, observation = update.state, update.observation
    if observation.page_text is None or observation.page_text.extractor_version.endswith(BY_BROWSER):
        return False
    kept = (observation.etag, observation.last_modified), (state.etag, state.last_modified)
    if not any(now and now == before for now, before in zip(*kept, strict=True)):
        return False
    return update.prose_differs or (update.text_differs and bool(state.passages) and not update.plan.quiet)


def _reschedule(update: PageUpdate, now: datetime, budget: Budget) -> None:
    state, observation = update.state, update.observation
    elapsed = None if state.last_success_at is None else now - state.last_success_at
    wait = budget.interval
    if observation.readable:
        belief, wait = schedule.after_poll(
            state.belief,
            elapsed=elapsed,
            changed=update.prose_differs,
            price=budget.price,
            weight=state.weight,
            shortest=budget.shortest,
            longest=budget.longest,
        )
        state.belief = list(belief)
    state.last_attempt_at = now
    state.fetches += 1
    state.last_outcome = observation.outcome
    state.last_detail = observation.detail
    if observation.readable:
        state.last_success_at = now
        state.failures = 0
        state.etag = observation.etag or state.etag
        state.last_modified = observation.last_modified or state.last_modified
    else:
        state.failures += 1
    if observation.page_text is not None:
        state.text_length = len(observation.page_text.text.strip())
        state.etag, state.last_modified = observation.etag, observation.last_modified
    if state.due_at is not None:
        if state.suspected_since is not None and observation.readable:
            wait = min(wait, max(state.suspected_since + confirm_after(state.page) - now, budget.shortest))
        if state.weight:
            wait = min(wait, max(_LONGEST_BEFORE_FULL_READ * full_read_after(), budget.shortest))
        state.due_at = schedule.next_due(
            now,
            wait,
            pinned=state.page.pinned_interval,
            failures=state.failures,
            retry_after=observation.retry_after,
            crawl_delay=observation.crawl_delay,
            fresh_for=observation.fresh_for if state.suspected_since is None else None,
        )


# Of the time between two full reads, so that jitter does not exceed it.
_LONGEST_BEFORE_FULL_READ = 0.9


def full_read_after() -> timedelta:
    """Return the longest time between two full reads of a page that published verdicts rest on."""
    return timedelta(seconds=settings.FULL_READ_AFTER)
