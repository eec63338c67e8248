"""Choose which quoted pages an outside archive copies: pages of published reviews, and pages an editor picks.

A periodic task requests the copies; publishing does not. An archive shows everybody what it was asked for, so only
pages with public evidence are sent to it, never those of a confidential or merely described source. This is checked
when a copy is requested and again right before it is sent; a request that is no longer allowed is dropped.
"""

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from claims.models import Evidence, EvidenceCheck, Recheck, ReviewVersion
from claims.models.evidence import EvidenceQuerySet
from claims.permissions import Refused, User, may_edit, require
from sources.archives import copies
from sources.database.locks import Lock, try_lock_until_commit
from sources.models import ArchiveCopy, Outcome, Page, Snapshot
from sources.quotes.exact_match import TextQuote

_NOT_SENT = (Outcome.DISALLOWED, Outcome.PAYWALL)  # as in `sources.archives.copies.refusal_reason`; both may pass


def request_copy(evidence: Evidence, *, actor: User) -> ArchiveCopy:
    """Request a copy of the page that this evidence quotes, at an editor's wish and also before publication.

    Raises `Refused` unless the evidence is a public quote of a page that may be sent to an archive.
    """
    require(
        may_edit(actor),
        _("You may not have pages archived; ask an administrator for the role of a reporter or an editor."),
    )
    page, snapshot = evidence.page, evidence.snapshot
    if (reason := refusal_reason(evidence)) or page is None or snapshot is None:
        raise Refused(reason or "Only pages that are quoted can be copied to the archive.")
    early = "" if is_published(evidence) else actor.username
    try:
        copy, _made = copies.request_copy(page, snapshot=snapshot, text_quotes=[_quote(evidence)], chosen_by=early)
    except copies.CopyRefused as refusal:
        raise Refused(str(refusal)) from refusal
    return copy


def is_published(evidence: Evidence) -> bool:
    """Whether any published review already quotes this page in public."""
    return evidence.page is not None and _quotes_of(evidence.page).in_force().exists()


def refusal_reason(evidence: Evidence) -> str:
    """A sentence saying why the page may not be sent to an archive; empty if it may."""
    page = evidence.page
    if evidence.kind != Evidence.Kind.PAGE_QUOTE or page is None:
        return "Only pages that are quoted can be copied to the archive."
    if evidence.visibility != Evidence.Visibility.PUBLIC:
        return "This evidence is not public, and an archive shows to everybody what it was asked for."
    if page.is_demo:
        return "Pages of the demo are not sent to an archive."
    if not is_published(evidence):
        if not _unpublished(_quotes_of(page)).filter(pk=evidence.pk).exists():
            return "This review is withdrawn, or a later version rests on something else."
        if Evidence.objects.filter(page=page).exclude(visibility=Evidence.Visibility.PUBLIC).exists():
            return "Other evidence quotes this page and is not public; it is sent once a published review names it."
    return copies.refusal_reason(page)


def process_copies(limit: int = copies.BATCH) -> int:
    """Advance up to `limit` requested copies that are due. Returns the number advanced; 0 when archiving is off."""
    return copies.process_due(limit, may_be_sent=may_be_sent)


def may_be_sent(copy: ArchiveCopy) -> bool:
    """Whether the page is still quoted in public by a published review, or picked by an editor for an open one."""
    quoted = _quotes_of(copy.page)
    if quoted.in_force().exists():
        return True
    others = Evidence.objects.filter(page=copy.page_id).exclude(visibility=Evidence.Visibility.PUBLIC)
    return bool(copy.chosen_by) and _unpublished(quoted).exists() and not others.exists()


def request_copies(limit: int = 200) -> int:
    """Request a copy of each page quoted in public, and another once a re-check was raised because it was altered.

    Drops requests that are no longer allowed. Returns the number of new requests; 0 when archiving is off.
    """
    if not settings.ARCHIVE_SERVICE:
        return 0
    with transaction.atomic():
        if not try_lock_until_commit(Lock.ARCHIVE_COPIES):
            return 0
        _drop_disallowed()
        return _request_quoted(limit) + _request_altered(limit)


def _drop_disallowed() -> None:
    public = Evidence.objects.watched().filter(visibility=Evidence.Visibility.PUBLIC).values("page")
    for copy in ArchiveCopy.objects.unfinished().exclude(page__in=public).select_related("page"):
        if not may_be_sent(copy):
            copies.drop(copy)


def _request_quoted(limit: int) -> int:
    # The query leaves out pages that cannot be sent, so that they do not use up the limit.
    copied = ArchiveCopy.objects.at(settings.ARCHIVE_SERVICE).filter(page=OuterRef("page"))
    quoted = Evidence.objects.watched().filter(visibility=Evidence.Visibility.PUBLIC, page__is_demo=False)
    rows = quoted.filter(~Exists(copied)).exclude(page__polling__last_outcome__in=_NOT_SENT)
    rows = rows.select_related("page", "snapshot").order_by("page_id", "pk").distinct("page_id")
    return sum(_request(evidence, evidence.snapshot, _quote(evidence)) for evidence in rows[:limit])


def _request_altered(limit: int) -> int:
    copied = ArchiveCopy.objects.at(settings.ARCHIVE_SERVICE).filter(snapshot=OuterRef("snapshot"))
    rows = EvidenceCheck.objects.filter(
        recheck__state__in=[Recheck.State.RAISED, Recheck.State.CONFIRMED],
        result=EvidenceCheck.Result.ALTERED,
        evidence__in=Evidence.objects.watched().filter(visibility=Evidence.Visibility.PUBLIC, page__is_demo=False),
    ).filter(~Exists(copied))
    rows = rows.exclude(evidence__page__polling__last_outcome__in=_NOT_SENT)
    rows = rows.select_related("evidence__page", "snapshot").order_by("-pk")
    return sum(_request(check.evidence, check.snapshot, TextQuote(check.found)) for check in rows[:limit])


def _request(evidence: Evidence, snapshot: Snapshot | None, quote: TextQuote) -> int:
    if evidence.page is None or snapshot is None:
        return 0
    try:
        _, is_new = copies.request_copy(evidence.page, snapshot=snapshot, text_quotes=[quote])
    except copies.CopyRefused as refusal:
        if copies.permanent_refusal_reason(evidence.page):
            copies.record_refusal(evidence.page, snapshot=snapshot, reason=str(refusal))
        return 0
    return int(is_new)


def _quote(evidence: Evidence) -> TextQuote:
    return TextQuote(evidence.exact, evidence.prefix, evidence.suffix)


def _quotes_of(page: Page) -> EvidenceQuerySet:
    """The public quotes of a page, in published and unpublished versions."""
    return Evidence.objects.filter(
        page=page, kind=Evidence.Kind.PAGE_QUOTE, visibility=Evidence.Visibility.PUBLIC, page__is_demo=False
    )


def _unpublished(quoted: EvidenceQuerySet) -> EvidenceQuerySet:
    """Those in unpublished versions of reviews that are not withdrawn."""
    return quoted.exclude(version__state=ReviewVersion.State.PUBLISHED).filter(
        version__review__withdrawn_at__isnull=True
    )
