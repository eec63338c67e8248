"""Insert the rows of what was read: blobs, texts, snapshots and changes, each kind in one statement."""

import json
from collections.abc import Sequence

from django.db import connection

from sources.database import prepared_writes
from sources.models import Blob, Change, Snapshot, Text


def insert_blobs(blobs: Sequence[Blob]) -> list[str]:
    """Insert the rows of stored bytes. Returns the sha256s of those that are new, or were marked by a thinning.

    The conflict locks a row that is there, so that no thinning removes it or its file until the transaction ends.
    """
    if not blobs:
        return []
    rows = prepared_writes.run(
        """
        INSERT INTO sources_blob AS known (sha256, size, media_type)
        SELECT * FROM unnest(%b::text[], %b::bigint[], %b::text[])
        ON CONFLICT (sha256) DO UPDATE SET unused_since = NULL WHERE known.unused_since IS NOT NULL
        RETURNING sha256
        """,
        [[getattr(blob, name) for blob in blobs] for name in ("sha256", "size", "media_type")],
    )
    return [sha256 for (sha256,) in rows]


def insert_texts(texts: Sequence[Text]) -> None:
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
    ("requested_at", "timestamptz"),
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


def insert_snapshots(snapshots: Sequence[Snapshot]) -> None:
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


def insert_changes(changes: Sequence[Change]) -> None:
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
