"""Verify that nobody has rewritten the database: `manage.py audit verify`, the daily audit, and a restored backup.

    log      chain, lines, bodies and words of the publication log, and the index made from it
    seals    each log table against the seals that cover it
    rows     each audited table against the last audit event of each row
    blobs    stored page bytes and texts against their sha256
    checkpoints   those stored and those kept outside against the log

What the triggers, functions and rights of the database should be is compared by factcheck/audit.py.
"""

from collections.abc import Callable, Iterator

from django.db import DatabaseError, transaction

from claims.proof import verify_log, verify_rows, verify_stored
from claims.proof.finding import Finding, one_moment
from claims.proof.verify_stored import Share

DEFAULT_SHARE = 0.01


def verify(
    *,
    blobs: Share = DEFAULT_SHARE,
    checkpoints: str | None = None,
    report: Callable[[str], object] = lambda part: None,
) -> Iterator[Finding]:
    """Verify everything and yield what is wrong, one sentence each; nothing for an honest database.

    Reads one moment of the database of Django's default connection, with the keys in the data folder, and holds nobody
    up. `blobs` is the share of stored pages to read. `checkpoints` names a folder, file, bucket or address with
    checkpoints that were sent outside; None means what the settings name. `report` is told which part begins.
    """
    parts: dict[str, Callable[[], Iterator[Finding]]] = {
        "log": verify_log.everything,
        "rows": verify_rows.rows,
        "blobs": lambda: verify_stored.stored(blobs),
    }
    with one_moment():
        for name, part in parts.items():
            report(name)
            yield from _caught(name, part)


def _caught(name: str, part: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The part's findings; an error of the database is one of them, and ends the part alone."""
    try:
        with transaction.atomic():
            yield from part()
    except DatabaseError as error:
        reason = str(error).strip().partition("\n")[0]
        yield Finding(name, f"The part {name} could not be verified: {reason}.")
