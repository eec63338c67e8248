"""The entries of a claim in the log, as a stranger verifies them, and the checkpoint that is signed over them."""

import base64
from dataclasses import dataclass

import orjson
from django.http import HttpRequest

from claims.models.publication import Audience
from claims.proof import note
from claims.proof.stored import newest
from claims.public.bodies import MOST_EVENTS
from claims.public.page import address
from claims.publication import log_proof
from claims.publication.log_proof import ProofRow
from claims.publication.log_reader import Event
from sources.timestamp import timestamp

FORMAT = "factcheck-claim-proof/1"


@dataclass(frozen=True)
class Signed:
    """The newest checkpoint: its text, what it covers and by which key."""

    text: str
    size: int
    hash: str
    at: str
    key: str
    verifier_key: str


def signed() -> Signed | None:
    """The newest checkpoint by our keys; None until the first."""
    row = newest()
    if row is None:
        return None
    origin, public = note.read(row.text).origin, bytes.fromhex(row.key)
    verifier = f"{origin}+{note.key_id(origin, public).hex()}+{base64.b64encode(note.ED25519 + public).decode()}"
    return Signed(row.text, row.size, row.hash, timestamp(row.at), row.key, verifier)


def rows_of(claim: str) -> list[ProofRow]:
    """The public entries of the claim, the oldest first; of more than `MOST_EVENTS` the newest."""
    return log_proof.rows_of(claim, audience=Audience.PUBLIC, limit=MOST_EVENTS)


def file_of(request: HttpRequest, claim: str, events: list[Event], checkpoint: Signed | None) -> bytes:
    """The proof as JSON. It begins with the bodies, byte for byte, in the shape of the change feed.

    So docs/verify_history.py takes its address both as --feed and as --checkpoint.
    """
    bodies = b",".join(b'{"body":%b}' % (b"null" if event.body is None else event.body) for event in events)
    rest = {
        "more": False,
        "next": None,
        "format": FORMAT,
        "claim": claim,
        "entries": [
            {
                "sequence": row.sequence,
                "line": row.line,
                "line_sha256": row.line_sha256,
                "salt": None if row.salt is None else row.salt.hex(),
                "hash": row.hash,
            }
            for row in rows_of(claim)
        ],
        "log": address(request, "proof_log"),
        "script": address(request, "proof_script"),
        "checkpoint": checkpoint.text if checkpoint else None,
        "size": checkpoint.size if checkpoint else None,
        "public_key": checkpoint.key if checkpoint else None,
        "verifier_key": checkpoint.verifier_key if checkpoint else None,
    }
    return b'{"results":[%b],%b' % (bodies, orjson.dumps(rest)[1:])
