"""Looking for one quote in one snapshot, and writing the answer down.

Who looks decides what follows: `claims.evidence` before publishing, `claims.watch.sweep_affected` after a change.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from claims.models import Evidence, EvidenceCheck, Recheck
from sources.models import Change, Snapshot
from sources.quotes import locate
from sources.quotes.exact_match import TextQuote

BROKEN = (EvidenceCheck.Result.ALTERED, EvidenceCheck.Result.GONE)


@dataclass(frozen=True)
class Look:
    """What was found; `found`, `diff` and `kinds` only of a broken quote."""

    result: str
    found: str = ""
    surroundings: str = ""
    diff: tuple[Any, ...] = ()
    kinds: tuple[str, ...] = ()


UNSEEN = Look(EvidenceCheck.Result.UNVERIFIABLE)
"""The page could not be read, which says nothing of the quote."""


def look_for(evidence: Evidence, snapshot: Snapshot, *, before: str | None = None) -> Look:
    """Look for the quote in the snapshot; `before` is the text that it stood in last, if it is at hand."""
    answer = locate.locate(
        TextQuote(exact=evidence.exact, prefix=evidence.prefix, suffix=evidence.suffix),
        snapshot.text.text,
        before=before,
    )
    result = EvidenceCheck.Result(answer.result.value)
    broken = result in BROKEN
    return Look(
        result=result.value,
        found=(answer.found or "") if broken else "",
        surroundings=answer.surroundings or "",
        diff=tuple(answer.diff) if broken else (),
        kinds=tuple(sorted(answer.changes)) if broken else (),
    )


def settled(evidence: Evidence, look: Look) -> Recheck | None:
    """The last re-check in which people decided on exactly this state of this quote, if there is one."""
    return (
        Recheck.objects.filter(
            checks__evidence__exact=evidence.exact,
            checks__evidence__page=evidence.page_id,
            checks__result=look.result,
            checks__found=look.found,
            review=evidence.version.review,
            resolved_at__isnull=False,
        )
        .order_by("-pk")
        .first()
    )


def check_of(
    evidence: Evidence,
    look: Look,
    *,
    reason: str,
    snapshot: Snapshot | None,
    recheck: Recheck | None = None,
    change: Change | None = None,
) -> EvidenceCheck:
    """The row that says so, still to be saved."""
    return EvidenceCheck(
        evidence=evidence,
        reason=reason,
        change=change,
        snapshot=snapshot,
        recheck=recheck,
        result=look.result,
        found=look.found,
        surroundings=look.surroundings,
        diff=list(look.diff),
        kinds=list(look.kinds),
        checked_at=timezone.now(),
    )
