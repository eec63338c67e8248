"""Which rows may go: SQL that says of each check, change and snapshot that nothing needs it any more.

    check     of a change; the quote stood, or the page could not be read, as in the check before it; not the last one
    change    swept; all of its checks may go; not the last one of its page
    snapshot  of a poll; nothing refers to it: no evidence, passage, anchoring, check, change, poll or published body

So what evidence and passages cite stays, and checks with a cause or a finding, and both sides of every change that
touched a quote. What refers to a snapshot or a change is read from the models: a new reference protects without a word
here, and the database's own foreign keys refuse what this module would forget.
"""

from typing import NamedTuple

from django.apps import apps
from django.db import models

from claims.models import EvidenceCheck, Sweep
from sources.models import Blob, Change, Snapshot, Text

# The values are those of EvidenceCheck.Result and sources.quotes.stance.findings.Stance.
_CHECK = """
    c.reason = 'change' AND c.result IN ('intact', 'moved', 'unverifiable') AND c.recheck_id IS NULL
    AND c.cause = '' AND c.grade = '' AND c.stance IN ('', 'stands')
    AND c.checked_at < %(before)s AND c.id <= %(checks_until)s
    AND EXISTS (
        SELECT FROM claims_evidencecheck AS later
        WHERE later.evidence_id = c.evidence_id AND later.id > c.id AND later.result = c.result
    )
    AND (c.result = 'unverifiable' OR COALESCE((
        SELECT earlier.result = c.result AND earlier.cause = '' AND earlier.stance IN ('', 'stands')
        FROM claims_evidencecheck AS earlier
        WHERE earlier.evidence_id = c.evidence_id AND earlier.id < c.id AND earlier.result <> 'unverifiable'
        ORDER BY earlier.id DESC LIMIT 1
    ), true))
"""


class _Reference(NamedTuple):
    table: str
    column: str


def _references(model: type[models.Model], *, but: tuple[type[models.Model], ...]) -> list[_Reference]:
    """Every column of ours that refers to the model, in models other than `but`."""
    found = [
        _Reference(other._meta.db_table, str(field.column))
        for other in apps.get_models(include_auto_created=True)
        if other not in but
        for field in other._meta.concrete_fields
        if field.related_model is model
    ]
    return sorted(found)


def _unreferenced(model: type[models.Model], row: str, *, but: tuple[type[models.Model], ...] = ()) -> str:
    return " ".join(
        f"AND NOT EXISTS (SELECT FROM {each.table} AS r WHERE r.{each.column} = {row})"
        for each in _references(model, but=but)
    )


def changes() -> str:
    """SQL for the ids of changes that may go, with `before`, `reached`, `changes_until`, `checks_until` and `limit`."""
    return f"""
        SELECT x.id FROM sources_change AS x
        WHERE x.id > %(reached)s AND x.id <= %(changes_until)s AND x.detected_at < %(before)s
            AND EXISTS (SELECT FROM claims_sweep AS s WHERE s.change_id = x.id)
            AND EXISTS (
                SELECT FROM sources_change AS later
                WHERE later.page_id = x.page_id AND later.certainty = x.certainty AND later.id > x.id
            )
            AND NOT EXISTS (SELECT FROM claims_evidencecheck AS c WHERE c.change_id = x.id AND NOT ({_CHECK}))
            {_unreferenced(Change, "x.id", but=(EvidenceCheck, Sweep))}
        ORDER BY x.id LIMIT %(limit)s
    """  # noqa: S608 - tables and columns of our own models


def snapshots() -> str:
    """SQL for the ids of snapshots that may go, with `before`, `reached`, `snapshots_until` and `limit`."""
    return f"""
        SELECT s.id FROM sources_snapshot AS s
        WHERE s.id > %(reached)s AND s.id <= %(snapshots_until)s AND s.taken_at < %(before)s AND s.origin = 'poll'
            AND NOT EXISTS (
                SELECT FROM claims_claimversion AS v WHERE v.contained_ids @> ARRAY[s.public_id]::varchar[]
            )
            {_unreferenced(Snapshot, "s.id")}
        ORDER BY s.id LIMIT %(limit)s
    """  # noqa: S608 - tables and columns of our own models


def unreferenced_texts() -> str:
    """SQL that removes those of the texts `names` to which nothing refers."""
    return f"DELETE FROM sources_text AS t WHERE t.sha256 = ANY (%(names)s) {_unreferenced(Text, 't.sha256')}"  # noqa: S608


def unused_blobs() -> str:
    """SQL that marks those of the blobs `names` to which nothing refers."""
    return (
        "UPDATE sources_blob AS b SET unused_since = clock_timestamp()"  # noqa: S608
        f" WHERE b.sha256 = ANY (%(names)s) AND b.unused_since IS NULL {_unreferenced(Blob, 'b.sha256')}"
    )


def removable_blobs() -> str:
    """SQL for sha256 and size of marked blobs that still nothing refers to, locked; with `marked_before`, `limit`."""
    return f"""
        SELECT b.sha256, b.size FROM sources_blob AS b
        WHERE b.unused_since < %(marked_before)s {_unreferenced(Blob, "b.sha256")}
        ORDER BY b.unused_since LIMIT %(limit)s FOR UPDATE SKIP LOCKED
    """  # noqa: S608
