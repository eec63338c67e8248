"""The versions that a later record adds to an imported review, and writing those of one review.

An import writes the versions of many reviews together (claims/imports/batches.py); an editor's decision on one writes
them here, with the same effect.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from claims.imports.bulk_publish import Batch
from claims.imports.formats.content import Changes, Part
from claims.imports.formats.records import Record, RecordVersion, versions_of
from claims.imports.joining.claim_states import with_statements_of
from claims.imports.known_reviews import StoredReview, Update
from claims.imports.rows import Rows
from claims.models import Appearance, Article, Document, Rating, Review, ReviewVersion, Statement
from claims.models.publication import Audience
from claims.publication import append
from claims.publication.body import history_entry, review_part
from claims.publication.published_claim import Statement as PublishedStatement
from claims.publication.words import last_words, with_review

Kind = ReviewVersion.Kind


def apply(stored: StoredReview, record: Record, update: Update, *, source: str, rows: Rows) -> None:
    """Write the new versions of the review and publish the last of them, inside the caller's transaction.

    `source` is the `source_key` of what was imported; `rows` has prepared the places of the record.
    """
    review = stored.review
    rating = rows.rating(review.organisation_id, record.rating)
    content = taken(stored, record, update, rating)
    statements = None
    if Part.PLACES in update.changes.parts:
        batch = Batch()
        statements = rows.statements_of(batch, review.claim_id, record, review=review.public_id)
        _write_places(batch)
    new = new_versions(stored, record, update.changes, now=timezone.now())
    _write(stored, new, content, statements=statements, record=record)
    note_seen(stored, record, source=source)


def mapping_version(stored: StoredReview, rating: Rating, *, now: datetime) -> RecordVersion:
    """The version that says as what the review's rating counts."""
    label = stored.latest.rating_as_given
    note = f"Its publisher's rating “{label}” now counts as {rating.get_verdict_display()} here."
    return RecordVersion(Kind.CLARIFICATION.value, "", note, now, dated=False)


def mapped(stored: StoredReview, rating: Rating) -> dict[str, Any]:
    """The content of that version."""
    return {"rating": rating} | {name: getattr(stored.latest, name) for name in _CONTENT}


def note_seen(stored: StoredReview, record: Record, *, source: str = "") -> None:
    """Remember the record by which the review was last confirmed, or changed by `source`, and its latest date."""
    stored.remember(record, source=source)
    stored.record.save(update_fields=["digest", "earlier_digests", "source", "modified_at"])


_CONTENT = ("rating_as_given", "rating_numbers", "summary", "body", "true_as_of")


def taken(stored: StoredReview, record: Record, update: Update, rating: Rating | None) -> dict[str, Any]:
    """The content of the new version: what the record states, and what is here where it states nothing."""
    latest, whole = stored.latest, update.whole
    same_rating = latest.rating_as_given == record.rating
    return {
        "rating": rating,
        "rating_as_given": record.rating,
        "rating_numbers": latest.rating_numbers if same_rating and not (whole or record.numbers) else record.numbers,
        "summary": record.summary if whole else record.summary or latest.summary,
        "body": record.body if whole else record.body or latest.body,
        "true_as_of": record.true_as_of if whole else record.true_as_of or latest.true_as_of,
    }


def new_versions(stored: StoredReview, record: Record, found: Changes, *, now: datetime) -> list[RecordVersion]:
    """The versions that the record adds, the one that shows what it says last."""
    known = stored.notes
    versions = [
        version
        for version in versions_of(record, now=now)[1:]
        if version.kind != Kind.UPDATE and (version.kind, version.note) not in known
    ]
    at = record.modified_at or now
    if not versions or at > max(version.at for version in versions):
        note = _note(stored, record, found)
        versions.append(RecordVersion(Kind.UPDATE.value, "", note, at, record.modified_at is not None))
    return versions


def _note(stored: StoredReview, record: Record, found: Changes) -> str:
    before = stored.latest.rating_as_given
    named: dict[Part, str] = {part: part.value for part in found.parts if part != Part.WITHDRAWAL}
    if Part.RATING in named:
        told = f"the rating from “{before}” to “{record.rating}”"
        named[Part.RATING] = told if before != record.rating else "the numbers of the rating"
    if not named:
        taken_back = Part.WITHDRAWAL in found.contradicted
        return "Its publisher took the withdrawal back." if taken_back else "Its publisher changed it without details."
    parts = list(named.values())
    listed = " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
    return f"Its publisher changed {listed}." if found.contradicted else f"Its publisher now states {listed}."


def _write(
    stored: StoredReview,
    versions: list[RecordVersion],
    content: dict[str, Any],
    *,
    statements: Sequence[PublishedStatement] | None = None,
    record: Record | None = None,
) -> None:
    review, first = stored.review, stored.latest.number + 1
    for number, version in enumerate(versions, start=first):
        ReviewVersion.objects.create(
            review=review,
            number=number,
            state=ReviewVersion.State.PUBLISHED,
            kind=version.kind,
            correction_kind=version.sort,
            public_note=version.note,
            published_at=version.at,
            **(content if version is versions[-1] else {}),
        )
    if record is not None:
        _write_beside(stored, versions[-1], record)
    undated = [number for number, version in enumerate(versions, start=first) if not version.dated]
    _publish(review, kind=versions[-1].kind, undated=undated, statements=statements)


def _write_beside(stored: StoredReview, last: RecordVersion, record: Record) -> None:
    """Write what of the record does not stand in a version: withdrawal, headline, and the language of the claim."""
    review, claim = stored.review, stored.review.claim
    withdrawn_at = last.at if record.withdrawn else None
    if (withdrawn_at is None) != (review.withdrawn_at is None):
        review.withdrawn_at = withdrawn_at
        review.save(update_fields=["withdrawn_at"])
    article = review.article
    if article is not None and record.title and article.title != record.title and not _is_ours(article):
        article.title = record.title
        article.save(update_fields=["title"])
    if stored.is_alone and record.content.language not in {"", claim.language}:
        claim.language = record.language
        claim.save(update_fields=["language"])


def _is_ours(article: Article) -> bool:
    """Whether the article holds a review of our own too; then its title is ours."""
    return article.reviews.filter(origin=Review.Origin.OWN).exists()


def _write_places(batch: Batch) -> None:
    Document.objects.bulk_create(Document(**row._asdict()) for row in batch.documents)
    left_to_defaults = ("figures", "checkworthy_reasons")
    Statement.objects.bulk_create(
        Statement(**{name: value for name, value in row._asdict().items() if name not in left_to_defaults})
        for row in batch.statements
    )
    links = [Appearance(claim_id=row.claim_id, statement_id=row.statement_id) for row in batch.appearances]
    Appearance.objects.bulk_create(links, ignore_conflicts=True)


def _publish(
    review: Review, *, kind: str, undated: Sequence[int], statements: Sequence[PublishedStatement] | None
) -> None:
    """Append the event with the review's own part made anew; the claim and its other reviews keep their words."""
    *earlier, (latest, published_at) = [
        (version, version.published_at)
        for version in review.versions.select_related("rating__scale").order_by("number")
        if version.published_at is not None
    ]
    history = [history_entry(each, rating=each.rating, published_at=at) for each, at in earlier]
    latest.review = review
    own = review_part(latest, history=history, published_at=published_at, withdrawn_at=review.withdrawn_at)
    last = last_words(review.claim)
    if last is None:
        raise AssertionError("an imported review is published from the start")
    words = with_review(last.words, own, undated=undated)
    words["language"] = review.claim.language if len(words["reviews"]) == 1 else words["language"]
    if statements is not None:
        words, gone = with_statements_of(words, statements, review=review.public_id)
        Appearance.objects.filter(claim=review.claim_id, statement__public_id__in=gone).delete()
    append.append(
        review.claim,
        event=append.EVENTS[Kind(kind)],
        audience=Audience.PUBLIC,
        review=review,
        words=words,
    )
