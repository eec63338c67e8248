"""Import review records of other publishers as published claims: idempotent, resumable, in batches.

    def entries(after):
        return reading.entries(pieces(), form="json", now=…, after=after)

    Importer(source="feed.json", fingerprint="…", refused=Path("refused.ndjson")).import_entries(entries)

A new record becomes an imported review: of an imported claim that says the same in the same words, else of a claim of
its own. A known record, identified by its article and its claim, becomes a new version of its review if it is the later
word of its publisher, or waits for an editor if nothing tells. All are built and written a batch at a time
(claims/imports/batches.py, bulk_publish.py). Nothing joins a claim with a review of our own: people decide on that
(docs/decisions/0007-importing.md).
"""

import hashlib
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, connections, transaction
from django.db.models import F
from django.utils import timezone

from claims.imports import conflicts, gc_tuning, imported_records, stored_keys
from claims.imports.batches import Builder, Item, Touched, touched
from claims.imports.bulk_publish import Batch, publish_batch
from claims.imports.formats.reading import Entry, Refusal
from claims.imports.formats.records import Record
from claims.imports.instance_feed import Page
from claims.imports.joining import meetings
from claims.imports.known_reviews import source_key
from claims.imports.refused_file import RefusalFile
from claims.imports.rows import UNWRITTEN, Rows
from claims.models import Import
from claims.permissions import Refused
from sources.database.audit import acting_as
from sources.database.locks import Lock, held

BATCH = 2_000  # records a transaction
_SWITCH_INTERVAL = 0.0005  # seconds
# Batches written at the same time. More may be pending (`UNWRITTEN`): every 50,000 records or so an index merges its
# pending entries, and nothing is appended for some seconds.
_WRITERS = 2
_MOST_WAITING = 5_000  # records of a feed that differ and wait for its end


def fingerprint(content: bytes) -> str:
    """A hash that tells whether a source has changed since an earlier import."""
    return hashlib.sha256(content).hexdigest()


_COUNT_FIELDS = ("created", "joined", "updated", "unchanged", "refused", "contradictory", "repaired")


@dataclass
class Counts:
    """The numbers that a batch adds to its import, and the position after it (0: unchanged)."""

    position: int = 0
    created: int = 0
    joined: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    contradictory: int = 0
    repaired: int = 0


@dataclass
class Job:
    """A batch to write, with the records that it was built from: `size` of them, those without news included."""

    items: list[Item]
    size: int
    found: Touched
    batch: Batch
    counts: Counts
    refused: set[int]
    """Positions of records that were refused as the batch was built."""

    def has_keys(self, keys: Iterable[str]) -> bool:
        return not self.found.keys.isdisjoint(keys)

    def touches(self, found: Touched) -> bool:
        """Whether it may change what these records add to, or bring what they meet."""
        return not self.found.claims.isdisjoint(found.claims) or not set(self.found.words.values()).isdisjoint(
            found.words.values()
        )


@dataclass
class Importer:
    """One import of one source. An interrupted import of the same source resumes where it stopped.

    `fingerprint` tells whether the source is still the same. Refused records are listed in `refused`, an NDJSON file.
    `report` receives a sentence of progress every few seconds.
    """

    source: str
    fingerprint: str
    refused: Path
    actor: str = "import"
    batch: int = BATCH
    report: Callable[[str], None] = lambda sentence: None
    run: Import = field(init=False)

    def import_entries(self, entries: Callable[[int], Iterable[Entry]]) -> Import:
        """Import every entry. Raises `Refused` if another import is running, or stored keys are not of this version.

        `entries(n)` yields the entries after the n-th. A resumed import may call it once more, for those before.
        """
        with _import_lock():
            unfinished = Import.objects.filter(finished_at__isnull=True)
            interrupted = unfinished.filter(source=self.source, fingerprint=self.fingerprint).first()
            self.run = interrupted or Import.objects.create(source=self.source, fingerprint=self.fingerprint)
            return self._run(self._import_entries, entries)

    def import_pages(self, pages: Callable[[str], Iterable[Page]]) -> Import:
        """Import the pages of a feed since the last import of it. Raises `Refused` if another import is running."""
        with _import_lock():
            last = Import.objects.filter(source=self.source).order_by("-pk").first()
            cursor = last.cursor if last is not None else ""
            self.run = (
                last
                if last is not None and last.finished_at is None
                else Import.objects.create(source=self.source, fingerprint=self.fingerprint, cursor=cursor)
            )
            return self._run(self._import_pages, pages(cursor))

    def _run(self, process: Callable[[Any], None], items: Any) -> Import:
        self._rows = Rows()
        self._last_of_feed: dict[str, Item] | None = None
        self._seen: set[int] = set()
        self._unscanned = 0  # entries before a resumed import's start that `_seen` still lacks
        self._pending: deque[tuple[Job, Future[None]]] = deque()
        self._start = self.run.position
        self._started_at = self._reported_at = time.monotonic()
        with RefusalFile(self.refused, after=self._start) as self._file, ExitStack() as stack:
            stack.enter_context(gc_tuning.switch_interval(_SWITCH_INTERVAL))
            stack.enter_context(gc_tuning.rare_collections())
            self._writers = deque(stack.enter_context(ThreadPoolExecutor(1)) for _ in range(_WRITERS))
            try:
                process(items)
                self._wait_for_writes()
            finally:
                for writer in self._writers:
                    writer.submit(connections.close_all)  # the connections of its thread
        self.run.finished_at = timezone.now()
        self.run.save(update_fields=["finished_at"])
        return self.run

    def _import_entries(self, entries: Callable[[int], Iterable[Entry]]) -> None:
        if self._start:
            self.report(f"Resuming after record {self._start:,}, where this import was interrupted.")
            self._unscanned, self._entries = self._start, entries
        batch: list[tuple[int, Entry]] = []
        for position, entry in enumerate(entries(self._start), start=self._start + 1):
            batch.append((position, entry))
            if len(batch) >= self.batch:
                self._process_batch(batch)
                batch = []
                self._report_progress()
        self._process_batch(batch)

    def _import_pages(self, pages: Iterable[Page]) -> None:
        """A feed has an event of a review for each state that it was in, the last one last: only that one counts."""
        differing: dict[str, Item] = {}
        self._last_of_feed = differing
        for page in pages:
            self._seen.clear()
            self._process_batch(list(enumerate(page.entries, start=self.run.position + 1)))
            self._wait_for_writes()
            self.run.cursor = page.cursor
            if len(differing) >= _MOST_WAITING:
                self._take_waiting(differing)
            if not differing:  # else a run that is broken off reads these pages again
                self.run.save(update_fields=["cursor"])
            self._report_progress()
        self._take_waiting(differing)
        self.run.save(update_fields=["cursor"])

    def _report_progress(self) -> None:
        now = time.monotonic()
        if now - self._reported_at >= 2:
            self._reported_at = now
            run = self.run
            rate = (run.position - self._start) / (now - self._started_at)
            self.report(
                f"{run.position:,} records: {run.created:,} new, {run.updated:,} updated, {run.unchanged:,} unchanged, "
                f"{run.refused:,} refused, {run.contradictory:,} for an editor; {rate:,.0f} a second"
            )

    def _process_batch(self, batch: list[tuple[int, Entry]]) -> None:
        """Sort entries into known, unchanged and refused; what is new or changed is written while later ones are read.

        A batch that touches what is being written waits for it.
        """
        if not batch:
            return
        records = [entry for _, entry in batch if isinstance(entry, Record)]
        keys = {record.key for record in records}
        if any(job.has_keys(keys) for job, _ in self._pending):
            self._wait_for_writes()
        known = imported_records.known(records)
        mapped = self._rows.with_scale({record.publisher for record in records if record.key in known})
        items: list[Item] = []
        new: set[str] = set()
        feed = {} if self._last_of_feed is None else self._last_of_feed
        waiting = len(feed)
        seen: list[Record] = []  # unchanged, but not as it is stored: another date, or the digest of an earlier version
        refused = 0
        for position, entry in batch:
            if isinstance(entry, Refusal):
                self._file.write(position, entry)
                refused += 1
                continue
            key = entry.key
            if key in known and known[key].is_told_by(entry) and entry.publisher not in mapped:
                feed.pop(key, None)  # which has come to what is here
                if known[key].is_behind(entry):
                    seen.append(entry)
            elif self._last_of_feed is not None and (key in known or key in new):
                feed[key] = (position, entry, False)
            else:
                items.append((position, entry, key in new or (key in known and self._is_repeated(key))))
                new.add(key)
            self._seen.add(_short_key(key))
        imported_records.store_seen(seen)
        repaired = sum(bool(record.repairs) for record in records)
        counts = Counts(position=batch[-1][0], refused=refused, repaired=repaired)
        size = len(batch) - refused - (len(feed) - waiting)
        self._enqueue(self._build(items, size, counts, known.keys()))

    def _take_waiting(self, differing: dict[str, Item]) -> None:
        """Take the known records of a feed that differ, each as the feed had it last."""
        if differing:
            items = list(differing.values())
            known = imported_records.known([record for _, record, _ in items])
            self._enqueue(self._build(items, len(items), Counts(), known.keys()))
            self._wait_for_writes()
            differing.clear()

    def _is_repeated(self, key: str) -> bool:
        """Whether an earlier record of this source had the key; reads those of an interrupted run again, once."""
        short = _short_key(key)
        if short not in self._seen and self._unscanned:
            before = islice(self._entries(0), self._unscanned)
            self._seen.update(_short_key(entry.key) for entry in before if isinstance(entry, Record))
            self._unscanned = 0
        return short in self._seen

    # batches

    def _build(self, items: list[Item], size: int, counts: Counts, known: Collection[str]) -> Job:
        """Build the batch of these records. `known` are those of their keys that are stored."""
        meetings.fill_fingerprints()
        found = touched(items, known)
        if any(job.touches(found) for job, _ in self._pending):
            self._wait_for_writes()
            found = touched(items, known)
        in_order, source = self._last_of_feed is not None, source_key(self.source)
        builder = Builder(self._rows, actor=self.actor, now=timezone.now(), in_order=in_order, source=source)
        builder.build(items, found)
        job = Job(items, size, found, builder.batch, counts, set())
        for position, refusal in builder.refusals:
            self._file.write(position, refusal)
            job.refused.add(position)
        self._file.sync()
        job.counts = replace(
            counts,
            created=builder.created,
            joined=builder.joined,
            updated=builder.updated,
            refused=counts.refused + len(job.refused),
        )
        _ = job.batch.log  # prepare it here, while the batches before are written
        return job

    def _enqueue(self, job: Job) -> None:
        if not self._wait_for_writes(max_pending=UNWRITTEN - 1):
            job = self._rebuild(job)
        if connection.in_atomic_block:  # the rows have to be part of this transaction
            self._write_now(job)
            return
        before = self._pending[-1][1] if self._pending else None
        self._writers.rotate()
        self._pending.append((job, self._writers[0].submit(self._write, job, before)))

    def _wait_for_writes(self, *, max_pending: int = 0) -> bool:
        """Wait until at most `max_pending` batches are being written.

        False if a batch had to be rebuilt; then a batch built after it has to be rebuilt too.
        """
        while len(self._pending) > max_pending:
            job, future = self._pending.popleft()
            try:
                future.result()
            except IntegrityError:
                # The batches after it wait for it and fail with it.
                wait(future for _, future in self._pending)
                failed = [job, *(each for each, _ in self._pending)]
                self._pending.clear()
                for each in failed:
                    self._write_now(self._rebuild(each))
                return False
            self._add_counts(job.counts)
        return True

    def _write_now(self, job: Job) -> None:
        for attempt in range(3):
            try:
                self._write(job)
            except IntegrityError:
                if attempt == 2:
                    raise
                job = self._rebuild(job)
            else:
                break
        self._add_counts(job.counts)

    def _rebuild(self, job: Job) -> Job:
        """Build the batch again after a conflict with what somebody else has just written."""
        self._rows = Rows()
        items = [item for item in job.items if item[0] not in job.refused]
        known = imported_records.known([record for _, record, _ in items])
        rebuilt = self._build(items, job.size - len(job.refused), job.counts, known.keys())
        rebuilt.refused |= job.refused
        rebuilt.size = job.size
        return rebuilt

    def _write(self, job: Job, before: "Future[None] | None" = None) -> None:
        """Write the batch; its log entries follow those of the batch `before`, in the order of positions."""
        with transaction.atomic():
            turn = before.result if before is not None else lambda: None
            publish_batch(job.batch, actor=self.actor, reason="import", turn=turn)
            with acting_as(self.actor, reason="import"):
                waiting = [conflicts.put(question, source=self.source) for question in job.batch.questions]
            counts = job.counts
            counts.contradictory = sum(waiting)
            counts.unchanged = job.size - len(job.refused) - counts.created - counts.updated - counts.contradictory
            _store(self.run.pk, counts)

    def _add_counts(self, counts: Counts) -> None:
        """Repeat in `run` what the database has added, for the progress report."""
        run = self.run
        run.position = counts.position or run.position
        for name in _COUNT_FIELDS:
            setattr(run, name, getattr(run, name) + getattr(counts, name))


def _store(run: int, counts: Counts) -> None:
    added = {name: F(name) + getattr(counts, name) for name in _COUNT_FIELDS if getattr(counts, name)}
    if counts.position:
        added["position"] = counts.position
    if added:
        Import.objects.filter(pk=run).update(**added)


@contextmanager
def _import_lock() -> Iterator[None]:
    """Hold the lock of the one import that may run in this database. Raises `Refused` if another does."""
    with held(Lock.IMPORT) as alone:
        if not alone:
            raise Refused("Another import is running; wait for it to end.")
        stored_keys.require_current()
        yield


def _short_key(key: str) -> int:
    """Half of a key as a number: 758,000 of them take a third of the memory and collide with p < 10⁻⁷."""
    return int(key[:15], 16)
