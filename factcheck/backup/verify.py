"""Check a restored database against the manifest and against itself; each finding is a sentence."""

from collections.abc import Collection, Iterator
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS

from claims.proof.verify import verify
from factcheck.backup.manifest import Manifest
from factcheck.backup.source import count_rows, log_head
from factcheck.embedded import database_rules

LOG_RESTORES = "claims_logrestore"
# Set anew by whatever version installs the roles.
_RESET = ("auth_group", "auth_group_permissions")


def differences(connection: psycopg.Connection[Any], manifest: Manifest) -> Iterator[str]:
    """What the database has otherwise than the backup."""
    yield from _wrong_counts(connection, manifest)
    head = log_head(connection)
    if head != manifest.log:
        yield f"the log ends with row {head['sequence']} and not with row {manifest.log['sequence']} of the backup"


def findings(connection: psycopg.Connection[Any], *, lost: Collection[str]) -> Iterator[str]:
    """What the audit finds, and rules and rights that are not as they should be; so they were when it was backed up.

    `lost` are sha256s of blobs that are missing on purpose. Only for a schema that this version made.
    """
    for each in verify():
        if not any(sha256 in each.sentence for sha256 in lost):
            yield each.sentence
    app = settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
    yield from (each.sentence for each in database_rules.compare(connection, app).wrong)


def _wrong_counts(connection: psycopg.Connection[Any], manifest: Manifest) -> Iterator[str]:
    counted = count_rows(connection, [*manifest.left_out, "factcheck_restoring"])
    for table in sorted({*counted, *manifest.tables} - {*_RESET}):
        has, had = counted.get(table), manifest.tables.get(table)
        if table == LOG_RESTORES and has is not None:
            has -= 1  # this restore
        if has != had:
            yield f"the table {table} has {has} rows and not {had} as in the backup"
