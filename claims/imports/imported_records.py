"""Look up which records are known, and remember what unchanged ones say of themselves: their dates and digests."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from claims.imports.formats.records import DIGEST_VERSION, Record
from claims.models import ImportedRecord
from sources.database.bulk_rows import array_text


class Known(NamedTuple):
    """What is stored of an imported record."""

    key: str
    digest: str
    modified_at: datetime | None

    def is_told_by(self, record: Record) -> bool:
        """Whether the record says what is here, by its digest: no other row has to be read."""
        if self.digest.startswith(DIGEST_VERSION):
            return self.digest == record.digest
        return self.digest == record.digest_of_earlier_versions

    def is_behind(self, record: Record) -> bool:
        """Whether a record that says what is here has a later date, or this the digest of an earlier version."""
        if self.digest != record.digest:
            return True
        return record.modified_at is not None and (self.modified_at is None or record.modified_at > self.modified_at)


def known(records: list[Record]) -> dict[str, Known]:
    """What is stored of those of the records that are known, by their keys.

    An earlier version read no years and few periods of claims. A record that it took without one is found by the key
    without period and place, and gets the key of today.
    """
    found = _stored([record.key for record in records])
    bare = {record.key_without_period: record for record in records if record.has_scope and record.key not in found}
    for key, row in _stored(list(bare)).items():
        record = bare[key]
        if not row.digest.startswith(DIGEST_VERSION):
            ImportedRecord.objects.filter(key=key).update(key=record.key, claim_sha=record.claim_sha)
            found[record.key] = row
    return found


def _stored(keys: list[str]) -> dict[str, Known]:
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, digest, modified_at FROM claims_importedrecord WHERE key = ANY(%s::text[])", [array_text(keys)]
        )
        return {row[0]: Known(*row) for row in cursor.fetchall()}


def store_seen(records: list[Record]) -> None:
    """Store digest and date of records that say what is here; their reviews stay as they are."""
    if not records:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_importedrecord AS row
            SET digest = seen.digest, modified_at = greatest(row.modified_at, seen.at)
            FROM unnest(%s::text[], %s::text[], %s::timestamptz[]) AS seen (key, digest, at)
            WHERE row.key = seen.key
            """,
            [
                array_text([record.key for record in records]),
                array_text([record.digest for record in records]),
                [record.modified_at for record in records],
            ],
        )
