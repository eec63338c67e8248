"""Attach page quotes to a draft review; before publication, check each against its page's latest snapshot."""

from django.db import transaction
from django.db.models import Count

from claims.models import Evidence, EvidenceCheck, Recheck, Review, ReviewVersion
from claims.permissions import Refused, User, may_write, require
from claims.reviews.workflow import take_over
from claims.watch.quote_check import UNREADABLE, check_quote, decided_recheck, new_check
from sources.database.audit import acting
from sources.http.addresses import canonical
from sources.models import Change, Page, Polling, Source
from sources.pages import delete_unread_page, page_for
from sources.polling import poller
from sources.quotes import locate

_MAY_NOT = "You may not attach evidence to this version; ask its author or an editor."


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
) -> Evidence:
    """Add the words `exact` of a page to the version as evidence (“Watch this” on screen).

    The page is fetched once if no snapshot of it exists or `refetch` is true; polling starts at publication. Raises
    `Refused` if the URL is bad, the page cannot be read, or the words are not on it (or occur more than once with
    nothing to tell which is meant).
    """
    if version.state == ReviewVersion.State.PUBLISHED:
        raise Refused("This version is published and locked; start a new version to add evidence.")
    require(may_write(actor, version), _MAY_NOT)
    with acting(actor, reason="attached a quote"):
        page, is_new = _get_or_create_page(url_or_page, source, version)
        if refetch or not page.snapshots.exists():
            try:
                poller.fetch_once(page, actor=actor)
            except poller.PageUnreadable as error:
                if is_new:
                    delete_unread_page(page)
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
                quote = locate.select(exact, snapshot.text.text)
            except locate.QuoteNotFound as error:
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
    """Check each quote against its page's latest snapshot, under the page's lock, and record the results.

    Raises `Refused` if a quote of a first publication is broken. A later version may rest on a quote known to be
    broken; its check is then recorded with the re-check that publishing settles.
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
        outcome = check_quote(evidence, snapshot, before=evidence.snapshot.text.text if evidence.snapshot else None)
        settles = None
        if outcome.result in EvidenceCheck.BROKEN:
            if version.kind == ReviewVersion.Kind.ORIGINAL:
                raise Refused(
                    f"The quote “{evidence.exact[:80]}” no longer stands on {evidence.page}. "
                    "Send the review back and look at the page again."
                )
            settles = recheck or decided_recheck(evidence, outcome)
        reason = EvidenceCheck.Reason.PUBLISHED
        new_check(evidence, outcome, reason=reason, snapshot=snapshot, recheck=settles).save()
        if _is_unreadable(state.page_id):
            # The latest snapshot is not what the page shows now.
            new_check(evidence, UNREADABLE, reason=reason, snapshot=None).save()


def update_page_weights(review: Review) -> None:
    """Give the poller the number of published reviews that rest on each page any version of this review quotes."""
    cited = Evidence.objects.filter(version__review=review, kind=Evidence.Kind.PAGE_QUOTE)
    pages = set(cited.values_list("page", flat=True))
    watched = Evidence.objects.watched().filter(page__in=pages).values("page")
    counted = dict(watched.annotate(reviews=Count("version__review", distinct=True)).values_list("page", "reviews"))
    poller.set_weights({page: counted.get(page, 0) for page in pages if page is not None})


def _is_unreadable(page_id: int) -> bool:
    """Whether the latest confirmed change says that the page cannot be read."""
    last = Change.objects.filter(page=page_id, certainty=Change.Certainty.CONFIRMED).order_by("-pk").first()
    return last is not None and last.after_id is None


def _get_or_create_page(url_or_page: str | Page, source: Source | None, version: ReviewVersion) -> tuple[Page, bool]:
    """The page, and whether it was created. Raises `Refused` for a bad URL."""
    if isinstance(url_or_page, Page):
        return url_or_page, False
    try:
        known = Page.objects.filter(url=canonical(url_or_page)).exists()
        return page_for(url_or_page, source=source, is_demo=version.review.claim.is_demo), not known
    except ValueError as error:
        raise Refused(str(error)) from error
