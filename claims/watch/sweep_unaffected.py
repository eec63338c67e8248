"""Sweep page changes that leave every quote intact, in bulk and without locking claims.

A page's menus, dates and counters change far more often than the sentences that verdicts rest on, and a page that
could not be read once is usually back at the next poll. Where each quote still stands word for word in the same
passage, or the page is only suspected to be unreadable, and no re-check is open, no event follows: the checks are
written for many changes at once. Every other change is left to `claims.watch.sweep_affected`.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from claims.models import Evidence, EvidenceCheck, Recheck, Sweep
from claims.models.anchoring import newest_anchorings
from sources.database.locks import Lock, limit_lock_waits, try_each_until_commit
from sources.faults import point
from sources.models import Change, Snapshot
from sources.quotes import locate
from sources.quotes.exact_match import TextQuote
from sources.quotes.surroundings import surroundings

_STOOD = frozenset({EvidenceCheck.Result.INTACT, EvidenceCheck.Result.MOVED})
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
    texts = dict(
        Snapshot.objects.filter(
            pk__in={
                key for change in changes if change.page_id in watched for key in (change.before_id, change.after_id)
            }
        ).values_list("pk", "text__text")
    )
    checks: list[EvidenceCheck] = []
    sweeps: list[Sweep] = []
    for change in changes:
        passed = _intact_checks(change, watched[change.page_id], texts, open_reviews)
        if passed is not None:
            checks += passed
            sweeps.append(Sweep(change=change, checks=len(passed)))
    EvidenceCheck.objects.bulk_create(checks)
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
    evidence_id: int
    review_id: int
    quote: TextQuote
    anchoring_id: int | None
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
        Evidence.objects.watched()
        .filter(page__in=pages)
        .annotate(latest=Subquery(latest))
        .values_list("pk", "page", "version__review", "exact", "prefix", "suffix", "latest")
    )
    checks = EvidenceCheck.objects.only("result", "snapshot", "recheck").in_bulk([row[-1] for row in rows if row[-1]])
    anchorings = newest_anchorings(row[0] for row in rows)
    by_page: dict[int, list[_Quote]] = defaultdict(list)
    for key, page, review, exact, prefix, suffix, check in rows:
        quote, anchoring = TextQuote(exact, prefix, suffix), anchorings.get(key)
        if anchoring is not None:
            quote = TextQuote(anchoring.exact, anchoring.prefix, anchoring.suffix)
        by_page[page].append(_Quote(key, review, quote, anchoring.pk if anchoring else None, checks.get(check)))
    return by_page


def _with_open_recheck(watched: dict[int, list[_Quote]]) -> set[int]:
    """The reviews with an open re-check: each further check of their quotes belongs to it."""
    reviews = {quote.review_id for of_page in watched.values() for quote in of_page}
    return set(Recheck.objects.open().filter(review__in=reviews).values_list("review", flat=True))


def _intact_checks(
    change: Change, watched: list[_Quote], texts: dict[int, str], open_reviews: set[int]
) -> list[EvidenceCheck] | None:
    """One check for each quote of the page; None if any quote needs `sweep_affected`."""
    checks = []
    for each in watched:
        last = each.latest
        if each.review_id in open_reviews:
            return None
        if change.after_id is None:
            checks.append(_check(each, change, EvidenceCheck.Result.UNVERIFIABLE))
            continue
        if last is None or last.result not in _STOOD:
            return None
        if last.snapshot_id is None or last.snapshot_id > change.after_id:
            return None
        before, after = texts[change.before_id or 0], texts[change.after_id]
        place = locate.find_unchanged(each.quote, before, after)
        if place is None:
            return None
        around = surroundings(after, *place)
        checks.append(_check(each, change, EvidenceCheck.Result.INTACT, around))
    return checks


def _check(each: _Quote, change: Change, result: str, surroundings: str = "") -> EvidenceCheck:
    return EvidenceCheck(
        evidence_id=each.evidence_id,
        reason=EvidenceCheck.Reason.CHANGE,
        change=change,
        snapshot_id=change.after_id,
        anchoring_id=each.anchoring_id,
        result=result,
        surroundings=surroundings,
        checked_at=timezone.now(),
    )
