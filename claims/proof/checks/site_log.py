"""Recompute the site's own log of complaints and pages: its chain and its lines."""

from collections.abc import Iterator

from django.db import connection

from claims.proof.checks.log_hashes import LogHashes
from claims.proof.finding import Finding
from claims.publication import log_line
from claims.publication.site import line

LISTED = 20
"""Findings that are listed one by one; the rest is counted."""
_ROWS = """
    SELECT row.sequence, row.at, row.format, row.kind, row.subject, coalesce(claim.public_id, ''), row.body, row.hash
    FROM claims_sitepublication AS row LEFT JOIN claims_claim AS claim ON claim.id = row.claim_id
    ORDER BY row.sequence
"""


def site_hashes() -> LogHashes:
    """For the hashes of the site's own log."""
    return LogHashes("the site's log", "entry", "entries")


def site_log(hashes: LogHashes) -> Iterator[Finding]:
    """Recompute every entry, in order, and note the hash of each."""
    wrong = list(_recompute(hashes))
    yield from (Finding("site", each) for each in wrong[:LISTED])
    if len(wrong) > LISTED:
        yield Finding("site", f"{len(wrong) - LISTED:,} more entries of the site's log were changed.")


def _recompute(hashes: LogHashes) -> Iterator[str]:
    head, number, last = bytes(32), 0, None
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        for sequence, at, format, kind, subject, claim, body, hash in cursor:
            number += 1
            if sequence != number:
                yield f"Entry {number} of the site's log is missing: entry {sequence} follows {number - 1}."
                number = sequence
            if last is not None and at < last:
                yield f"Entry {sequence} of the site's log is dated before the one that it follows."
            head = log_line.linked(head, line.digest(line.line(format, sequence, at, kind, subject, claim, body)))
            if head.hex() != hash:
                yield f"Entry {sequence} of the site's log was changed: it does not fit its hash."
                head = log_line.read_hash(hash) or head  # so that one change is one finding
            hashes.see(sequence, hash)
            last = at
