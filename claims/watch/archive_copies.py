"""Which pages an archive outside is asked to keep: those that published reviews quote, and those an editor chose.

Pulled from what is published, never done while publishing. Only public evidence counts: an archive shows to
everybody what it was asked for, so neither a confidential nor a merely described source is named to it. That is
looked at when a copy is wanted and again each time right before the archive is asked; what may no longer be named
is taken out of the queue.
"""

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from claims.models import Evidence, EvidenceCheck, Recheck, ReviewVersion
from claims.models.evidence import EvidenceQuerySet
from claims.permissions import Refused, User, may_edit, require
from sources.archives import copies
from sources.models import ArchiveCopy, Outcome, Page, Snapshot
from sources.quotes.exact_match import TextQuote

_LOCK = 4_820_123  # one puller at a time, so that a page is wanted once; any number will do
_NOT_SENT = (Outcome.DISALLOWED, Outcome.PAYWALL)  # as `sources.archives.copies.why_not`, which they may stop being


def keep(evidence: Evidence, *, actor: User) -> ArchiveCopy:
    """“Keep a copy at the archive”: want one of the page of a quote now, before publication too.

    Raises `Refused` for what is not a public quote of a page, or if the page is not to be sent.
    """
    require(may_edit(actor), "You may not have pages archived; ask an administrator for the group Editors.")
    page, snapshot = evidence.page, evidence.snapshot
    if (reason := why_not(evidence)) or page is None or snapshot is None:
        raise Refused(reason or "Only quotes of pages can be kept at the archive.")
    early = "" if is_published(evidence) else actor.username
    try:
        copy, _ = copies.request_copy(page, snapshot=snapshot, wording=[_quote(evidence)], chosen_by=early)
    except copies.CopyRefused as refusal:
        raise Refused(str(refusal)) from refusal
    return copy


def is_published(evidence: Evidence) -> bool:
    """Whether a published review quotes its page in public already, whichever that is."""
    return evidence.page is not None and _quotes_of(evidence.page).in_force().exists()


def why_not(evidence: Evidence) -> str:
    """Why no copy of its page may be wanted, as a sentence; empty if one may be."""
    page = evidence.page
    if evidence.kind != Evidence.Kind.PAGE_QUOTE or page is None:
        return "Only quotes of pages can be kept at the archive."
    if evidence.visibility != Evidence.Visibility.PUBLIC:
        return "This evidence is not public, and an archive shows to everybody what it was asked for."
    if page.is_demo:
        return "Pages of the demo are not sent to an archive."
    if not is_published(evidence):
        if not _open(_quotes_of(page)).filter(pk=evidence.pk).exists():
            return "This review is withdrawn, or a later version rests on something else."
        if Evidence.objects.filter(page=page).exclude(visibility=Evidence.Visibility.PUBLIC).exists():
            return "Other evidence quotes this page and is not public; it is sent once a published review names it."
    return copies.why_not(page)


def work(limit: int = copies.AT_ONCE) -> int:
    """Go on with copies that are due and may still be named. Returns how many were gone on with; 0 when off."""
    return copies.work(limit, wanted=still_wanted)


def still_wanted(copy: ArchiveCopy) -> bool:
    """Whether the page may be named to the archive: quoted in public by what is published, or chosen by an editor."""
    quoted = _quotes_of(copy.page)
    if quoted.in_force().exists():
        return True
    others = Evidence.objects.filter(page=copy.page_id).exclude(visibility=Evidence.Visibility.PUBLIC)
    return bool(copy.chosen_by) and _open(quoted).exists() and not others.exists()


def want_copies(limit: int = 200) -> int:
    """Want a copy of each page quoted in public, and of each altered one once a re-check was raised over it.

    Takes out of the queue what may no longer be named. Returns how many are new; 0 when off.
    """
    if not settings.ARCHIVE_SERVICE:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        _drop_unwanted()
        return _cited(limit) + _altered(limit)


def _drop_unwanted() -> None:
    public = Evidence.objects.watched().filter(visibility=Evidence.Visibility.PUBLIC).values("page")
    for copy in ArchiveCopy.objects.unfinished().exclude(page__in=public).select_related("page"):
        if not still_wanted(copy):
            copies.drop(copy)


def _cited(limit: int) -> int:
    """One page after the other: those that are skipped are left out by the query, so that none waits behind them."""
    kept = ArchiveCopy.objects.at(settings.ARCHIVE_SERVICE).filter(page=OuterRef("page"))
    quoted = Evidence.objects.watched().filter(visibility=Evidence.Visibility.PUBLIC, page__is_demo=False)
    rows = quoted.filter(~Exists(kept)).exclude(page__polling__last_outcome__in=_NOT_SENT)
    rows = rows.select_related("page", "snapshot").order_by("page_id", "pk").distinct("page_id")
    return sum(_want(evidence, evidence.snapshot, _quote(evidence)) for evidence in rows[:limit])


def _altered(limit: int) -> int:
    kept = ArchiveCopy.objects.at(settings.ARCHIVE_SERVICE).filter(snapshot=OuterRef("snapshot"))
    rows = EvidenceCheck.objects.filter(
        recheck__state__in=[Recheck.State.RAISED, Recheck.State.CONFIRMED],
        result=EvidenceCheck.Result.ALTERED,
        evidence__in=Evidence.objects.watched().filter(visibility=Evidence.Visibility.PUBLIC, page__is_demo=False),
    ).filter(~Exists(kept))
    rows = rows.exclude(evidence__page__polling__last_outcome__in=_NOT_SENT)
    rows = rows.select_related("evidence__page", "snapshot").order_by("-pk")
    return sum(_want(check.evidence, check.snapshot, TextQuote(check.found)) for check in rows[:limit])


def _want(evidence: Evidence, snapshot: Snapshot | None, quote: TextQuote) -> int:
    if evidence.page is None or snapshot is None:
        return 0
    try:
        _, is_new = copies.request_copy(evidence.page, snapshot=snapshot, wording=[quote])
    except copies.CopyRefused as refusal:
        if copies.why_never(evidence.page):
            copies.note_refused(evidence.page, snapshot=snapshot, reason=str(refusal))
        return 0
    return int(is_new)


def _quote(evidence: Evidence) -> TextQuote:
    return TextQuote(evidence.exact, evidence.prefix, evidence.suffix)


def _quotes_of(page: Page) -> EvidenceQuerySet:
    """The public quotes of a page, of every version."""
    return Evidence.objects.filter(
        page=page, kind=Evidence.Kind.PAGE_QUOTE, visibility=Evidence.Visibility.PUBLIC, page__is_demo=False
    )


def _open(quoted: EvidenceQuerySet) -> EvidenceQuerySet:
    """Those of versions that are not published yet, of reviews that stand."""
    return quoted.exclude(version__state=ReviewVersion.State.PUBLISHED).filter(
        version__review__withdrawn_at__isnull=True
    )
