"""Sweeping the changes that disturb no quote: most of what differs between two polls is noise.

A page's menus, dates and counters change far more often than the sentences that verdicts rest on, and pages that
could not be read once are back at the next poll. Where each quote stands in the passage that it stood in, word for
word, or a page is out of sight on suspicion alone, and nothing is open about the reviews, nobody is told anything:
the answers are written down for many changes at once, without locking claims that nothing happens to. Whatever is
not plainly so is left to `claims.watch.sweep_affected`, which looks closely.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from claims.models import Evidence, EvidenceCheck, Recheck, Sweep
from sources.faults import point
from sources.models import Change, Snapshot
from sources.quotes import locate
from sources.quotes.exact_match import TextQuote

SWEEP_LOCK = 73_614
"""First half of the advisory lock that lets one sweeper at a time work on a page; any number will do."""

_STOOD = frozenset({EvidenceCheck.Result.INTACT, EvidenceCheck.Result.MOVED})
_QUIET_KINDS = frozenset({Change.Kind.TEXT, Change.Kind.MOVED, Change.Kind.BACK})


@transaction.atomic
def sweep_quiet(limit: int) -> int:
    """Sweep those of the oldest `limit` unswept changes that disturb no quote. Returns how many those are."""
    changes = _alone(_unswept().order_by("pk")[:limit])
    pages = lock_pages([change.page_id for change in changes])
    # Read again: another sweeper may have been at them until the locks were taken.
    changes = _alone(_unswept().filter(page__in=pages).order_by("pk"))
    if not changes:
        return 0
    watched = _watched(pages)
    disturbed = _open(watched)
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
        found = _undisturbed(change, watched[change.page_id], texts, disturbed)
        if found is not None:
            checks += found
            sweeps.append(Sweep(change=change, checks=len(found)))
    EvidenceCheck.objects.bulk_create(checks)
    point("quiet checks written")
    Sweep.objects.bulk_create(sweeps)
    return len(sweeps)


def lock_pages(pages: Sequence[int]) -> list[int]:
    """Keep other sweepers from these pages until the transaction ends. Returns those that nobody else is at.

    Change rows cannot be locked by a role that may not update them, so the pages' numbers are.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT page FROM unnest(%s::bigint[]) AS page"
            " WHERE pg_try_advisory_xact_lock(%s, (page %% 2147483648)::int)",
            [list(pages), SWEEP_LOCK],
        )
        return [page for (page,) in cursor.fetchall()]


@dataclass(frozen=True)
class _Quote:
    evidence_id: int
    review_id: int
    quote: TextQuote
    latest: EvidenceCheck | None


def _unswept() -> QuerySet[Change]:
    return Change.objects.filter(sweep__isnull=True)


def _alone(changes: QuerySet[Change]) -> list[Change]:
    """Those that may be quiet by their kind, and are the only one of their page."""
    rows = list(changes)
    of_page = Counter(change.page_id for change in rows)
    return [change for change in rows if of_page[change.page_id] == 1 and _may_be_quiet(change)]


def _may_be_quiet(change: Change) -> bool:
    if change.after_id is None:
        return change.certainty == Change.Certainty.SUSPECTED
    return change.kind in _QUIET_KINDS and change.before_id is not None and "correction" not in change.kinds


def _watched(pages: list[int]) -> dict[int, list[_Quote]]:
    """By page, the quotes that published reviews rest on, each with the last answer about it."""
    # That a page was out of sight on suspicion alone is no answer that anybody was given.
    looks = EvidenceCheck.objects.exclude(
        result=EvidenceCheck.Result.UNVERIFIABLE, change__certainty=Change.Certainty.SUSPECTED
    )
    latest = looks.filter(evidence=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    rows = list(
        Evidence.objects.watched()
        .filter(page__in=pages)
        .annotate(latest=Subquery(latest))
        .values_list("pk", "page", "version__review", "exact", "prefix", "suffix", "latest")
    )
    checks = EvidenceCheck.objects.only("result", "snapshot", "recheck").in_bulk([row[-1] for row in rows if row[-1]])
    found: dict[int, list[_Quote]] = defaultdict(list)
    for key, page, review, exact, prefix, suffix, check in rows:
        found[page].append(_Quote(key, review, TextQuote(exact, prefix, suffix), checks.get(check)))
    return found


def _open(watched: dict[int, list[_Quote]]) -> set[int]:
    """Reviews with an open re-check, whose story each look at their quotes belongs to."""
    reviews = {quote.review_id for of_page in watched.values() for quote in of_page}
    return set(Recheck.objects.open().filter(review__in=reviews).values_list("review", flat=True))


def _undisturbed(
    change: Change, watched: list[_Quote], texts: dict[int, str], disturbed: set[int]
) -> list[EvidenceCheck] | None:
    """The answers for each quote of the page, or None if any of them needs a closer look."""
    checks = []
    for each in watched:
        last = each.latest
        if each.review_id in disturbed:
            return None
        if change.after_id is None:
            checks.append(_check(each, change, EvidenceCheck.Result.UNVERIFIABLE))
            continue
        if last is None or last.result not in _STOOD:
            return None
        if last.snapshot_id is None or last.snapshot_id > change.after_id:
            return None
        before, after = texts[change.before_id or 0], texts[change.after_id]
        around = locate.undisturbed(each.quote, before, after)
        if around is None:
            return None
        checks.append(_check(each, change, EvidenceCheck.Result.INTACT, around))
    return checks


def _check(each: _Quote, change: Change, result: str, surroundings: str = "") -> EvidenceCheck:
    return EvidenceCheck(
        evidence_id=each.evidence_id,
        reason=EvidenceCheck.Reason.CHANGE,
        change=change,
        snapshot_id=change.after_id,
        result=result,
        surroundings=surroundings,
        checked_at=timezone.now(),
    )
