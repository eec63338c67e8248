"""The imported reviews that records are of, as they are stored, and what a record means to its review.

    stored = load(keys)
    verdict = decide(stored[record.key], record, again=False)

Loading takes as many queries for a thousand reviews as for one; deciding takes none.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Count

from claims.imports.formats.content import Changes, Content, Part, Place, changes
from claims.imports.formats.records import Record, normalized_claim
from claims.imports.rows import AddedReview
from claims.json_object import Json
from claims.models import Appearance, Article, Claim, ImportedRecord, Review, ReviewVersion
from claims.statements.languages import UNDETERMINED
from sources.http.url_key import stored_key

_DECLARED = frozenset({ReviewVersion.Kind.CORRECTION, ReviewVersion.Kind.CLARIFICATION, ReviewVersion.Kind.WITHDRAWAL})


class Doubt(StrEnum):
    """Why it is not known whether what came or what is here is the later word of the publisher."""

    SAME_SOURCE = "same_source"
    UNDATED = "undated"
    SAME_DATE = "same_date"
    NO_LONGER_WITHDRAWN = "no_longer_withdrawn"


@dataclass
class StoredReview:
    """An imported review with its record, its latest version and what it says."""

    record: ImportedRecord
    review: Review
    versions: list[ReviewVersion] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    own_places: list[Place] = field(default_factory=list)
    """Those that this review brought; none if it is not the claim's only review."""
    is_alone: bool = False
    """Whether it is the claim's only review."""

    @property
    def latest(self) -> ReviewVersion:
        return self.versions[-1]

    @property
    def content(self) -> Content:
        latest, claim, article = self.latest, self.review.claim, self.review.article
        numbers = latest.rating_numbers
        return Content(
            rating=latest.rating_as_given,
            numbers=(numbers[0], numbers[1], numbers[2]) if numbers else None,
            summary=latest.summary,
            body=latest.body,
            headline=article.title if article is not None else "",
            true_as_of=latest.true_as_of,
            language="" if claim.language == UNDETERMINED else claim.language,
            places=tuple(self.places),
            withdrawn=self.review.withdrawn_at is not None,
        )

    @property
    def notes(self) -> set[tuple[str, str]]:
        """Kind and text of the note of each version."""
        return {(version.kind, version.public_note) for version in self.versions}


class Unchanged(NamedTuple):
    """The record says what is here, or its publisher dates it earlier."""

    is_earlier: bool


class Update(NamedTuple):
    """The record is the later word of its publisher; `whole` says that what it leaves out was taken back."""

    changes: Changes
    whole: bool


class Contradiction(NamedTuple):
    """The record says something else, and nothing tells which is the later word: a person decides."""

    changes: Changes
    doubt: Doubt


Verdict = Unchanged | Update | Contradiction


def load(keys: Iterable[str], *, locked: bool = False) -> dict[str, StoredReview]:
    """The imported reviews of these records, by the keys. `locked`: against other writers, until commit."""
    records = ImportedRecord.objects.filter(key__in=list(keys)).select_related(
        "review__claim", "review__organisation", "review__article"
    )
    if locked:
        records = records.select_for_update(of=("self",)).order_by("key")
    stored = {record.key: StoredReview(record, record.review) for record in records}
    of_review = {each.review.pk: each for each in stored.values()}
    versions = ReviewVersion.objects.filter(review__in=of_review, state=ReviewVersion.State.PUBLISHED)
    for version in versions.order_by("number"):
        of_review[version.review_id].versions.append(version)
    of_claim: dict[int, list[StoredReview]] = defaultdict(list)
    for each in stored.values():
        of_claim[each.review.claim_id].append(each)
    reviews = Claim.objects.filter(pk__in=of_claim).annotate(count=Count("reviews")).values_list("pk", "count")
    for claim, count in reviews:
        for each in of_claim[claim]:
            each.is_alone = count == 1
    links = Appearance.objects.filter(claim__in=of_claim).values_list(
        "claim", "created_by", "statement__text", "statement__speaker_as_written", "statement__document__url_key"
    )
    for claim, by, words, speaker, page in links.order_by("statement"):
        for each in of_claim[claim]:
            each.places.append(Place(normalized_claim(words), speaker, page))
            if by is None and each.is_alone:
                each.own_places.append(each.places[-1])
    return stored


def of_new(added: AddedReview, record: Record, *, language: str) -> StoredReview:
    """A review that is still to be written, as `load` would find it; `refresh_places` adds the places."""
    row, article = added.review, added.article
    claim = Claim(pk=row.claim_id, language=language)
    review = Review(
        **{name: value for name, value in row._asdict().items() if name != "claim_id"},
        claim=claim,
    )
    review.organisation, review.article = added.organisation, Article(**article._asdict())
    stored = ImportedRecord(key=record.key, digest=record.digest, review=review, modified_at=record.modified_at)
    versions = [ReviewVersion(**version._asdict()) for version in added.versions]
    return StoredReview(stored, review, versions, is_alone=True)


def refresh_places(stored: StoredReview, words: Json) -> None:
    """Take the places of the claim, and whether it has one review, from its words."""
    stored.is_alone = stored.is_alone and len(words["reviews"]) == 1
    stored.places = [_place(each) for each in words["statements"]]
    brought = [each for each in words["statements"] if "review" in each]
    stored.own_places = [_place(each) for each in brought] if stored.is_alone else []


def _place(statement: Json) -> Place:
    document = statement["document"]["url"] or ""
    return Place(normalized_claim(statement["text"]), statement["speaker_as_written"] or "", stored_key(document))


def decide(stored: StoredReview, record: Record, *, again: bool, in_order: bool = False) -> Verdict:
    """What the record means to its review. `again` says that its source had another one of the same review before.

    `in_order` says that it is the last of a log that has the whole review at each of its states.

    A record is the later word if its publisher dates it later, or explains a correction that is not here yet. Where
    neither tells, and something that is here would be replaced, it contradicts; an undated record that came alone is
    taken for the later word as long as nothing that is here has a date.
    """
    came, before = record.modified_at, stored.record.modified_at
    if stored.record.digest == record.digest:
        return Unchanged(is_earlier=False)
    if _earlier(came, before):
        return Unchanged(is_earlier=True)
    whole = in_order or _earlier(before, came)
    dated_later = whole or (before is None and came is not None)
    here = stored.content
    if not stored.is_alone:  # its claim is in the language of others too
        here = here._replace(language=record.content.language)
    found = changes(here, record.content, later=whole, own_places=stored.own_places)
    explained = _explains_correction(stored, record)
    if not found and not explained:
        return Unchanged(is_earlier=False)
    if found.contradicted and not dated_later and not explained:
        if again:
            return Contradiction(found, Doubt.SAME_SOURCE)
        if before is not None:
            return Contradiction(found, Doubt.UNDATED if came is None else Doubt.SAME_DATE)
        if Part.WITHDRAWAL in found.contradicted:
            return Contradiction(found, Doubt.NO_LONGER_WITHDRAWN)
    return Update(found, whole=whole)


def _earlier(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other


def _explains_correction(stored: StoredReview, record: Record) -> bool:
    """Whether the record has a note of its publisher that is not here."""
    known = stored.notes
    return any((note.kind, note.text) not in known for note in record.notes if note.kind in _DECLARED)
