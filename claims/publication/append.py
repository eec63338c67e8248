"""Append events, with the claims' finished JSON and index entries, to the publication log, under its lock.

A single event is a batch of one (`append`); an import writes thousands (claims/imports/bulk_publish.py).
"""

import hashlib
import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.contrib.postgres.fields import ArrayField
from django.db import connection, transaction
from django.db.models import Max, Min

from claims import causes
from claims.formats import google_factcheck
from claims.formats.suspended import is_suspended, shown_rating
from claims.json_object import Json
from claims.mapped_verdicts import DeskLabels, mapped_verdicts
from claims.models import (
    Claim,
    ClaimVersion,
    Publication,
    PublicationBody,
    Recheck,
    Review,
    ReviewVersion,
    UnpublishedEdit,
)
from claims.models.publication import EVERYONE, Audience
from claims.publication import body_parts, log_line, published_claim
from claims.publication.overlay import lay_over, open_rechecks
from claims.publication.published_claim import ClaimContent, LogPlace
from claims.publication.words import LastWords, last_words, words_sha256
from claims.rating_scales.scales import SCALES_VERSION
from sources.database.bulk_rows import array_text, copy_rows
from sources.database.locks import Lock, lock_until_commit
from sources.database.public_ids import random_ids
from sources.pages import host_of
from sources.timestamp import timestamp

# The event of the log by the kind of the review version that is published.
EVENTS = {
    ReviewVersion.Kind.ORIGINAL: Publication.Event.PUBLISHED,
    ReviewVersion.Kind.UPDATE: Publication.Event.UPDATED,
    ReviewVersion.Kind.CLARIFICATION: Publication.Event.CLARIFIED,
    ReviewVersion.Kind.CORRECTION: Publication.Event.CORRECTED,
    ReviewVersion.Kind.WITHDRAWAL: Publication.Event.WITHDRAWN,
}


class Entry(NamedTuple):
    """One event to append to the log; `claim` and `review` are public ids, `review` empty if there is none.

    `version` counts the events of the claim; `first_published_at` is None for its first event.
    """

    claim_id: int
    review_id: int | None
    claim: str
    review: str
    event: str
    version: int = 1
    first_published_at: datetime | None = None

    @classmethod
    def of(
        cls,
        claim: Claim,
        review: Review | None,
        event: str,
        version: int = 1,
        first_published_at: datetime | None = None,
    ) -> "Entry":
        """The entry of a claim, and of the review that the event is about."""
        ids = (claim.pk, review.pk if review else None, claim.public_id, review.public_id if review else "")
        return cls(*ids, event, version, first_published_at)


class LogBatch(NamedTuple):
    """Entries for one audience, prepared so that little is left to do under the log's lock.

    Of several entries of one claim each has the next version, and all have the same salt of words.

    `bodies` lack their last brace; `words` are salt and hash of the words of each; `columns` are those of
    `ClaimVersion`, each as the text of an array.
    """

    audience: str
    entries: Sequence[Entry]
    bodies: Sequence[bytes]
    words: Sequence[tuple[bytes, bytes]]
    columns: dict[str, str]


class _LogRow(NamedTuple):
    """The columns of `Publication`, in the model's order."""

    sequence: int
    public_id: str
    at: datetime
    event: str
    audience: str
    claim_id: int
    review_id: int | None
    version: int
    commitment: str
    line_sha256: str
    hash: str


class NothingPublished(Exception):
    """The claim has no body yet, so an event that publishes nothing has no words to keep."""


def append(
    claim: Claim, *, event: str, audience: str, review: Review | None = None, words: Json | None = None
) -> Publication:
    """Append one event with the claim's finished JSON, inside the caller's transaction.

    `words` are those that two people approved, or that were imported; without them the event keeps the words of the
    claim's last body. Raises `NothingPublished` if there is none.

    Sequence and time follow commit order: they are read under an advisory lock that is held to commit.
    If newsrooms may know more than the public, such as a re-check that no editor has confirmed or one that was
    dismissed, a public event is followed by a second row that tells them again: each body is safe for its audience.
    """
    with transaction.atomic():
        Claim.objects.select_for_update().get(pk=claim.pk)
        last = last_words(claim)
        body = lay_over(_kept(claim, last) if words is None else words, claim, audience=audience)
        publication = _append_one(claim, event=event, audience=audience, review=review, last=last, body=body)
        if words is not None:  # what was edited since may be out now
            UnpublishedEdit.objects.filter(claim=claim).update(kind="")
        if audience == Audience.PUBLIC:
            tell_newsrooms_more(claim, public=body)
        return publication


def append_together(changes: Sequence[tuple[Claim, Json]], *, event: str) -> list[Publication]:
    """Append a public event for each of these claims with its words, in order and at the same time.

    Inside the caller's transaction, which has locked the claims. For words that two people approved of all of them.
    """
    parts = [(claim, last_words(claim), lay_over(words, claim, audience=Audience.PUBLIC)) for claim, words in changes]
    found = _append_all(parts, event=event, audience=Audience.PUBLIC, review=None)
    UnpublishedEdit.objects.filter(claim__in=[claim for claim, _ in changes]).update(kind="")
    for claim, _, body in parts:
        tell_newsrooms_more(claim, public=body, event=event)
    return found


def tell_newsrooms_more(claim: Claim, *, public: ClaimContent, event: str = "") -> None:
    """Append what newsrooms may know beyond the body that was just appended for everyone, if there is anything.

    With `event` as that event: a re-check that was raised earlier is not raised by it again.
    """
    hidden = open_rechecks(claim, Audience.NEWSROOMS).filter(state=Recheck.State.RAISED).first()
    about = hidden or Recheck.objects.filter(review__claim=claim).select_related("review").order_by("-pk").first()
    if about is None:
        return
    last = last_words(claim)
    body = lay_over(_kept(claim, last), claim, audience=Audience.NEWSROOMS)
    if hidden is None and _news(public) == _news(body):
        return
    if event:
        _append_one(claim, event=event, audience=Audience.NEWSROOMS, review=None, last=last, body=body)
        return
    told = Publication.Event.RECHECK_OPEN if about.is_open else Publication.Event.RECHECK_DISMISSED
    if hidden is None and _news(public) == _news(_without_letters(body)):
        told = Publication.Event.SOURCE_ASKED
    _append_one(claim, event=told, audience=Audience.NEWSROOMS, review=about.review, last=last, body=body)


def _without_letters(body: ClaimContent) -> Json:
    verification = {name: value for name, value in body["verification"].items() if name != "source_requests"}
    return {**body, "verification": verification}


def append_news(claim: Claim, *, event: str, review: Review) -> Publication | None:
    """Append a machine's event for newsrooms, unless they would read nothing new: then the log stays as it is.

    Inside the caller's transaction, which has locked the claim. When a quote was last looked for is no news by itself.
    """
    last = last_words(claim)
    body = lay_over(_kept(claim, last), claim, audience=Audience.NEWSROOMS)
    # Newsrooms are told of every event, so the claim's last body is theirs, unless it was redacted.
    if last is not None and _same_news(last.body, orjson.loads(orjson.dumps(body))):
        newest = claim.publications.aggregate(version=Max("version"))["version"]
        if last.body["version"] == newest:
            return None
    return _append_one(claim, event=event, audience=Audience.NEWSROOMS, review=review, last=last, body=body)


def _same_news(last: Json, now: Json) -> bool:
    """Whether a body says nothing that the last one did not say, apart from its place in the log."""
    content = {name: value for name, value in last.items() if name not in LogPlace.__annotations__}
    return bool(_news(content) == _news(now))


_NO_NEWS = ("checked_at", "seen_at_least_until")


def _news(body: Any) -> Any:
    """The body without the times of the last looks at quotes, and notices without the dates they bear."""
    if isinstance(body, dict):
        return {
            name: causes.without_dates(body.get("cause", ""), value)
            if name == "notice" and isinstance(value, str)
            else _news(value)
            for name, value in body.items()
            if name not in _NO_NEWS
        }
    if isinstance(body, list):
        return [_news(value) for value in body]
    return body


def body_now(claim: Claim, *, audience: str) -> ClaimContent:
    """The body that an event which publishes no other words would write now. Raises `NothingPublished`."""
    return lay_over(words_now(claim), claim, audience=audience)


def words_now(claim: Claim) -> Json:
    """The words of that body alone, which is much cheaper. Raises `NothingPublished`."""
    return _kept(claim, last_words(claim))


def _kept(claim: Claim, last: LastWords | None) -> Json:
    if last is None:
        raise NothingPublished(f"{claim.public_id} has no published words")
    return last.words


def _append_one(
    claim: Claim,
    *,
    event: str,
    audience: str,
    review: Review | None,
    last: LastWords | None,
    body: ClaimContent,
) -> Publication:
    [publication] = _append_all([(claim, last, body)], event=event, audience=audience, review=review)
    return publication


def _append_all(
    parts: Sequence[tuple[Claim, LastWords | None, ClaimContent]], *, event: str, audience: str, review: Review | None
) -> list[Publication]:
    entries, salts = [], []
    for claim, last, _ in parts:
        earlier = claim.publications.aggregate(version=Max("version"), first=Min("at"))
        entries.append(Entry.of(claim, review, event, (earlier["version"] or 0) + 1, earlier["first"]))
        salts.append(last.salt if last else os.urandom(log_line.SALT_BYTES))
    rows = append_batch(prepare(entries, [body for *_, body in parts], audience=audience, salts=salts))
    found = [Publication.from_db(connection.alias, _LogRow._fields, row) for row in rows]
    for publication, (claim, *_) in zip(found, parts, strict=True):
        publication.claim, publication.review = claim, review
    return found


def prepare(
    entries: Sequence[Entry], bodies: Sequence[ClaimContent], *, audience: str, salts: Sequence[bytes] | None = None
) -> LogBatch:
    """Serialize the bodies, hash their words and compute their index columns: best before the log is locked.

    `salts` are those of the words of the claims' last bodies; new ones are drawn without them.
    """
    salts = salts or [os.urandom(log_line.SALT_BYTES) for _ in entries]
    words = [(salt, words_sha256(published_claim.words(body), salt)) for body, salt in zip(bodies, salts, strict=True)]
    texts = [orjson.dumps(body)[:-1] for body in bodies]
    return LogBatch(audience, entries, texts, words, _index_columns(entries, bodies))


def append_batch(batch: LogBatch) -> list[_LogRow]:
    """Append the entries in order, inside the caller's transaction, which has locked their claims; return the rows.

    Other writers of the log wait until it is committed.
    """
    if not batch.entries:
        return []
    sequence, at, head = _next_place()
    changed_at = timestamp(at)
    rows, bodies = [], []
    names = random_ids("pub", len(batch.entries))
    salts = os.urandom(log_line.SALT_BYTES * len(batch.entries))
    parts = zip(batch.entries, batch.bodies, batch.words, names, strict=True)
    for place, (entry, text, words, name) in enumerate(parts, start=sequence):
        tail: LogPlace = {
            "event": entry.event,
            "version": entry.version,
            "sequence": place,
            "changed_at": changed_at,
            "first_published_at": timestamp(entry.first_published_at or at),
        }
        body = b"%b,%b" % (text, orjson.dumps(tail)[1:])
        salt = salts[(place - sequence) * log_line.SALT_BYTES :][: log_line.SALT_BYTES]
        commitment = log_line.commitment(salt, body)
        line = log_line.line(
            place, changed_at, entry.event, batch.audience, name, entry.claim, entry.review, entry.version, commitment
        )
        digest = hashlib.sha256(line.encode())
        head = log_line.linked(head, digest.digest())
        rows.append(
            _LogRow(
                place, name, at, entry.event, batch.audience, entry.claim_id, entry.review_id, entry.version,
                commitment, digest.hexdigest(), head.hex(),
            )
        )  # fmt: skip
        bodies.append((place, body, salt, *words))
    copy_rows(Publication, _LogRow._fields, rows)
    copy_rows(PublicationBody, ("publication_id", "json", "salt", "words_salt", "words_sha256"), bodies)
    _index(batch, sequence, at)
    return rows


def _next_place() -> tuple[int, datetime, bytes]:
    """Lock the log until commit; return sequence and time of its next row, and the hash that it follows."""
    lock_until_commit(Lock.LOG)
    with connection.cursor() as cursor:
        # now() is when the transaction began and disagrees with commit order; a clock set back must not.
        cursor.execute(
            """
            SELECT COALESCE(max(sequence), 0) + 1, greatest(max(at), clock_timestamp()),
                COALESCE(max(hash), repeat('0', 64))
            FROM (SELECT sequence, at, hash FROM claims_publication ORDER BY sequence DESC LIMIT 1) AS head
            """
        )
        sequence, at, head = cursor.fetchone()
    return sequence, at, bytes.fromhex(head)


def _index(batch: LogBatch, sequence: int, at: datetime) -> None:
    """Make the new publications the current answers for every audience that may see them."""
    newest: dict[int, int] = {}
    closing: dict[int, int] = {}
    ends: list[int | None] = [None] * len(batch.entries)
    for place, entry in enumerate(batch.entries, start=sequence):
        if (before := newest.get(entry.claim_id)) is not None:
            ends[before - sequence] = place
        elif entry.version > 1:
            closing[entry.claim_id] = place
        newest[entry.claim_id] = place
    _close(closing, audience=batch.audience)
    kept = [name for name in batch.columns if name != "words"]
    types = {field.column: field.db_type(connection) for field in ClaimVersion._meta.concrete_fields}
    parameters = ", ".join("%s::bigint[]" if name == "claim_id" else "%s::text[]" for name in batch.columns)
    values = {name: f"r.{name}::{types[name]}" for name in kept}
    values["first_published_at"] = f"COALESCE({values['first_published_at']}, %s)"
    audience = batch.audience if batch.audience == Audience.NEWSROOMS else EVERYONE
    with connection.cursor() as cursor:
        # A tsvector holds 1 MB at most; a tenth of that in text is far from it.
        cursor.execute(
            f"""
            INSERT INTO claims_claimversion
                ({", ".join(values)}, search, publication_id, sequence_from, sequence_to, audience, changed_at)
            SELECT {", ".join(values.values())}, to_tsvector('simple', r.words), %s + r.nth, %s + r.nth, r.ended, %s, %s
            FROM unnest({parameters}, %s::bigint[]) WITH ORDINALITY AS r({", ".join(batch.columns)}, ended, nth)
            """,  # noqa: S608 - columns of a model
            [at, sequence - 1, sequence - 1, audience, at, *batch.columns.values(), array_text(ends)],
        )


def _close(claims: dict[int, int], *, audience: str) -> None:
    """Close the current versions of these claims for the audience, each at the sequence that follows it.

    For newsrooms alone, the public's version stays open.
    """
    if audience == Audience.NEWSROOMS:
        for claim_id, sequence in claims.items():
            _close_for_newsrooms(claim_id, sequence)
    elif claims:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE claims_claimversion AS version SET sequence_to = ended.sequence
                FROM unnest(%s::bigint[], %s::bigint[]) AS ended (claim_id, sequence)
                WHERE version.claim_id = ended.claim_id AND version.sequence_to IS NULL
                """,
                [array_text(claims.keys()), array_text(claims.values())],
            )


def _close_for_newsrooms(claim_id: int, sequence: int) -> None:
    versions = ClaimVersion.objects.filter(claim=claim_id, sequence_to__isnull=True)
    shared = versions.filter(audience=EVERYONE).first()
    if shared is not None:
        ClaimVersion.objects.filter(pk=shared.pk).update(audience=Audience.PUBLIC)
        shared.pk, shared.audience, shared.sequence_to = None, Audience.NEWSROOMS, sequence
        shared.save(force_insert=True)
    versions.filter(audience=Audience.NEWSROOMS).update(sequence_to=sequence)


def _index_columns(entries: Sequence[Entry], bodies: Sequence[ClaimContent]) -> dict[str, str]:
    columns: dict[str, list[Any]] = {
        "claim_id": [entry.claim_id for entry in entries],
        "claim_public_id": [body["id"] for body in bodies],
        "first_published_at": [timestamp(entry.first_published_at) for entry in entries],
    }
    desk = DeskLabels()
    filters = [filter_columns(body, desk) for body in bodies]
    for field in ClaimVersion._meta.concrete_fields if filters else ():
        if (name := field.name) in filters[0]:
            columns[field.column or name] = [_column_value(field, each[name]) for each in filters]
    columns["words"] = [searched_words(body) for body in bodies]
    return {name: array_text(values) for name, values in columns.items()}


def _column_value(field: Any, value: Any) -> Any:
    """The value as `array_text` takes it: lists and JSON as text."""
    if isinstance(field, ArrayField):
        return array_text(value)
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


def filter_columns(body: ClaimContent, desk: DeskLabels | None = None) -> dict[str, Any]:
    """The columns of `ClaimVersion` that lists are filtered by, without the search vector.

    A batch shares `desk`, so that the desk's own labels are read once.
    """
    reviews = body["reviews"]
    evidence = [item for review in reviews for item in review["evidence"] if "page" in item]
    speakers = [statement["speaker"] for statement in body["statements"] if statement["speaker"]]
    ratings = [rating for review in reviews if (rating := shown_rating(review))]
    verdicts = {rating["verdict"] for rating in ratings if rating["verdict"]}
    mapped = mapped_verdicts(body, desk or DeskLabels())
    return {
        "verification": body["verification"]["status"],
        "language": body["language"],
        "verdicts": _distinct(verdicts),
        "all_verdicts": _distinct(verdicts | {each["verdict"] for each in mapped.values()} if mapped else verdicts),
        "verdict_mapped": mapped or None,
        "scales_version": SCALES_VERSION,
        "ratings": _distinct(rating["label"] for rating in ratings),
        "topics": _distinct(topic["slug"] for topic in body["topics"]),
        "speakers": _distinct(speaker["id"] for speaker in speakers),
        "organisations": _distinct(review["organisation"]["id"] for review in reviews),
        "sources": _distinct(item["source"]["id"] for item in evidence),
        "pages": _distinct(item["page"]["id"] for item in evidence),
        "sites": google_factcheck.sites(body),
        "newest_on": google_factcheck.newest_on(body),
        "hosts": _distinct(host_of(item["page"]["url"]) for item in evidence),
        "rating_steps": body_parts.rating_steps(body),
        "contained_ids": body_parts.contained_ids(body),
    }


def searched_words(body: ClaimContent) -> str:
    """The text to search: at most 100,000 characters, without the findings of reviews that are suspended."""
    texts = [body["text"], *(review["summary"] or "" for review in body["reviews"] if not is_suspended(review))]
    texts += [statement["text"] for statement in body["statements"]]
    texts += [statement["speaker"]["name"] for statement in body["statements"] if statement["speaker"]]
    return "\n".join(texts)[:100_000]


def _distinct(values: Iterable[str]) -> list[str]:
    found = set(values)
    return sorted(found) if len(found) > 1 else list(found)
