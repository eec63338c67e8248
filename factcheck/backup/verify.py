"""Check a restored database against the manifest and against itself; each finding is a sentence."""

from collections.abc import Callable, Collection, Iterator
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


def findings(
    connection: psycopg.Connection[Any],
    manifest: Manifest,
    *,
    same_version: bool,
    lost: Collection[str],
    with_keys: bool,
    say: Callable[[str], object],
) -> Iterator[str]:
    """What differs from the backup, and what does not hold in itself.

    Rules, rights and what the audit verifies are looked at only if this version made the schema: a later one expects
    another. `lost` are sha256s of blobs that are missing on purpose.
    What is no fault of the backup is said and no finding: checkpoints outside that are ahead of it, and seals whose
    keys were left out.
    """
    yield from _wrong_counts(connection, manifest)
    head = log_head(connection)
    if head != manifest.log:
        yield f"the log ends with row {head['sequence']} and not with row {manifest.log['sequence']} of the backup"
    if same_version:
        for each in verify():
            if each.part == "checkpoints" or (each.part == "seals" and not with_keys):
                say(f"Warning: {each.sentence}")
            elif not any(sha256 in each.sentence for sha256 in lost):
                yield each.sentence
        app = settings.DATABASES[DEFAULT_DB_ALIAS]["USER"]
        yield from (each.text for each in database_rules.compare(connection, app).wrong)


def _wrong_counts(connection: psycopg.Connection[Any], manifest: Manifest) -> Iterator[str]:
    counted = count_rows(connection, [*manifest.left_out, "factcheck_restoring"])
    for table in sorted({*counted, *manifest.tables} - {*_RESET}):
        has, had = counted.get(table), manifest.tables.get(table)
        if table == LOG_RESTORES and has is not None:
            has -= 1  # this restore
        if has != had:
            yield f"the table {table} has {has} rows and not {had} as in the backup"
