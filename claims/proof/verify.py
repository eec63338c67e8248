"""Verify that nobody has rewritten the database: `manage.py audit verify`, the daily audit, and a restored backup.

    log           chain, lines, bodies and words of the publication log, and the index made from it
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
from claims.proof import reports, verify_checkpoints, verify_log, verify_rows, verify_seals, verify_stored
from claims.proof.finding import Finding, one_moment, unreadable
from claims.proof.keys import KeyProblem
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
    up; what an administrator accepted is left out. `blobs` is the share of stored pages to read. `checkpoints` names a
    folder, file, bucket or address with checkpoints that were sent outside; None means what the settings name. `report`
    is told which part begins.
    """
    notes, findings = verify_checkpoints.given(checkpoints)
    yield from findings
    with one_moment():
        log = verify_checkpoints.LogHashes([each for _, each in notes])
        parts: dict[str, Callable[[], Iterator[Finding]]] = {
            "log": lambda: verify_log.log(log.see),
            "index": verify_log.index,
            "seals": verify_seals.sealed,
            "rows": verify_rows.rows,
            "blobs": lambda: verify_stored.stored(blobs),
            "checkpoints": lambda: verify_checkpoints.compared(notes, log),
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
