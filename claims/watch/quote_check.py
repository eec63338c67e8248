"""Check whether one quote still stands in one snapshot of its page, and build the EvidenceCheck row of the result.

Looked for are the words of the quote's newest anchoring, if an editor has accepted others in its place. The caller
decides what follows: `claims.reviews.evidence` before publishing, `claims.watch.sweep_affected` after a change of the
page.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from claims.models import Anchoring, Evidence, EvidenceCheck, Recheck
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


def check_quote(
    evidence: Evidence, snapshot: Snapshot, *, anchoring: Anchoring | None = None, before: str | None = None
) -> QuoteResult:
    """Locate the quote in the snapshot's text. `before` is the last text that contained it, if available."""
    located = locate.locate(sought(evidence, anchoring), snapshot.text.text, before=before)
    result = EvidenceCheck.Result(located.result.value)
    broken = result in EvidenceCheck.BROKEN
    return QuoteResult(
        result=result.value,
        found=(located.found or "") if broken else "",
        surroundings=located.surroundings or "",
        diff=tuple(located.diff) if broken else (),
        kinds=tuple(sorted(located.changes)) if broken else (),
    )


def sought(evidence: Evidence, anchoring: Anchoring | None) -> TextQuote:
    """The words to look for: those of the anchoring, else the quote's own."""
    words = anchoring or evidence
    return TextQuote(exact=words.exact, prefix=words.prefix, suffix=words.suffix)


def decided_recheck(evidence: Evidence, outcome: QuoteResult, anchoring: Anchoring | None = None) -> Recheck | None:
    """The latest resolved re-check of the review over exactly this result for this quote; None if there is none."""
    return (
        Recheck.objects.filter(
            checks__evidence__exact=evidence.exact,
            checks__evidence__page=evidence.page_id,
            checks__result=outcome.result,
            checks__found=outcome.found,
            checks__anchoring=anchoring,
            review=evidence.version.review,
            resolved_at__isnull=False,
        )
        .order_by("-pk")
        .first()
    )


def is_kept(evidence: Evidence, outcome: QuoteResult, anchoring: Anchoring | None = None) -> bool:
    """Whether the version was published although exactly this was found, with a reason for keeping the quote."""
    if not evidence.kept_because:
        return False
    published = evidence.checks.filter(reason=EvidenceCheck.Reason.PUBLISHED)
    return published.filter(result=outcome.result, found=outcome.found, anchoring=anchoring).exists()


def new_check(
    evidence: Evidence,
    outcome: QuoteResult,
    *,
    reason: str,
    snapshot: Snapshot | None,
    anchoring: Anchoring | None = None,
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
        anchoring=anchoring,
        result=outcome.result,
        found=outcome.found,
        surroundings=outcome.surroundings,
        diff=list(outcome.diff),
        kinds=list(outcome.kinds),
        checked_at=timezone.now(),
    )
