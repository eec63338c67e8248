"""Lease due pages to pollers and release them: the queue of record, in PostgreSQL.

    due ──lease (token + 1)──> leased ──result written, if the token is still the row's──> due again later
                                  └── the worker died: due again when the lease ends

One page of a host is requested at a time, so the query selects hosts, by an index on `Host.ready_at`, and then the
most overdue page of each, by another index. Its cost does not depend on the number of pages, the number of due pages,
or their distribution over hosts.
"""

import os
import socket
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from sources.database import prepared_writes
from sources.faults import point
from sources.models import Host

# Failed attempts in a row after which a host counts as unresponsive: see `lease_due`.
UNRESPONSIVE_AFTER = 5
# Pages leased together of an unresponsive host, and of any host if hosts need no delay.
_PAGES_IF_UNRESPONSIVE = 20
_PAGES_WITHOUT_DELAY = 10
# Overdue pages searched when no host is ready.
_WINDOW = 1_000
# After this time a host whose validators lied is believed again: servers are repaired and replaced.
_DISTRUST = timedelta(weeks=4)
# A full read is due if it would be late after so many more intervals like the last one.
_MARGIN = 1.25


@dataclass(frozen=True)
class LeasedPage:
    """A page to fetch, what the last poll stored of it, and the fencing token that its result must carry."""

    page_id: int
    url: str
    host: str
    token: int
    etag: str
    last_modified: str
    text_length: int
    read_sha256: str
    """sha256 of the bytes read last; empty if they are to be looked at in any case, since a passage was not seen in
    them or a later read overtook them."""
    last_url: str
    """The URL of the last read, after redirects; empty before the first read."""
    title: str
    """The page's title at the last read."""
    language: str
    """The language that the page stated at the last read (BCP 47)."""
    render: bool
    host_failures: int
    full_read: bool
    """Whether it is asked for without validators, because a full read is due or its host's validators lied."""
    leased_at: datetime
    """The database's time before any request of this lease."""


def database_time() -> datetime:
    """Return the database's time, the only clock that all pollers share and that leases are compared with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment  # type: ignore[no-any-return]


def holder() -> str:
    """Return the name of this process for the `leased_by` column, which people read."""
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


def lease_due(limit: int, *, thorough: bool = True) -> list[LeasedPage]:
    """Lease up to `limit` due pages of the hosts that have been ready longest; of each host the most overdue first.

    A host is skipped while one of its pages is leased, and during its delay (see `schedule.host_rest`). Several pages
    of a host are leased together, to be requested one after the other, if hosts need no delay, and if the host has
    failed `UNRESPONSIVE_AFTER` times, so that one failure can be recorded for all of them.

    If no page is found, a `thorough` call also searches for hosts whose `ready_at` is wrong.
    """
    leased = _lease(limit)
    if not leased and thorough and _ready_overlooked_hosts():
        leased = _lease(limit)
    return leased


@transaction.atomic
def _lease(limit: int) -> list[LeasedPage]:
    each = 1 if settings.POLL_HOST_DELAY else _PAGES_WITHOUT_DELAY
    # statement_timestamp(), because the volatile clock_timestamp() cannot use an index. Arrays and limited laterals
    # keep a planner that expects many rows from scanning whole tables. Nothing here waits for a lock, because writers
    # of results lock in the opposite order, pages before hosts. The two lists of an unresponsive host's pages may
    # overlap; a page chosen twice is leased once.
    rows = prepared_writes.run(
        """
        WITH ready AS MATERIALIZED (
            SELECT name, failures,
                coalesce(validators_lied_at > statement_timestamp() - %(distrust)s::interval, false) AS distrusted
            FROM sources_host WHERE ready_at <= statement_timestamp()
            ORDER BY ready_at LIMIT %(hosts)s::int
            FOR UPDATE SKIP LOCKED
        ), chosen AS MATERIALIZED (
            SELECT due.page_id, name FROM ready CROSS JOIN LATERAL (
                SELECT page_id FROM sources_polling AS polling
                WHERE polling.host = ready.name AND due_at <= statement_timestamp()
                  AND (leased_until IS NULL OR leased_until <= statement_timestamp())
                ORDER BY due_at LIMIT %(each)s::int FOR UPDATE SKIP LOCKED
            ) AS due
            UNION ALL
            SELECT due.page_id, name FROM ready CROSS JOIN LATERAL (
                SELECT page_id FROM sources_polling AS polling
                WHERE polling.host = ready.name AND due_at <= statement_timestamp()
                  AND (leased_until IS NULL OR leased_until <= statement_timestamp())
                ORDER BY due_at LIMIT %(if_unresponsive)s::int FOR UPDATE SKIP LOCKED
            ) AS due WHERE failures >= %(unresponsive_after)s::int
        ), leased AS (
            UPDATE sources_polling AS polling
            SET lease_token = lease_token + 1, leased_by = %(holder)s::text,
                leased_until = statement_timestamp() + make_interval(secs => %(lease)s::float8)
            WHERE page_id = ANY (ARRAY(SELECT page_id FROM chosen))
            RETURNING polling.page_id, host, due_at, lease_token, etag, last_modified, text_length,
                latest_snapshot_id,
                CASE WHEN EXISTS (
                    SELECT FROM unnest(seen_at) AS seen (at) WHERE at IS NULL OR at < read_since
                ) THEN '' ELSE read_sha256 END AS read_sha256,
                weight > 0 AND coalesce(
                    statement_timestamp() - last_read_at NOT BETWEEN interval '0' AND %(full_read_after)s::interval
                        - %(margin)s::float8 * (statement_timestamp() - last_attempt_at),
                    true
                ) AS full_read
        ), held AS (
            UPDATE sources_host AS host
            SET ready_at = CASE
                WHEN host.name IN (SELECT name FROM chosen)
                THEN statement_timestamp() + make_interval(secs => %(lease)s::float8)
                ELSE (
                    SELECT greatest(due_at, leased_until) FROM sources_polling AS polling
                    WHERE polling.host = host.name AND due_at IS NOT NULL ORDER BY due_at LIMIT 1
                ) END
            WHERE name = ANY (ARRAY(SELECT name FROM ready))
        )
        SELECT leased.page_id, page.url, leased.host, lease_token, etag, last_modified, text_length,
            read_sha256, coalesce(snapshot.final_url, ''), coalesce(snapshot.title, ''),
            coalesce(snapshot.language, ''), page.render, ready.failures, full_read OR distrusted,
            statement_timestamp()
        FROM leased
        JOIN ready ON ready.name = leased.host
        CROSS JOIN LATERAL (SELECT url, render FROM sources_page WHERE id = leased.page_id LIMIT 1) AS page
        LEFT JOIN LATERAL (
            SELECT final_url, title, language FROM sources_snapshot WHERE id = leased.latest_snapshot_id LIMIT 1
        ) AS snapshot ON true
        ORDER BY leased.due_at
        """,
        {
            "hosts": max(1, limit // each),
            "each": min(each, limit),
            "if_unresponsive": _PAGES_IF_UNRESPONSIVE,
            "unresponsive_after": UNRESPONSIVE_AFTER,
            "lease": settings.POLL_LEASE,
            "holder": holder(),
            "distrust": _DISTRUST,
            "full_read_after": timedelta(seconds=settings.FULL_READ_AFTER),
            "margin": _MARGIN,
        },
        custom_plan=True,
    )
    point("lease before commit")
    return [LeasedPage(*row) for row in rows]


@transaction.atomic
def _ready_overlooked_hosts() -> int:
    """Correct the `ready_at` of hosts with overdue pages. Returns the number of hosts corrected."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO sources_host (name, failures, ready_at)
            SELECT overdue.host, 0, statement_timestamp() FROM (
                SELECT DISTINCT host FROM (
                    SELECT host FROM sources_polling
                    WHERE due_at <= statement_timestamp()
                      AND (leased_until IS NULL OR leased_until <= statement_timestamp())
                    ORDER BY due_at LIMIT %s
                ) AS longest
            ) AS overdue
            LEFT JOIN sources_host AS host ON host.name = overdue.host
            WHERE coalesce(host.rests_until, '-infinity') <= statement_timestamp()
              AND coalesce(host.ready_at, 'infinity') > statement_timestamp()
              AND NOT EXISTS (
                  SELECT FROM sources_polling AS polling
                  WHERE polling.host = overdue.host AND leased_until > statement_timestamp()
              )
            ORDER BY overdue.host
            ON CONFLICT (name) DO UPDATE SET ready_at = excluded.ready_at
            """,
            [_WINDOW],
        )
        return int(cursor.rowcount)


def bring_forward(hosts: Iterable[str]) -> None:
    """Make these hosts ready as soon as their delay ends, because pages of them became due."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH locked AS (
                SELECT name FROM sources_host WHERE name = ANY(%s) ORDER BY name FOR UPDATE
            )
            UPDATE sources_host AS host
            SET ready_at = greatest(statement_timestamp(), rests_until)
            FROM locked WHERE host.name = locked.name
              AND coalesce(ready_at, 'infinity') > greatest(statement_timestamp(), rests_until)
              AND NOT EXISTS (
                  SELECT FROM sources_polling AS polling
                  WHERE polling.host = host.name AND leased_until > statement_timestamp()
              )
            """,
            [sorted(set(hosts))],
        )


@dataclass(frozen=True)
class HostResult:
    """Whether a host responded to the last request of a lease, and the delay before the next one."""

    name: str
    responded: bool
    rest: float
    """Seconds before the next request."""


def update_hosts(results: Sequence[HostResult], now: datetime, *, lied: Collection[str] = ()) -> None:
    """Start the delay of these hosts; each is ready again after it, once a page of it is due.

    Hosts in `lied` sent other content with an old ETag or Last-Modified: they are asked without for `_DISTRUST`.
    """
    if lied:
        list(
            Host.objects.select_for_update().filter(name__in={*lied, *(each.name for each in results)}).order_by("name")
        )
        Host.objects.filter(name__in=lied).update(validators_lied_at=now)
    if not results:
        return
    prepared_writes.run(
        """
        WITH result AS (
            SELECT * FROM unnest(%(names)b::text[], %(responded)b::bool[], %(rests)b::float8[])
                AS result (name, responded, rest)
        ), locked AS (
            SELECT name FROM sources_host WHERE name = ANY(%(names)b::text[]) ORDER BY name FOR UPDATE
        )
        UPDATE sources_host AS host
        SET failures = CASE WHEN responded THEN 0 ELSE failures + 1 END,
            rests_until = %(now)s::timestamptz + make_interval(secs => rest),
            ready_at = greatest(
                %(now)s::timestamptz + make_interval(secs => rest),
                (
                    SELECT due_at FROM sources_polling AS polling
                    WHERE polling.host = host.name AND due_at IS NOT NULL
                      AND (leased_until IS NULL OR leased_until <= %(now)s::timestamptz)
                    ORDER BY due_at LIMIT 1
                )
            )
        FROM result JOIN locked USING (name) WHERE host.name = result.name
        """,
        {
            "names": [host.name for host in results],
            "responded": [host.responded for host in results],
            "rests": [host.rest for host in results],
            "now": now,
        },
    )


@transaction.atomic
def release(pages: Sequence[LeasedPage], hosts: Sequence[HostResult]) -> None:
    """End leases without a result, so that the pages are due as before, and update their hosts."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sources_polling AS polling SET leased_until = NULL, leased_by = ''
            FROM unnest(%s::bigint[], %s::bigint[]) AS released (page_id, token)
            WHERE polling.page_id = released.page_id AND lease_token = token
            """,
            [[page.page_id for page in pages], [page.token for page in pages]],
        )
    update_hosts(hosts, database_time())


def seconds_until_ready() -> float | None:
    """Return the seconds until a host is ready: 0 if one is, None if none will be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(extract(epoch FROM min(ready_at) - clock_timestamp()), 0) FROM sources_host"
            " WHERE ready_at IS NOT NULL"
        )
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)
