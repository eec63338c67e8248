"""Know which passage of its page each quote is looked for in: that of its newest anchoring, else its own.

Quotes from before there were passages get one of their own snapshot when it is first needed. A passage that another
version's extractor read is read again from the bytes in which it stood, and anchored anew in what that gives: an
upgrade of this software is no edit of a page, and raises nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from claims.models import Anchoring, Evidence, EvidenceCheck, ReviewVersion
from claims.models.watch.anchoring import newest_anchorings
from sources.models import Passage
from sources.passages import readings, register
from sources.passages.last_seen import mark_all
from sources.passages.watch_list import set_watched
from sources.quotes.exact_match import TextQuote


@dataclass(frozen=True)
class Watched:
    """What is looked for: the passage, else the words alone. `unread` is why this version does not read it."""

    anchoring: Anchoring | None
    passage: Passage | None
    words: TextQuote
    unread: str = ""

    @property
    def sought(self) -> Passage | TextQuote:
        return self.passage or self.words

    @property
    def is_current(self) -> bool:
        """Whether it can be compared with what is read now."""
        return self.passage is not None and not self.unread and readings.is_current(self.passage.extractor)


def watched_passages(evidence: Iterable[Evidence], *, with_texts: bool = False) -> dict[int, Watched]:
    """What each quote is looked for by, by primary key, as it is stored. Two queries.

    `with_texts` reads the texts in which they stand along.
    """
    rows = list(evidence)
    anchorings = newest_anchorings(row.pk for row in rows)
    wanted = {row.pk: anchorings[row.pk].passage_id if row.pk in anchorings else row.passage_id for row in rows}
    stored = Passage.objects.select_related("snapshot__text") if with_texts else Passage.objects.all()
    passages = stored.in_bulk([key for key in wanted.values() if key is not None])
    return {
        row.pk: Watched(anchorings.get(row.pk), passages.get(wanted[row.pk] or 0), _words(row, anchorings.get(row.pk)))
        for row in rows
    }


def _words(evidence: Evidence, anchoring: Anchoring | None) -> TextQuote:
    words = anchoring or evidence
    return TextQuote(words.exact, words.prefix, words.suffix)


def read_now(evidence: Evidence, watched: Watched) -> Watched:
    """The same as this version's extractor reads it, without a row for it: for quotes that may still be removed."""
    snapshot = (watched.anchoring or evidence).snapshot
    passage = watched.passage
    try:
        if passage is None or snapshot is None or readings.is_current(passage.extractor):
            return watched
        again = register.re_read(passage)
    except readings.Unreadable as error:
        return Watched(watched.anchoring, passage, watched.words, unread=str(error))
    if again is None:
        return Watched(watched.anchoring, passage, watched.words, unread=NOT_READ)
    return Watched(watched.anchoring, again, watched.words)


NOT_READ = "This version does not read these words where they stood, for example because the page had struck them out."


def anchor_again(evidence: Evidence, watched: Watched) -> Watched:
    """The same as this version's extractor reads it, anchored for a published quote, whose evidence is locked."""
    snapshot = (watched.anchoring or evidence).snapshot
    passage = watched.passage
    if passage is None and snapshot is not None:
        passage = register.register(snapshot, watched.words)
        if passage is None:
            return watched
        watched = _anchored(evidence, watched, passage, Anchoring.Reason.REGISTERED)
    again = read_now(evidence, watched)
    if again.passage is None or again.unread or again.passage == watched.passage:
        return again
    return _anchored(evidence, again, again.passage, Anchoring.Reason.RE_READ)


def _anchored(evidence: Evidence, watched: Watched, passage: Passage, reason: Anchoring.Reason) -> Watched:
    anchoring = Anchoring.objects.create(
        evidence=evidence,
        reason=reason,
        passage=passage,
        snapshot_id=passage.snapshot_id,
        exact=passage.exact,
        prefix=passage.prefix,
        suffix=passage.suffix,
    )
    return Watched(anchoring, passage, _words(evidence, anchoring))


def mark_seen(checks: Iterable[EvidenceCheck]) -> None:
    """Note when the passages of those checks that found them were requested. The caller is in a transaction."""
    seen: dict[int, datetime | None] = {}
    for check in checks:
        stood = not check.broke and check.result != EvidenceCheck.Result.UNVERIFIABLE
        if stood and check.passage_id is not None and check.snapshot is not None:
            seen[check.passage_id] = check.snapshot.requested_at
    mark_all(seen)


def sync_watched(pages: Iterable[int], *, replaced: dict[int, int] | None = None) -> None:
    """Tell the poller which passages of these pages are watched: those of published reviews, and of drafts.

    Call it, in a transaction, whenever what is published or attached changes. `replaced` names, by the new passage,
    the one that it is another reading of.
    """
    wanted: dict[int, list[int]] = {page: [] for page in pages}
    published = Evidence.objects.watched().filter(page__in=wanted)
    drafts = (
        Evidence.objects.filter(page__in=wanted, kind=Evidence.Kind.PAGE_QUOTE, version__review__withdrawn_at=None)
        .exclude(version__state=ReviewVersion.State.PUBLISHED)
        .filter(passage__isnull=False)
    )
    rows = [*published, *drafts]
    found = watched_passages(rows)
    for row in rows:
        passage = found[row.pk].passage
        if row.page_id is not None and passage is not None:
            wanted[row.page_id].append(passage.pk)
    set_watched(wanted, replaced=replaced)
