"""Sweeping the changes that may disturb a quote: each quote of the page is looked for, and what broke is told.

Several pages are one transaction, in which all that is known of their quotes is read at once and all answers are
written at once. No two of them touch the same claim, so that each claim's story is told change by change.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pghistory
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from claims.models import Claim, Evidence, EvidenceCheck, Publication, Recheck, Review, Sweep
from claims.models.publication import Audience
from claims.publication import append
from claims.publication.body import newsroom_checks
from claims.watch.quote_check import BROKEN, UNSEEN, Look, check_of, look_for, settled
from claims.watch.sweep_unaffected import lock_pages
from sources.faults import point
from sources.models import Change, Snapshot

AT_ONCE = 20
"""Pages swept together: while their alarms are written, nobody else can publish."""


@dataclass
class _Watched:
    """A quote, and what is known of it until now."""

    evidence: Evidence
    latest: EvidenceCheck | None
    told: EvidenceCheck | None
    """The last answer that is one: that we could not look makes the same answer no news."""
    shown: str
    """What newsrooms are shown of it."""

    @property
    def review(self) -> Review:
        return self.evidence.version.review


@dataclass(frozen=True)
class _Found:
    """What one look came to, and whether it raises a re-check."""

    watched: _Watched
    change: Change
    look: Look
    recheck: Recheck | None
    raises: bool

    @property
    def is_news(self) -> bool:
        told, recheck = self.watched.told, self.recheck
        if self.raises:
            return True
        if recheck is None or self.look.result == EvidenceCheck.Result.UNVERIFIABLE:
            return False
        if recheck.state not in (Recheck.State.RAISED, Recheck.State.CONFIRMED):
            return False
        return told is None or (told.result, told.found, told.recheck_id) != (
            self.look.result,
            self.look.found,
            recheck.pk,
        )


def sweep_disturbed(pages: Sequence[int]) -> tuple[int, list[int]]:
    """Sweep the oldest unswept change of each of these pages. Returns how many were, and the pages to come back to.

    Pages that another sweeper is at, or that have no such change, are left out. One transaction: a crash loses
    nothing, a rerun or a second sweeper doubles nothing.
    """
    with pghistory.context(actor="sweep"), transaction.atomic():
        locked = lock_pages(pages)
        if not locked:
            return 0, []
        # All claims at once and in order, before any review: the order in which every verb locks.
        of_pages = Evidence.objects.watched().filter(page__in=locked)
        claims = Claim.objects.select_for_update().filter(pk__in=of_pages.values("version__review__claim"))
        held = [claim.pk for claim in claims.order_by("pk")]
        changes = (
            Change.objects.filter(page__in=locked, sweep__isnull=True)
            .order_by("page_id", "pk")
            .distinct("page_id")
            .select_related("after__text", "before__text")
        )
        watched = _watched(of_pages.filter(version__review__claim__in=held))
        taken, put_off = _apart(sorted(changes, key=lambda change: change.pk), watched)
        _sweep(taken, watched)
    return len(taken), put_off


def _apart(changes: Sequence[Change], watched: dict[int, list[_Watched]]) -> tuple[list[Change], list[int]]:
    """Changes of which no two touch the same claim, and the pages of the others."""
    taken: list[Change] = []
    put_off: list[int] = []
    touched: set[int] = set()
    for change in changes:
        claims = {each.review.claim_id for each in watched[change.page_id]}
        if claims & touched:
            put_off.append(change.page_id)
        else:
            touched |= claims
            taken.append(change)
    return taken, put_off


def _sweep(changes: Sequence[Change], watched: dict[int, list[_Watched]]) -> None:
    reviews = {each.review.pk for change in changes for each in watched[change.page_id]}
    open_now = {recheck.review_id: recheck for recheck in Recheck.objects.open().filter(review__in=reviews)}
    decided = set(
        Recheck.objects.filter(review__in=reviews, resolved_at__isnull=False).values_list("review", flat=True)
    )
    found = [
        one
        for change in changes
        for each in watched[change.page_id]
        if (one := _found(change, each, open_now, decided)) is not None
    ]
    raised = _raise(found)
    checks = [
        check_of(
            each.watched.evidence,
            each.look,
            reason=EvidenceCheck.Reason.CHANGE,
            snapshot=each.change.after,
            recheck=raised[each.watched.review.pk] if each.raises else each.recheck,
            change=each.change,
        )
        for each in found
    ]
    EvidenceCheck.objects.bulk_create(checks)
    _tell_newsrooms(found)
    _tell_of_the_watch(list(zip(found, checks, strict=True)))
    point("checks written")
    Sweep.objects.bulk_create(
        Sweep(change=change, checks=sum(each.change is change for each in found)) for change in changes
    )
    point("sweep before commit")


def _watched(of_pages: QuerySet[Evidence]) -> dict[int, list[_Watched]]:
    """By page, the quotes with the last answers about them."""
    looks = EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
    answers = looks.exclude(result=EvidenceCheck.Result.UNVERIFIABLE)
    rows = list(
        of_pages.select_related("version__review__claim", "snapshot")
        .annotate(
            latest=Subquery(looks.values("pk")[:1]),
            told=Subquery(answers.values("pk")[:1]),
            shown=Subquery(newsroom_checks(looks).values("pk")[:1]),
        )
        .order_by("pk")
    )
    keys = {key for row in rows for key in (row.latest, row.told, row.shown) if key is not None}
    checks = EvidenceCheck.objects.only("result", "found", "reason", "snapshot", "recheck").in_bulk(keys)
    watched: dict[int, list[_Watched]] = defaultdict(list)
    for row in rows:
        shown = checks[row.shown].result if row.shown else EvidenceCheck.Result.UNVERIFIABLE.value
        watched[row.page_id or 0].append(_Watched(row, checks.get(row.latest), checks.get(row.told), shown))
    return watched


def _found(change: Change, watched: _Watched, open_now: dict[int, Recheck], decided: set[int]) -> _Found | None:
    """Look for one quote after one change; None if that look is overtaken."""
    evidence, latest = watched.evidence, watched.latest
    if change.after is None or change.after_id is None:
        look = UNSEEN
    elif (
        latest is not None
        and latest.reason == EvidenceCheck.Reason.PUBLISHED
        and latest.snapshot_id is not None
        and latest.snapshot_id > change.after_id
    ):
        return None  # publishing has looked at a later snapshot already, under the page's lock
    else:
        look = look_for(evidence, change.after, before=_text_it_stood_in(watched, change))
    at_hand = open_now.get(watched.review.pk)
    if look.result == EvidenceCheck.Result.ALTERED or (
        look.result == EvidenceCheck.Result.GONE and _gone_for_good(change, watched)
    ):
        known = settled(evidence, look) if watched.review.pk in decided else None
        recheck = known or at_hand
        return _Found(watched, change, look, recheck, raises=recheck is None)
    # A quote that came back belongs to the story of an open re-check, and of no settled one.
    return _Found(watched, change, look, None if look.result in BROKEN else at_hand, raises=False)


def _text_it_stood_in(watched: _Watched, change: Change) -> str | None:
    """The text before the change, or an earlier one if the quote was broken by then.

    Compared with a text that is broken already, an altered sentence is an old one and would pass for gone.
    """
    last = watched.told
    if last is None or last.result not in BROKEN:
        return change.before.text.text if change.before else None
    looks = watched.evidence.checks.exclude(result=EvidenceCheck.Result.UNVERIFIABLE).order_by("-pk")
    stood = looks.exclude(result__in=BROKEN).select_related("snapshot__text").first()
    snapshot: Snapshot | None = stood.snapshot if stood else watched.evidence.snapshot
    return snapshot.text.text if snapshot else None


def _gone_for_good(change: Change, watched: _Watched) -> bool:
    """Whether a later look confirms that the quote is gone: a single miss may be a passing fault.

    `sources` writes a confirmed change only when a poll at least `confirm_after` after the first sign still
    finds the page so. The quote must have been missing at that first sign already.
    """
    if change.certainty != Change.Certainty.CONFIRMED or change.kind == Change.Kind.BACK:
        return False  # a page that is back is confirmed at once, which is no second look at its text
    return watched.told is not None and watched.told.result == EvidenceCheck.Result.GONE


def _raise(found: Sequence[_Found]) -> dict[int, Recheck]:
    """A new re-check for each review of which a quote broke, by review."""
    since = {each.watched.review.pk: each.change.detected_at for each in reversed(found) if each.raises}
    if not since:
        return {}
    list(Review.objects.select_for_update().filter(pk__in=since).order_by("pk"))
    made = Recheck.objects.bulk_create(Recheck(review_id=review, raised_at=at) for review, at in sorted(since.items()))
    return {recheck.review_id: recheck for recheck in made}


def _tell_newsrooms(found: Sequence[_Found]) -> None:
    """Tell newsrooms, once a review, of what broke or came back under an open re-check."""

    for review in dict.fromkeys(each.watched.review for each in found if each.is_news):
        event = Publication.Event.RECHECK_RAISED
        append.append(review.claim, event=event, audience=Audience.NEWSROOMS, review=review)


def _tell_of_the_watch(found: Sequence[tuple[_Found, EvidenceCheck]]) -> None:
    """Tell newsrooms, once a review, of quotes that can no longer be looked for, or can be again."""

    unseen = EvidenceCheck.Result.UNVERIFIABLE
    events: dict[tuple[Review, str], None] = {}
    for each, check in found:
        if each.watched.evidence.visibility == Evidence.Visibility.CONFIDENTIAL:
            continue  # newsrooms never hear of it
        was, now = each.watched.shown, _shown_now(each, check)
        if was != now and unseen in (was, now):
            event: str = Publication.Event.WATCH_LOST if now == unseen else Publication.Event.WATCH_RESUMED
            events[each.watched.review, event] = None
    for review, event in events:
        append.append(review.claim, event=event, audience=Audience.NEWSROOMS, review=review)


def _shown_now(found: _Found, check: EvidenceCheck) -> str:
    """As `newsroom_checks` would say of the quote, now that this check is its last."""
    hidden = (check.result in BROKEN and check.recheck_id is None) or (
        check.result == EvidenceCheck.Result.UNVERIFIABLE and found.change.certainty == Change.Certainty.SUSPECTED
    )
    return found.watched.shown if hidden else check.result
