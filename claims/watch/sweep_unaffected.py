"""Sweep page changes that leave every quote intact, in bulk and without locking claims.

A page's menus, dates and counters change far more often than the sentences that verdicts rest on, and a page that
could not be read once is usually back at the next poll. Where each quote still stands word for word in the same
passage, or the page is only suspected to be unreadable, and no re-check is open, no event follows: the checks are
written for many changes at once. Every other change is left to `claims.watch.sweep_affected`.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from claims.models import Evidence, EvidenceCheck, Recheck, Sweep
from claims.watch.quote_check import QuoteResult, new_check, unread_page, version
from claims.watch.watched_passages import Watched, mark_seen, watched_passages
from sources.database.locks import Lock, limit_lock_waits, try_each_until_commit
from sources.faults import point
from sources.models import Change, Snapshot
from sources.passages import readings, register
from sources.quotes.exact_match import TextQuote, find_exact
from sources.quotes.look import untouched
from sources.quotes.stance.findings import Stance
from sources.quotes.surroundings import surroundings

_HARMLESS_KINDS = frozenset({Change.Kind.TEXT, Change.Kind.MOVED, Change.Kind.BACK})


@transaction.atomic
def sweep_unaffected(limit: int) -> int:
    """Sweep those of the oldest `limit` unswept changes that affect no quote. Returns the number swept.

    Raises OperationalError if it waits more than three seconds for a lock.
    """
    limit_lock_waits(3)
    changes = _candidates(_unswept().order_by("pk")[:limit])
    pages = lock_pages([change.page_id for change in changes])
    # Read again: another sweeper may have swept them before the locks were taken.
    changes = _candidates(_unswept().filter(page__in=pages).order_by("pk"))
    if not changes:
        return 0
    watched = _watched(pages)
    open_reviews = _with_open_recheck(watched)
    wanted = {change.after_id for change in changes if change.page_id in watched}
    wanted |= {each.latest.snapshot_id for of_page in watched.values() for each in of_page if each.latest}
    snapshots = Snapshot.objects.select_related("text").defer("headers").in_bulk([key for key in wanted if key])
    checks: list[EvidenceCheck] = []
    sweeps: list[Sweep] = []
    for change in changes:
        passed = _intact_checks(change, watched[change.page_id], snapshots, open_reviews)
        if passed is not None:
            checks += passed
            sweeps.append(Sweep(change=change, checks=len(passed)))
    EvidenceCheck.objects.bulk_create(checks)
    mark_seen(checks)
    point("unaffected checks written")
    Sweep.objects.bulk_create(sweeps)
    return len(sweeps)


def lock_pages(pages: Sequence[int]) -> list[int]:
    """Lock these pages against other sweepers until the transaction ends. Returns the pages that were free.

    The role may not update change rows and so cannot lock them; these are advisory locks on the page ids.
    """
    return try_each_until_commit(Lock.SWEEP, pages)


@dataclass(frozen=True)
class _Quote:
    evidence: Evidence
    sought: Watched
    latest: EvidenceCheck | None


def _unswept() -> QuerySet[Change]:
    return Change.objects.filter(sweep__isnull=True)


def _candidates(changes: QuerySet[Change]) -> list[Change]:
    """The changes that may be harmless by their kind and are the only one of their page."""
    rows = list(changes)
    of_page = Counter(change.page_id for change in rows)
    return [change for change in rows if of_page[change.page_id] == 1 and _may_be_harmless(change)]


def _may_be_harmless(change: Change) -> bool:
    if change.after_id is None:
        return change.certainty == Change.Certainty.SUSPECTED
    return change.kind in _HARMLESS_KINDS and change.before_id is not None and "correction" not in change.kinds


def _watched(pages: list[int]) -> dict[int, list[_Quote]]:
    """The quotes that published reviews rest on, each with its latest check, by page."""
    # A page only suspected to be unreadable was never reported to anybody, so that check does not count.
    reported = EvidenceCheck.objects.exclude(
        result=EvidenceCheck.Result.UNVERIFIABLE, change__certainty=Change.Certainty.SUSPECTED
    )
    latest = reported.filter(evidence=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    rows = list(
        Evidence.objects.watched().filter(page__in=pages).select_related("version").annotate(latest=Subquery(latest))
    )
    last = {row.pk: row.latest for row in rows}  # type: ignore[attr-defined]
    checks = EvidenceCheck.objects.defer("surroundings", "diff", "kinds").in_bulk([key for key in last.values() if key])
    sought = watched_passages(rows)
    by_page: dict[int, list[_Quote]] = defaultdict(list)
    for row in rows:
        quote = _Quote(row, sought[row.pk], checks.get(last[row.pk]))
        by_page[row.page_id or 0].append(quote)
    return by_page


def _with_open_recheck(watched: dict[int, list[_Quote]]) -> set[int]:
    """The reviews with an open re-check: each further check of their quotes belongs to it."""
    reviews = {quote.evidence.version.review_id for of_page in watched.values() for quote in of_page}
    return set(Recheck.objects.open().filter(review__in=reviews).values_list("review", flat=True))


def _intact_checks(
    change: Change, watched: list[_Quote], snapshots: dict[int, Snapshot], open_reviews: set[int]
) -> list[EvidenceCheck] | None:
    """One check for each quote of the page; None if any quote needs `sweep_affected`."""
    checks = []
    for each in watched:
        if each.evidence.version.review_id in open_reviews:
            return None
        if change.after_id is None:
            checks.append(_check(each, change, unread_page(change, each.sought.passage), snapshot=None))
            continue
        check = _intact(each, change, snapshots)
        if check is None:
            return None
        checks.append(check)
    return checks


def _intact(each: _Quote, change: Change, snapshots: dict[int, Snapshot]) -> EvidenceCheck | None:
    """The check of a quote that nothing in the new text concerns; None if somebody has to look."""
    last, passage = each.latest, each.sought.passage
    if last is None or last.broke or last.result == EvidenceCheck.Result.UNVERIFIABLE:
        return None
    if last.snapshot_id is None or last.snapshot_id > (change.after_id or 0):
        return None
    if passage is None or not each.sought.is_current:
        return None
    before, after = snapshots[last.snapshot_id], snapshots[change.after_id or 0]
    if before.extractor != after.extractor or not readings.is_current(after.extractor):
        return None
    quote = register.quote_of(passage)
    if before.text_id != passage.text_id:
        if passage.copies > 1:
            return None  # `check_quote` finds out which of them is meant
        quote = replace(quote, start=None)
    now = readings.stored(after)
    if not untouched(quote, now.reading, readings.stored(before).reading):
        return None
    outcome = QuoteResult(
        EvidenceCheck.Result.INTACT.value,
        surroundings=_around(quote, now.text),
        stance=Stance.STANDS.value,
        passage_id=passage.pk,
        before_id=before.pk,
        version=version(now.extractor),
    )
    return _check(each, change, outcome, snapshot=after)


def _check(each: _Quote, change: Change, outcome: QuoteResult, *, snapshot: Snapshot | None) -> EvidenceCheck:
    return new_check(
        each.evidence,
        outcome,
        reason=EvidenceCheck.Reason.CHANGE,
        snapshot=snapshot,
        anchoring=each.sought.anchoring,
        change=change,
    )


def _around(quote: TextQuote, text: str) -> str:
    start = text.find(quote.prefix + quote.exact)
    if start >= 0:
        start += len(quote.prefix)
        return surroundings(text, start, start + len(quote.exact))
    place = next(find_exact(quote, text), None)
    return surroundings(text, *place) if place else ""
