"""Lock, read and write the poller's state of pages; bring other pages of a changed page's site forward."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sources.database import prepared_writes
from sources.database.bulk_rows import array_text
from sources.models import Polling
from sources.polling import schedule
from sources.polling.budget import Budget

# Pages of a host that a change on another brings forward. A host with more pages serves many sites.
_MAX_SIBLINGS = 100

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
    "unread_since",
    "gone_since",
    "unread_confirmed",
    "passages",
    "seen_at",
    "read_sha256",
    "read_since",
    "last_read_at",
    "last_validated_at",
    "prose_sha256",
    "text_kept_at",
    "quiet_polls",
    *(f"page__{name}" for name in ("url", "title", "pinned_interval", "confirm_after")),
    *(
        f"latest_snapshot__{name}"
        for name in (
            "taken_at",
            "requested_at",
            "final_url",
            "canonical_url",
            "blob",
            "text",
            "title",
            "language",
            "extractor",
        )
    ),
    "confirmed_snapshot__text",
)


def read(pages: Iterable[int]) -> list[Polling]:
    """Return the states of these pages, with their pages and snapshots, in the order of their ids."""
    rows = Polling.objects.select_related("page", "latest_snapshot", "confirmed_snapshot")
    return list(rows.only(*_FIELDS_READ).filter(page__in=list(pages)).order_by("page_id"))


def lock(pages: Iterable[int]) -> list[Polling]:
    """Return the same and lock the states until the transaction ends."""
    rows = Polling.objects.select_for_update(of=("self",)).select_related(
        "page", "latest_snapshot", "confirmed_snapshot"
    )
    return list(rows.only(*_FIELDS_READ).filter(page__in=list(pages)).order_by("page_id"))


_COLUMNS = (
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
    ("unread_since", "timestamptz"),
    ("gone_since", "timestamptz"),
    ("unread_confirmed", "text"),
    ("latest_snapshot_id", "bigint"),
    ("confirmed_snapshot_id", "bigint"),
    ("read_sha256", "text"),
    ("read_since", "timestamptz"),
    ("last_read_at", "timestamptz"),
    ("last_validated_at", "timestamptz"),
    ("prose_sha256", "text"),
    ("text_kept_at", "timestamptz"),
    ("quiet_polls", "bigint"),
)
_ASSIGNMENTS = ", ".join(f"{name} = new.{name}" for name, _ in _COLUMNS)
_NAMES = ", ".join(name for name, _ in _COLUMNS)
_ARRAYS = ", ".join(f"%b::{type_}[]" for _, type_ in _COLUMNS)


def write(states: Sequence[Polling]) -> None:
    """Write all polling states and clear their leases in one statement."""
    if not states:
        return
    columns = [[getattr(state, name) for state in states] for name, _ in _COLUMNS]
    beliefs = [array_text(state.belief) for state in states]
    seen = [array_text([at and at.isoformat() for at in state.seen_at]) for state in states]
    prepared_writes.run(
        f"""
        UPDATE sources_polling AS polling
        SET {_ASSIGNMENTS}, belief = new.belief::float8[], seen_at = new.seen_at::timestamptz[],
            leased_until = NULL, leased_by = ''
        FROM unnest(%b::bigint[], %b::text[], %b::text[], {_ARRAYS}) AS new (page_id, belief, seen_at, {_NAMES})
        WHERE polling.page_id = new.page_id
        """,  # noqa: S608 - the columns above
        [[state.page_id for state in states], beliefs, seen, *columns],
    )


def bring_siblings_forward(changed: Sequence[Polling], now: datetime, budget: Budget) -> None:
    """Poll other pages of a changed page's host sooner, because pages of one site change together."""
    hosts = sorted({state.host for state in changed})
    if not hosts:
        return
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
        [hosts, now + budget.shortest, [state.page_id for state in changed], _MAX_SIBLINGS],
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
