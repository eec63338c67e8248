"""The line of a row of the publication log, and the chain of hashes over all lines.

    commitment   sha256(salt + body)                  binds the row to a body without telling anything of it
    line         ten lines of text, see `line`
    line_sha256  sha256(line)                         all that is told of a row that the asker may not read
    hash         sha256(previous hash + line_sha256)  over the 32 + 32 bytes; the first row follows 32 zero bytes

Digests are written as 64 hexadecimal digits. The format never changes: strangers hold hashes of it. The same in SQL is
in claims/models/publication.py; docs/log.md says how a stranger verifies it.
"""

import hashlib
import re

FORMAT = "factcheck-log/1"
SALT_BYTES = 32
NO_HASH = "0" * 64
"""What the first row follows."""


def commitment(salt: bytes, body: bytes) -> str:
    """The hash that binds a row to its body."""
    digest = hashlib.sha256(salt)
    digest.update(body)
    return digest.hexdigest()


def line(
    sequence: int,
    at: str,
    event: str,
    audience: str,
    publication: str,
    claim: str,
    review: str,
    version: int,
    commitment: str,
) -> str:
    """The line of a row. `at` is in UTC with microseconds; ids are public ids; `review` is empty if there is none."""
    return f"{FORMAT}\n{sequence}\n{at}\n{event}\n{audience}\n{publication}\n{claim}\n{review}\n{version}\n{commitment}"


def linked(previous: bytes, line_digest: bytes) -> bytes:
    """The hash of a row, as 32 bytes, from that of the row before it and the digest of its line."""
    return hashlib.sha256(previous + line_digest).digest()


def read_hash(text: str) -> bytes | None:
    """A hash as its 32 bytes; None for what is no hash."""
    return bytes.fromhex(text) if re.fullmatch("[0-9a-f]{64}", text) else None
