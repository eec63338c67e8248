"""Attaching quotes of pages to reviews, and looking for them again after every change.

Nothing here changes a verdict. A quote that broke raises a re-check, and people decide.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pghistory
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from claims.models import Claim, Evidence, EvidenceCheck, Publication, Recheck, Review, ReviewVersion, Sweep
from claims.models.publication import Audience
from claims.quiet import SWEEP_LOCK, sweep_quiet
from claims.rendering import visible_checks
from claims.reviews import take_over
from claims.rules import Refused, User, may_write, require
from sources import polling, quotes
from sources.addresses import canonical
from sources.faults import point
from sources.models import Change, Page, Polling, Snapshot, Source
from sources.pages import forget, page_for
from sources.standing import TextQuote

_MAY_NOT = "You may not attach evidence to this version; ask an administrator for the group Editors."
BROKEN = (EvidenceCheck.Result.ALTERED, EvidenceCheck.Result.GONE)


def attach_quote(
    version: ReviewVersion,
    *,
    url_or_page: str | Page,
    exact: str,
    stance: str,
    actor: User,
    visibility: str = Evidence.Visibility.PUBLIC,
    note: str = "",
    description: str = "",
    source: Source | None = None,
    look: bool = False,
) -> Evidence:
    """“Watch this”: rest the version on the words `exact` of a page.

    The page is fetched once if it was never read, or if `look` says so; polling starts at publication. Raises
    `Refused` if the URL is bad, the page cannot be read, or the words do not stand on it (or stand there more
    than once with nothing to tell which is meant).
    """
    require(may_write(actor, version), _MAY_NOT)
    if version.state == ReviewVersion.State.PUBLISHED:
        raise Refused("This version is published and locked; start a new version to add evidence.")
    with pghistory.context(actor=actor.username, reason="attach quote"):
        page, is_new = _page(url_or_page, source, version)
        if look or not page.snapshots.exists():
            try:
                polling.fetch_once(page, actor=actor)
            except polling.PageUnreadable as error:
                if is_new:
                    forget(page)
                raise Refused(f"The page could not be read: {error}") from error
        with transaction.atomic():
            # Publishing locks the version before its pages; so does this.
            locked = ReviewVersion.objects.select_for_update().get(pk=version.pk)
            if locked.state == ReviewVersion.State.PUBLISHED:
                raise Refused("This version was published just now; start a new version to add evidence.")
            require(may_write(actor, locked), _MAY_NOT)
            state = (
                Polling.objects.select_for_update(of=("self",)).select_related("latest_snapshot__text").get(page=page)
            )
            snapshot = state.latest_snapshot
            if snapshot is None:
                raise Refused("The page has no text that we could read.")
            try:
                quote = quotes.select(exact, snapshot.text.text)
            except quotes.QuoteNotFound as error:
                raise Refused(str(error)) from error
            evidence = Evidence.objects.create(
                version=version,
                kind=Evidence.Kind.PAGE_QUOTE,
                stance=stance,
                visibility=visibility,
                note=note,
                description=description,
                page=page,
                snapshot=snapshot,
                exact=quote.exact,
                prefix=quote.prefix,
                suffix=quote.suffix,
            )
            take_over(locked, actor=actor)
    return evidence


def check_before_publishing(version: ReviewVersion, *, recheck: Recheck | None) -> None:
    """Look for each quote in its page's latest snapshot, under the page's lock, and record the answer.

    Raises `Refused` if a quote of a first publication no longer stands. A later version may rest on a
    quote that is known to be broken: then the answer is recorded with the re-check that it settles.
    """
    page_quotes = version.evidence.filter(kind=Evidence.Kind.PAGE_QUOTE)
    for evidence in page_quotes.select_related("page", "snapshot__text").order_by("page_id", "pk"):
        state = (
            Polling.objects.select_for_update(of=("self",))
            .select_related("latest_snapshot__text")
            .get(page=evidence.page_id)
        )
        snapshot = state.latest_snapshot
        if snapshot is None:
            raise Refused(f"The page {evidence.page} was never read; attach the quote again.")
        look = _look(evidence, snapshot, before=evidence.snapshot.text.text if evidence.snapshot else None)
        settles = None
        if look.result in BROKEN:
            if version.kind == ReviewVersion.Kind.ORIGINAL:
                raise Refused(
                    f"The quote “{evidence.exact[:80]}” no longer stands on {evidence.page}. "
                    "Send the review back and look at the page again."
                )
            settles = recheck or _settled(evidence, look)
        _record(evidence, look, reason=EvidenceCheck.Reason.PUBLISHED, snapshot=snapshot, recheck=settles)
        if _out_of_sight(state.page_id):
            # What was read last is not what stands there now.
            unseen = _Look(EvidenceCheck.Result.UNVERIFIABLE)
            _record(evidence, unseen, reason=EvidenceCheck.Reason.PUBLISHED, snapshot=None)


def weigh_pages(review: Review) -> None:
    """Tell the poller how many published reviews rest on each page that any version of this one ever cited."""
    cited = Evidence.objects.filter(version__review=review, kind=Evidence.Kind.PAGE_QUOTE)
    pages = set(cited.values_list("page", flat=True))
    resting = Evidence.objects.watched().filter(page__in=pages).values("page")
    counted = dict(resting.annotate(reviews=Count("version__review", distinct=True)).values_list("page", "reviews"))
    polling.weigh({page: counted.get(page, 0) for page in pages if page is not None})


def sweep(limit: int = 500) -> int:
    """Pull changes that were not swept yet, oldest first, and look for every quote that rests on their pages.

    Returns how many changes were swept. Each change is one transaction: a crash loses nothing, a rerun or
    a second sweeper doubles nothing.
    """
    swept = sweep_quiet(limit)
    pages: list[int] = list(
        Change.objects.filter(sweep__isnull=True).order_by("pk").values_list("page", flat=True)[:limit]
    )
    for page, changes in Counter(pages).items():
        for _ in range(min(changes, limit - swept)):
            swept += _sweep_next(page)
    return swept


def _sweep_next(page_id: int) -> bool:
    """Sweep the page's oldest unswept change. False if there is none, or another sweeper is at this page."""
    with pghistory.context(actor="sweep"), transaction.atomic():
        with connection.cursor() as cursor:
            # Change rows cannot be locked by a role that may not update them, so the page's number is.
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [SWEEP_LOCK, page_id % 2**31])
            if not cursor.fetchone()[0]:
                return False
        change = (
            Change.objects.filter(page=page_id, sweep__isnull=True)
            .select_related("after__text", "before__text")
            .order_by("pk")
            .first()
        )
        if change is None:
            return False
        watched = list(
            Evidence.objects.watched().filter(page=page_id).select_related("version__review__claim").order_by("pk")
        )
        # All claims at once and in order, before any review: the order in which every verb locks.
        claims = {evidence.version.review.claim_id for evidence in watched}
        list(Claim.objects.select_for_update().filter(pk__in=claims).order_by("pk"))
        shown = {evidence: _shown(evidence) for evidence in watched}
        checks = sum(_check_after(change, evidence) for evidence in watched)
        _tell_of_the_watch(shown)
        point("checks written")
        Sweep.objects.create(change=change, checks=checks)
        point("sweep before commit")
    return True


def _check_after(change: Change, evidence: Evidence) -> int:
    """Look for one quote after one change. Returns 1 if it was looked for, 0 if that look is overtaken."""
    latest = evidence.checks.order_by("-pk").first()
    if change.after is None or change.after_id is None:
        look = _Look(EvidenceCheck.Result.UNVERIFIABLE)
    elif (
        latest is not None
        and latest.reason == EvidenceCheck.Reason.PUBLISHED
        and latest.snapshot_id is not None
        and latest.snapshot_id > change.after_id
    ):
        return 0  # publishing has looked at a later snapshot already, under the page's lock
    else:
        look = _look(evidence, change.after, before=_text_it_stood_in(evidence, change))
    recheck = None
    if look.result == EvidenceCheck.Result.ALTERED or (
        look.result == EvidenceCheck.Result.GONE and _gone_for_good(change, evidence)
    ):
        recheck = _settled(evidence, look) or _open_or_raise(evidence, change.detected_at)
    elif look.result not in BROKEN:
        # A quote that came back belongs to the story of an open re-check, and of no settled one.
        recheck = Recheck.objects.open().filter(review=evidence.version.review).first()
    made = _record(
        evidence,
        look,
        reason=EvidenceCheck.Reason.CHANGE,
        snapshot=change.after,
        recheck=recheck,
        change=change,
    )
    # That we could not look meanwhile makes the same answer no news.
    told = evidence.checks.exclude(pk=made.pk).exclude(result=EvidenceCheck.Result.UNVERIFIABLE).order_by("-pk").first()
    news = told is None or (told.result, told.found, told.recheck_id) != (
        look.result,
        look.found,
        recheck.pk if recheck else None,
    )
    readable = look.result != EvidenceCheck.Result.UNVERIFIABLE
    if recheck is not None and news and readable and recheck.state in (Recheck.State.RAISED, Recheck.State.CONFIRMED):
        _tell_newsrooms(evidence.version.review)
    return 1


def _text_it_stood_in(evidence: Evidence, change: Change) -> str | None:
    """The text before the change, or an earlier one if the quote was broken by then.

    Compared with a text that is broken already, an altered sentence is an old one and would pass for gone.
    """
    looks = evidence.checks.exclude(result=EvidenceCheck.Result.UNVERIFIABLE).order_by("-pk")
    last = looks.first()
    if last is None or last.result not in BROKEN:
        return change.before.text.text if change.before else None
    stood = looks.exclude(result__in=BROKEN).select_related("snapshot__text").first()
    snapshot = stood.snapshot if stood else evidence.snapshot
    return snapshot.text.text if snapshot else None


def _gone_for_good(change: Change, evidence: Evidence) -> bool:
    """Whether a later look confirms that the quote is gone: a single miss may be a passing fault.

    `sources` writes a confirmed change only when a poll at least `confirm_after` after the first sign still
    finds the page so. The quote must have been missing at that first sign already.
    """
    if change.certainty != Change.Certainty.CONFIRMED or change.kind == Change.Kind.BACK:
        return False  # a page that is back is confirmed at once, which is no second look at its text
    previous = evidence.checks.exclude(result=EvidenceCheck.Result.UNVERIFIABLE).order_by("-pk").first()
    return previous is not None and previous.result == EvidenceCheck.Result.GONE


def _settled(evidence: Evidence, look: "_Look") -> Recheck | None:
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


def _open_or_raise(evidence: Evidence, at: datetime) -> Recheck:
    review = Review.objects.select_for_update().get(pk=evidence.version.review_id)
    existing = Recheck.objects.open().filter(review=review).first()
    return existing or Recheck.objects.create(review=review, raised_at=at)


def _shown(evidence: Evidence) -> str | None:
    """What newsrooms are shown of the quote; None for what they never hear of."""
    if evidence.visibility == Evidence.Visibility.CONFIDENTIAL:
        return None
    check = visible_checks(evidence, Audience.NEWSROOMS).first()
    return check.result if check else EvidenceCheck.Result.UNVERIFIABLE.value


def _tell_of_the_watch(shown: dict[Evidence, str | None]) -> None:
    """Tell newsrooms, once a review, of quotes that can no longer be looked for, or can be again."""
    from claims import publishing  # publishing checks quotes before it publishes, so it imports this module

    unseen = EvidenceCheck.Result.UNVERIFIABLE
    events: dict[tuple[Review, str], None] = {}
    for evidence, was in shown.items():
        now = _shown(evidence)
        if was != now and unseen in (was, now):
            event: str = Publication.Event.WATCH_LOST if now == unseen else Publication.Event.WATCH_RESUMED
            events[evidence.version.review, event] = None
    for review, event in events:
        publishing.append(review.claim, event=event, audience=Audience.NEWSROOMS, review=review)


def _out_of_sight(page_id: int) -> bool:
    """Whether it is confirmed that the page cannot be read."""
    last = Change.objects.filter(page=page_id, certainty=Change.Certainty.CONFIRMED).order_by("-pk").first()
    return last is not None and last.after_id is None


def _tell_newsrooms(review: Review) -> None:
    from claims import publishing  # publishing checks quotes before it publishes, so it imports this module

    publishing.append(review.claim, event=Publication.Event.RECHECK_RAISED, audience=Audience.NEWSROOMS, review=review)


@dataclass(frozen=True)
class _Look:
    result: str
    found: str = ""
    surroundings: str = ""
    diff: tuple[Any, ...] = ()
    kinds: tuple[str, ...] = ()


def _look(evidence: Evidence, snapshot: Snapshot, *, before: str | None = None) -> _Look:
    answer = quotes.locate(
        TextQuote(exact=evidence.exact, prefix=evidence.prefix, suffix=evidence.suffix),
        snapshot.text.text,
        before=before,
    )
    result = EvidenceCheck.Result(answer.result.value)
    broken = result in BROKEN
    return _Look(
        result=result.value,
        found=(answer.found or "") if broken else "",
        surroundings=answer.surroundings or "",
        diff=tuple(answer.diff) if broken else (),
        kinds=tuple(sorted(answer.changes)) if broken else (),
    )


def _record(
    evidence: Evidence,
    look: _Look,
    *,
    reason: str,
    snapshot: Snapshot | None,
    recheck: Recheck | None = None,
    change: Change | None = None,
) -> EvidenceCheck:
    return EvidenceCheck.objects.create(
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


def _page(url_or_page: str | Page, source: Source | None, version: ReviewVersion) -> tuple[Page, bool]:
    """The page, and whether it was made just now."""
    if isinstance(url_or_page, Page):
        return url_or_page, False
    try:
        known = Page.objects.filter(url=canonical(url_or_page)).exists()
        return page_for(url_or_page, source=source, is_demo=version.review.claim.is_demo), not known
    except ValueError as error:
        raise Refused(str(error)) from error
