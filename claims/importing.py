"""Importing reviews from elsewhere: records in, published claims out, again and again without a difference.

    entries = reading.entries(pieces, form="json", now=…)
    Importer(source="feed.json", fingerprint="…", refused=Path("refused.ndjson")).take(entries)

A record that is new becomes a claim of its own with one imported review, a batch at a time
(claims/publishing_bulk.py). One that is known, by its article and its claim, becomes a new version of its review if it
says something else, one at a time. Nothing here joins claims: that two publishers mean the same is for people to say
(docs/decisions/0012-importing.md).
"""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pghistory
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone

from claims import publishing
from claims.exchange.reading import Entry, Refusal
from claims.exchange.records import Record
from claims.imported_rows import Ours, Rows
from claims.instances import Page
from claims.models import Article, Import, ImportedRecord, Rating, Review, ReviewVersion
from claims.models.publication import Audience
from claims.publishing_bulk import publish_batch
from claims.refusals import RefusalFile
from claims.rules import Refused

_LOCK = 7_361_402_912  # held by the one import that runs
_LOCK_SQL = "SELECT pg_try_advisory_lock(%s)"
BATCH = 2_000
Kind = ReviewVersion.Kind


class Spoken(NamedTuple):
    """One version of an imported review, as its publisher tells of it."""

    kind: str
    sort: str
    note: str
    at: datetime


def fingerprint(content: bytes) -> str:
    """By which a source is known to be the same as before."""
    return hashlib.sha256(content).hexdigest()


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


@dataclass
class Importer:
    """One import of one source. Goes on where an import of the same source was broken off.

    `fingerprint` tells whether the source is still what it was then. Refusals go to `refused`, an NDJSON file. `say`
    gets a sentence of progress every few seconds.
    """

    source: str
    fingerprint: str
    refused: Path
    actor: str = "import"
    batch: int = BATCH
    say: Callable[[str], None] = lambda sentence: None
    run: Import = field(init=False)

    def take(self, entries: Iterable[Entry]) -> Import:
        """Take in every entry. Raises `Refused` if another import is running."""
        with _alone():
            return self._take(entries)

    def take_pages(self, pages: Callable[[str], Iterable[Page]]) -> Import:
        """Take in every page of a feed, from where the last import of it ended. Raises `Refused` as `take` does."""
        with _alone():
            return self._take_pages(pages)

    def _take_pages(self, pages: Callable[[str], Iterable[Page]]) -> Import:
        last = Import.objects.filter(source=self.source).order_by("-pk").first()
        cursor = last.cursor if last is not None else ""
        self.run = (
            last
            if last is not None and last.finished_at is None
            else Import.objects.create(source=self.source, fingerprint=self.fingerprint, cursor=cursor)
        )
        self._start()
        start = self.run.position
        with RefusalFile(self.refused, after=start) as file:
            for page in pages(cursor):
                waiting = list(enumerate(page.entries, start=self.run.position + 1))
                # A feed tells of one review again and again, in order: each is judged by itself.
                self._seen.clear()
                self._batch(waiting, file)
                self.run.cursor = page.cursor
                self.run.save(update_fields=["cursor"])
                self._progress(start)
        self._finish()
        return self.run

    def _start(self) -> None:
        self._rows = Rows()
        self._seen: set[int] = set()
        self._began = self._said = time.monotonic()

    def _finish(self) -> None:
        self.run.finished_at = timezone.now()
        self.run.save(update_fields=["finished_at"])

    def _take(self, entries: Iterable[Entry]) -> Import:
        found = Import.objects.filter(
            source=self.source, fingerprint=self.fingerprint, finished_at__isnull=True
        ).first()
        self.run = found or Import.objects.create(source=self.source, fingerprint=self.fingerprint)
        self._start()
        start = self.run.position
        if start:
            self.say(f"Going on after record {start:,}, where this import was broken off.")
        position = 0
        waiting: list[tuple[int, Entry]] = []
        with RefusalFile(self.refused, after=start) as file:
            for position, entry in enumerate(entries, start=1):
                if position <= start:
                    if isinstance(entry, Record):
                        self._seen.add(_number(entry.key))
                    continue
                waiting.append((position, entry))
                if len(waiting) >= self.batch:
                    self._batch(waiting, file)
                    waiting = []
                    self._progress(start)
            self._batch(waiting, file)
        self._finish()
        return self.run

    def _progress(self, start: int) -> None:
        now = time.monotonic()
        if now - self._said >= 2:
            self._said = now
            rate = (self.run.position - start) / (now - self._began)
            self.say(
                f"{self.run.position:,} records: {self.run.created:,} new, {self.run.updated:,} updated, "
                f"{self.run.unchanged:,} unchanged, {self.run.refused:,} refused; {rate:,.0f} a second"
            )

    def _batch(self, waiting: list[tuple[int, Entry]], file: RefusalFile) -> None:
        if not waiting:
            return
        new: dict[str, tuple[int, Record]] = {}
        later: list[tuple[int, Record, bool]] = []
        keys = [entry.key for _, entry in waiting if isinstance(entry, Record)]
        known = set(ImportedRecord.objects.filter(key__in=keys).values_list("key", flat=True))
        repaired = 0
        for position, entry in waiting:
            if isinstance(entry, Refusal):
                file.write(position, entry)
                continue
            repaired += bool(entry.repairs)
            key = entry.key
            number = _number(key)
            again = number in self._seen
            self._seen.add(number)
            if key in known or key in new:
                later.append((position, entry, again))
            else:
                new[key] = (position, entry)
        created, ours = self._create(list(new.values()))
        for position, record in ours:
            file.write(
                position, Refusal("It is a review of this desk, or its article is; those are not imported.", record.url)
            )
        updated = 0
        for position, record, again in later:
            refusal = self._known(record, again=again)
            if isinstance(refusal, Refusal):
                file.write(position, refusal)
            else:
                updated += refusal
        refused = file.sync()
        run = self.run
        run.position = waiting[-1][0]
        run.updated += updated
        run.refused += refused
        run.repaired += repaired
        run.unchanged += len(waiting) - created - updated - refused
        run.save(update_fields=["position", "updated", "refused", "repaired", "unchanged"])

    # what is new

    def _create(self, records: list[tuple[int, Record]]) -> tuple[int, list[tuple[int, Record]]]:
        """How many were made, and those that are the desk's own."""
        for attempt in (1, 2, 3):
            try:
                now = timezone.now()
                # Publishers and speakers come first and stay, whatever becomes of the batch.
                with pghistory.context(actor=self.actor, reason="import"):
                    self._rows.prepare([record for _, record in records])
                ours: list[tuple[int, Record]] = []
                with transaction.atomic():
                    batch = self._rows.batch()
                    for position, record in records:
                        try:
                            self._rows.add(batch, record, told_versions(record, now=now))
                        except Ours:
                            ours.append((position, record))
                    publish_batch(batch, actor=self.actor, reason="import")
                    created = len(batch.claims)
                    Import.objects.filter(pk=self.run.pk).update(created=F("created") + created)
            except IntegrityError:
                # An editor made one of the articles in this moment; the next look finds it.
                if attempt == 3:
                    raise
                self._rows = Rows()
            else:
                self.run.created += created
                return created, ours
        raise AssertionError("the last attempt returns or raises")

    # what is known

    def _known(self, record: Record, *, again: bool) -> Refusal | bool:
        """Whether the review got a new version. `again`: this source has had a record of the same key before."""
        with pghistory.context(actor=self.actor, reason="import"), transaction.atomic():
            before = ImportedRecord.objects.select_for_update().get(key=record.key)
            review = Review.objects.select_related("claim", "organisation").get(pk=before.review_id)
            rating = self._rows.rating(review.organisation_id, record.rating)
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
                told = self._new_versions(review, latest, record)
            self._write(review, latest, record, told, rating)
            before.digest = record.digest
            before.modified_at = record.modified_at
            before.save(update_fields=["digest", "modified_at"])
            publishing.append(
                review.claim, event=publishing.EVENTS[Kind(told[-1].kind)], audience=Audience.PUBLIC, review=review
            )
            return True

    def _new_versions(self, review: Review, latest: ReviewVersion, record: Record) -> list[Spoken]:
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

    def _write(
        self, review: Review, latest: ReviewVersion, record: Record, told: list[Spoken], rating: Rating | None
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
        if article is not None and article.title != record.title and not self._shared(article):
            article.title = record.title
            article.save(update_fields=["title"])

    @staticmethod
    def _shared(article: Article) -> bool:
        """Whether a review of our own stands in it, whose title is the desk's."""
        return article.reviews.filter(origin=Review.Origin.OWN).exists()


@contextmanager
def _alone() -> Iterator[None]:
    """While no other import runs, in this database."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_SQL, [_LOCK])
        if not cursor.fetchone()[0]:
            raise Refused("Another import is running; wait for it to end.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _mapped(record: Record, rating: Rating) -> Spoken:
    note = f"Its publisher's rating “{record.rating}” now counts as {rating.get_verdict_display()} here."
    return Spoken(Kind.CLARIFICATION.value, "", note, timezone.now())


def _older(record: Record, before: ImportedRecord) -> bool:
    return record.modified_at is not None and before.modified_at is not None and record.modified_at < before.modified_at


def _later(moment: datetime, before: datetime | None) -> bool:
    return before is None or moment.astimezone(UTC) > before


def _number(key: str) -> int:
    """Half of a key: 758,000 of them take a third of the memory, and meet with a probability below 10⁻⁷."""
    return int(key[:15], 16)
