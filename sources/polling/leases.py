"""Which pages are due, and who has them: the queue of record.

    due ──lease (token + 1)──> leased ──result written, if the token still stands──> due again later
                                  └── the worker died: due again when the lease ends

A host is asked for one page at a time, so it is hosts that are chosen: by `Host.ready_at`, an index of one row
for each, and then the most overdue page of each, by another. What that costs does not depend on how many pages
there are, how many are due, or whether one host has most of them.
"""

import os
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from sources.database import prepared_writes
from sources.faults import point

# Failed attempts in a row after which a host counts as not answering: see `lease_due`.
TRIPPED = 5
# Pages leased together of a host that does not answer, and of one that need not rest.
_OF_TRIPPED = 20
_OF_UNRESTING = 10
# Overdue pages looked at when no host is known to be ready.
_WINDOW = 1_000


@dataclass(frozen=True)
class LeasedPage:
    """A page to fetch, and the fencing token under which the result may be written."""

    page_id: int
    url: str
    host: str
    token: int
    etag: str
    last_modified: str
    text_length: int
    blob: str
    """sha256 of the bytes read last; empty if it never was."""
    answered_from: str
    """The address it was read from last; empty if it never was."""
    render: bool
    host_failures: int


def database_time() -> datetime:
    """The time of the one clock that all hosts share, and by which every later comparison is made."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment  # type: ignore[no-any-return]


def holder() -> str:
    """Who leases: this process, for people who look into the table."""
    return f"{socket.gethostname()}:{os.getpid()}"[:100]


def lease_due(limit: int, *, thorough: bool = True) -> list[LeasedPage]:
    """Lease up to `limit` pages that are due, of the hosts that have been ready longest; by host, most overdue first.

    A host is left alone while a page of it is leased, and while it rests (see `schedule.host_rest`). Where hosts
    need no rest, several pages of one are leased, to be asked for one after the other; and of a host that has not
    answered `TRIPPED` times, so that what one of them meets can be said of all.

    If there are none, a `thorough` call looks for hosts that are ready and do not know it.
    """
    leased = _lease(limit)
    if not leased and thorough and _find_overlooked():
        leased = _lease(limit)
    return leased


@transaction.atomic
def _lease(limit: int) -> list[LeasedPage]:
    each = 1 if settings.POLL_HOST_DELAY else _OF_UNRESTING
    # statement_timestamp(), since no index is used for the volatile clock_timestamp(). Arrays and laterals with a
    # limit, so that a planner that expects many rows cannot read whole tables for a hundred of them. Nothing here
    # waits for a lock: whoever writes results locks pages first and hosts after, the other way round. Of a silent
    # host the update may have reached the first page by the time the others are looked for; chosen twice, it is
    # leased once.
    rows = prepared_writes.run(
        """
        WITH ready AS MATERIALIZED (
            SELECT name, failures FROM sources_host WHERE ready_at <= statement_timestamp()
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
                ORDER BY due_at LIMIT %(of_tripped)s::int FOR UPDATE SKIP LOCKED
            ) AS due WHERE failures >= %(tripped)s::int
        ), leased AS (
            UPDATE sources_polling AS polling
            SET lease_token = lease_token + 1, leased_by = %(holder)s::text,
                leased_until = statement_timestamp() + make_interval(secs => %(lease)s::float8)
            WHERE page_id = ANY (ARRAY(SELECT page_id FROM chosen))
            RETURNING polling.page_id, host, due_at, lease_token, etag, last_modified, text_length,
                latest_snapshot_id
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
            coalesce(snapshot.blob_id, ''), coalesce(snapshot.final_url, ''), page.render, ready.failures
        FROM leased
        JOIN ready ON ready.name = leased.host
        CROSS JOIN LATERAL (SELECT url, render FROM sources_page WHERE id = leased.page_id LIMIT 1) AS page
        LEFT JOIN LATERAL (
            SELECT blob_id, final_url FROM sources_snapshot WHERE id = leased.latest_snapshot_id LIMIT 1
        ) AS snapshot ON true
        ORDER BY leased.due_at
        """,
        {
            "hosts": max(1, limit // each),
            "each": min(each, limit),
            "of_tripped": _OF_TRIPPED,
            "tripped": TRIPPED,
            "lease": settings.POLL_LEASE,
            "holder": holder(),
        },
        custom_plan=True,
    )
    point("lease before commit")
    return [LeasedPage(*row) for row in rows]


@transaction.atomic
def _find_overlooked() -> int:
    """Make hosts ready that have overdue pages and do not know it. Returns how many there were."""
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
    """Let these hosts be looked at as soon as they have rested: pages of them became due."""
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
class HostSeen:
    """How a host behaved when its last page of a lease was asked for."""

    name: str
    answered: bool
    rest: float
    """Seconds for which it is to be left alone."""


def settle_hosts(seen: Sequence[HostSeen], now: datetime) -> None:
    """Let these hosts rest, and be ready again when they have and a page of them is due."""
    if not seen:
        return
    prepared_writes.run(
        """
        WITH given AS (
            SELECT * FROM unnest(%(names)b::text[], %(answered)b::bool[], %(rests)b::float8[])
                AS given (name, answered, rest)
        ), locked AS (
            SELECT name FROM sources_host WHERE name = ANY(%(names)b::text[]) ORDER BY name FOR UPDATE
        )
        UPDATE sources_host AS host
        SET failures = CASE WHEN answered THEN 0 ELSE failures + 1 END,
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
        FROM given JOIN locked USING (name) WHERE host.name = given.name
        """,
        {
            "names": [host.name for host in seen],
            "answered": [host.answered for host in seen],
            "rests": [host.rest for host in seen],
            "now": now,
        },
    )


@transaction.atomic
def put_back(pages: Sequence[LeasedPage], hosts: Sequence[HostSeen]) -> None:
    """Give up leases without a result, so that the pages are due as they were, and settle hosts let go with them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE sources_polling AS polling SET leased_until = NULL, leased_by = ''
            FROM unnest(%s::bigint[], %s::bigint[]) AS given (page_id, token)
            WHERE polling.page_id = given.page_id AND lease_token = token
            """,
            [[page.page_id for page in pages], [page.token for page in pages]],
        )
    settle_hosts(hosts, database_time())


def seconds_until_ready() -> float | None:
    """How long until a host may be asked for a page; 0 if one may, None if none will be."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT greatest(extract(epoch FROM min(ready_at) - clock_timestamp()), 0) FROM sources_host"
            " WHERE ready_at IS NOT NULL"
        )
        (seconds,) = cursor.fetchone()
    return None if seconds is None else float(seconds)
