"""Write the results of polls: snapshots, changes, polling state, and when each page is due again.

One transaction writes a batch of results and clears their leases, so a killed worker has written all of a poll or
nothing. It locks pages in the order of their ids, then hosts in the order of their names.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from sources.changes import change_kinds
from sources.database import prepared_writes
from sources.database.audit import acting_as
from sources.database.bulk_rows import array_text
from sources.extraction import sandbox
from sources.faults import point
from sources.models import Blob, Change, Outcome, Page, Polling, Snapshot, Text
from sources.polling import leases, schedule
from sources.polling.budget import Budget, current_budget
from sources.polling.leases import HostResult
from sources.polling.observation import BY_BROWSER, Observation
from sources.snapshots.default_store import store

# Pages of a host that a change on another brings forward. A host with more pages serves many sites.
_MAX_SIBLINGS = 100


@dataclass(frozen=True)
class Result:
    """The observation of a page, its fencing token if it was leased, and its host's result if it was the last page."""

    page_id: int
    observation: Observation
    token: int | None = None
    host: HostResult | None = None


@dataclass
class _PageUpdate:
    """The rows that the poll of one page changes and adds."""

    state: Polling
    observation: Observation
    before: Snapshot | None
    snapshot: Snapshot | None = None
    text_differs: bool = False
    prose_differs: bool = False
    kinds: list[str] = field(default_factory=list)
    moved: bool = False
    changes: list[Change] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.state.page


@transaction.atomic
def record(results: Sequence[Result], *, origin: str = Snapshot.Origin.POLL) -> set[int]:
    """Write a batch of results and clear their leases. Returns the ids of the pages written.

    A result whose token is outdated is skipped: its lease ended, and another worker may have the page.
    """
    by_page = {result.page_id: result for result in results}
    now = leases.database_time()
    updates = [
        _PageUpdate(state, by_page[state.page_id].observation, state.latest_snapshot)
        for state in _lock(by_page)
        if by_page[state.page_id].token in (None, state.lease_token)
    ]
    _add_snapshots(updates, now, origin)
    point("snapshot written")
    _compare(updates)
    for update in updates:
        _add_changes(update, now)
    _insert_changes([change for update in updates for change in update.changes])
    point("changes written")
    budget = current_budget()
    for update in updates:
        _reschedule(update, now, budget)
    _write_polling([update.state for update in updates])
    point("polling written")
    _bring_siblings_forward([update for update in updates if update.prose_differs], now, budget)
    leases.update_hosts([result.host for result in results if result.host is not None], now)
    point("before commit")
    return {update.state.page_id for update in updates}


def _lock(pages: Iterable[int]) -> list[Polling]:
    rows = Polling.objects.select_for_update(of=("self",)).select_related(
        "page", "latest_snapshot", "confirmed_snapshot"
    )
    return list(rows.only(*_FIELDS_READ).filter(page__in=list(pages)).order_by("page_id"))


# The other fields would cost more to fetch and unpack than these.
_FIELDS_READ = (
    "host",
    "lease_token",
    "due_at",
    "etag",
    "last_modified",
    "last_outcome",
    "text_length",
    "last_success_at",
    "failures",
    "fetches",
    "belief",
    "weight",
    "suspected_since",
    *(f"page__{name}" for name in ("url", "title", "pinned_interval", "confirm_after")),
    *(f"latest_snapshot__{name}" for name in ("final_url", "canonical_url", "blob", "text", "title", "extractor")),
    "confirmed_snapshot__text",
)


def _add_snapshots(updates: Sequence[_PageUpdate], now: datetime, origin: str) -> None:
    """Insert a snapshot of each page whose bytes or final URL differ from those of its last one."""
    blobs: dict[str, Blob] = {}
    texts: dict[str, Text] = {}
    changed: list[_PageUpdate] = []
    for update in updates:
        observation, before = update.observation, update.before
        if observation.page_text is None:
            continue
        update.moved = before is not None and (
            change_kinds.moved(before.final_url or update.page.url, observation.final_url)
            or change_kinds.moved(before.canonical_url, observation.canonical_url)
        )
        if before is not None and before.blob_id == observation.sha256 and not update.moved:
            continue
        digest = observation.page_text.sha256
        blobs[observation.sha256] = Blob(
            sha256=observation.sha256, size=observation.size, media_type=observation.media_type
        )
        if before is None or before.text_id != digest:
            texts[digest] = Text(sha256=digest, text=observation.page_text.text)
        update.snapshot = _snapshot(update.page, observation, digest, now, origin)
        changed.append(update)
    # In order of their keys, so that two batches with the same bytes cannot deadlock.
    _insert_blobs([blobs[key] for key in sorted(blobs)])
    _insert_texts([texts[key] for key in sorted(texts)])
    _insert_snapshots([update.snapshot for update in changed if update.snapshot is not None])
    for update in changed:
        update.state.latest_snapshot = update.snapshot
        if not update.page.title and update.snapshot is not None and update.snapshot.title:
            update.page.title = update.snapshot.title
            with acting_as("poller", reason="title of the page"):
                update.page.save(update_fields=["title"])


def _insert_blobs(blobs: Sequence[Blob]) -> None:
    if blobs:
        prepared_writes.run(
            """
            INSERT INTO sources_blob (sha256, size, media_type)
            SELECT * FROM unnest(%b::text[], %b::bigint[], %b::text[])
            ON CONFLICT DO NOTHING
            """,
            [[getattr(blob, name) for blob in blobs] for name in ("sha256", "size", "media_type")],
        )


def _insert_texts(texts: Sequence[Text]) -> None:
    if texts:
        prepared_writes.run(
            "INSERT INTO sources_text (sha256, text) SELECT * FROM unnest(%b::text[], %b::text[])"
            " ON CONFLICT DO NOTHING",
            [[text.sha256 for text in texts], [text.text for text in texts]],
        )


_SNAPSHOT_COLUMNS = (
    ("public_id", "text"),
    ("page_id", "bigint"),
    ("taken_at", "timestamptz"),
    ("origin", "text"),
    ("status", "int"),
    ("final_url", "text"),
    ("canonical_url", "text"),
    ("blob_id", "text"),
    ("text_id", "text"),
    ("title", "text"),
    ("language", "text"),
    ("extractor", "text"),
)
_SNAPSHOT_NAMES = ", ".join(name for name, _ in _SNAPSHOT_COLUMNS)
_SNAPSHOT_ARRAYS = ", ".join(f"%b::{type_}[]" for _, type_ in _SNAPSHOT_COLUMNS)


def _insert_snapshots(snapshots: Sequence[Snapshot]) -> None:
    """Insert all snapshots in one statement with an array per column; `bulk_create` would bind each value by itself."""
    if not snapshots:
        return
    columns = [[getattr(snapshot, name) for snapshot in snapshots] for name, _ in _SNAPSHOT_COLUMNS]
    rows = prepared_writes.run(
        f"""
        INSERT INTO sources_snapshot ({_SNAPSHOT_NAMES}, headers, flags)
        SELECT {_SNAPSHOT_NAMES}, headers::jsonb, string_to_array(flags, ' ')
        FROM unnest({_SNAPSHOT_ARRAYS}, %b::text[], %b::text[]) AS new ({_SNAPSHOT_NAMES}, headers, flags)
        RETURNING public_id, id
        """,  # noqa: S608 - the columns above
        [
            *columns,
            [json.dumps(snapshot.headers) for snapshot in snapshots],
            [" ".join(snapshot.flags) for snapshot in snapshots],
        ],
    )
    keys = dict(rows)
    for snapshot in snapshots:
        snapshot.pk = keys[snapshot.public_id]
        snapshot._state.adding, snapshot._state.db = False, connection.alias


def _insert_changes(changes: Sequence[Change]) -> None:
    if not changes:
        return
    names = ("public_id", "page_id", "before_id", "after_id", "kind", "certainty", "outcome", "detected_at")
    prepared_writes.run(
        """
        INSERT INTO sources_change
            (public_id, page_id, before_id, after_id, kind, certainty, outcome, detected_at, kinds)
        SELECT public_id, page_id, before_id, after_id, kind, certainty, outcome, detected_at,
            string_to_array(kinds, ' ')
        FROM unnest(
            %b::text[], %b::bigint[], %b::bigint[], %b::bigint[], %b::text[], %b::text[], %b::text[],
            %b::timestamptz[], %b::text[]
        ) AS new (public_id, page_id, before_id, after_id, kind, certainty, outcome, detected_at, kinds)
        """,
        [
            *([getattr(change, name) for change in changes] for name in names),
            [" ".join(change.kinds) for change in changes],
        ],
    )


def _snapshot(page: Page, observation: Observation, digest: str, now: datetime, origin: str) -> Snapshot:
    if observation.page_text is None:
        raise ValueError("a snapshot needs text")
    return Snapshot(
        page=page,
        taken_at=now,
        origin=origin,
        status=observation.status,
        final_url=observation.final_url,
        canonical_url=observation.canonical_url,
        headers=[list(pair) for pair in observation.headers],
        blob_id=observation.sha256,
        text_id=digest,
        title=observation.page_text.title[:500],
        language=(observation.page_text.language or "")[:35],
        extractor=observation.page_text.extractor_version,
        flags=list(observation.page_text.flags),
    )


def _compare(updates: Sequence[_PageUpdate]) -> None:
    """Determine for each new snapshot whether and how its text differs from the previous one."""
    differing: list[tuple[_PageUpdate, Snapshot, Snapshot]] = []
    for update in updates:
        before, after = update.before, update.snapshot
        if before is not None and after is not None and before.text_id != after.text_id:
            if before.extractor.endswith(BY_BROWSER) != after.extractor.endswith(BY_BROWSER):
                continue  # an editor switched rendering on or off; the page itself may be unchanged
            update.text_differs = before.extractor == after.extractor or _reextract(before) != after.text_id
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
        update.kinds, update.prose_differs = list(differences.kinds), differences.prose


def _reextract(snapshot: Snapshot) -> str:
    """Extract the text of old bytes with the current extractor, so that its upgrade is no change; return its sha256."""
    return sandbox.extract(store().get(snapshot.blob_id), snapshot.content_type).sha256


def _outcome_class(outcome: str) -> str:
    """Return `readable`, `gone`, or `blocked` for every other failure."""
    if not outcome or outcome in Outcome.readable():
        return "readable"
    return Change.Kind.GONE if outcome == Outcome.GONE else Change.Kind.BLOCKED


def _add_changes(update: _PageUpdate, now: datetime) -> None:
    """Add the Change rows of this poll, and set since when a change is suspected."""
    state, observation, before = update.state, update.observation, update.before
    old_class, new_class = _outcome_class(state.last_outcome), _outcome_class(observation.outcome)
    after = state.latest_snapshot if observation.readable else None
    add = _adder(update, now)
    if state.confirmed_snapshot is None:
        state.confirmed_snapshot = before or after
    flipped = old_class != new_class and before is not None
    if flipped and observation.readable:
        add(Change.Kind.BACK, Change.Certainty.CONFIRMED, before, after)
    elif flipped:
        add(new_class, Change.Certainty.SUSPECTED, before, None)
    if update.text_differs:
        add(Change.Kind.TEXT, Change.Certainty.SUSPECTED, before, after)
    elif update.moved:
        # Never confirmed: the sweep would count that as the second poll that misses a text.
        add(Change.Kind.MOVED, Change.Certainty.SUSPECTED, before, after)

    confirmed = state.confirmed_snapshot
    settled = (
        observation.readable and after is not None and confirmed is not None and after.text_id == confirmed.text_id
    )
    if flipped:
        # A suspicion is about one class of outcome, so its time starts again.
        state.suspected_since = None if settled else now
    elif settled:
        state.suspected_since = None
    elif state.suspected_since is None:
        state.suspected_since = now if update.text_differs else None
    elif now - state.suspected_since >= confirm_after(state.page):
        add(Change.Kind.TEXT if observation.readable else new_class, Change.Certainty.CONFIRMED, confirmed, after)
        # A difference first found by this poll needs a later poll to confirm it.
        state.suspected_since = now if update.text_differs else None
        if observation.readable:
            state.confirmed_snapshot = after


def _adder(update: _PageUpdate, now: datetime) -> Callable[[str, str, Snapshot | None, Snapshot | None], None]:
    def add(kind: str, certainty: str, first: Snapshot | None, last: Snapshot | None) -> None:
        update.changes.append(
            Change(
                page=update.page,
                before=first,
                after=last,
                kind=kind,
                kinds=update.kinds + (["moved"] if update.moved and "moved" not in update.kinds else []),
                certainty=certainty,
                outcome=update.observation.outcome,
                detected_at=now,
            )
        )

    return add


def confirm_after(page: Page) -> timedelta:
    """Return how long text of this page must be missing before it counts as gone."""
    return page.confirm_after or timedelta(seconds=settings.CONFIRM_AFTER)


def _reschedule(update: _PageUpdate, now: datetime, budget: Budget) -> None:
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
        state.due_at = schedule.next_due(
            now,
            wait,
            pinned=state.page.pinned_interval,
            failures=state.failures,
            retry_after=observation.retry_after,
            crawl_delay=observation.crawl_delay,
            fresh_for=observation.fresh_for if state.suspected_since is None else None,
        )


_POLLING_COLUMNS = (
    ("due_at", "timestamptz"),
    ("etag", "text"),
    ("last_modified", "text"),
    ("last_outcome", "text"),
    ("text_length", "int"),
    ("last_detail", "text"),
    ("last_attempt_at", "timestamptz"),
    ("last_success_at", "timestamptz"),
    ("failures", "int"),
    ("fetches", "bigint"),
    ("suspected_since", "timestamptz"),
    ("latest_snapshot_id", "bigint"),
    ("confirmed_snapshot_id", "bigint"),
)
_POLLING_ASSIGNMENTS = ", ".join(f"{name} = new.{name}" for name, _ in _POLLING_COLUMNS)
_POLLING_NAMES = ", ".join(name for name, _ in _POLLING_COLUMNS)
_POLLING_ARRAYS = ", ".join(f"%b::{type_}[]" for _, type_ in _POLLING_COLUMNS)


def _write_polling(states: Sequence[Polling]) -> None:
    """Write all polling states and clear their leases in one statement."""
    if not states:
        return
    columns = [[getattr(state, name) for state in states] for name, _ in _POLLING_COLUMNS]
    beliefs = [array_text(state.belief) for state in states]
    prepared_writes.run(
        f"""
        UPDATE sources_polling AS polling
        SET {_POLLING_ASSIGNMENTS}, belief = new.belief::float8[], leased_until = NULL, leased_by = ''
        FROM unnest(%b::bigint[], %b::text[], {_POLLING_ARRAYS}) AS new (page_id, belief, {_POLLING_NAMES})
        WHERE polling.page_id = new.page_id
        """,  # noqa: S608 - the columns above
        [[state.page_id for state in states], beliefs, *columns],
    )


def _bring_siblings_forward(changed: Sequence[_PageUpdate], now: datetime, budget: Budget) -> None:
    """Poll other pages of a changed page's host sooner, because pages of one site change together."""
    hosts = sorted({update.state.host for update in changed})
    if not hosts:
        return
    changed_ids = [update.state.page_id for update in changed]
    siblings = prepared_writes.run(
        """
        SELECT page_id, belief, weight, due_at, last_success_at
        FROM unnest(%b::text[]) AS host (name) CROSS JOIN LATERAL (
            SELECT page_id, belief, weight, due_at, last_success_at FROM sources_polling AS polling
            JOIN sources_page AS page ON page.id = page_id
            WHERE polling.host = host.name AND due_at > %s::timestamptz AND leased_until IS NULL
              AND page_id <> ALL(%b::bigint[])
              AND last_success_at IS NOT NULL AND failures = 0 AND pinned_interval IS NULL
            ORDER BY due_at DESC LIMIT %s::int FOR UPDATE OF polling SKIP LOCKED
        ) AS sibling
        """,
        [hosts, now + budget.shortest, changed_ids, _MAX_SIBLINGS],
    )
    rows = []
    for page_id, old_belief, weight, due_at, last_success_at in siblings:
        belief = schedule.after_sibling_change(old_belief)
        wait = schedule.interval(
            belief, price=budget.price, weight=weight, shortest=budget.shortest, longest=budget.longest
        )
        due = min(due_at, max(last_success_at + wait, now + budget.shortest))
        rows.append((page_id, due, array_text(belief)))
    if rows:
        prepared_writes.run(
            """
            UPDATE sources_polling AS polling SET due_at = new.due_at, belief = new.belief::float8[]
            FROM unnest(%b::bigint[], %b::timestamptz[], %b::text[]) AS new (page_id, due_at, belief)
            WHERE polling.page_id = new.page_id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
