"""The log as a stranger verifies it, with Python's standard library and docs/log.md, and without our code."""

import hashlib
from collections.abc import Iterable
from typing import Any


def line_of(row: Any) -> str:
    """The line of a row of the database."""
    return "\n".join(
        str(part)
        for part in (
            "factcheck-log/1", row.sequence, row.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), row.event, row.audience,
            row.public_id, row.claim.public_id, row.review.public_id if row.review else "", row.version,
            row.commitment,
        )
    )  # fmt: skip


def recomputed(rows: Iterable[Any]) -> list[tuple[str, str]]:
    """`line_sha256` and `hash` of each row of the database, from the first."""
    head = bytes(32)
    found = []
    for row in rows:
        digest = hashlib.sha256(line_of(row).encode()).digest()
        head = hashlib.sha256(head + digest).digest()
        found.append((digest.hex(), head.hex()))
    return found
