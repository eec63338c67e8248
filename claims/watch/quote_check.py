"""Check whether one quote still stands in one snapshot of its page, and build the EvidenceCheck row of the result.

The caller decides what follows: `claims.reviews.evidence` before publishing, `claims.watch.sweep_affected` after a
change of the page.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from claims.models import Evidence, EvidenceCheck, Recheck
from sources.models import Change, Snapshot
from sources.quotes import locate
from sources.quotes.exact_match import TextQuote


@dataclass(frozen=True)
class QuoteResult:
    """The result of one check. `found`, `diff` and `kinds` describe a broken quote and are empty otherwise."""

    result: str
    found: str = ""
    surroundings: str = ""
    diff: tuple[Any, ...] = ()
    kinds: tuple[str, ...] = ()


UNREADABLE = QuoteResult(EvidenceCheck.Result.UNVERIFIABLE)
"""The page could not be read, so nothing is known about the quote."""


def check_quote(evidence: Evidence, snapshot: Snapshot, *, before: str | None = None) -> QuoteResult:
    """Locate the quote in the snapshot's text. `before` is the last text that contained it, if available."""
    located = locate.locate(
        TextQuote(exact=evidence.exact, prefix=evidence.prefix, suffix=evidence.suffix),
        snapshot.text.text,
        before=before,
    )
    result = EvidenceCheck.Result(located.result.value)
    broken = result in EvidenceCheck.BROKEN
    return QuoteResult(
        result=result.value,
        found=(located.found or "") if broken else "",
        surroundings=located.surroundings or "",
        diff=tuple(located.diff) if broken else (),
        kinds=tuple(sorted(located.changes)) if broken else (),
    )


def decided_recheck(evidence: Evidence, outcome: QuoteResult) -> Recheck | None:
    """The latest resolved re-check of the review over exactly this result for this quote; None if there is none."""
    return (
        Recheck.objects.filter(
            checks__evidence__exact=evidence.exact,
            checks__evidence__page=evidence.page_id,
            checks__result=outcome.result,
            checks__found=outcome.found,
            review=evidence.version.review,
            resolved_at__isnull=False,
        )
        .order_by("-pk")
        .first()
    )


def new_check(
    evidence: Evidence,
    outcome: QuoteResult,
    *,
    reason: str,
    snapshot: Snapshot | None,
    recheck: Recheck | None = None,
    change: Change | None = None,
) -> EvidenceCheck:
    """An unsaved EvidenceCheck that records the result, dated now."""
    return EvidenceCheck(
        evidence=evidence,
        reason=reason,
        change=change,
        snapshot=snapshot,
        recheck=recheck,
        result=outcome.result,
        found=outcome.found,
        surroundings=outcome.surroundings,
        diff=list(outcome.diff),
        kinds=list(outcome.kinds),
        checked_at=timezone.now(),
    )
