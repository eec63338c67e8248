"""Look for the quotes of a version in the latest snapshots of their pages, and say what keeps it from publication."""

from collections.abc import Iterator
from dataclasses import dataclass

from claims.causes import Cause
from claims.models import Anchoring, Evidence, ReviewVersion
from claims.watch.quote_check import UNREAD, UNREADABLE, QuoteResult, check_quote
from claims.watch.watched_passages import NOT_READ, Watched, read_now, watched_passages
from sources.models import Polling, Snapshot
from sources.passages import readings


@dataclass(frozen=True)
class QuoteNow:
    """A quote of a version, and what came of looking for it in the latest snapshot of its page."""

    evidence: Evidence
    sought: Watched
    snapshot: Snapshot | None
    outcome: QuoteResult

    @property
    def anchoring(self) -> Anchoring | None:
        """The newest anchoring; None while the quote stands as it was attached."""
        return self.sought.anchoring

    @property
    def broken(self) -> bool:
        return self.outcome.broke

    def objection(self) -> str:
        """Why the version cannot be published with this quote as it is: a sentence, or two; empty if it can."""
        evidence, kind = self.evidence, self.evidence.version.kind
        if kind == ReviewVersion.Kind.WITHDRAWAL:
            return ""
        quote = f"The quote “{evidence.exact[:80]}”"
        if self.snapshot is None:
            return f"The page {evidence.page} was never read; attach the quote again."
        what = _OBJECTIONS.get(self.outcome.cause, "no longer stands on {page}").format(page=evidence.page)
        if kind == ReviewVersion.Kind.ORIGINAL and self.broken:
            return f"{quote} {what}. Send the review back and look at the page again."
        if kind == ReviewVersion.Kind.ORIGINAL and self.outcome.unread:
            return f"{quote} cannot be looked for on {evidence.page}: {self.sought.unread or NOT_READ} Attach it again."
        if self.broken and not evidence.kept_because.strip():
            return (
                f"{quote} {what}. Send the version back; replace the quote, or open it and say why the review keeps it."
            )
        if evidence.kept_because and not self.broken:
            return f"{quote} stands on {evidence.page}. Send the version back and empty the reason for keeping it."
        return ""


_OBJECTIONS = {
    Cause.DISOWNED.value: "stands on {page}, which seems to take it back",
    Cause.REATTRIBUTED.value: "stands on {page}, but seems to be said by somebody else now",
    Cause.REQUALIFIED.value: "stands on {page}, but what stands around it seems to change what it says",
}


def quotes_now(version: ReviewVersion) -> list[QuoteNow]:
    """Look for each quote of the version in the latest snapshot of its page, without writing anything."""
    return list(look_for_quotes(version, lock=False))


def objections(version: ReviewVersion) -> list[str]:
    """Why the version could not be published now because of its quotes: a sentence for each. Writes nothing."""
    return [sentence for each in quotes_now(version) if (sentence := each.objection())]


def look_for_quotes(version: ReviewVersion, *, lock: bool) -> Iterator[QuoteNow]:
    """Look for each quote of the version in turn; `lock` keeps polls of its page out until commit."""
    page_quotes = version.evidence.filter(kind=Evidence.Kind.PAGE_QUOTE)
    rows = list(page_quotes.select_related("page", "snapshot__text", "version").order_by("page_id", "pk"))
    sought = watched_passages(rows, with_texts=True)
    read = {} if lock else _latest_snapshots(rows)
    for evidence in rows:
        snapshot = latest_snapshot(evidence, lock=True) if lock else read.get(evidence.page_id)
        watched = read_now(evidence, sought[evidence.pk])
        outcome = UNREADABLE if snapshot is None else _look(evidence, watched, snapshot)
        yield QuoteNow(evidence, watched, snapshot, outcome)


def _look(evidence: Evidence, watched: Watched, snapshot: Snapshot) -> QuoteResult:
    if watched.unread:
        return UNREAD
    try:
        return check_quote(watched.sought, snapshot, before=(watched.anchoring or evidence).snapshot)
    except readings.Unreadable:
        return UNREAD


def _latest_snapshots(evidence: list[Evidence]) -> dict[int | None, Snapshot | None]:
    """The latest snapshot of each page that is quoted. One query."""
    states = Polling.objects.filter(page__in={row.page_id for row in evidence})
    return {state.page_id: state.latest_snapshot for state in states.select_related("latest_snapshot__text")}


def latest_snapshot(evidence: Evidence, *, lock: bool) -> Snapshot | None:
    """The latest snapshot of the page that is quoted; None if there is none. The lock keeps polls out until commit."""
    states = Polling.objects.select_related("latest_snapshot__text")
    if lock:
        states = states.select_for_update(of=("self",))
    return states.get(page=evidence.page_id).latest_snapshot
