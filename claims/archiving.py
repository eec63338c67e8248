"""Which pages an archive outside is asked to keep: those that published reviews quote, and no others.

Pulled from what is published, never done while publishing. Only public evidence counts: an archive shows to
everybody what it was asked for, so neither a confidential nor a merely described source is named to it.
"""

from django.conf import settings
from django.db import connection, transaction

from claims.models import Evidence, EvidenceCheck, Recheck
from sources import archiving
from sources.models import ArchiveCopy
from sources.standing import TextQuote

_LOCK = 4_820_123  # one puller at a time, so that a page is wanted once; any number will do


def want_copies(limit: int = 200) -> int:
    """Want a copy of each page quoted in public, and of each altered one once a re-check was raised over it.

    Returns how many are new; 0 when off.
    """
    if not settings.ARCHIVE_SERVICE:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
        return _cited(limit) + _altered(limit)


def _cited(limit: int) -> int:
    kept = ArchiveCopy.objects.filter(service__address=settings.ARCHIVE_SERVICE).values("page")
    quoted = Evidence.objects.watched().filter(visibility=Evidence.Visibility.PUBLIC, page__is_demo=False)
    wanted = 0
    for evidence in quoted.exclude(page__in=kept).select_related("page", "snapshot").order_by("page_id", "pk")[:limit]:
        quote = TextQuote(evidence.exact, evidence.prefix, evidence.suffix)
        wanted += _want(evidence, evidence.snapshot, quote)
    return wanted


def _altered(limit: int) -> int:
    open_ones = EvidenceCheck.objects.filter(
        recheck__state__in=[Recheck.State.RAISED, Recheck.State.CONFIRMED],
        result=EvidenceCheck.Result.ALTERED,
        evidence__visibility=Evidence.Visibility.PUBLIC,
        evidence__page__is_demo=False,
    ).exclude(snapshot__archive_copies__service__address=settings.ARCHIVE_SERVICE)
    rows = open_ones.select_related("evidence__page", "snapshot").order_by("-pk")[:limit]
    return sum(_want(check.evidence, check.snapshot, TextQuote(check.found)) for check in rows)


def _want(evidence: Evidence, snapshot: object, quote: TextQuote) -> int:
    if evidence.page is None or snapshot is None or archiving.why_not(evidence.page):
        return 0
    before = ArchiveCopy.objects.count()
    archiving.request_copy(evidence.page, snapshot=snapshot, wording=[quote])  # type: ignore[arg-type]
    return ArchiveCopy.objects.count() - before
