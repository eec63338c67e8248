"""Determine the versions of an imported review from its record, and add new ones to a review already imported."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from claims.imports.formats.reading import Refusal
from claims.imports.formats.records import Record
from claims.models import Article, ImportedRecord, Rating, Review, ReviewVersion
from claims.models.publication import Audience
from claims.publication import append
from claims.publication.body import history_entry, review_part
from claims.publication.words import last_words, with_review

Kind = ReviewVersion.Kind


class RecordVersion(NamedTuple):
    """One version of an imported review, as its record has it."""

    kind: str
    sort: str
    note: str
    at: datetime


def versions_of(record: Record, *, now: datetime) -> list[RecordVersion]:
    """The versions in a record, the current one last: publication, corrections, latest change."""
    known = [note.at for note in record.notes if note.at]
    first = record.published_at or min(known, default=None) or record.modified_at or now
    versions = [RecordVersion(Kind.ORIGINAL.value, "", "", first)]
    versions += [
        RecordVersion(note.kind, note.sort, note.text, note.at or record.modified_at or first) for note in record.notes
    ]
    if record.withdrawn and all(note.kind != Kind.WITHDRAWAL for note in record.notes):
        versions.append(
            RecordVersion(Kind.WITHDRAWAL.value, "", "Withdrawn by its publisher.", record.modified_at or first)
        )
    if record.modified_at and record.modified_at > max(version.at for version in versions):
        note = f"Changed by its publisher on {record.modified_at:%-d %B %Y}, who does not say in what."
        versions.append(RecordVersion(Kind.UPDATE.value, "", note, record.modified_at))
    return versions


@transaction.atomic
def update(record: Record, *, step: Callable[[int, str], Rating | None], again: bool) -> Refusal | bool:
    """Update the review of a known record; returns whether it got a new version, or why the record is refused.

    `step` finds the step of an organisation's scale by its label. `again` says that this source had a record with the
    same key before.
    """
    before = ImportedRecord.objects.select_for_update().get(key=record.key)
    review = Review.objects.select_related("claim", "organisation").get(pk=before.review_id)
    rating = step(review.organisation_id, record.rating)
    latest = review.latest_published()
    if latest is None:
        raise AssertionError("an imported review is published from the start")
    if before.digest == record.digest:
        if rating is None or latest.rating_id == rating.pk:
            return False
        versions = [_mapping_version(record, rating)]
    else:
        if _older(record, before):
            return False
        if again and not (record.modified_at and _later(record.modified_at, before.modified_at)):
            return Refusal(
                "A record before it, of the same article and claim, says something else; that one was taken.",
                record.url,
            )
        if record.modified_at is None and before.modified_at is not None:
            return Refusal(
                "It does not say when it was changed, though the one that is here does; so it may be older.",
                record.url,
            )
        versions = _new_versions(review, latest, record)
    _write_versions(review, latest, record, versions, rating)
    before.digest = record.digest
    before.modified_at = record.modified_at
    before.save(update_fields=["digest", "modified_at"])
    _publish(review, kind=versions[-1].kind)
    return True


def _publish(review: Review, *, kind: str) -> None:
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
    append.append(
        review.claim,
        event=append.EVENTS[Kind(kind)],
        audience=Audience.PUBLIC,
        review=review,
        words=with_review(last.words, own),
    )


def _new_versions(review: Review, latest: ReviewVersion, record: Record) -> list[RecordVersion]:
    now = timezone.now()
    known = set(review.versions.values_list("kind", "public_note"))
    versions = [
        version
        for version in versions_of(record, now=now)[1:]
        if version.kind != Kind.UPDATE and (version.kind, version.note) not in known
    ]
    changes = []
    if latest.rating_as_given != record.rating:
        changes.append(f"the rating from “{latest.rating_as_given}” to “{record.rating}”")
    if (latest.summary, latest.body) != (record.summary, record.body):
        changes.append("the text")
    if review.article is not None and review.article.title != record.title:
        changes.append("the headline")
    note = f"Its publisher changed {' and '.join(changes) or 'it and does not say in what'}."
    at = record.modified_at or now
    if not versions or at > max(version.at for version in versions):
        versions.append(RecordVersion(Kind.UPDATE.value, "", note, at))
    return versions


def _write_versions(
    review: Review, latest: ReviewVersion, record: Record, versions: list[RecordVersion], rating: Rating | None
) -> None:
    for place, version in enumerate(versions, start=1):
        shown = (
            {
                "rating": rating,
                "rating_as_given": record.rating,
                "rating_numbers": record.numbers,
                "summary": record.summary,
                "body": record.body,
                "true_as_of": record.true_as_of,
            }
            if place == len(versions)
            else {}
        )
        ReviewVersion.objects.create(
            review=review,
            number=latest.number + place,
            state=ReviewVersion.State.PUBLISHED,
            kind=version.kind,
            correction_kind=version.sort,
            public_note=version.note,
            published_at=version.at,
            **shown,
        )
    withdrawn_at = versions[-1].at if record.withdrawn else None
    if (withdrawn_at is None) != (review.withdrawn_at is None):
        review.withdrawn_at = withdrawn_at
        review.save(update_fields=["withdrawn_at"])
    article = review.article
    if article is not None and article.title != record.title and not _is_ours(article):
        article.title = record.title
        article.save(update_fields=["title"])


def _is_ours(article: Article) -> bool:
    """Whether the article holds a review of our own too; then its title is ours."""
    return article.reviews.filter(origin=Review.Origin.OWN).exists()


def _mapping_version(record: Record, rating: Rating) -> RecordVersion:
    note = f"Its publisher's rating “{record.rating}” now counts as {rating.get_verdict_display()} here."
    return RecordVersion(Kind.CLARIFICATION.value, "", note, timezone.now())


def _older(record: Record, before: ImportedRecord) -> bool:
    return record.modified_at is not None and before.modified_at is not None and record.modified_at < before.modified_at


def _later(moment: datetime, before: datetime | None) -> bool:
    return before is None or moment.astimezone(UTC) > before
