"""Publish imported reviews in batches: new rows by COPY and one batch of the publication log, in one transaction.

The rows have the columns of the models, so `claims.publication.body` renders them, and `claims.publication.append`
writes the log. Triggers write the audit and check the chain of hashes (sources/database/audit.py,
claims/models/publication.py), whatever is written here.

A batch holds new claims, reviews that join claims, and new versions of reviews (claims/imports/batches.py builds it).
"""

import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from django.db import IntegrityError, connection, transaction

from claims.json_object import Json
from claims.models import (
    Appearance,
    Article,
    Claim,
    ClaimFingerprint,
    Document,
    ImportedRecord,
    MergeProposal,
    Review,
    ReviewVersion,
    Speaker,
    Statement,
)
from claims.models.publication import Audience
from claims.publication import log_line
from claims.publication.append import Entry, LogBatch, append_batch, prepare, tell_newsrooms_more
from claims.publication.published_claim import ClaimContent
from sources.database.bulk_rows import array_text, copy_rows

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


class FingerprintRow(NamedTuple):
    claim_id: int
    fingerprint: int | None


class ProposalRow(NamedTuple):
    """A claim that says the same as one of our desk, for editors to decide on."""

    claim_id: int
    into_id: int


class Question(NamedTuple):
    """A record that contradicts an imported review: what an `ImportConflict` holds of it."""

    review_id: int
    digest: str
    against: str
    record: Json
    doubt: str


class RecordRow(NamedTuple):
    key: str
    claim_sha: str
    digest: str
    review_id: int
    modified_at: datetime | None
    source: str


class SeenRecord(NamedTuple):
    """What is remembered of a known record: see `ImportedRecord`."""

    digest: str
    earlier_digests: list[str]
    source: str
    modified_at: datetime | None


class ColumnUpdate(list[dict[int, Any]]):
    """New values of one column by the keys of rows. A second value of a row goes into a statement of its own.

    So each value has its row in the audit.
    """

    def put(self, row: int, value: Any) -> None:
        for statement in self:
            if row not in statement:
                statement[row] = value
                return
        self.append({row: value})


@dataclass
class Batch:
    """Rows that are published together, those of each table in the order of their ids."""

    source: str = ""
    """A hash of the file or URL that the records are of (claims/imports/known_reviews.py)."""
    claims: list[ClaimRow] = field(default_factory=list)
    fingerprints: list[FingerprintRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    statements: list[StatementRow] = field(default_factory=list)
    appearances: list[AppearanceRow] = field(default_factory=list)
    articles: list[ArticleRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)
    records: list[RecordRow] = field(default_factory=list)
    proposals: list[ProposalRow] = field(default_factory=list)
    titles: ColumnUpdate = field(default_factory=ColumnUpdate)
    """Of articles."""
    languages: ColumnUpdate = field(default_factory=ColumnUpdate)
    """Of claims."""
    ended_links: dict[tuple[int, str], None] = field(default_factory=dict)
    """Claims with public ids of statements that are no longer of them, in order."""
    links_again: dict[tuple[int, str], AppearanceRow] = field(default_factory=dict)
    """Those of them that a later record of the batch brought back."""
    questions: list[Question] = field(default_factory=list)
    """Records that contradict what is here, for the caller to put to an editor in the same transaction."""
    withdrawals: ColumnUpdate = field(default_factory=ColumnUpdate)
    """Times of withdrawal of reviews, None for those that stand again."""
    changed_records: dict[int, SeenRecord] = field(default_factory=dict)
    """What known records are by now, by the keys of their reviews."""
    imported_claims: set[int] = field(default_factory=set)
    """Claims that were there before, have imported reviews alone and get an event of this batch."""
    entries: list[Entry] = field(default_factory=list)
    bodies: list[ClaimContent] = field(default_factory=list)
    salts: list[bytes] = field(default_factory=list)
    """Of the words of each entry."""
    bodies_beside_own: dict[int, ClaimContent] = field(default_factory=dict)
    """The last body of each claim that a review of our own is of: newsrooms may know more."""

    def publish_new(self, entry: Entry, body: ClaimContent) -> bytes:
        """Add the first event of a new claim; returns the salt of its words."""
        salt = os.urandom(log_line.SALT_BYTES)
        self.entries.append(entry)
        self.bodies.append(body)
        self.salts.append(salt)
        return salt

    def link(self, link: AppearanceRow, statement: str, known: set[tuple[int, int]]) -> None:
        """Link a claim to the statement with this public id, unless it is `known` to be linked already."""
        name = (link.claim_id, statement)
        if name in self.ended_links:
            self.links_again[name] = link
        elif link not in known:
            known.add(link)
            self.appearances.append(link)

    def end_link(self, claim: int, statement: str) -> None:
        """End the link of a claim to the statement with this public id."""
        self.links_again.pop((claim, statement), None)
        self.ended_links[claim, statement] = None

    @cached_property
    def log(self) -> LogBatch:
        """The entries, prepared on first access: best before the transaction, for which others wait."""
        bodies, self.bodies = self.bodies, []  # which take much memory
        return prepare(self.entries, bodies, audience=Audience.PUBLIC, salts=self.salts)


class ClaimChanged(IntegrityError):
    """A claim of the batch is no longer as the batch was built for; it has to be built anew."""


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

    `turn` is called before the log's lock is taken, which is held to commit; it may wait for other batches. Raises
    `IntegrityError` if somebody else has written what the batch takes for new, or changed a claim that it adds to.
    """
    _set_actor(actor, reason)
    with connection.cursor() as cursor:
        cursor.execute(_GIN_SETTINGS)
        cursor.execute(_CHECK_AT_ONCE, [[model._meta.db_table for model in _DEFERRED]])
    _lock_claims(batch)
    for model, kind, rows in (
        (Claim, ClaimRow, batch.claims),
        (ClaimFingerprint, FingerprintRow, batch.fingerprints),
        (Document, DocumentRow, batch.documents),
        (Statement, StatementRow, batch.statements),
        (Appearance, AppearanceRow, batch.appearances),
        (Article, ArticleRow, batch.articles),
        (Review, ReviewRow, batch.reviews),
        (ReviewVersion, VersionRow, batch.versions),
        (ImportedRecord, RecordRow, batch.records),
        (MergeProposal, ProposalRow, batch.proposals),
    ):
        copy_rows(model, kind._fields, rows)
    _update_column(Article, "title", "text", batch.titles)
    _update_column(Review, "withdrawn_at", "timestamptz", batch.withdrawals)
    _update_column(Claim, "language", "text", batch.languages)
    _end_links(list(batch.ended_links))
    copy_rows(Appearance, AppearanceRow._fields, list(batch.links_again.values()))
    _update_records(batch.changed_records)
    turn()
    append_batch(batch.log)
    for claim_id, body in batch.bodies_beside_own.items():
        tell_newsrooms_more(Claim.objects.get(pk=claim_id), public=body)


def _lock_claims(batch: Batch) -> None:
    """Lock the claims that were there before, in the order of keys, and check that they are as they were.

    That nothing of them was published since, a unique index on their versions checks.
    """
    claims = batch.imported_claims | batch.bodies_beside_own.keys()
    if not claims:
        return
    with connection.cursor() as cursor:
        # Also against a new review, which refers to its claim.
        cursor.execute(
            "SELECT id FROM claims_claim WHERE id = ANY(%s::bigint[]) ORDER BY id FOR UPDATE", [array_text(claims)]
        )
        cursor.execute(
            """
            SELECT count(*) FROM claims_claim AS claim WHERE id = ANY(%s::bigint[]) AND (
                merged_into_id IS NOT NULL
                OR EXISTS (SELECT FROM claims_review WHERE claim_id = claim.id AND origin = 'own')
            )
            """,
            [array_text(batch.imported_claims)],
        )
        if cursor.fetchone() != (0,):
            raise ClaimChanged("a claim of this batch was merged or got a review of our own")
        # What was edited since may be out now.
        cursor.execute(
            "UPDATE claims_unpublishededit SET kind = '' WHERE claim_id = ANY(%s::bigint[])", [array_text(claims)]
        )


def _update_column(model: type[Any], column: str, kind: str, update: ColumnUpdate) -> None:
    for values in update:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {model._meta.db_table} AS row SET {column} = new.value"  # noqa: S608 - names of ours
                f" FROM unnest(%s::bigint[], %s::{kind}[]) AS new (id, value) WHERE row.id = new.id",
                [array_text(values), list(values.values())],
            )


def _end_links(links: list[tuple[int, str]]) -> None:
    if not links:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM claims_appearance AS link USING claims_statement AS statement,
                unnest(%s::bigint[], %s::text[]) AS ended (claim_id, statement)
            WHERE statement.id = link.statement_id AND link.claim_id = ended.claim_id
                AND statement.public_id = ended.statement
            """,
            [array_text([claim for claim, _ in links]), array_text([statement for _, statement in links])],
        )


def _update_records(records: dict[int, SeenRecord]) -> None:
    if not records:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_importedrecord AS row SET digest = new.digest, earlier_digests = new.earlier::varchar[],
                source = new.source, modified_at = new.modified_at
            FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::timestamptz[])
                AS new (review_id, digest, earlier, source, modified_at)
            WHERE row.review_id = new.review_id
            """,
            [
                array_text(records),
                array_text([each.digest for each in records.values()]),
                [array_text(each.earlier_digests) if each.earlier_digests else None for each in records.values()],
                array_text([each.source for each in records.values()]),
                [each.modified_at for each in records.values()],
            ],
        )
