"""Decide what may be said of a quote: to newsrooms, to the public, and on the editors' screens.

    intact · moved      at the last look it stood, in its own words or in those that an editor accepted
    altered · gone · …  it broke, for one of the causes of `claims.causes`, and a re-check that the audience knows of
                        is open
    kept                it broke, and editors decided that the verdict stands all the same
    unverifiable        the page could not be read

Published JSON, feeds and screens take the state of a quote from here and from nowhere else, so that none of them calls
a quote checked that was altered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from claims import causes
from claims.causes import Cause
from claims.models import Anchoring, Evidence, EvidenceCheck, Recheck
from claims.models.publication import Audience
from claims.models.watch.anchoring import accepted_anchorings
from claims.models.watch.evidence_check import BROKE, DID_NOT_STAND
from sources.models import Change
from sources.quotes.normalization import normal

KEPT = "kept"
_OF_RESULT = tuple(EvidenceCheck.Result.values)
STATES = (*_OF_RESULT, KEPT, *(each for each in Cause.values if each not in _OF_RESULT))
STOOD = (EvidenceCheck.Result.INTACT.value, EvidenceCheck.Result.MOVED.value)
_AFTER_CONFIRMATION = Q(recheck__state=Recheck.State.CONFIRMED, checked_at__gt=F("recheck__confirmed_at"))
_AS_PUBLISHED = (EvidenceCheck.Reason.PUBLISHED, EvidenceCheck.Reason.KEPT)
_BESIDE = 20
"""Characters on either side of a passage by which its old place is known."""
_NOT_PUBLIC = (Recheck.State.RAISED, Recheck.State.DISMISSED)


@dataclass(frozen=True)
class QuoteState:
    """What an audience may know of a quote.

    `now` is the similar sentence that the page has instead, `notice` are the words by which it no longer stands by the
    quote. `cause` and `grade` are those of the check. `decided_at` is when editors decided to keep a quote that broke.
    `stands_as` is the newest anchoring by an editor, if its words are not the quote's own.
    """

    state: str = EvidenceCheck.Result.UNVERIFIABLE.value
    cause: str = ""
    grade: str = ""
    now: str | None = None
    notice: str | None = None
    checked_at: datetime | None = None
    decided_at: datetime | None = None
    stands_as: Anchoring | None = None
    unread: bool = False
    """Whether nobody could look because this version does not read the passage where it stood. For editors alone."""

    @property
    def stood(self) -> bool:
        """Whether the quote was in its place at the last look."""
        return self.state in STOOD

    @property
    def broke(self) -> bool:
        """Whether it broke and nobody has decided on it."""
        return self.state in Cause.values


UNKNOWN = QuoteState()
"""Nobody has looked yet, or the page could not be read."""


def quote_states(evidence: Iterable[int], audience: str) -> dict[int, QuoteState]:
    """The state of each quote (primary keys) for the audience. Three queries."""
    keys = sorted(set(evidence))
    if not keys:
        return {}
    visible = visible_checks(EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk"), audience)
    rows = Evidence.objects.filter(pk__in=keys).annotate(seen=Subquery(visible.values("pk")[:1]))
    seen = dict(rows.values_list("pk", "seen"))
    checks = EvidenceCheck.objects.select_related("recheck", "evidence__version").in_bulk(
        [check for check in seen.values() if check is not None]
    )
    anchorings = accepted_anchorings(keys)
    return {key: _state(checks.get(seen.get(key)), anchorings.get(key)) for key in keys}


def published_states(evidence: Iterable[str], audience: str) -> dict[str, QuoteState]:
    """The state of each quote (public ids) that was looked for, without its anchoring. One query."""
    checks = visible_checks(EvidenceCheck.objects.filter(evidence__public_id__in=list(evidence)), audience)
    latest = (
        checks.select_related("evidence__version", "recheck").order_by("evidence_id", "-pk").distinct("evidence_id")
    )
    return {check.evidence.public_id: _state(check, None) for check in latest}


def visible_checks(checks: QuerySet[EvidenceCheck], audience: str) -> QuerySet[EvidenceCheck]:
    """Select the checks that the audience may know of.

    A broken quote counts once it has a re-check, or if the review was published with it: a single check that did not
    find it may be a temporary fault. So may a failed poll: it counts once a later poll has confirmed it. The public
    sees what an editor has confirmed, up to that time.
    """
    checks = checks.exclude(BROKE & ~Q(reason__in=_AS_PUBLISHED) & Q(recheck__isnull=True))
    checks = checks.exclude(result=EvidenceCheck.Result.UNVERIFIABLE, change__certainty=Change.Certainty.SUSPECTED)
    if audience == Audience.PUBLIC:
        shown = [state for state in Recheck.State if state not in _NOT_PUBLIC]
        checks = checks.filter(Q(recheck__isnull=True) | Q(recheck__state__in=shown))
        checks = checks.exclude(_AFTER_CONFIRMATION)
    return checks


def broken_checks(recheck: Recheck, audience: str) -> list[EvidenceCheck]:
    """For each public quote that broke: the check that first found what the latest one under the re-check found.

    A later check with the same finding is no news, and changes nothing that is published of it.
    """
    checks = recheck.checks.broken().filter(evidence__visibility=Evidence.Visibility.PUBLIC)
    if audience == Audience.PUBLIC:
        checks = checks.exclude(_AFTER_CONFIRMATION)
    found: dict[int, EvidenceCheck] = {}
    for check in checks.select_related("evidence__page", "change", "anchoring").order_by("pk"):
        known = found.get(check.evidence_id)
        if known is None or finding(known) != finding(check):
            found[check.evidence_id] = check
    return list(found.values())


def finding(check: EvidenceCheck) -> tuple[object, ...]:
    """What a check found, without the time: equal findings are no news."""
    found = causes.without_dates(check.why, check.found)
    return check.result, check.why, check.grade, found, check.sought, check.comes_and_goes


def unreported(evidence: Iterable[int]) -> dict[int, EvidenceCheck]:
    """The last look at each quote where newsrooms are not told of it yet. For editors alone."""
    keys = sorted(set(evidence))
    checks = EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
    rows = Evidence.objects.filter(pk__in=keys).annotate(
        last=Subquery(checks.values("pk")[:1]),
        seen=Subquery(visible_checks(checks, Audience.NEWSROOMS).values("pk")[:1]),
    )
    pairs = {key: (last, seen) for key, last, seen in rows.values_list("pk", "last", "seen") if last != seen}
    known = EvidenceCheck.objects.select_related("evidence", "anchoring").in_bulk(
        [check for pair in pairs.values() for check in pair if check is not None]
    )
    return {
        key: known[last]
        for key, (last, seen) in pairs.items()
        if last is not None and (seen is None or finding(known[last]) != finding(known[seen]))
    }


def elsewhere(evidence: Iterable[int]) -> dict[int, EvidenceCheck]:
    """For each quote that was found at another place on its page: the look that found it there. For editors alone.

    Looks after it compare with the page as it was then, so that they say nothing of it. It holds until the quote
    stands among its old neighbours again, or an editor has published or accepted the quote since.
    """
    seen_by_editors = (EvidenceCheck.Reason.PUBLISHED, EvidenceCheck.Reason.ANCHORED)
    checks = EvidenceCheck.objects.filter(evidence__in=list(evidence)).order_by("evidence_id", "-pk")
    placed = checks.filter(Q(result=EvidenceCheck.Result.MOVED) | Q(reason__in=seen_by_editors))
    newest = placed.select_related("passage").distinct("evidence_id")
    return {
        check.evidence_id: check
        for check in newest
        if check.reason not in seen_by_editors and not check.broke and not _is_in_old_place(check)
    }


def _is_in_old_place(check: EvidenceCheck) -> bool:
    """Whether what stood on either side of the passage stands there at this look."""
    passage = check.passage
    if passage is None:
        return False
    old = passage.prefix[-_BESIDE:] + passage.exact + passage.suffix[:_BESIDE]
    return normal(old) in normal(check.surroundings)


class LastLook(models.TextChoices):
    """What the last look at a watched quote found; every watched quote is in exactly one of these."""

    STANDS = "stands", "stands"
    OPEN = "open", "no longer stands; a re-check is open"
    ONCE = "once", "not in its place at one look; a second one decides"
    KEPT = "kept", "no longer stands; editors decided that the verdict does"
    UNREAD = "unread", "could not be read"


NO_LONGER = (LastLook.OPEN, LastLook.ONCE, LastLook.KEPT)
"""The last looks that did not find the quote as it was."""


def with_last_look(evidence: QuerySet[Any]) -> QuerySet[Any]:
    """Annotate `last_look`, one of `LastLook`, for editors: also what nobody outside is told of yet.

    A quote that nobody has looked at yet could not be read. Every number and list of the desk that says how many
    quotes stand is made from this.
    """
    open_states = [Recheck.State.RAISED, Recheck.State.CONFIRMED]
    found = Case(
        When(~BROKE & Q(result=EvidenceCheck.Result.UNVERIFIABLE), then=Value(LastLook.UNREAD.value)),
        When(~BROKE, then=Value(LastLook.STANDS.value)),
        When(recheck__state__in=open_states, then=Value(LastLook.OPEN.value)),
        When(Q(recheck__isnull=True) & ~Q(reason__in=_AS_PUBLISHED), then=Value(LastLook.ONCE.value)),
        default=Value(LastLook.KEPT.value),
        output_field=models.CharField(),
    )
    checks = EvidenceCheck.objects.filter(evidence=OuterRef("pk")).order_by("-pk")
    last = Subquery(checks.annotate(_found=found).values("_found")[:1], output_field=models.CharField())
    annotated: QuerySet[Any] = evidence.annotate(last_look=Coalesce(last, Value(LastLook.UNREAD.value)))
    return annotated


def in_last_look(evidence: QuerySet[Any], looks: Iterable[LastLook]) -> QuerySet[Any]:
    """Those with one of these last looks, with `last_look`.

    What no check ever found otherwise stands. So this begins with the checks that found something else, which are few,
    and with the quotes that have none; those that stand are the others.
    """
    wanted = {LastLook(look) for look in looks}
    rows = with_last_look(evidence)
    if LastLook.STANDS in wanted:
        others = in_last_look(Evidence.objects.all(), set(LastLook) - wanted)
        return rows.exclude(pk__in=others.order_by().values("pk"))
    rows = rows.filter(last_look__in=[look.value for look in wanted])
    if LastLook.UNREAD not in wanted:
        return rows.filter(pk__in=EvidenceCheck.objects.filter(BROKE).order_by().values("evidence"))
    otherwise = EvidenceCheck.objects.filter(DID_NOT_STAND).order_by().values("evidence")
    unchecked = Evidence.objects.filter(~Exists(EvidenceCheck.objects.filter(evidence=OuterRef("pk"))))
    return rows.filter(pk__in=otherwise.union(unchecked.order_by().values("pk"), all=True))


def not_stood(evidence: QuerySet[Any] | None = None) -> QuerySet[Any]:
    """Those that the last look did not find in their place, kept ones included; of all watched quotes unless given."""
    rows = Evidence.objects.watched() if evidence is None else evidence
    return in_last_look(rows, [look for look in LastLook if look != LastLook.STANDS])


def wording(check: EvidenceCheck, at: datetime) -> str:
    """The public sentence about a broken quote: what was seen when, never who wrote it or why; empty if it stands."""
    return causes.sentence(check.why, at, comes_and_goes=check.comes_and_goes)


def _state(check: EvidenceCheck | None, anchoring: Anchoring | None) -> QuoteState:
    if check is None:
        return UNKNOWN
    if anchoring is not None and anchoring.exact == check.evidence.exact:
        anchoring = None
    decided_at = _decided_at(check) if check.broke else None
    return QuoteState(
        state=_stated(check) if decided_at is None else KEPT,
        cause=check.why,
        grade=check.grade,
        now=check.after or None,
        notice=check.notice or None,
        checked_at=check.checked_at,
        decided_at=decided_at,
        stands_as=anchoring,
        unread=check.reason == EvidenceCheck.Reason.UNREAD,
    )


def _stated(check: EvidenceCheck) -> str:
    """The state without decisions: the cause, else the result. A quote of which only typography differs is intact."""
    if check.result == EvidenceCheck.Result.ALTERED and not check.broke:
        return EvidenceCheck.Result.INTACT.value
    return check.why or check.result


def _decided_at(check: EvidenceCheck) -> datetime | None:
    """When editors decided to keep a quote that this check found broken; None if nobody did."""
    recheck = check.recheck
    if recheck is None:
        kept = check.reason in _AS_PUBLISHED and check.evidence.kept_because
        return check.evidence.version.published_at if kept else None
    return None if recheck.state == Recheck.State.WITHDRAWN else recheck.resolved_at
