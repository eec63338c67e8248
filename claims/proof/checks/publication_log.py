"""Recompute the publication log: its chain, its lines, what its rows commit to, and the index made from it."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db import connection

from claims.models import facet_count
from claims.models.publication import WORD_EVENTS
from claims.proof.finding import Finding, some
from claims.publication import log_line, published_claim, rebuild
from claims.publication.words import words_sha256
from sources.timestamp import timestamp

LISTED = 20
"""Findings of one kind that are listed one by one; the rest is counted."""
_INDEX_BATCH = 400
_ROWS = """
    SELECT row.sequence, row.public_id, row.at, row.event, row.audience, row.claim_id, claim.public_id,
        row.review_id, review.public_id, row.version, row.commitment, row.line_sha256, row.hash,
        body.json, body.salt, body.words_salt, body.words_sha256
    FROM claims_publication AS row
    LEFT JOIN claims_claim AS claim ON claim.id = row.claim_id
    LEFT JOIN claims_review AS review ON review.id = row.review_id
    LEFT JOIN claims_publicationbody AS body ON body.publication_id = row.sequence
    ORDER BY row.sequence
"""
_REDACTED = "SELECT claim_id, max(sequence) FROM claims_publication WHERE event = 'redacted' GROUP BY claim_id"
_NEW_WORDS = f"""
    SELECT sequence FROM (
        SELECT row.sequence, row.event, body.words_sha256,
            lag(body.words_sha256) OVER (PARTITION BY row.claim_id ORDER BY row.version) AS before
        FROM claims_publication AS row
        LEFT JOIN claims_publicationbody AS body ON body.publication_id = row.sequence
    ) AS each
    WHERE event NOT IN ({", ".join(f"'{event}'" for event in WORD_EVENTS)}) AND before <> words_sha256
    ORDER BY sequence
"""  # noqa: S608 - what is put in is ours
_STRAY = """
    SELECT body.publication_id FROM claims_publicationbody AS body
    WHERE NOT EXISTS (SELECT FROM claims_publication AS row WHERE row.sequence = body.publication_id) ORDER BY 1
"""


class _Row(NamedTuple):
    sequence: int
    public_id: str
    at: datetime
    event: str
    audience: str
    claim_id: int
    claim: str | None
    review_id: int | None
    review: str | None
    version: int
    commitment: str
    line_sha256: str
    hash: str
    json: Any
    salt: Any
    words_salt: Any
    words_sha256: Any


def log(each_row: Callable[[int, str], object] = lambda sequence, hash: None) -> Iterator[Finding]:
    """Recompute every row of the log, in order. `each_row` is told the sequence and the recomputed hash of each."""
    counted: Counter[str] = Counter()
    for kind, sentence in _recompute(each_row):
        counted[kind] += 1
        if counted[kind] <= LISTED:
            yield Finding("log", sentence)
    for kind, number in counted.items():
        if number > LISTED:
            yield Finding("log", f"{number - LISTED:,} more rows of the log have {kind}.")
    with connection.cursor() as cursor:
        cursor.execute(_NEW_WORDS)
        for sequence in _some(cursor, "log entries publish other words than the entry before, though they may not"):
            yield sequence
        cursor.execute(_STRAY)
        for sequence in _some(cursor, "bodies belong to no entry of the log"):
            yield sequence


def _some(cursor: Any, what: str) -> Iterator[Finding]:
    found = [sequence for (sequence,) in cursor.fetchall()]
    if found:
        yield Finding("log", f"{len(found):,} {what}: {some(found[:5], len(found))}.")


def _recompute(each_row: Callable[[int, str], object]) -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_REDACTED)
        redacted: dict[int, int] = dict(cursor.fetchall())
    before: _Row | None = None
    head = bytes.fromhex(log_line.NO_HASH)
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        for row in map(_Row._make, cursor):
            sequence = row.sequence
            following = before.sequence + 1 if before else 1
            if sequence != following:
                yield "a gap before", f"Row {following} of the log is missing: row {sequence} follows {following - 1}."
            if before and row.at < before.at:
                yield "an earlier time", f"Row {sequence} of the log is dated before the row that it follows."
            digest = _line_digest(row)
            if digest.hex() != row.line_sha256:
                yield (
                    "another line",
                    f"Row {sequence} of the log was changed: its line has another hash.",
                )
            head = log_line.linked(head, digest)
            if head.hex() != row.hash:
                yield "another hash", f"Row {sequence} of the log does not continue the chain of hashes."
                head = log_line.read_hash(row.hash) or head  # so that one change is one finding
            each_row(sequence, row.hash)
            yield from _body(row, redacted)
            before = row


def _line_digest(row: _Row) -> bytes:
    line = log_line.line(
        row.sequence, timestamp(row.at), row.event, row.audience, row.public_id, row.claim or "", row.review or "",
        row.version, row.commitment,
    )  # fmt: skip
    return hashlib.sha256(line.encode()).digest()


def _body(row: _Row, redacted: dict[int, int]) -> Iterator[tuple[str, str]]:
    if row.json is None:
        if row.sequence > redacted.get(row.claim_id, 0):
            yield (
                "no body",
                f"The body of row {row.sequence} of the log is gone, and no later row says that it was redacted.",
            )
        return
    body = bytes(row.json)
    if log_line.commitment(bytes(row.salt), body) != row.commitment:
        yield "another body", f"The body of row {row.sequence} of the log is not the one that the row commits to."
        return
    try:
        words = published_claim.words(orjson.loads(body))
    except (ValueError, KeyError, TypeError):
        yield "an unreadable body", f"The body of row {row.sequence} of the log is no claim."
        return
    if words_sha256(words, bytes(row.words_salt)) != bytes(row.words_sha256):
        yield "other words", f"The hash of the words beside row {row.sequence} of the log is not that of its body."


def index() -> Iterator[Finding]:
    """Compare the index that lists and filters use with the log, as `manage.py rebuild_index` does."""
    after: int | None = None
    wrong: list[int] = []
    number = 0
    while claims := rebuild.claims_after(after, _INDEX_BATCH):
        different = sorted(rebuild.differing(claims))
        number += len(different)
        wrong = [*wrong, *different][:5]
        after = claims[-1]
    if number:
        yield Finding(
            "index",
            f"The index says of {number:,} claims what the log does not say (ids {some(list(wrong), number)}); after "
            "you know who changed it, run manage.py rebuild_index.",
        )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({facet_count.WRONG}) AS wrong")  # noqa: S608 - no value is put in
        (facets,) = cursor.fetchone()
    if facets:
        yield Finding("index", f"{facets:,} counts of the index are wrong; manage.py rebuild_index puts them right.")
