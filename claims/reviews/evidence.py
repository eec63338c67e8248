"""Attach page quotes to a draft review; before publication, check each against its page's latest snapshot.

Every publication looks: a broken quote is replaced, or kept for a reason that the second person approves with the rest
of the version (`Evidence.kept_because`). A withdrawal rests on nothing and is exempt.
"""

from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Evidence, EvidenceCheck, Recheck, Review, ReviewVersion
from claims.permissions import Refused, User, may_write, require
from claims.reviews.workflow import take_over
from claims.watch.quote_check import PAGE_GONE, UNREADABLE, new_check
from claims.watch.quotes_now import QuoteNow, look_for_quotes
from claims.watch.watched_passages import sync_watched
from sources.database.audit import acting
from sources.http.addresses import canonical
from sources.models import Change, Page, Polling, Source
from sources.pages import delete_unread_page, page_for
from sources.passages import chosen_copy, last_seen, register
from sources.polling import poller
from sources.quotes.locate import QuoteNotFound

_MAY_NOT = gettext_noop("You may not attach evidence to this version; ask its author or an editor.")


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
    refetch: bool = False,
    prefix: str = "",
    suffix: str = "",
    copy: int | None = None,
) -> Evidence:
    """Add the words `exact` of a page to the version as evidence (“Watch this” on screen).

    Where the words stand several times, `prefix` and `suffix` (what stands beside them) or `copy` (1 for the first)
    say which of them is meant. The page is fetched once if no snapshot of it exists, if `refetch` is true, or if a poll
    has read other bytes since and kept none; then an unreadable page is quoted as it was last kept. Polling starts at
    publication. Raises `Refused` if the URL is bad, the page cannot be read, or the words are not on it (or
    occur more than once with nothing to tell which is meant).
    """
    if version.state == ReviewVersion.State.PUBLISHED:
        raise Refused(_("This version is published and locked; start a new version to add evidence."))
    require(may_write(actor, version), _MAY_NOT)
    with acting(actor, reason="attached a quote"):
        page, only_kept = _read(version, url_or_page, source, actor=actor, refetch=refetch)
        with transaction.atomic():
            # Publishing locks the version before its pages; so does this.
            locked = ReviewVersion.objects.select_for_update().get(pk=version.pk)
            if locked.state == ReviewVersion.State.PUBLISHED:
                raise Refused(_("This version was published just now; start a new version to add evidence."))
            require(may_write(actor, locked), _MAY_NOT)
            state = (
                Polling.objects.select_for_update(of=("self",)).select_related("latest_snapshot__text").get(page=page)
            )
            snapshot = state.latest_snapshot
            if snapshot is None:
                raise Refused(_("The page has no text that we could read."))
            try:
                quote = chosen_copy.choose(exact, snapshot.text.text, prefix=prefix, suffix=suffix, copy=copy)
            except QuoteNotFound as error:
                raise Refused(f"{error}{only_kept.format(snapshot.taken_at)}") from error
            passage = register.register(snapshot, quote)
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
                passage=passage,
            )
            take_over(locked, actor=actor)
            sync_watched([page.pk])
            if passage is not None:
                last_seen.mark(passage.pk, snapshot.requested_at)
    return evidence


def open_page(version: ReviewVersion, url_or_page: str | Page, *, actor: User, refetch: bool = False) -> Page:
    """The page from which a quote is to be chosen for the version, read once if it was never read, or if `refetch`.

    Its site sees one request then. Raises `Refused` if the URL is bad or the page cannot be read.
    """
    if version.state == ReviewVersion.State.PUBLISHED:
        raise Refused(_("This version is published and locked; start a new version to add evidence."))
    require(may_write(actor, version), _MAY_NOT)
    with acting(actor, reason="opened a page to quote it"):
        return _read(version, url_or_page, None, actor=actor, refetch=refetch)[0]


def _read(
    version: ReviewVersion, url_or_page: str | Page, source: Source | None, *, actor: User, refetch: bool
) -> tuple[Page, str]:
    """The page with a snapshot, and a template of a sentence for refusals if that is older than its last poll."""
    page, is_new = _get_or_create_page(url_or_page, source, version)
    must_read = refetch or not page.snapshots.exists()
    if must_read or not _is_newest_kept(page):
        try:
            poller.fetch_once(page, actor=actor)
        except poller.PageUnreadable as error:
            if is_new:
                delete_unread_page(page)
            if must_read:
                raise Refused(_("The page could not be read: %(error)s") % {"error": error}) from error
            return page, " The page could not be read just now; this is about its text of {:%Y-%m-%d %H:%M} UTC."
    return page, ""


def add_evidence(version: ReviewVersion, *, kind: str, actor: User, **fields: Any) -> Evidence:
    """Rest the version on evidence of a kind that is not watched. Raises `Refused`, and `ValidationError`."""
    if kind == Evidence.Kind.PAGE_QUOTE:
        raise Refused(_("A quote of a page is attached from the page."))
    with acting(actor, reason="added evidence"), transaction.atomic():
        locked = _lock_open(version, actor)
        evidence = Evidence(version=locked, kind=kind, **fields)
        evidence.full_clean()
        evidence.save()
        take_over(locked, actor=actor)
    return evidence


def change_evidence(evidence: Evidence, *, actor: User, **fields: Any) -> Evidence:
    """Change how evidence is shown and described; a quote's words are never changed. Raises as `add_evidence` does."""
    with acting(actor, reason="changed evidence"), transaction.atomic():
        locked = _lock_open(evidence.version, actor)
        row = Evidence.objects.select_for_update().filter(pk=evidence.pk).first()
        if row is None:
            raise Refused(_("This evidence was removed meanwhile."))
        changed = [name for name, value in fields.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, fields[name])
        row.full_clean()
        row.save(update_fields=changed)
        take_over(locked, actor=actor)
    return row


def remove_evidence(evidence: Evidence, *, actor: User) -> None:
    """Take evidence out of a version that is not published. Raises `Refused`."""
    with acting(actor, reason="removed evidence"), transaction.atomic():
        locked = _lock_open(evidence.version, actor)
        page = evidence.page_id
        Evidence.objects.get(pk=evidence.pk).delete()
        take_over(locked, actor=actor)
        if page is not None:
            sync_watched([page])


def _lock_open(version: ReviewVersion, actor: User) -> ReviewVersion:
    """The version, locked against publication, if it may still be written. Raises `Refused`."""
    locked = ReviewVersion.objects.select_for_update().get(pk=version.pk)
    if locked.state == ReviewVersion.State.PUBLISHED:
        raise Refused(_("This version is published and locked; start a new version to change its evidence."))
    require(may_write(actor, locked), _MAY_NOT)
    return locked


def check_before_publishing(version: ReviewVersion, *, recheck: Recheck | None) -> None:
    """Check each quote against its page's latest snapshot, under the page's lock, and record the results.

    Raises `Refused` if a quote is broken and no reason for keeping it was approved, or if it is kept and stands. The
    check of a broken quote is recorded with the re-check that publishing settles.
    """
    for each in look_for_quotes(version, lock=True):
        if objection := each.objection():
            raise Refused(objection)
        record_check(each, reason=EvidenceCheck.Reason.PUBLISHED, recheck=recheck)


def record_check(quote: QuoteNow, *, reason: str, recheck: Recheck | None) -> None:
    """Record that the quote was looked for; also that its page cannot be read now, if that is so."""
    if quote.snapshot is not None:
        new_check(
            quote.evidence,
            quote.outcome,
            reason=reason,
            snapshot=quote.snapshot,
            anchoring=quote.anchoring,
            recheck=recheck if quote.broken or reason == EvidenceCheck.Reason.ANCHORED else None,
        ).save()
    unreadable = _unreadable(quote.evidence.page_id or 0)
    if quote.snapshot is None or unreadable is not None:
        # The latest snapshot is not what the page shows now. That it is gone is settled with the re-check, if any.
        gone = unreadable is not None and unreadable.kind == Change.Kind.GONE and recheck is not None
        outcome = PAGE_GONE if gone else UNREADABLE
        settles = recheck if gone else None
        new_check(
            quote.evidence, outcome, reason=reason, snapshot=None, anchoring=quote.anchoring, recheck=settles
        ).save()


def update_page_weights(review: Review) -> None:
    """Give the poller the number of published reviews that rest on each page any version of this review quotes."""
    cited = Evidence.objects.filter(version__review=review, kind=Evidence.Kind.PAGE_QUOTE)
    pages = set(cited.values_list("page", flat=True))
    watched = Evidence.objects.watched().filter(page__in=pages).values("page")
    counted = dict(watched.annotate(reviews=Count("version__review", distinct=True)).values_list("page", "reviews"))
    poller.set_weights({page: counted.get(page, 0) for page in pages if page is not None})
    sync_watched(page for page in pages if page is not None)


def _is_newest_kept(page: Page) -> bool:
    """Whether the latest snapshot holds the bytes that were last read: a quiet poll keeps none."""
    state = Polling.objects.select_related("latest_snapshot").get(page=page)
    latest = state.latest_snapshot
    return latest is None or state.last_read_at is None or state.read_sha256 == latest.blob_id


def _unreadable(page_id: int) -> Change | None:
    """The latest confirmed change, if it says that the page cannot be read."""
    last = Change.objects.filter(page=page_id, certainty=Change.Certainty.CONFIRMED).order_by("-pk").first()
    return last if last is not None and last.after_id is None else None


def _get_or_create_page(url_or_page: str | Page, source: Source | None, version: ReviewVersion) -> tuple[Page, bool]:
    """The page, and whether it was created. Raises `Refused` for a bad URL."""
    if isinstance(url_or_page, Page):
        return url_or_page, False
    try:
        known = Page.objects.filter(url=canonical(url_or_page)).exists()
        return page_for(url_or_page, source=source, is_demo=version.review.claim.is_demo), not known
    except ValueError as error:
        raise Refused(str(error)) from error
