"""Raise the re-checks of what a sweep found, and append the events by which newsrooms hear of it."""

from collections.abc import Sequence

from claims import causes
from claims.causes import Cause
from claims.models import Evidence, EvidenceCheck, Publication, Recheck, Review
from claims.publication import append
from claims.watch.findings import Finding
from sources.models import Change


def raise_rechecks(findings: Sequence[Finding]) -> dict[int, Recheck]:
    """Create one re-check for each review with a newly broken quote; returns them by review."""
    worst: dict[int, Finding] = {}
    since = {each.watched.review.pk: each.change.detected_at for each in reversed(findings) if each.raises}
    for each in findings:
        if each.raises:
            known = worst.setdefault(each.watched.review.pk, each)
            if _rank(each) < _rank(known):
                worst[each.watched.review.pk] = each
    if not since:
        return {}
    list(Review.objects.select_for_update().filter(pk__in=since).order_by("pk"))
    rechecks = Recheck.objects.bulk_create(
        Recheck(
            review_id=review,
            raised_at=at,
            cause=worst[review].outcome.cause,
            grade=_grade(worst[review]),
        )
        for review, at in sorted(since.items())
    )
    return {recheck.review_id: recheck for recheck in rechecks}


def worsen(findings: Sequence[Finding]) -> None:
    """Let each open re-check have the worst cause of its quotes so far."""
    for each in findings:
        recheck = each.recheck
        if recheck is None or not recheck.is_open or not each.outcome.broke:
            continue
        if _rank(each) < _rank_of(recheck):
            recheck.cause, recheck.grade = each.outcome.cause, _grade(each)
            recheck.save(update_fields=["cause", "grade"])


def _rank_of(recheck: Recheck) -> int:
    """Its rank; that of the worst finding under it if it was raised by a version that kept no cause."""
    if recheck.cause:
        return causes.rank(recheck.cause, recheck.grade)
    known = recheck.checks.broken().only("result", "cause", "grade", "version")
    return min((causes.rank(check.why, check.grade) for check in known), default=causes.UNRANKED)


def _rank(finding: Finding) -> int:
    return causes.rank(finding.outcome.cause, finding.outcome.grade)


def _grade(finding: Finding) -> str:
    """The grade of the cause, which only an alteration has."""
    return finding.outcome.grade if finding.outcome.cause == Cause.ALTERED else ""


def append_recheck_events(findings: Sequence[Finding]) -> None:
    """Append one event for each review of which a quote broke or came back, if newsrooms read something new."""
    events: dict[Review, str] = {}
    for each in findings:
        if each.is_news and events.get(each.watched.review) != Publication.Event.RECHECK_RAISED:
            events[each.watched.review] = _event(each).value
    for review, event in events.items():
        append.append_news(review.claim, event=event, review=review)


def _event(finding: Finding) -> Publication.Event:
    """The event of the decision that holds; without an open re-check, of that on what was found, or has ended now."""
    recheck = finding.recheck
    if finding.raises or (recheck is not None and recheck.is_open):
        return Publication.Event.RECHECK_RAISED
    if recheck is None and finding.watched.shown is not None:
        recheck = finding.watched.shown.recheck
    dismissed = recheck is not None and recheck.state == Recheck.State.DISMISSED
    return Publication.Event.RECHECK_DISMISSED if dismissed else Publication.Event.RECONFIRMED


def append_watch_events(findings: Sequence[tuple[Finding, EvidenceCheck]]) -> None:
    """Append one event for each review of which a quote can no longer be checked, or can be again."""
    unverifiable = EvidenceCheck.Result.UNVERIFIABLE
    events: dict[tuple[Review, str], None] = {}
    for each, check in findings:
        if each.watched.evidence.visibility == Evidence.Visibility.CONFIDENTIAL:
            continue  # newsrooms never hear of it
        was, now = _state(each.watched.shown), _state(_shown_now(each, check))
        if was != now and unverifiable in (was, now):
            event: str = Publication.Event.WATCH_LOST if now == unverifiable else Publication.Event.WATCH_RESUMED
            events[each.watched.review, event] = None
    for review, event in events:
        append.append_news(review.claim, event=event, review=review)


def _shown_now(finding: Finding, check: EvidenceCheck) -> EvidenceCheck | None:
    """The check that newsrooms see now that this one is the latest; must agree with `visible_checks`."""
    hidden = (check.broke and check.recheck_id is None and not finding.kept) or (
        check.result == EvidenceCheck.Result.UNVERIFIABLE and finding.change.certainty == Change.Certainty.SUSPECTED
    )
    return finding.watched.shown if hidden else check


def _state(check: EvidenceCheck | None) -> str:
    """What newsrooms read of a quote by this check, apart from decisions."""
    return (check.why or check.result) if check is not None else EvidenceCheck.Result.UNVERIFIABLE.value
