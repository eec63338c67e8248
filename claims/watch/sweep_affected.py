"""Sweep page changes that may have broken a quote: check each quote, raise re-checks, append events for newsrooms.

One transaction covers several pages: it reads the state of all their quotes at once and writes all results at once.
No two of the pages touch the same claim, so that each claim's events follow one change at a time.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from claims.models import Claim, Evidence, EvidenceCheck, Recheck, Sweep
from claims.models.publication import Audience
from claims.publication.quote_state import visible_checks
from claims.watch.earlier_findings import Series, is_second_look, series, settled
from claims.watch.findings import Finding, WatchedQuote
from claims.watch.quote_check import UNREAD, QuoteResult, check_quote, new_check, unread_page
from claims.watch.rechecks import append_recheck_events, append_watch_events, raise_rechecks, worsen
from claims.watch.source_corrected import mark_corrected, waiting_letter
from claims.watch.sweep_unaffected import lock_pages
from claims.watch.watched_passages import anchor_again, mark_seen, sync_watched, watched_passages
from sources.database.audit import acting_as
from sources.database.locks import limit_lock_waits
from sources.faults import point
from sources.models import Change, Snapshot
from sources.passages import readings

MAX_PAGES = 20
"""Pages in one transaction: while it appends events, nobody else can publish."""


def sweep_affected(pages: Sequence[int], *, patience: float = 3) -> tuple[int, list[int]]:
    """Sweep the oldest unswept change of each page. Returns the number swept and the pages to try again.

    Skips pages that another sweeper has locked, that have no such change, or of which somebody holds a claim. One
    transaction: a crash loses nothing; a rerun or a second sweeper repeats nothing. Raises OperationalError if it waits
    more than `patience` seconds for any other lock. Bytes are read before the transaction holds any.
    """
    return readings.read_ahead(partial(_sweep_pages, pages, patience))


def _sweep_pages(pages: Sequence[int], patience: float) -> tuple[int, list[int]]:
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
            .select_related("page", "after__text", "before__text")
        )
        watched = _watched(of_pages)
        free = [change for change in changes if all(each.review.claim_id in held for each in watched[change.page_id])]
        taken, postponed = _split_by_claim(sorted(free, key=lambda change: change.pk), watched)
        readings.require(_read_for(taken, watched))
        _read_passages_again(taken, watched)
        _sweep(taken, watched)
    return len(taken), postponed


def _split_by_claim(
    changes: Sequence[Change], watched: dict[int, list[WatchedQuote]]
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


def _sweep(changes: Sequence[Change], watched: dict[int, list[WatchedQuote]]) -> None:
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
    raised = raise_rechecks(findings)
    worsen(findings)
    checks = [
        new_check(
            each.watched.evidence,
            each.outcome,
            reason=each.reason,
            snapshot=each.change.after,
            anchoring=each.watched.sought.anchoring,
            recheck=raised[each.watched.review.pk] if each.raises else each.recheck,
            change=each.change,
        )
        for each in findings
    ]
    EvidenceCheck.objects.bulk_create(checks)
    mark_seen(checks)
    append_recheck_events(findings)
    append_watch_events(list(zip(findings, checks, strict=True)))
    if any(each.watched.letter_waits for each in findings):
        mark_corrected(findings)
    point("checks written")
    Sweep.objects.bulk_create(
        Sweep(change=change, checks=sum(each.change is change for each in findings)) for change in changes
    )
    point("sweep before commit")


def _watched(of_pages: QuerySet[Evidence]) -> dict[int, list[WatchedQuote]]:
    """The quotes with their latest checks, by page."""
    checked = EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
    rows = list(
        of_pages.select_related("version__review__claim", "snapshot")
        .annotate(
            latest=Subquery(checked.values("pk")[:1]),
            last_seen=Subquery(checked.answered().values("pk")[:1]),
            stood=Subquery(checked.stood().values("pk")[:1]),
            shown=Subquery(visible_checks(checked, Audience.NEWSROOMS).values("pk")[:1]),
            letter_waits=waiting_letter(),
        )
        .order_by("pk")
    )
    keys = {key for row in rows for key in (row.latest, row.last_seen, row.shown) if key is not None}
    checks = EvidenceCheck.objects.select_related("recheck").defer("surroundings", "diff", "kinds").in_bulk(keys)
    stood = EvidenceCheck.objects.select_related("snapshot__text").in_bulk([row.stood for row in rows if row.stood])
    sought = watched_passages(rows, with_texts=True)
    watched: dict[int, list[WatchedQuote]] = defaultdict(list)
    for row in rows:
        latest, last_seen, shown = (checks.get(key) for key in (row.latest, row.last_seen, row.shown))
        watched[row.page_id or 0].append(
            WatchedQuote(row, sought[row.pk], latest, last_seen, stood.get(row.stood), shown, row.letter_waits)
        )
    return watched


def _check(change: Change, watched: WatchedQuote, open_now: dict[int, Recheck], decided: set[int]) -> Finding | None:
    """Check one quote after one change; None if publishing or an editor has checked a later snapshot already."""
    latest = watched.latest
    if (
        latest is not None
        and change.after_id is not None
        and latest.reason in (EvidenceCheck.Reason.PUBLISHED, EvidenceCheck.Reason.ANCHORED)
        and latest.snapshot_id is not None
        and latest.snapshot_id > change.after_id
    ):
        return None  # that check held the page's lock
    outcome = _look(change, watched)
    open_recheck = open_now.get(watched.review.pk)
    if not outcome.broke:  # a quote that came back belongs to an open re-check, never to a settled one
        return Finding(watched, change, outcome, open_recheck)
    recurs = False
    if outcome.needs_second_look and not is_second_look(watched.evidence, outcome, change):
        found_before = series(watched.evidence, outcome, change, watched.sought.anchoring)
        recurs = found_before is not Series.NONE
        if found_before is not Series.NEW:  # waits for a second look, or its re-check was raised before
            return Finding(watched, change, outcome, None, comes_and_goes=recurs)
    known = None
    if watched.review.pk in decided or watched.evidence.kept_because:
        known = settled(watched.evidence, outcome, change, watched.sought.anchoring)
    if known is not None and known.recheck is None:
        return Finding(watched, change, outcome, None, kept=True, comes_and_goes=recurs)
    recheck = known.recheck if known is not None else open_recheck
    return Finding(watched, change, outcome, recheck, raises=recheck is None, comes_and_goes=recurs)


def _look(change: Change, watched: WatchedQuote) -> QuoteResult:
    if change.after is None:
        return unread_page(change, watched.sought.passage)
    sought = watched.sought
    if sought.unread:
        return replace(UNREAD, passage_id=sought.passage.pk if sought.passage else None)
    try:
        return check_quote(sought.sought, change.after, before=_before(watched))
    except readings.Unreadable:
        return replace(UNREAD, passage_id=sought.passage.pk if sought.passage else None)


def _before(watched: WatchedQuote) -> Snapshot | None:
    """The last snapshot in which the quote stood and that can still be read.

    Compared with a text in which it is broken, an altered sentence is not new and would count as gone.
    """
    stood = watched.stood.snapshot if watched.stood is not None else None
    if stood is not None and _is_of_passage(stood, watched):
        return stood
    if stood is not None:
        try:
            readings.read(stood)
        except readings.Unreadable:
            pass
        else:
            return stood
    passage = watched.sought.passage
    return passage.snapshot if passage is not None else (watched.sought.anchoring or watched.evidence).snapshot


def _read_for(changes: Sequence[Change], watched: dict[int, list[WatchedQuote]]) -> Iterator[Snapshot]:
    """The snapshots that are compared for these changes."""
    for change in changes:
        if change.after is None:
            continue
        yield change.after
        for each in watched[change.page_id]:
            passage = each.sought.passage
            if passage is not None and not each.sought.is_current:
                yield passage.snapshot
            before = each.stood.snapshot if each.stood is not None else None
            if before is not None and not _is_of_passage(before, each):
                yield before
            elif passage is None and (snapshot := (each.sought.anchoring or each.evidence).snapshot) is not None:
                yield snapshot


def _is_of_passage(snapshot: Snapshot, watched: WatchedQuote) -> bool:
    """Whether the snapshot is that of the quote's passage, whose text is kept as this version reads it."""
    passage = watched.sought.passage
    return passage is not None and watched.sought.is_current and passage.snapshot_id == snapshot.pk


def _read_passages_again(changes: Sequence[Change], watched: dict[int, list[WatchedQuote]]) -> None:
    """Anchor the quotes of these pages in what this version's extractor reads, where another one read them before."""
    replaced: dict[int, int] = {}
    pages = set()
    for change in changes:
        for each in watched[change.page_id] if change.after_id is not None else ():
            if each.sought.is_current:
                continue
            old, each.sought = each.sought, anchor_again(each.evidence, each.sought)
            if each.sought.passage is not None and each.sought.passage != old.passage:
                pages.add(change.page_id)
                if old.passage is not None:
                    replaced[each.sought.passage.pk] = old.passage.pk
    if pages:
        sync_watched(sorted(pages), replaced=replaced)
