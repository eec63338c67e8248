"""The imported reviews that records are of, as they are stored, and what a record means to its review.

    stored = load(keys)
    verdict = decide(stored[record.key], record, source=source_key("feed.json"), again=False)

A record changes its review by itself if its publisher dates it later, or if it is the next word of the source whose
word is here. What was here before comes back by a later date alone, and what an editor decided between two records
stays decided for both (docs/decisions/0038-a-record-is-known-again.md).

Loading takes as many queries for a thousand reviews as for one; deciding takes none.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from django.db.models import Count

from claims.imports.formats.content import Changes, Content, Part, Place, changes
from claims.imports.formats.records import Record, normalized_claim
from claims.imports.rows import AddedReview
from claims.json_object import Json
from claims.models import Appearance, Article, Claim, ImportConflict, ImportedRecord, Review, ReviewVersion
from claims.statements.languages import UNDETERMINED
from sources.http.url_key import stored_key

_DECLARED = frozenset({ReviewVersion.Kind.CORRECTION, ReviewVersion.Kind.CLARIFICATION, ReviewVersion.Kind.WITHDRAWAL})


class Doubt(StrEnum):
    """Why it is not known whether what came or what is here is the later word of the publisher."""

    SAME_SOURCE = "same_source"
    HERE_BEFORE = "here_before"
    OTHER_SOURCE = "other_source"
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
    decided_against: frozenset[str] = frozenset()
    """Digests of records that an editor decided against, for what is here."""

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

    def changed_since(self, moment: datetime) -> bool:
        """Whether its publisher's word has changed since; that a rating now counts as something here is no change."""
        return any(
            now.created_at > moment and (now.rating_id == before.rating_id or _content_of(now) != _content_of(before))
            for before, now in pairwise(self.versions)
        )

    def was(self, record: Record, changed: Iterable[Part]) -> bool:
        """Whether the review said this before: all of the record, or the rating or text that it would change."""
        if record.digest in (self.record.earlier_digests or ()):
            return True
        parts, earlier = set(changed), self.versions[:-1]
        return (Part.RATING in parts and any(each.rating_as_given == record.rating for each in earlier)) or (
            Part.TEXT in parts and any((each.summary, each.body) == (record.summary, record.body) for each in earlier)
        )

    def remember(self, record: Record, *, source: str = "") -> None:
        """Note in the row by which record the review was last confirmed, or changed by `source`; saves nothing."""
        row = self.record
        moments = [each for each in (row.modified_at, record.modified_at) if each is not None]
        if row.digest != record.digest:
            earlier = [each for each in row.earlier_digests or () if each not in {row.digest, record.digest}]
            row.earlier_digests = [*earlier, row.digest]
        row.digest, row.modified_at = record.digest, max(moments, default=None)
        row.source = source or row.source


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


def _content_of(version: ReviewVersion) -> tuple[object, ...]:
    return version.rating_as_given, version.rating_numbers, version.summary, version.body, version.true_as_of


def source_key(source: str) -> str:
    """A hash of the file or URL that is imported."""
    return hashlib.blake2b(source.encode(), digest_size=16).hexdigest()


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
    decided = ImportConflict.objects.filter(review__in=of_review).exclude(state=ImportConflict.State.WAITING)
    for conflict in decided.only("review", "state", "digest", "against", "decided_at").order_by("decided_at"):
        each = of_review[conflict.review_id]
        if conflict.decided_at is None or each.changed_since(conflict.decided_at):
            continue
        kept = conflict.state == ImportConflict.State.KEPT
        each.decided_against |= {conflict.digest if kept else conflict.against}
    return stored


def of_new(added: AddedReview, record: Record, *, language: str, source: str) -> StoredReview:
    """A review that is still to be written, as `load` would find it; `refresh_places` adds the places."""
    row, article = added.review, added.article
    claim = Claim(pk=row.claim_id, language=language)
    review = Review(
        **{name: value for name, value in row._asdict().items() if name != "claim_id"},
        claim=claim,
    )
    review.organisation, review.article = added.organisation, Article(**article._asdict())
    stored = ImportedRecord(
        key=record.key, digest=record.digest, review=review, modified_at=record.modified_at, source=source
    )
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


def decide(stored: StoredReview, record: Record, *, source: str, again: bool, in_order: bool = False) -> Verdict:
    """What the record of this source means to its review. `again`: an earlier one of this run was of the same review.

    `in_order` says that it is the last of a log that has the whole review at each of its states.

    A record is the later word if its publisher dates it later, or explains a correction that is not here yet. Where
    neither tells, and something that is here would be replaced, it contradicts. An undated record is taken for the
    later word only of the source whose word is here, while that has no date, and if the review never said so before.
    """
    came, before = record.modified_at, stored.record.modified_at
    if stored.record.digest == record.digest:
        return Unchanged(is_earlier=False)
    if _earlier(came, before):
        return Unchanged(is_earlier=True)
    later = _earlier(before, came)
    dated_first = before is None and came is not None
    if record.digest in stored.decided_against and not later and not dated_first:
        return Unchanged(is_earlier=True)
    whole = in_order or later
    here = stored.content
    if not stored.is_alone:  # its claim is in the language of others too
        here = here._replace(language=record.content.language)
    found = changes(here, record.content, later=whole, own_places=stored.own_places)
    explained = _explains_correction(stored, record)
    if not found and not explained:
        return Unchanged(is_earlier=False)
    if found.contradicted and not whole and not explained:
        doubt = _doubt(stored, record, found, source=source, again=again)
        if doubt is not None:
            return Contradiction(found, doubt)
    return Update(found, whole=whole)


def _doubt(stored: StoredReview, record: Record, found: Changes, *, source: str, again: bool) -> Doubt | None:
    """Why a record that is not dated later than what is here may not be the later word; None if it is."""
    came, before = record.modified_at, stored.record.modified_at
    if before is not None:
        undated = Doubt.UNDATED if came is None else Doubt.SAME_DATE
        return Doubt.SAME_SOURCE if again else undated
    if record.digest in stored.decided_against or stored.was(record, found.contradicted):
        return Doubt.HERE_BEFORE
    if came is not None:
        return None
    if again:
        return Doubt.SAME_SOURCE
    if Part.WITHDRAWAL in found.contradicted:
        return Doubt.NO_LONGER_WITHDRAWN
    return None if source == stored.record.source else Doubt.OTHER_SOURCE


def _earlier(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one < other


def _explains_correction(stored: StoredReview, record: Record) -> bool:
    """Whether the record has a note of its publisher that is not here."""
    known = stored.notes
    return any((note.kind, note.text) not in known for note in record.notes if note.kind in _DECLARED)
