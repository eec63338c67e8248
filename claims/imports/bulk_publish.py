"""Publish imported reviews in batches: rows by COPY and one batch of the publication log, in one transaction.

The rows have the columns of the models, so `claims.publication.body` renders them, and `claims.publication.append`
writes the log. Triggers write the audit and check the chain of hashes (sources/database/audit.py,
claims/models/publication.py), whatever is written here.

Only for new claims: they have one review, no topics, no evidence and no re-check.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from django.db import connection, transaction

from claims.models import (
    Appearance,
    Article,
    Claim,
    Document,
    ImportedRecord,
    Review,
    ReviewVersion,
    Speaker,
    Statement,
)
from claims.models.publication import Audience
from claims.publication.append import Entry, LogBatch, append_batch, prepare
from claims.publication.published_claim import ClaimContent
from sources.database.bulk_rows import copy_rows

# Larger than the default of 4 MB: GIN indexes merge more pending entries at once, which costs less for each.
_GIN_SETTINGS = "SET LOCAL gin_pending_list_limit = '32MB'; SET LOCAL work_mem = '128MB'"
# Foreign keys are checked as rows are written, not at commit, for which the next batch waits. References to these
# models stay deferred: they may be to rows of an earlier batch that is not committed yet.
_DEFERRED = (Document, Statement, Article)
_CHECK_AT_ONCE = """
    DO $$
    DECLARE
        names text;
    BEGIN
        SELECT string_agg(quote_ident(conname), ', ') INTO names FROM pg_constraint
        WHERE contype = 'f' AND condeferred AND connamespace = 'public'::regnamespace
            AND confrelid <> ALL (%s::regclass[]);
        EXECUTE 'SET CONSTRAINTS ' || names || ' IMMEDIATE';
    END $$
"""


class ClaimRow(NamedTuple):
    id: int
    public_id: str
    text: str
    language: str
    period_start: date | None
    period_end: date | None
    place: str
    is_demo: bool = False


class SpeakerRow(NamedTuple):
    id: int
    public_id: str
    name: str
    kind: str
    role: str
    wikidata_id: str
    aliases: str = "{}"
    is_demo: bool = False


class DocumentRow(NamedTuple):
    id: int
    public_id: str
    kind: str
    title: str
    text: str
    text_sha256: str
    url: str
    canonical_url: str
    url_key: str
    publisher: str
    published_on: date | None
    language: str
    is_demo: bool = False


class StatementRow(NamedTuple):
    id: int
    public_id: str
    document_id: int
    text: str
    start: int
    end: int
    content: list[list[int]]
    speaker_id: int | None
    speaker_as_written: str
    quoted: bool
    cue: str = ""
    figures: tuple[()] = ()
    checkworthy: bool = False
    checkworthy_reasons: str = "{}"


class AppearanceRow(NamedTuple):
    claim_id: int
    statement_id: int


class ArticleRow(NamedTuple):
    id: int
    public_id: str
    organisation_id: int
    url: str
    title: str
    language: str
    url_key: str


class ReviewRow(NamedTuple):
    id: int
    public_id: str
    claim_id: int
    organisation_id: int
    article_id: int
    withdrawn_at: datetime | None
    origin: str = Review.Origin.IMPORTED.value


class VersionRow(NamedTuple):
    review_id: int
    number: int
    kind: str
    correction_kind: str
    rating_id: int | None
    rating_as_given: str
    rating_numbers: Sequence[float | None] | None
    summary: str
    body: str
    true_as_of: date | None
    public_note: str
    published_at: datetime
    state: str = ReviewVersion.State.PUBLISHED.value
    approved_sha256: str = ""


class RecordRow(NamedTuple):
    key: str
    claim_sha: str
    digest: str
    review_id: int
    modified_at: datetime | None


@dataclass
class Batch:
    """Rows that are published together, those of each table in the order of their ids."""

    claims: list[ClaimRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    statements: list[StatementRow] = field(default_factory=list)
    appearances: list[AppearanceRow] = field(default_factory=list)
    articles: list[ArticleRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)
    records: list[RecordRow] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    bodies: list[ClaimContent] = field(default_factory=list)

    @cached_property
    def log(self) -> LogBatch:
        """The entries, prepared on first access: best before the transaction, for which others wait."""
        bodies, self.bodies = self.bodies, []  # which take much memory
        return prepare(self.entries, bodies, audience=Audience.PUBLIC)


def reserve_ids(model: type[Any], count: int) -> list[int]:
    """Reserve ids of the model's table."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def write_speakers(rows: list[SpeakerRow], *, actor: str, reason: str) -> None:
    """Write speakers in a transaction of their own."""
    if rows:
        with transaction.atomic():
            _set_actor(actor, reason)
            copy_rows(Speaker, SpeakerRow._fields, rows)


def _set_actor(actor: str, reason: str) -> None:
    """Set the actor for the transaction: pghistory adds it to statements, but not to COPY."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), orjson.dumps({"actor": actor, "reason": reason}).decode()],
        )


def publish_batch(batch: Batch, *, actor: str, reason: str, turn: Callable[[], object] = lambda: None) -> None:
    """Write the rows and append their events for everyone, inside the caller's transaction.

    `turn` is called before the log's lock is taken, which is held to commit; it may wait for other batches.
    """
    _set_actor(actor, reason)
    with connection.cursor() as cursor:
        cursor.execute(_GIN_SETTINGS)
        cursor.execute(_CHECK_AT_ONCE, [[model._meta.db_table for model in _DEFERRED]])
    for model, kind, rows in (
        (Claim, ClaimRow, batch.claims),
        (Document, DocumentRow, batch.documents),
        (Statement, StatementRow, batch.statements),
        (Appearance, AppearanceRow, batch.appearances),
        (Article, ArticleRow, batch.articles),
        (Review, ReviewRow, batch.reviews),
        (ReviewVersion, VersionRow, batch.versions),
        (ImportedRecord, RecordRow, batch.records),
    ):
        copy_rows(model, kind._fields, rows)
    turn()
    append_batch(batch.log)
