"""Publishing imported reviews a batch at a time: the rows and bodies that publishing.append would write, by COPY.

One transaction and one turn under the log's lock a batch. The parts of a body are put together by
claims.publication.body, from rows here that have the columns of the models; what depends on the place in the log is
added under the lock. Triggers write the audit and check the chain (sources/database/audit.py,
claims/models/publication.py), so that nothing here is trusted.

Only for claims that are new: they have one review, no topics, no evidence and no re-check.
"""

import hashlib
import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction

from claims.models import (
    Appearance,
    Article,
    Claim,
    ClaimVersion,
    Document,
    ImportedRecord,
    Publication,
    PublicationBody,
    Review,
    ReviewVersion,
    Speaker,
    Statement,
)
from claims.models.publication import EVERYONE, Audience
from claims.publication.append import filter_columns, next_place, searched_words
from claims.publication.body import Json, timestamp
from sources.database.public_ids import random_ids

_START = "0" * 64
# Entries wait in the index's list for this long instead of 4 MB, and are sorted in one piece: more of them at once are
# cheaper for each.
_PENDING = "SET LOCAL gin_pending_list_limit = '32MB'; SET LOCAL work_mem = '128MB'"
# References are checked as rows are written, not at commit, where the next batch waits for it; but not those to rows of
# a batch before that is not committed yet.
_SHARED = (Document, Statement, Article)
_CHECKED_AT_ONCE = """
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
_JSON = {"content", "figures", "rating_numbers"}


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
    digest: str
    review_id: int
    modified_at: datetime | None


class Event(NamedTuple):
    """One row of the log to be: a claim's body without its place."""

    claim_id: int
    review_id: int
    event: str
    body: Json


class Outgoing(NamedTuple):
    """What the log and its index will hold of a batch, but for its place: the bodies without their last brace, and
    the columns of `ClaimVersion` that its claims are found by, each as the text of an array."""

    bodies: list[bytes]
    columns: dict[str, str]


@dataclass
class Batch:
    """What goes out together. Rows of a table are in the order of their ids."""

    claims: list[ClaimRow] = field(default_factory=list)
    documents: list[DocumentRow] = field(default_factory=list)
    statements: list[StatementRow] = field(default_factory=list)
    appearances: list[AppearanceRow] = field(default_factory=list)
    articles: list[ArticleRow] = field(default_factory=list)
    reviews: list[ReviewRow] = field(default_factory=list)
    versions: list[VersionRow] = field(default_factory=list)
    records: list[RecordRow] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @cached_property
    def outgoing(self) -> Outgoing:
        """Made of the events when it is first asked for: best before the transaction, whose time it would take."""
        return Outgoing([orjson.dumps(event.body)[:-1] for event in self.events], _columns(self.events))

    def finish(self) -> None:
        """Make `outgoing`, and let go of the bodies that it was made of."""
        _ = self.outgoing
        self.events = [event._replace(body={}) for event in self.events]


def new_ids(model: type[Any], count: int) -> list[int]:
    """So many ids of the table that nobody else gets."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def write_speakers(rows: list[SpeakerRow], *, actor: str, reason: str) -> None:
    """Write speakers, in a transaction of their own."""
    if rows:
        with transaction.atomic():
            _name(actor, reason)
            _copy(Speaker, SpeakerRow._fields, rows)


def _name(actor: str, reason: str) -> None:
    """COPY passes by what pghistory adds to statements, so the actor is set for the whole transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(uuid.uuid4()), orjson.dumps({"actor": actor, "reason": reason}).decode()],
        )


def publish_batch(batch: Batch, *, actor: str, reason: str, turn: Callable[[], object] = lambda: None) -> None:
    """Write all rows and one publication an event, for everybody to see. Inside the caller's transaction.

    `turn` is called before a place in the log is taken, which is held to commit: it may wait for others to have theirs.
    """
    _name(actor, reason)
    with connection.cursor() as cursor:
        cursor.execute(_PENDING)
        cursor.execute(_CHECKED_AT_ONCE, [[model._meta.db_table for model in _SHARED]])
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
        _copy(model, kind._fields, rows)
    turn()
    if batch.events:
        _append(batch.events, batch.outgoing)


def _append(events: list[Event], outgoing: Outgoing) -> None:
    sequence, at = next_place()
    previous = _head()
    told = timestamp(at)
    log, bodies = [], []
    names = random_ids("pub", len(events))
    for place, (event, text, name) in enumerate(zip(events, outgoing.bodies, names, strict=True), start=sequence):
        tail = {
            "event": event.event,
            "version": 1,
            "sequence": place,
            "changed_at": told,
            "first_published_at": told,
        }
        body = b"%b,%b" % (text, orjson.dumps(tail)[1:])
        body_sha256 = hashlib.sha256(body).hexdigest()
        line = (
            f"{previous}\n{place}\n{told}\n{event.event}\n{Audience.PUBLIC.value}\n{event.claim_id}\n"
            f"{event.review_id}\n1\n{body_sha256}"
        )
        own = hashlib.sha256(line.encode()).hexdigest()
        log.append(
            (
                place, name, at, event.event, Audience.PUBLIC.value, event.claim_id, event.review_id, 1,
                body_sha256, previous, own,
            )
        )  # fmt: skip
        bodies.append((place, body))
        previous = own
    _copy(
        Publication,
        (
            "sequence", "public_id", "at", "event", "audience", "claim_id", "review_id", "version", "body_sha256",
            "previous_hash", "hash",
        ),
        log,
    )  # fmt: skip
    _copy(PublicationBody, ("publication_id", "json"), bodies)
    _index(outgoing.columns, sequence, at)


def _head() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM claims_publication ORDER BY sequence DESC LIMIT 1")
        row = cursor.fetchone()
    return row[0] if row else _START


def _copy(model: type[Any], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        connection.wrap_database_errors,  # the cursor's own way with errors is not taken by COPY
        cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy,
    ):
        json = [place for place, column in enumerate(columns) if column in _JSON]
        for row in rows:
            if json:
                row = list(row)
                for place in json:
                    row[place] = None if row[place] is None else orjson.dumps(row[place]).decode()
            copy.write_row(row)


def _columns(events: list[Event]) -> dict[str, str]:
    columns: dict[str, list[Any]] = {
        "claim_id": [event.claim_id for event in events],
        "claim_public_id": [event.body["id"] for event in events],
    }
    filters = [filter_columns(event.body) for event in events]
    for column in ClaimVersion._meta.concrete_fields if filters else ():
        if (name := column.name) in filters[0]:
            is_list = isinstance(column, ArrayField)
            columns[column.column or name] = [array(each[name]) if is_list else each[name] for each in filters]
    columns["words"] = [searched_words(event.body) for event in events]
    return {name: array(values) for name, values in columns.items()}


def _index(columns: dict[str, str], sequence: int, at: datetime) -> None:
    """The rows of `ClaimVersion`. The search is indexed by the database's own words."""
    kept = [name for name in columns if name != "words"]
    types = {field.column: field.db_type(connection) for field in ClaimVersion._meta.concrete_fields}
    given = ", ".join("%s::bigint[]" if name == "claim_id" else "%s::text[]" for name in columns)
    shown = ", ".join(f"r.{name}::{types[name]}" for name in kept)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO claims_claimversion
                ({", ".join(kept)}, search, publication_id, sequence_from, audience, changed_at, first_published_at)
            SELECT {shown}, to_tsvector('simple', r.words), %s + r.nth, %s + r.nth, %s, %s, %s
            FROM unnest({given}) WITH ORDINALITY AS r({", ".join(columns)}, nth)
            """,  # noqa: S608 - columns of a model
            [sequence - 1, sequence - 1, EVERYONE, at, at, *columns.values()],
        )


def array(values: Collection[Any]) -> str:
    """The values as the text of an array, for a parameter: the library's own way takes ten times as long."""
    if not values:
        return "{}"
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
