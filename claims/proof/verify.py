"""Verify that nobody has rewritten the database: `manage.py audit verify`, the daily audit, and a restored backup.

    log           chain, lines, bodies and words of the publication log, and the index made from it
    site          chain and lines of the site's own log: complaints and pages
    seals         each table that only grows against the seals that cover it
    rows          each audited table against the last audit event of each row
    blobs         stored page bytes and texts against their sha256
    checkpoints   those stored and those kept outside, against log and seals

What the triggers, functions and rights of the database should be is compared by factcheck/audit/verify.py.
"""

from collections.abc import Callable, Iterator
from traceback import clear_frames

from django.db import DatabaseError, transaction

from claims.models import Checkpoint
from claims.proof import reports
from claims.proof.checks import audited_rows, publication_log, sealed_rows, signed_checkpoints, site_log, stored_pages
from claims.proof.checks.stored_pages import Share
from claims.proof.finding import Finding, one_moment, unreadable
from claims.proof.keys import KeyProblem

DEFAULT_SHARE = 0.01


def verify(
    *,
    blobs: Share = DEFAULT_SHARE,
    checkpoints: str | None = None,
    report: Callable[[str], object] = lambda part: None,
) -> Iterator[Finding]:
    """Verify everything and yield what is wrong, one sentence each; nothing for an honest database.

    Reads one moment of the database of Django's default connection, with the keys in the data folder, and holds nobody
    up; what an administrator accepted is left out. `blobs` is the share of stored pages to read. `checkpoints` names a
    folder, file, bucket or address with checkpoints that were sent outside; None means what the settings name. `report`
    is told which part begins.
    """
    notes, findings = signed_checkpoints.given(checkpoints)
    yield from findings
    with one_moment():
        log = signed_checkpoints.log_hashes([each for _, each in notes])
        site = site_log.site_hashes()
        parts: dict[str, Callable[[], Iterator[Finding]]] = {
            "log": lambda: publication_log.log(log.see),
            "index": publication_log.index,
            "site": lambda: site_log.site_log(site),
            "seals": sealed_rows.sealed,
            "rows": audited_rows.rows,
            "blobs": lambda: stored_pages.stored(blobs),
            "checkpoints": lambda: signed_checkpoints.compared(notes, log, site),
        }
        accepted: set[str] = set()
        yield from _caught("reports", lambda: _put(reports.accepted, accepted))
        for name, part in parts.items():
            report(name)
            yield from (each for each in _caught(name, part) if reports.identity(each) not in accepted)


def sealed_since() -> str:
    """From when on history is sealed, as a sentence."""
    try:
        first = Checkpoint.objects.order_by("pk").values_list("at", flat=True).first()
    except DatabaseError:  # such as a time that is none
        return "Nobody can say since when history is sealed: the first checkpoint was changed."
    if first is None:
        return "Nothing is sealed yet: the first checkpoint is written within minutes of the first start."
    since = f"History is sealed since {first:%Y-%m-%d %H:%M} UTC; of what was changed before, seals tell nothing."
    return " ".join([since, *reports.openings()])


def _put(get: Callable[[], set[str]], into: set[str]) -> Iterator[Finding]:
    into.update(get())
    yield from ()


def _caught(name: str, part: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The part's findings; any error is one of them, and ends the part alone.

    Whoever can write what cannot be read must not silence the other parts with it.
    """
    try:
        with transaction.atomic():
            try:
                yield from part()
            except Exception as error:
                clear_frames(error.__traceback__)  # cursors that are still open end with the savepoint
                raise
    except KeyProblem as error:
        yield Finding(name, str(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is found
        yield Finding(name, unreadable(f"The part {name}", error))
