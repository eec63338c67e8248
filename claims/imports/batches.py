"""Build the batch of a run of records: new claims, reviews that join claims, and new versions of known reviews.

    builder = Builder(rows, actor="import", now=…)
    builder.build([(position, record, whether its key was seen before), …], touched(…))
    builder.batch, builder.created, builder.updated, builder.joined, builder.refusals

Records are taken in their order, and each sees what those before it said. Nothing is written but publishers and
speakers, which stay even if the batch fails; `bulk_publish` writes the batch.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from claims.imports import conflicts, known_reviews
from claims.imports.bulk_publish import Batch, ProposalRow, SeenRecord, VersionRow
from claims.imports.formats.content import Part
from claims.imports.formats.reading import Refusal
from claims.imports.formats.records import Record, RecordVersion, versions_of
from claims.imports.joining import claim_states, meetings
from claims.imports.joining.claim_states import ClaimState
from claims.imports.joining.meetings import Meeting
from claims.imports.joining.same_claim import SameWords
from claims.imports.known_reviews import Contradiction, StoredReview, Unchanged, decide
from claims.imports.rows import AddedReview, OwnReview, Rows, noted_version
from claims.imports.versions import mapped, mapping_version, new_versions, taken
from claims.models import Rating, Review, ReviewVersion
from claims.publication.append import EVENTS
from claims.publication.body import history_entry, review_body
from claims.publication.words import with_review
from sources.database.audit import acting_as

Item = tuple[int, Record, bool]
"""Position of a record in its source, the record, and whether an earlier one of the source had its key."""

_OURS = "It is a review of this desk, or its article is; those are not imported."
_REDACTED = "Words of its claim, or of one that says the same, were redacted here; an editor has to decide about it."


@dataclass
class Touched:
    """The claims that a run of records may add to: those of known reviews, and those that new records meet."""

    known: dict[str, StoredReview]
    new: set[str]
    """Keys of new records."""
    words: dict[int, SameWords]
    """Of new records, by their positions."""
    met: dict[SameWords, Meeting]

    @property
    def keys(self) -> set[str]:
        return {*self.known, *self.new}

    @property
    def claims(self) -> set[int]:
        return {each.review.claim_id for each in self.known.values()} | {each.claim for each in self.met.values()}


def touched(items: Iterable[Item], known: Collection[str]) -> Touched:
    """Look up what the records may add to. `known` are the keys that are stored."""
    stored = [record.key for _, record, _ in items if record.key in known]
    new = [(position, record) for position, record, _ in items if record.key not in known]
    words = {position: meetings.words_of(record) for position, record in new}
    return Touched(
        known_reviews.load(stored) if stored else {},
        {record.key for _, record in new},
        words,
        meetings.find(words.values()),
    )


@dataclass
class Builder:
    """One batch under construction."""

    rows: Rows
    actor: str
    now: datetime
    in_order: bool = False
    """Whether each record is the last of a log that has the whole review at each of its states."""
    source: str = ""
    """The `source_key` of what is imported."""
    batch: Batch = field(init=False)
    created: int = 0
    updated: int = 0
    joined: int = 0
    refusals: list[tuple[int, Refusal]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.batch = Batch(self.source)

    def build(self, items: list[Item], found: Touched) -> None:
        """Add the records to the batch, in their order."""
        self._known, self._met = dict(found.known), found.met
        claims = {each.claim for each in found.met.values() if each.joins}
        claims |= {each.review.claim_id for each in found.known.values()}
        # Publishers and speakers are created first and stay even if the batch fails.
        with acting_as(self.actor, reason="import"):
            self.rows.prepare(
                [record for _, record, _ in items if record.key in found.new],
                changed=[record for _, record, _ in items if record.key in found.known],
                claims=claims,
                actor=self.actor,
            )
        self._states = claim_states.load(claims)
        articles = {each.review.article_id for each in found.known.values()}
        own = Review.objects.filter(origin=Review.Origin.OWN, article__in=articles)
        self._our_articles = set(own.values_list("article_id", flat=True)) if articles else set()
        self._titles: dict[int, str] = {}
        self._added: dict[str, tuple[AddedReview, Record]] = {}
        self._new_claims: dict[SameWords, AddedReview] = {}
        self._reworded: dict[SameWords, ClaimState] = {}
        self._changed_claims: set[int] = set()
        """Those that got a review or other statements in this batch."""
        for position, record, again in items:
            stored = self._known.get(record.key) or self._stored_here(record.key)
            if stored is not None:
                self._take(position, record, stored, again=again)
            else:
                self._add(position, record, found.words[position])

    # new records

    def _add(self, position: int, record: Record, words: SameWords) -> None:
        met = self._met.get(words)
        if met is not None and met.is_redacted:
            self.refusals.append((position, Refusal(_REDACTED, record.url)))
            return
        state, part = self._state_to_join(words, met)
        try:
            added = self.rows.add(self.batch, record, words, versions_of(record, now=self.now), joined=state, part=part)
        except OwnReview:
            self.refusals.append((position, Refusal(_OURS, record.url)))
            return
        self.created += 1
        self._added[record.key] = (added, record)
        if state is not None:
            self.joined += 1
            self._changed_claims.add(state.id)
            return
        if met is not None and not met.joins:
            self.batch.proposals.append(ProposalRow(added.review.claim_id, met.claim))
        if words.identify:
            self._new_claims.setdefault(words, added)

    def _state_to_join(self, words: SameWords, met: Meeting | None) -> tuple[ClaimState | None, str]:
        """The claim that a record in these words joins, and the claim merged into it that says them."""
        if met is not None and met.joins:
            state = self._states.get(met.claim)
            if state is not None and claim_states.says(state.words, words, part=met.part):
                return state, met.part
        added = self._new_claims.get(words)
        state = self._reworded.get(words) if added is None else self._state_here(added)
        return (state, "") if state is not None and claim_states.says(state.words, words) else (None, "")

    def _state_here(self, added: AddedReview) -> ClaimState:
        """The state of a claim that an earlier record of the batch brought."""
        claim = added.review.claim_id
        if claim not in self._states:
            self._states[claim] = ClaimState.of_new(claim, added.body, added.salt)
        return self._states[claim]

    # known ones

    def _stored_here(self, key: str) -> StoredReview | None:
        """The review that an earlier record of the batch brought."""
        if key not in self._added:
            return None
        added, record = self._added.pop(key)
        state = self._state_here(added)
        self._changed_claims.add(state.id)
        language = state.words["language"]
        self._known[key] = stored = known_reviews.of_new(added, record, language=language, source=self.source)
        return stored

    def _take(self, position: int, record: Record, stored: StoredReview, *, again: bool) -> None:
        """Take a record of a known review: nothing, a new version, or a question to an editor."""
        state = self._states.get(stored.review.claim_id)
        if state is None:
            self.refusals.append((position, Refusal(_REDACTED, record.url)))
            return
        self._refresh(stored, state)
        verdict = decide(stored, record, source=self.source, again=again, in_order=self.in_order)
        organisation = stored.review.organisation_id
        if isinstance(verdict, Contradiction):
            self.batch.questions.append(conflicts.question(stored, record, verdict))
        elif isinstance(verdict, Unchanged):
            if not verdict.is_earlier:
                self._note_seen(stored, record)
            rating = self.rows.rating(organisation, stored.latest.rating_as_given)
            if rating is not None and stored.latest.rating_id != rating.pk:
                version = mapping_version(stored, rating, now=self.now)
                self._write(state, stored, [version], mapped(stored, rating))
        else:
            versions = new_versions(stored, record, verdict.changes, now=self.now)
            content = taken(stored, record, verdict, self.rows.rating(organisation, record.rating))
            self._write_beside(stored, record, versions[-1])
            statements = None
            if Part.PLACES in verdict.changes.parts:
                review = stored.review
                statements = self.rows.statements_of(self.batch, state.id, record, review=review.public_id)
                self._changed_claims.add(state.id)
            self._write(state, stored, versions, content, statements=statements)
            self._note_seen(stored, record, source=self.source)
            stored.decided_against = frozenset()

    def _refresh(self, stored: StoredReview, state: ClaimState) -> None:
        """Take what earlier records of the batch made of the claim and the article."""
        article = stored.review.article
        if article is not None:
            article.title = self._titles.get(article.pk, article.title)
        if state.id in self._changed_claims:
            known_reviews.refresh_places(stored, state.words)

    def _note_seen(self, stored: StoredReview, record: Record, *, source: str = "") -> None:
        """Remember the record by which the review was last confirmed, or changed by `source`, and its latest date."""
        stored.remember(record, source=source)
        row = stored.record
        seen = SeenRecord(row.digest, row.earlier_digests or [], row.source, row.modified_at)
        self.batch.changed_records[stored.review.pk] = seen

    def _write_beside(self, stored: StoredReview, record: Record, last: RecordVersion) -> None:
        """Add what of the record does not stand in a version: withdrawal, headline, and the language of the claim."""
        review, claim = stored.review, stored.review.claim
        withdrawn_at = last.at if record.withdrawn else None
        if (withdrawn_at is None) != (review.withdrawn_at is None):
            review.withdrawn_at = withdrawn_at
            self.batch.withdrawals.put(review.pk, withdrawn_at)
        article = review.article
        if (
            article is not None
            and record.title
            and article.title != record.title
            and article.pk not in self._our_articles
        ):
            article.title = self._titles[article.pk] = record.title
            self.rows.retitle(article.url, record.title)
            self.batch.titles.put(article.pk, record.title)
        if stored.is_alone and record.content.language not in {"", claim.language}:
            claim.language = record.language
            self.batch.languages.put(claim.pk, record.language)

    def _write(
        self,
        state: ClaimState,
        stored: StoredReview,
        versions: Sequence[RecordVersion],
        content: dict[str, Any],
        *,
        statements: Sequence[Any] | None = None,
    ) -> None:
        """Add the versions, and the event with the review's own part made anew; its claim keeps its other words."""
        self.updated += 1
        review, number = stored.review, stored.latest.number + 1
        rating: Rating | None = content["rating"]
        last = versions[-1]
        rows = [
            noted_version(each, review=review.pk, number=place)
            for place, each in enumerate(versions[:-1], start=number)
        ]
        shown = VersionRow(
            review.pk,
            number + len(rows),
            last.kind,
            last.sort,
            rating.pk if rating is not None else None,
            content["rating_as_given"],
            content["rating_numbers"],
            content["summary"],
            content["body"],
            content["true_as_of"],
            last.note,
            last.at,
        )
        rows.append(shown)
        self.batch.versions += rows
        stored.versions += [ReviewVersion(**row._asdict()) for row in rows]
        stored.latest.rating = rating
        before = next(each for each in state.words["reviews"] if each["id"] == review.public_id)
        history = [*before["history"]]
        history += [history_entry(each, rating=None, published_at=each.published_at) for each in rows[:-1]]
        history.append(history_entry(shown, rating=rating, published_at=shown.published_at))
        own = dict(
            review_body(
                review,
                shown,
                organisation=review.organisation,
                article=review.article,
                rating=self.rows.rating_body(shown, rating),
                evidence=[],
                history=history,
                published_at=shown.published_at,
                withdrawn_at=review.withdrawn_at,
            )
        )
        undated = [row.number for row, version in zip(rows, versions, strict=True) if not version.dated]
        words = with_review(state.words, own, undated=undated)
        if len(words["reviews"]) == 1 and words["language"] != review.claim.language:
            words["language"] = review.claim.language
            if not state.has_own:
                self._reworded[claim_states.said(words)] = state
        if statements is not None:
            words, gone = claim_states.with_statements_of(words, statements, review=review.public_id)
            for name in gone:
                self.batch.end_link(state.id, name)
        event = EVENTS[ReviewVersion.Kind(last.kind)].value
        state.publish(self.batch, words, review=review.pk, review_public_id=review.public_id, event=event)
