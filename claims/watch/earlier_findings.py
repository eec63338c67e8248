"""Compare a finding with what was found of the same quote before: have editors decided on it, does it come and go?"""

from datetime import datetime, timedelta
from enum import Enum

from django.db.models import QuerySet

from claims import causes
from claims.causes import Cause
from claims.models import Anchoring, Evidence, EvidenceCheck
from claims.models.watch.evidence_check import EvidenceCheckQuerySet
from claims.watch.quote_check import QuoteResult
from sources.models import Change
from sources.polling.quiet import confirm_after
from sources.quotes.grade import is_typography
from sources.quotes.normalization import normal

TIMES = 3
"""How many separate times a finding must be made, with the quote intact in between, to count as one that comes and
goes; within `WITHIN`, and for at least `SHARE` of the time since the first. A single fault of a server does not."""
WITHIN = timedelta(days=7)
SHARE = 0.1

_WITHOUT_WORDS = (Cause.GONE.value, Cause.PAGE_GONE.value)
"""Findings that have no words by which one could be told from the next."""

_WAITING = (EvidenceCheck.Reason.CHANGE, EvidenceCheck.Reason.RECURRING)
"""The reasons of checks that wait for a second look if they have a cause and no re-check."""


class Series(Enum):
    """Whether a finding that was not confirmed is one of a series that comes and goes."""

    NONE = "none"
    NEW = "new"
    KNOWN = "known"
    """Its re-check was raised already."""


def settled(
    evidence: Evidence, outcome: QuoteResult, change: Change, anchoring: Anchoring | None = None
) -> EvidenceCheck | None:
    """The check with which editors have decided on this very finding before; None if they have not.

    The same is: the same cause in the same words of the page, for the same words in their place. A notice under
    another date is the same; a notice in other words is not, nor is a quote, or a page, that is gone anew after it
    stood again for a while. Its re-check is resolved, or it has none and the version was published with the quote as it
    is, for a reason (`kept_because`).
    """
    checks = _of_quote(evidence).broken().select_related("recheck", "anchoring").order_by("-pk")
    accepted = _accepted(anchoring)
    for check in checks.filter(recheck__resolved_at__isnull=False):
        if _same(check, outcome) and _accepted(check.anchoring) == accepted and not _is_over(check, evidence, change):
            return check
    if not evidence.kept_because:
        return None
    for check in checks.filter(evidence=evidence, reason=EvidenceCheck.Reason.PUBLISHED, recheck__isnull=True):
        if _same(check, outcome) and _accepted(check.anchoring) == accepted:
            return check
    return None


def is_second_look(evidence: Evidence, outcome: QuoteResult, change: Change) -> bool:
    """Whether a second poll finds the quote broken, at least `confirm_after` later: one miss may be a passing fault.

    Polls between the two that could not read the page say nothing. One that found the quote standing ends the wait,
    and so does a finding that did not have to wait. A page that is gone says nothing of its words, and the other way
    round: two polls miss the page if `sources` writes so.
    """
    confirmed = change.certainty == Change.Certainty.CONFIRMED
    if outcome.cause == Cause.PAGE_GONE:
        return confirmed
    since = _waiting_since(evidence, change)
    if since is None:
        return False
    # Back is confirmed at once, without a second poll of the text.
    of_text = confirmed and change.kind != Change.Kind.BACK
    return of_text or change.detected_at - since >= confirm_after(change.page)


def _waiting_since(evidence: Evidence, change: Change) -> datetime | None:
    """When an earlier poll first made a finding of this quote that still waits for a second look; None if none does."""
    since: datetime | None = None
    looks = _of_quote(evidence).answered().exclude(cause=Cause.PAGE_GONE).select_related("change").order_by("-pk")
    for check in looks.defer("surroundings", "diff", "kinds").iterator(chunk_size=20):
        waits = check.broke and check.recheck_id is None and check.reason in _WAITING
        if not waits or check.change is None:
            break
        if check.change.detected_at < change.detected_at:
            since = check.change.detected_at
    return since


def series(evidence: Evidence, outcome: QuoteResult, change: Change, anchoring: Anchoring | None) -> Series:
    """Whether this finding, which needs a second look and has none, was made again and again with intact looks between.

    A page that answers 404 now and then is a server's fault and no such series.
    """
    if outcome.cause == Cause.PAGE_GONE:
        return Series.NONE
    now = change.detected_at
    recent = (
        _of_quote(evidence)
        .filter(change__detected_at__gte=now - WITHIN, change__detected_at__lte=now)
        .select_related("change", "anchoring")
        .defer("surroundings", "diff", "kinds")
        .order_by("pk")
    )
    accepted = _accepted(anchoring)
    looks: list[tuple[datetime, bool | None]] = []
    for check in recent:
        found = _same(check, outcome) and _accepted(check.anchoring) == accepted
        if found and check.comes_and_goes:
            return Series.KNOWN
        stood = not check.broke and check.result != EvidenceCheck.Result.UNVERIFIABLE
        if check.change is not None:
            looks.append((check.change.detected_at, True if found else False if stood else None))
    return Series.NEW if _comes_and_goes([*looks, (now, True)]) else Series.NONE


def _comes_and_goes(looks: list[tuple[datetime, bool | None]]) -> bool:
    """Whether the looks (time, and whether the finding was made; None: unknown) make a series. The last one made it."""
    times, stood = 0, True
    share = {True: timedelta(0), False: timedelta(0)}
    last: tuple[datetime, bool | None] | None = None
    for at, found in looks:
        if last is not None and last[1] is not None and times:
            share[last[1]] += at - last[0]
        if found and stood:
            times, stood = times + 1, False
        elif found is False:
            stood = True
        last = at, found
    return times >= TIMES and share[True] >= SHARE * (share[True] + share[False])


def _of_quote(evidence: Evidence) -> EvidenceCheckQuerySet:
    """The checks of the same words of the same page, in all versions of the review."""
    checks: QuerySet[EvidenceCheck] = EvidenceCheck.objects.filter(**_same_quote(evidence))
    return checks  # type: ignore[return-value]


def _same_quote(evidence: Evidence) -> dict[str, object]:
    return {
        "evidence__exact": evidence.exact,
        "evidence__page": evidence.page_id,
        "evidence__version__review": evidence.version.review_id,
    }


def _is_over(check: EvidenceCheck, evidence: Evidence, change: Change) -> bool:
    """Whether what editors decided on has ended since, so that finding it after this change is news.

    Words tell a finding from another; where there are none, the quote was gone until it stood again, for as long as
    one must be missing: at a single look an old server may have answered. Of a quote that came and went, nobody has
    said that it may be gone for good.
    """
    if check.why not in _WITHOUT_WORDS:
        return False
    if check.comes_and_goes:
        return True
    least = confirm_after(change.page)
    since: datetime | None = None
    unknown = False  # whether nobody could look since it was last found standing
    later = _of_quote(evidence).filter(pk__gt=check.pk).select_related("change").order_by("pk")
    for each in later.defer("surroundings", "diff", "kinds"):
        at = each.change.detected_at if each.change is not None else each.checked_at
        could_look = each.broke or each.result != EvidenceCheck.Result.UNVERIFIABLE
        stood = could_look and not each.broke
        if since is not None and (stood or not unknown) and at - since >= least:
            return True
        if stood:
            since, unknown = since or at, False
        elif could_look:
            since = None
        else:
            unknown = True
    return since is not None and not unknown and change.detected_at - since >= least


def _same(check: EvidenceCheck, outcome: QuoteResult) -> bool:
    if check.why != outcome.cause:
        return False
    if check.why in causes.OF_STANCE:
        return _words(check.why, check.found) == _words(outcome.cause, outcome.found)
    return is_typography(check.found, outcome.found)


def _words(cause: str, found: str) -> str:
    return causes.without_dates(cause, normal(found).casefold())


def _accepted(anchoring: Anchoring | None) -> int | None:
    """The newest anchoring by an editor up to this one: what was found is about the words that it accepted."""
    if anchoring is None or anchoring.reason == Anchoring.Reason.STILL_STANDS:
        return anchoring.pk if anchoring else None
    of_quote = Anchoring.objects.filter(
        **_same_quote(anchoring.evidence),
        reason=Anchoring.Reason.STILL_STANDS,
        pk__lt=anchoring.pk,
    )
    return of_quote.order_by("-pk").values_list("pk", flat=True).first()
