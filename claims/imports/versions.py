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

Kind = ReviewVersion.Kind


class Spoken(NamedTuple):
    """One version of an imported review, as its publisher tells of it."""

    kind: str
    sort: str
    note: str
    at: datetime


def told_versions(record: Record, *, now: datetime) -> list[Spoken]:
    """The versions that the record tells of, the one it shows last: publication, corrections, the last change."""
    known = [note.at for note in record.notes if note.at]
    first = record.published_at or min(known, default=None) or record.modified_at or now
    told = [Spoken(Kind.ORIGINAL.value, "", "", first)]
    told += [Spoken(note.kind, note.sort, note.text, note.at or record.modified_at or first) for note in record.notes]
    if record.withdrawn and all(note.kind != Kind.WITHDRAWAL for note in record.notes):
        told.append(Spoken(Kind.WITHDRAWAL.value, "", "Withdrawn by its publisher.", record.modified_at or first))
    if record.modified_at and record.modified_at > max(version.at for version in told):
        note = f"Changed by its publisher on {record.modified_at:%-d %B %Y}, who does not say in what."
        told.append(Spoken(Kind.UPDATE.value, "", note, record.modified_at))
    return told


@transaction.atomic
def update(record: Record, *, step: Callable[[int, str], Rating | None], again: bool) -> Refusal | bool:
    """Write what a known record says otherwise than before. Returns whether its review got a new version.

    `step` finds the step of an organisation's scale by its word. `again`: this source has had a record of the same
    key before.
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
        told = [_mapped(record, rating)]
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
        told = _new_versions(review, latest, record)
    _write_versions(review, latest, record, told, rating)
    before.digest = record.digest
    before.modified_at = record.modified_at
    before.save(update_fields=["digest", "modified_at"])
    append.append(review.claim, event=append.EVENTS[Kind(told[-1].kind)], audience=Audience.PUBLIC, review=review)
    return True


def _new_versions(review: Review, latest: ReviewVersion, record: Record) -> list[Spoken]:
    now = timezone.now()
    known = set(review.versions.values_list("kind", "public_note"))
    told = [
        version
        for version in told_versions(record, now=now)[1:]
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
    if not told or at > max(version.at for version in told):
        told.append(Spoken(Kind.UPDATE.value, "", note, at))
    return told


def _write_versions(
    review: Review, latest: ReviewVersion, record: Record, told: list[Spoken], rating: Rating | None
) -> None:
    for place, version in enumerate(told, start=1):
        shown = (
            {
                "rating": rating,
                "rating_as_given": record.rating,
                "rating_numbers": record.numbers,
                "summary": record.summary,
                "body": record.body,
                "true_as_of": record.true_as_of,
            }
            if place == len(told)
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
    withdrawn_at = told[-1].at if record.withdrawn else None
    if (withdrawn_at is None) != (review.withdrawn_at is None):
        review.withdrawn_at = withdrawn_at
        review.save(update_fields=["withdrawn_at"])
    article = review.article
    if article is not None and article.title != record.title and not _shared(article):
        article.title = record.title
        article.save(update_fields=["title"])


def _shared(article: Article) -> bool:
    """Whether a review of our own stands in it, whose title is the desk's."""
    return article.reviews.filter(origin=Review.Origin.OWN).exists()


def _mapped(record: Record, rating: Rating) -> Spoken:
    note = f"Its publisher's rating “{record.rating}” now counts as {rating.get_verdict_display()} here."
    return Spoken(Kind.CLARIFICATION.value, "", note, timezone.now())


def _older(record: Record, before: ImportedRecord) -> bool:
    return record.modified_at is not None and before.modified_at is not None and record.modified_at < before.modified_at


def _later(moment: datetime, before: datetime | None) -> bool:
    return before is None or moment.astimezone(UTC) > before
