"""Importing reviews from elsewhere: records in, published claims out, again and again without a difference.

    def entries(after):
        return reading.entries(pieces(), form="json", now=…, after=after)

    Importer(source="feed.json", fingerprint="…", refused=Path("refused.ndjson")).take(entries)

A record that is new becomes a claim of its own with one imported review, a batch at a time
(claims/imports/bulk_publish.py). One that is known, by its article and its claim, becomes a new version of its review
if it says something else, one at a time. Nothing here joins claims: that two publishers mean the same is for people
to say (docs/decisions/0007-importing.md).
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pghistory
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from claims.imports.bulk_publish import Batch, publish_batch
from claims.imports.formats import gc_tuning
from claims.imports.formats.reading import Entry, Refusal
from claims.imports.formats.records import Record
from claims.imports.instance_feed import Page
from claims.imports.refused_file import RefusalFile
from claims.imports.rows import UNWRITTEN, Ours, Rows
from claims.imports.versions import told_versions, update
from claims.models import Import
from claims.permissions import Refused
from sources.database.bulk_rows import array_text
from sources.database.locks import Lock, held

BATCH = 2_000
_TURN = 0.0005  # seconds
# Batches that are written at the same time. More may wait (`UNWRITTEN`): every 50,000 records or so an index takes in
# what waited for it, some seconds in which nothing is appended.
_WRITERS = 2


def fingerprint(content: bytes) -> str:
    """By which a source is known to be the same as before."""
    return hashlib.sha256(content).hexdigest()


_COUNTED = ("created", "updated", "unchanged", "refused", "repaired")


@dataclass
class Counts:
    """What a batch adds to the counts of its import, and how far that has come then (0: no further)."""

    position: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    repaired: int = 0

    def add(self, other: "Counts") -> None:
        self.position = other.position or self.position
        for name in _COUNTED:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass
class Job:
    """A batch to be written, and the new records, by key, that it was built of."""

    new: dict[str, tuple[int, Record]]
    batch: Batch
    counts: Counts


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

    def take(self, entries: Callable[[int], Iterable[Entry]]) -> Import:
        """Take in every entry. Raises `Refused` if another import is running.

        `entries(n)` are those of the source after the n-th. Where an import goes on it may be called once more, for
        what went before.
        """
        with _alone():
            unfinished = Import.objects.filter(finished_at__isnull=True)
            found = unfinished.filter(source=self.source, fingerprint=self.fingerprint).first()
            self.run = found or Import.objects.create(source=self.source, fingerprint=self.fingerprint)
            return self._took(self._take, entries)

    def take_pages(self, pages: Callable[[str], Iterable[Page]]) -> Import:
        """Take in every page of a feed, from where the last import of it ended. Raises `Refused` as `take` does."""
        with _alone():
            last = Import.objects.filter(source=self.source).order_by("-pk").first()
            cursor = last.cursor if last is not None else ""
            self.run = (
                last
                if last is not None and last.finished_at is None
                else Import.objects.create(source=self.source, fingerprint=self.fingerprint, cursor=cursor)
            )
            return self._took(self._take_pages, pages(cursor))

    def _took(self, take: Callable[[Any], None], given: Any) -> Import:
        self._rows = Rows()
        self._seen: set[int] = set()
        self._unread = 0
        self._writing: deque[tuple[Job, Future[None]]] = deque()
        self._start = self.run.position
        self._began = self._said = time.monotonic()
        with RefusalFile(self.refused, after=self._start) as self._file, ExitStack() as stack:
            stack.enter_context(gc_tuning.turns(_TURN))
            stack.enter_context(gc_tuning.seldom_collected())
            self._writers = deque(stack.enter_context(ThreadPoolExecutor(1)) for _ in range(_WRITERS))
            try:
                take(given)
                self._settle()
            finally:
                for writer in self._writers:
                    writer.submit(connections.close_all)  # its own
        self.run.finished_at = timezone.now()
        self.run.save(update_fields=["finished_at"])
        return self.run

    def _take(self, entries: Callable[[int], Iterable[Entry]]) -> None:
        if self._start:
            self.say(f"Going on after record {self._start:,}, where this import was broken off.")
            self._unread, self._entries = self._start, entries
        waiting: list[tuple[int, Entry]] = []
        for position, entry in enumerate(entries(self._start), start=self._start + 1):
            waiting.append((position, entry))
            if len(waiting) >= self.batch:
                self._batch(waiting)
                waiting = []
                self._progress()
        self._batch(waiting)

    def _take_pages(self, pages: Iterable[Page]) -> None:
        for page in pages:
            # A feed tells of one review again and again, in order: each page is judged by itself.
            self._seen.clear()
            self._batch(list(enumerate(page.entries, start=self.run.position + 1)))
            self._settle()
            self.run.cursor = page.cursor
            self.run.save(update_fields=["cursor"])
            self._progress()

    def _progress(self) -> None:
        now = time.monotonic()
        if now - self._said >= 2:
            self._said = now
            run = self.run
            rate = (run.position - self._start) / (now - self._began)
            self.say(
                f"{run.position:,} records: {run.created:,} new, {run.updated:,} updated, {run.unchanged:,} unchanged, "
                f"{run.refused:,} refused; {rate:,.0f} a second"
            )

    def _batch(self, waiting: list[tuple[int, Entry]]) -> None:
        """Judge the entries and hand on what is new: while that is written, the next batches are read and built."""
        if not waiting:
            return
        records = [entry for _, entry in waiting if isinstance(entry, Record)]
        known = self._digests([record.key for record in records])
        under_way = set().union(*(job.new for job, _ in self._writing))
        mapped = self._rows.mapped({record.publisher for record in records if record.key in known})
        new: dict[str, tuple[int, Record]] = {}
        later: list[tuple[int, Record, bool]] = []
        for position, entry in waiting:
            if isinstance(entry, Refusal):
                self._file.write(position, entry)
                continue
            key = entry.key
            if key in known:
                if known[key] != entry.digest or entry.publisher in mapped:
                    later.append((position, entry, self._came_before(key)))
            elif key in new or key in under_way:
                later.append((position, entry, True))
            else:
                new[key] = (position, entry)
            self._seen.add(_number(key))
        counts = Counts(position=waiting[-1][0], repaired=sum(bool(record.repairs) for record in records))
        if not later:
            job = self._built(new)
            counts.refused = self._file.sync()
            counts.unchanged = len(waiting) - len(job.batch.claims) - counts.refused
            job.counts.add(counts)
            self._hand_on(job)
            return
        self._settle()
        job = self._built(new)
        created = len(job.batch.claims)
        self._write_now(job)
        for position, record, again in later:
            with pghistory.context(actor=self.actor, reason="import"):
                outcome = update(record, step=self._rows.rating, again=again)
            if isinstance(outcome, Refusal):
                self._file.write(position, outcome)
            else:
                counts.updated += outcome
        counts.refused = self._file.sync()
        counts.unchanged = len(waiting) - created - counts.updated - counts.refused
        self._count(counts)

    def _came_before(self, key: str) -> bool:
        """Whether this source has had a record of that key. What an earlier run took is read again for it, once."""
        number = _number(key)
        if number not in self._seen and self._unread:
            before = islice(self._entries(0), self._unread)
            self._seen.update(_number(entry.key) for entry in before if isinstance(entry, Record))
            self._unread = 0
        return number in self._seen

    @staticmethod
    def _digests(keys: list[str]) -> dict[str, str]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT key, digest FROM claims_importedrecord WHERE key = ANY(%s::text[])", [array_text(keys)]
            )
            return dict(cursor.fetchall())

    # what is new

    def _built(self, new: dict[str, tuple[int, Record]]) -> "Job":
        """The rows of new records. Those of the desk's own are refused."""
        now = timezone.now()
        # Publishers and speakers come first and stay, whatever becomes of the batch.
        with pghistory.context(actor=self.actor, reason="import"):
            self._rows.prepare([record for _, record in new.values()], actor=self.actor)
        batch = Batch()
        for position, record in new.values():
            try:
                self._rows.add(batch, record, told_versions(record, now=now))
            except Ours:
                reason = "It is a review of this desk, or its article is; those are not imported."
                self._file.write(position, Refusal(reason, record.url))
        _ = batch.log  # prepare it here, while the batches before are written
        return Job(new, batch, Counts(created=len(batch.claims)))

    def _hand_on(self, job: "Job") -> None:
        if not self._settle(leave=UNWRITTEN - 1):
            job = self._anew(job)
        if connection.in_atomic_block:  # what is written has to be part of it
            self._write_now(job)
            return
        before = self._writing[-1][1] if self._writing else None
        self._writers.rotate()
        self._writing.append((job, self._writers[0].submit(self._write, job, before)))

    def _settle(self, *, leave: int = 0) -> bool:
        """Wait until no more batches than that are being written.

        False if one was built anew, as what rests on it has to be then.
        """
        while len(self._writing) > leave:
            job, future = self._writing.popleft()
            try:
                future.result()
            except IntegrityError:
                # Those after it were waiting for it, and failed with it.
                wait(future for _, future in self._writing)
                failed = [job, *(each for each, _ in self._writing)]
                self._writing.clear()
                for each in failed:
                    self._write_now(self._anew(each))
                return False
            self._counted(job.counts)
        return True

    def _write_now(self, job: "Job") -> None:
        for attempt in range(3):
            try:
                self._write(job)
            except IntegrityError:
                if attempt == 2:
                    raise
                job = self._anew(job)
            else:
                break
        self._counted(job.counts)

    def _anew(self, job: "Job") -> "Job":
        """An editor made one of the articles, or so, in this moment: now it is found."""
        self._rows = Rows()
        again = self._built(job.new)
        refused = self._file.sync()
        again.counts = replace(job.counts, created=len(again.batch.claims), refused=job.counts.refused + refused)
        return again

    def _write(self, job: "Job", before: "Future[None] | None" = None) -> None:
        """The desk's rows while the batch before is appended to the log, then these: the last position is the last."""
        with transaction.atomic():
            turn = before.result if before is not None else lambda: None
            publish_batch(job.batch, actor=self.actor, reason="import", turn=turn)
            _store(self.run.pk, job.counts)

    def _count(self, counts: "Counts") -> None:
        _store(self.run.pk, counts)
        self._counted(counts)

    def _counted(self, counts: "Counts") -> None:
        """As in the database, for the sentences."""
        run = self.run
        run.position = counts.position or run.position
        for name in _COUNTED:
            setattr(run, name, getattr(run, name) + getattr(counts, name))


def _store(run: int, counts: Counts) -> None:
    added = {name: F(name) + getattr(counts, name) for name in _COUNTED if getattr(counts, name)}
    if counts.position:
        added["position"] = counts.position
    if added:
        Import.objects.filter(pk=run).update(**added)


@contextmanager
def _alone() -> Iterator[None]:
    """While no other import runs, in this database."""
    with held(Lock.IMPORT) as alone:
        if not alone:
            raise Refused("Another import is running; wait for it to end.")
        yield


def _number(key: str) -> int:
    """Half of a key: 758,000 of them take a third of the memory, and meet with a probability below 10⁻⁷."""
    return int(key[:15], 16)
