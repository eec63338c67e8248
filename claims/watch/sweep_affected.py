"""Sweep page changes that may have broken a quote: check each quote, raise re-checks, append events for newsrooms.

One transaction covers several pages: it reads the state of all their quotes at once and writes all results at once.
No two of the pages touch the same claim, so that each claim's events follow one change at a time.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from claims.models import Anchoring, Claim, Evidence, EvidenceCheck, Publication, Recheck, Review, Sweep
from claims.models.anchoring import newest_anchorings
from claims.models.publication import Audience
from claims.publication import append
from claims.publication.quote_state import visible_checks
from claims.watch.quote_check import UNREADABLE, QuoteResult, check_quote, decided_recheck, is_kept, new_check
from claims.watch.sweep_unaffected import lock_pages
from sources.database.audit import acting_as
from sources.database.locks import limit_lock_waits
from sources.faults import point
from sources.models import Change, Snapshot

MAX_PAGES = 20
"""Pages in one transaction: while it appends events, nobody else can publish."""


@dataclass
class _WatchedQuote:
    """A quote with its earlier checks."""

    evidence: Evidence
    anchoring: Anchoring | None
    latest: EvidenceCheck | None
    last_seen: EvidenceCheck | None
    """The latest check of a page that could be read: repeating its result after an unreadable page is no news."""
    shown: str
    """The result that newsrooms are shown."""

    @property
    def review(self) -> Review:
        return self.evidence.version.review


@dataclass(frozen=True)
class _Finding:
    """The result of one quote after one change, and whether it raises a re-check."""

    watched: _WatchedQuote
    change: Change
    outcome: QuoteResult
    recheck: Recheck | None
    raises: bool = False
    kept: bool = False
    """Whether the review was published with the quote broken in this very way."""

    @property
    def decided(self) -> bool:
        """Whether editors have decided on this very finding before."""
        return self.kept or (
            self.outcome.result in EvidenceCheck.BROKEN and self.recheck is not None and not self.recheck.is_open
        )

    @property
    def is_news(self) -> bool:
        """Whether newsrooms may read something new of it; `append_news` compares what they read in the end."""
        last, recheck = self.watched.last_seen, self.recheck
        if self.raises:
            return True
        if self.outcome.result == EvidenceCheck.Result.UNVERIFIABLE:
            return False
        if recheck is None and not self.kept:  # stands, or is missing for the first time
            stands = self.outcome.result not in EvidenceCheck.BROKEN
            return stands and self.watched.shown in EvidenceCheck.BROKEN
        if self.decided and self.watched.shown not in EvidenceCheck.BROKEN:
            return True
        return last is None or (last.result, last.found, last.recheck_id) != (
            self.outcome.result,
            self.outcome.found,
            recheck.pk if recheck else None,
        )


def sweep_affected(pages: Sequence[int], *, patience: float = 3) -> tuple[int, list[int]]:
    """Sweep the oldest unswept change of each page. Returns the number swept and the pages to try again.

    Skips pages that another sweeper has locked, that have no such change, or of which somebody holds a claim. One
    transaction: a crash loses nothing; a rerun or a second sweeper repeats nothing. Raises OperationalError if it waits
    more than `patience` seconds for any other lock.
    """
    with acting_as("sweep"), transaction.atomic():
        limit_lock_waits(patience)
        locked = lock_pages(pages)
        if not locked:
            return 0, []
        # All claims at once and in order, before any review: the order in which every verb locks.
        of_pages = Evidence.objects.watched().filter(page__in=locked)
        claims = Claim.objects.select_for_update(skip_locked=True).filter(
            pk__in=of_pages.values("version__review__claim")
        )
        held = {claim.pk for claim in claims.order_by("pk")}
        changes = (
            Change.objects.filter(page__in=locked, sweep__isnull=True)
            .order_by("page_id", "pk")
            .distinct("page_id")
            .select_related("after__text", "before__text")
        )
        watched = _watched(of_pages)
        free = [change for change in changes if all(each.review.claim_id in held for each in watched[change.page_id])]
        taken, postponed = _split_by_claim(sorted(free, key=lambda change: change.pk), watched)
        _sweep(taken, watched)
    return len(taken), postponed


def _split_by_claim(
    changes: Sequence[Change], watched: dict[int, list[_WatchedQuote]]
) -> tuple[list[Change], list[int]]:
    """The changes of which no two touch the same claim, and the pages of the others."""
    taken: list[Change] = []
    postponed: list[int] = []
    touched: set[int] = set()
    for change in changes:
        claims = {each.review.claim_id for each in watched[change.page_id]}
        if claims & touched:
            postponed.append(change.page_id)
        else:
            touched |= claims
            taken.append(change)
    return taken, postponed


def _sweep(changes: Sequence[Change], watched: dict[int, list[_WatchedQuote]]) -> None:
    reviews = {each.review.pk for change in changes for each in watched[change.page_id]}
    open_now = {recheck.review_id: recheck for recheck in Recheck.objects.open().filter(review__in=reviews)}
    decided = set(
        Recheck.objects.filter(review__in=reviews, resolved_at__isnull=False).values_list("review", flat=True)
    )
    findings = [
        finding
        for change in changes
        for each in watched[change.page_id]
        if (finding := _check(change, each, open_now, decided)) is not None
    ]
    raised = _raise(findings)
    checks = [
        new_check(
            each.watched.evidence,
            each.outcome,
            reason=EvidenceCheck.Reason.KEPT if each.kept else EvidenceCheck.Reason.CHANGE,
            snapshot=each.change.after,
            anchoring=each.watched.anchoring,
            recheck=raised[each.watched.review.pk] if each.raises else each.recheck,
            change=each.change,
        )
        for each in findings
    ]
    EvidenceCheck.objects.bulk_create(checks)
    _append_recheck_events(findings)
    _append_watch_events(list(zip(findings, checks, strict=True)))
    point("checks written")
    Sweep.objects.bulk_create(
        Sweep(change=change, checks=sum(each.change is change for each in findings)) for change in changes
    )
    point("sweep before commit")


def _watched(of_pages: QuerySet[Evidence]) -> dict[int, list[_WatchedQuote]]:
    """The quotes with their latest checks, by page."""
    checked = EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
    seen = checked.exclude(result=EvidenceCheck.Result.UNVERIFIABLE)
    rows = list(
        of_pages.select_related("version__review__claim", "snapshot")
        .annotate(
            latest=Subquery(checked.values("pk")[:1]),
            last_seen=Subquery(seen.values("pk")[:1]),
            shown=Subquery(visible_checks(checked, Audience.NEWSROOMS).values("pk")[:1]),
        )
        .order_by("pk")
    )
    keys = {key for row in rows for key in (row.latest, row.last_seen, row.shown) if key is not None}
    checks = EvidenceCheck.objects.only("result", "found", "reason", "snapshot", "recheck", "anchoring").in_bulk(keys)
    anchorings = newest_anchorings(row.pk for row in rows)
    watched: dict[int, list[_WatchedQuote]] = defaultdict(list)
    for row in rows:
        shown = checks[row.shown].result if row.shown else EvidenceCheck.Result.UNVERIFIABLE.value
        quote = _WatchedQuote(row, anchorings.get(row.pk), checks.get(row.latest), checks.get(row.last_seen), shown)
        watched[row.page_id or 0].append(quote)
    return watched


def _check(change: Change, watched: _WatchedQuote, open_now: dict[int, Recheck], decided: set[int]) -> _Finding | None:
    """Check one quote after one change; None if publishing or an editor has checked a later snapshot already."""
    evidence, anchoring, latest = watched.evidence, watched.anchoring, watched.latest
    if change.after is None or change.after_id is None:
        outcome = UNREADABLE
    elif (
        latest is not None
        and latest.reason in (EvidenceCheck.Reason.PUBLISHED, EvidenceCheck.Reason.ANCHORED)
        and latest.snapshot_id is not None
        and latest.snapshot_id > change.after_id
    ):
        return None  # that check held the page's lock
    else:
        outcome = check_quote(evidence, change.after, anchoring=anchoring, before=_last_intact_text(watched, change))
    open_recheck = open_now.get(watched.review.pk)
    if outcome.result == EvidenceCheck.Result.ALTERED or (
        outcome.result == EvidenceCheck.Result.GONE and _is_confirmed_gone(change, watched)
    ):
        known = decided_recheck(evidence, outcome, anchoring) if watched.review.pk in decided else None
        if known is None and is_kept(evidence, outcome, anchoring):
            return _Finding(watched, change, outcome, None, kept=True)
        recheck = known or open_recheck
        return _Finding(watched, change, outcome, recheck, raises=recheck is None)
    # A quote that came back belongs to an open re-check, never to a settled one.
    return _Finding(
        watched, change, outcome, None if outcome.result in EvidenceCheck.BROKEN else open_recheck, raises=False
    )


def _last_intact_text(watched: _WatchedQuote, change: Change) -> str | None:
    """The text before the change, or an earlier one if the quote was already broken in it.

    Compared with a text in which it is broken, an altered sentence is not new and would count as gone.
    """
    last = watched.last_seen
    if last is None or last.result not in EvidenceCheck.BROKEN:
        return change.before.text.text if change.before else None
    seen = watched.evidence.checks.exclude(result=EvidenceCheck.Result.UNVERIFIABLE).order_by("-pk")
    intact = seen.exclude(result__in=EvidenceCheck.BROKEN).select_related("snapshot__text").first()
    words = watched.anchoring or watched.evidence
    snapshot: Snapshot | None = intact.snapshot if intact else words.snapshot
    return snapshot.text.text if snapshot else None


def _is_confirmed_gone(change: Change, watched: _WatchedQuote) -> bool:
    """Whether a second poll confirms that the quote is gone: a single miss may be a passing fault.

    `sources` writes a confirmed change only when a poll at least `confirm_after` after the first sign still
    sees it. The quote must have been missing at that first sign already.
    """
    if change.certainty != Change.Certainty.CONFIRMED or change.kind == Change.Kind.BACK:
        return False  # a page that is back is confirmed at once, without a second poll of its text
    return watched.last_seen is not None and watched.last_seen.result == EvidenceCheck.Result.GONE


def _raise(findings: Sequence[_Finding]) -> dict[int, Recheck]:
    """Create one re-check for each review with a newly broken quote; returns them by review."""
    since = {each.watched.review.pk: each.change.detected_at for each in reversed(findings) if each.raises}
    if not since:
        return {}
    list(Review.objects.select_for_update().filter(pk__in=since).order_by("pk"))
    rechecks = Recheck.objects.bulk_create(
        Recheck(review_id=review, raised_at=at) for review, at in sorted(since.items())
    )
    return {recheck.review_id: recheck for recheck in rechecks}


def _append_recheck_events(findings: Sequence[_Finding]) -> None:
    """Append one event for each review of which a quote broke or came back, if newsrooms read something new.

    Without an open re-check it is a finding on which editors have decided, or the end of one.
    """
    events: dict[Review, str] = {}
    for each in findings:
        if each.is_news:
            is_open = each.raises or (each.recheck is not None and each.recheck.is_open)
            event = (Publication.Event.RECHECK_RAISED if is_open else Publication.Event.RECONFIRMED).value
            if events.get(each.watched.review) != Publication.Event.RECHECK_RAISED:
                events[each.watched.review] = event
    for review, event in events.items():
        append.append_news(review.claim, event=event, review=review)


def _append_watch_events(findings: Sequence[tuple[_Finding, EvidenceCheck]]) -> None:
    """Append one event for each review of which a quote can no longer be checked, or can be again."""
    unverifiable = EvidenceCheck.Result.UNVERIFIABLE
    events: dict[tuple[Review, str], None] = {}
    for each, check in findings:
        if each.watched.evidence.visibility == Evidence.Visibility.CONFIDENTIAL:
            continue  # newsrooms never hear of it
        was, now = each.watched.shown, _shown_now(each, check)
        if was != now and unverifiable in (was, now):
            event: str = Publication.Event.WATCH_LOST if now == unverifiable else Publication.Event.WATCH_RESUMED
            events[each.watched.review, event] = None
    for review, event in events:
        append.append_news(review.claim, event=event, review=review)


def _shown_now(finding: _Finding, check: EvidenceCheck) -> str:
    """The result that newsrooms see now that this check is the latest; must agree with `visible_checks`."""
    hidden = (check.result in EvidenceCheck.BROKEN and check.recheck_id is None and not finding.kept) or (
        check.result == EvidenceCheck.Result.UNVERIFIABLE and finding.change.certainty == Change.Certainty.SUSPECTED
    )
    return finding.watched.shown if hidden else check.result
