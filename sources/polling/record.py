"""Writing down what was seen of pages: snapshots, changes, and when each page is due again.

A group of results is one transaction that also clears their leases, so that a worker killed anywhere has written
all of a poll or nothing of it. Pages are locked in the order of their ids, hosts after them by name.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from sources.changes import kinds
from sources.database import prepared_writes
from sources.extraction import full_text, sandbox
from sources.faults import point
from sources.models import Blob, Change, Outcome, Page, Polling, Snapshot, Text
from sources.polling import leases, schedule
from sources.polling.budget import Budget, budget
from sources.polling.leases import HostSeen
from sources.polling.observation import BY_BROWSER, Observation
from sources.snapshots.default_store import store

# Other pages of a host that hear of a change on one: more than this belong to no one site.
_MOST_SIBLINGS = 100


@dataclass(frozen=True)
class Result:
    """What was seen of a page; under which token, if it was leased; and whether its host is let go with it."""

    page_id: int
    seen: Observation
    token: int | None = None
    host: HostSeen | None = None


@dataclass
class _Look:
    """One page as this poll leaves it."""

    state: Polling
    seen: Observation
    before: Snapshot | None
    taken: Snapshot | None = None
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
    """Write a group of results and clear their leases. Returns the ids of the pages that were written.

    Nothing is written of a result whose token no longer stands: its lease ended, and another worker has the page.
    """
    given = {result.page_id: result for result in results}
    now = leases.database_time()
    looks = [
        _Look(state, given[state.page_id].seen, state.latest_snapshot)
        for state in _lock(given)
        if given[state.page_id].token in (None, state.lease_token)
    ]
    _take_snapshots(looks, now, origin)
    point("snapshot written")
    _compare(looks)
    for look in looks:
        _note_changes(look, now)
    _insert_changes([change for look in looks for change in look.changes])
    point("changes written")
    known = budget()
    for look in looks:
        _settle(look, now, known)
    _write_polling([look.state for look in looks])
    point("polling written")
    _wake_siblings([look for look in looks if look.prose_differs], now, known)
    leases.settle_hosts([result.host for result in results if result.host is not None], now)
    point("before commit")
    return {look.state.page_id for look in looks}


def _lock(pages: Iterable[int]) -> list[Polling]:
    rows = Polling.objects.select_for_update(of=("self",)).select_related(
        "page", "latest_snapshot", "confirmed_snapshot"
    )
    return list(rows.only(*_READ).filter(page__in=list(pages)).order_by("page_id"))


# What is read of each row; the rest costs more to fetch and unpack than these.
_READ = (
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


def _take_snapshots(looks: Sequence[_Look], now: datetime, origin: str) -> None:
    """A snapshot of each page whose bytes, or the address it answers from, are not those of its last one."""
    blobs: dict[str, Blob] = {}
    texts: dict[str, Text] = {}
    taken: list[_Look] = []
    for look in looks:
        seen, before = look.seen, look.before
        if seen.page_text is None:
            continue
        look.moved = before is not None and (
            kinds.moved(before.final_url or look.page.url, seen.final_url)
            or kinds.moved(before.canonical_url, seen.canonical_url)
        )
        if before is not None and before.blob_id == seen.sha256 and not look.moved:
            continue
        digest = seen.page_text.sha256
        blobs[seen.sha256] = Blob(sha256=seen.sha256, size=seen.size, media_type=seen.media_type)
        if before is None or before.text_id != digest:
            texts[digest] = Text(sha256=digest, text=seen.page_text.text)
        look.taken = _snapshot(look.page, seen, digest, now, origin)
        taken.append(look)
    # In order, so that two groups with the same bytes wait for each other one way only.
    _insert_blobs([blobs[key] for key in sorted(blobs)])
    _insert_texts([texts[key] for key in sorted(texts)])
    _insert_snapshots([look.taken for look in taken if look.taken is not None])
    for look in taken:
        look.state.latest_snapshot = look.taken
        if not look.page.title and look.taken is not None and look.taken.title:
            look.page.title = look.taken.title
            look.page.save(update_fields=["title"])


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


_TAKEN = (
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
_TAKEN_NAMES = ", ".join(name for name, _ in _TAKEN)
_TAKEN_ARRAYS = ", ".join(f"%b::{kind}[]" for _, kind in _TAKEN)


def _insert_snapshots(snapshots: Sequence[Snapshot]) -> None:
    """All in one statement, as `bulk_create`; that would send each value of each row by itself."""
    if not snapshots:
        return
    columns = [[getattr(snapshot, name) for snapshot in snapshots] for name, _ in _TAKEN]
    rows = prepared_writes.run(
        f"""
        INSERT INTO sources_snapshot ({_TAKEN_NAMES}, headers, flags)
        SELECT {_TAKEN_NAMES}, headers::jsonb, string_to_array(flags, ' ')
        FROM unnest({_TAKEN_ARRAYS}, %b::text[], %b::text[]) AS given ({_TAKEN_NAMES}, headers, flags)
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
        ) AS given (public_id, page_id, before_id, after_id, kind, certainty, outcome, detected_at, kinds)
        """,
        [
            *([getattr(change, name) for change in changes] for name in names),
            [" ".join(change.kinds) for change in changes],
        ],
    )


def _snapshot(page: Page, seen: Observation, digest: str, now: datetime, origin: str) -> Snapshot:
    if seen.page_text is None:
        raise ValueError("a snapshot needs text")
    return Snapshot(
        page=page,
        taken_at=now,
        origin=origin,
        status=seen.status,
        final_url=seen.final_url,
        canonical_url=seen.canonical_url,
        headers=[list(pair) for pair in seen.headers],
        blob_id=seen.sha256,
        text_id=digest,
        title=seen.page_text.title[:500],
        language=(seen.page_text.language or "")[:35],
        extractor=seen.page_text.extractor_version,
        flags=list(seen.page_text.flags),
    )


def _compare(looks: Sequence[_Look]) -> None:
    """Say of each new snapshot whether it reads otherwise than the one before, and in what."""
    differ: list[tuple[_Look, Snapshot, Snapshot]] = []
    for look in looks:
        before, after = look.before, look.taken
        if before is not None and after is not None and before.text_id != after.text_id:
            if before.extractor.endswith(BY_BROWSER) != after.extractor.endswith(BY_BROWSER):
                continue  # an editor had it read otherwise from now on; that is no news of the page
            look.text_differs = before.extractor == after.extractor or _read_again(before) != after.text_id
            if look.text_differs:
                differ.append((look, before, after))
    texts = {before.text_id for _, before, _ in differ}
    old = dict(Text.objects.filter(pk__in=texts).values_list("sha256", "text")) if texts else {}
    for look, before, after in differ:
        now = look.seen.page_text.text if look.seen.page_text else ""
        found = kinds.compare(
            old[before.text_id],
            now,
            titles=(before.title, after.title),
            addresses=(before.final_url, after.final_url),
        )
        look.kinds, look.prose_differs = list(found.kinds), found.prose


def _read_again(snapshot: Snapshot) -> str:
    """The name of what another extractor makes of the bytes: a new version re-reads, so that it raises nothing."""
    header = next((value for name, value in snapshot.headers if name.lower() == "content-type"), "")
    old = sandbox.extract(store().get(snapshot.blob_id), header or snapshot.blob.media_type)
    return full_text.text_sha256(old.text)


_CLASSES = {Outcome.GONE: Change.Kind.GONE}


def _class_of(outcome: str) -> str:
    """readable, gone, or blocked (could not look)."""
    if not outcome or outcome in Outcome.readable():
        return "readable"
    return _CLASSES.get(Outcome(outcome), Change.Kind.BLOCKED)


def _note_changes(look: _Look, now: datetime) -> None:
    """The Change rows that this poll gives rise to, and what is suspected from now on."""
    state, seen, before = look.state, look.seen, look.before
    was, now_is = _class_of(state.last_outcome), _class_of(seen.outcome)
    after = state.latest_snapshot if seen.readable else None
    add = _adder(look, now)
    if state.confirmed_snapshot is None:
        state.confirmed_snapshot = before or after
    flipped = was != now_is and before is not None
    if flipped and seen.readable:
        add(Change.Kind.BACK, Change.Certainty.CONFIRMED, before, after)
    elif flipped:
        add(now_is, Change.Certainty.SUSPECTED, before, None)
    if look.text_differs:
        add(Change.Kind.TEXT, Change.Certainty.SUSPECTED, before, after)
    elif look.moved:
        # Never confirmed: that would be taken for a second look at a text that was missing.
        add(Change.Kind.MOVED, Change.Certainty.SUSPECTED, before, after)

    confirmed = state.confirmed_snapshot
    settled = seen.readable and after is not None and confirmed is not None and after.text_id == confirmed.text_id
    if flipped:
        # The clock of a suspicion starts with the class of outcome it is about.
        state.suspected_since = None if settled else now
    elif settled:
        state.suspected_since = None
    elif state.suspected_since is None:
        state.suspected_since = now if look.text_differs else None
    elif now - state.suspected_since >= confirm_after(state.page):
        add(Change.Kind.TEXT if seen.readable else now_is, Change.Certainty.CONFIRMED, confirmed, after)
        # What was first seen in this very poll needs a look of its own later.
        state.suspected_since = now if look.text_differs else None
        if seen.readable:
            state.confirmed_snapshot = after


def _adder(look: _Look, now: datetime) -> Callable[[str, str, Snapshot | None, Snapshot | None], None]:
    def add(kind: str, certainty: str, first: Snapshot | None, last: Snapshot | None) -> None:
        look.changes.append(
            Change(
                page=look.page,
                before=first,
                after=last,
                kind=kind,
                kinds=look.kinds + (["moved"] if look.moved and "moved" not in look.kinds else []),
                certainty=certainty,
                outcome=look.seen.outcome,
                detected_at=now,
            )
        )

    return add


def confirm_after(page: Page) -> timedelta:
    """How long text of this page must stay away before it counts as gone."""
    return page.confirm_after or timedelta(seconds=settings.CONFIRM_AFTER)


def _settle(look: _Look, now: datetime, known: Budget) -> None:
    state, seen = look.state, look.seen
    elapsed = None if state.last_success_at is None else now - state.last_success_at
    wait = known.interval
    if seen.readable:
        belief, wait = schedule.after_poll(
            state.belief,
            elapsed=elapsed,
            changed=look.prose_differs,
            price=known.price,
            weight=state.weight,
            shortest=known.shortest,
            longest=known.longest,
        )
        state.belief = list(belief)
    state.last_attempt_at = now
    state.fetches += 1
    state.last_outcome = seen.outcome
    state.last_detail = seen.detail
    if seen.readable:
        state.last_success_at = now
        state.failures = 0
        state.etag, state.last_modified = seen.etag or state.etag, seen.last_modified or state.last_modified
    else:
        state.failures += 1
    if seen.page_text is not None:
        state.text_length = len(seen.page_text.text.strip())
        state.etag, state.last_modified = seen.etag, seen.last_modified
    if state.due_at is not None:
        if state.suspected_since is not None and seen.readable:
            wait = min(wait, max(state.suspected_since + confirm_after(state.page) - now, known.shortest))
        state.due_at = schedule.next_due(
            now,
            wait,
            pinned=state.page.pinned_interval,
            failures=state.failures,
            retry_after=seen.retry_after,
            crawl_delay=seen.crawl_delay,
            fresh_for=seen.fresh_for if state.suspected_since is None else None,
        )


_WRITTEN = (
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
_ASSIGNED = ", ".join(f"{name} = given.{name}" for name, _ in _WRITTEN)
_NAMES = ", ".join(name for name, _ in _WRITTEN)
_ARRAYS = ", ".join(f"%b::{kind}[]" for _, kind in _WRITTEN)


def _write_polling(states: Sequence[Polling]) -> None:
    """All in one statement, which also clears the leases."""
    if not states:
        return
    columns = [[getattr(state, name) for state in states] for name, _ in _WRITTEN]
    beliefs = [_array(state.belief) for state in states]
    prepared_writes.run(
        f"""
        UPDATE sources_polling AS polling
        SET {_ASSIGNED}, belief = given.belief::float8[], leased_until = NULL, leased_by = ''
        FROM unnest(%b::bigint[], %b::text[], {_ARRAYS}) AS given (page_id, belief, {_NAMES})
        WHERE polling.page_id = given.page_id
        """,  # noqa: S608 - the columns above
        [[state.page_id for state in states], beliefs, *columns],
    )


def _array(belief: Sequence[float]) -> str:
    """As PostgreSQL writes it: arrays of arrays cannot be unnested one level deep."""
    return "{" + ",".join(map(repr, belief)) + "}"


def _wake_siblings(changed: Sequence[_Look], now: datetime, known: Budget) -> None:
    """Bring other pages of a host forward where one has changed: pages of one site change together."""
    hosts = sorted({look.state.host for look in changed})
    if not hosts:
        return
    ours = [look.state.page_id for look in changed]
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
        [hosts, now + known.shortest, ours, _MOST_SIBLINGS],
    )
    rows = []
    for page_id, belief, weight, due_at, last_success_at in siblings:
        woken = schedule.heard(belief)
        wait = schedule.interval(
            woken, price=known.price, weight=weight, shortest=known.shortest, longest=known.longest
        )
        due = min(due_at, max(last_success_at + wait, now + known.shortest))
        rows.append((page_id, due, _array(woken)))
    if rows:
        prepared_writes.run(
            """
            UPDATE sources_polling AS polling SET due_at = given.due_at, belief = given.belief::float8[]
            FROM unnest(%b::bigint[], %b::timestamptz[], %b::text[]) AS given (page_id, due_at, belief)
            WHERE polling.page_id = given.page_id
            """,
            [list(column) for column in zip(*rows, strict=True)],
        )
