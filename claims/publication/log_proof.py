"""What of the publication log an asker needs to recompute its chain, and may read.

Of every row the sequence and the sha256 of its line; of rows that the asker may read also the line and, while there is
a body, the salt of its commitment. The log ends for an asker with the last row that he may read: so nobody without a
key can see the moment at which something happens that only newsrooms see. docs/log.md tells strangers how to verify.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db.models import Max

from claims.models import Publication
from claims.models.publication import Audience
from claims.publication import log_line
from sources.timestamp import timestamp

_COLUMNS = (
    "sequence", "line_sha256", "hash", "at", "event", "audience", "public_id", "claim__public_id", "review__public_id",
    "version", "commitment", "body__salt",
)  # fmt: skip


class ProofRow(NamedTuple):
    """A row of the log. `line` is None if the asker may not read it, `salt` also if the body was redacted."""

    sequence: int
    line_sha256: str
    hash: str
    line: str | None
    salt: bytes | None

    @property
    def json(self) -> bytes:
        """The row as one line of JSON, without its hash, which follows from the rows before."""
        values: dict[str, object] = {"sequence": self.sequence, "line_sha256": self.line_sha256}
        if self.line is not None:
            values["line"] = self.line
            values["salt"] = None if self.salt is None else self.salt.hex()
        return orjson.dumps(values)


def end(audience: str) -> int:
    """The sequence of the last row that the audience may read; 0 if there is none."""
    rows = Publication.objects.all()
    if audience != Audience.NEWSROOMS:
        rows = rows.filter(audience=audience)
    return rows.aggregate(end=Max("sequence"))["end"] or 0


def hash_at(sequence: int) -> str:
    """The hash of the row with this sequence; 64 zeros for 0, which the first row follows."""
    if sequence == 0:
        return log_line.NO_HASH
    return Publication.objects.values_list("hash", flat=True).get(sequence=sequence)


def rows_between(after: int, until: int, *, audience: str) -> list[ProofRow]:
    """The rows after one sequence until another, as the audience may see them, in order."""
    rows = Publication.objects.filter(sequence__gt=after, sequence__lte=until).order_by("sequence")
    return [_row(audience, *values) for values in rows.values_list(*_COLUMNS)]


def rows_of(claim: str, *, audience: str, limit: int) -> list[ProofRow]:
    """The rows of the claim with this public id that the audience may read, in order; of many the newest."""
    rows = Publication.objects.filter(claim__public_id=claim)
    if audience != Audience.NEWSROOMS:
        rows = rows.filter(audience=audience)
    newest = rows.order_by("-sequence").values_list(*_COLUMNS)[:limit]
    return [_row(audience, *values) for values in reversed(newest)]


def rows_until(until: int, *, audience: str, batch: int) -> Iterator[list[ProofRow]]:
    """Yield all rows until a sequence, `batch` at a time."""
    for after in range(0, until, batch):
        yield rows_between(after, min(after + batch, until), audience=audience)


def _row(
    audience: str, sequence: int, line_sha256: str, hash: str, at: datetime, event: str, row_audience: str, *rest: Any
) -> ProofRow:
    publication, claim, review, version, commitment, salt = rest
    if audience != Audience.NEWSROOMS and row_audience != audience:
        return ProofRow(sequence, line_sha256, hash, None, None)
    ids = (publication, claim, review or "")
    line = log_line.line(sequence, timestamp(at), event, row_audience, *ids, version, commitment)
    return ProofRow(sequence, line_sha256, hash, line, None if salt is None else bytes(salt))
