"""Keep, for each watched passage of a page, when it was last truly seen there.

The time is the database's, taken before the request whose whole body held the passage, so that it is never later than
the truth. Polls note it where they know (`sources.polling.freshness`); whoever looks for a passage in a snapshot marks
it with the snapshot's `requested_at`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection


def mark(passage_id: int, at: datetime | None) -> None:
    """Mark one passage as `mark_all` does."""
    mark_all({passage_id: at})


def mark_all(seen: Mapping[int, datetime | None]) -> None:
    """Note that these passages (ids) stood in what was requested at these times, unless a later time is known.

    A passage that is not watched, a time that is None, and one that the database's clock has not reached are passed
    over. Locks the polling states of the pages in the order of their ids until the transaction ends.
    """
    times = {passage: at for passage, at in seen.items() if at is not None}
    if not times:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH marked AS (
                SELECT * FROM unnest(%(ids)s::bigint[], %(times)s::timestamptz[]) AS marked (id, at)
                WHERE at <= clock_timestamp()
            ), locked AS MATERIALIZED (
                SELECT page_id FROM sources_polling
                WHERE page_id IN (SELECT page_id FROM sources_passage JOIN marked USING (id))
                ORDER BY page_id FOR UPDATE
            )
            UPDATE sources_polling AS polling
            SET seen_at = ARRAY(
                SELECT greatest(polling.seen_at[place], marked.at)
                FROM unnest(polling.passages) WITH ORDINALITY AS watched (id, place)
                LEFT JOIN marked ON marked.id = watched.id ORDER BY place
            )
            FROM locked WHERE polling.page_id = locked.page_id
            """,
            {"ids": list(times), "times": list(times.values())},
        )


def times(passages: Iterable[int]) -> dict[int, datetime]:
    """Return when each of these passages (ids) was last seen, as far as that is known.

    A passage that is not watched now was seen at least in its own snapshot.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT passage.id, greatest(snapshot.requested_at, watched.at) FROM sources_passage AS passage
            JOIN sources_snapshot AS snapshot ON snapshot.id = passage.snapshot_id
            LEFT JOIN LATERAL (
                SELECT at FROM sources_polling AS polling, unnest(polling.passages, polling.seen_at) AS seen (id, at)
                WHERE polling.page_id = passage.page_id AND seen.id = passage.id AND at <= clock_timestamp()
                OFFSET 0 -- asks for the page of each passage, where a join would read every page
            ) AS watched ON true
            WHERE passage.id = ANY(%s) AND coalesce(snapshot.requested_at, watched.at) IS NOT NULL
            """,
            [list(passages)],
        )
        return dict(cursor.fetchall())
