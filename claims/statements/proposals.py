"""New pages of feeds become proposals, and what an editor accepts becomes a document.

    FeedItem (new) ──propose──> Proposal ──accept──> Document
                                    └────dismiss──> dismissed

Nothing is fetched until an editor accepts: looking must not warn the subject.
"""

from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from enum import StrEnum

import pghistory
from django.db import connection, transaction
from django.utils import timezone

from claims.models import Document, Listing, Proposal
from claims.permissions import Refused, User, may_edit, require
from claims.statements import ingest
from claims.statements.document_reader import ReadDocument, UnreadableDocument, clean
from sources.changes import page_outcome
from sources.extraction import full_text, sandbox
from sources.faults import point
from sources.http import fetcher
from sources.http.defaults import fetch_bounds
from sources.models import FeedItem

# One proposer at a time: rows of a log cannot be locked, so this number is. Any will do.
_PROPOSE_LOCK = 6_204_881
_MAY_NOT = "You may not decide on proposals; ask an administrator for the group Editors."


class How(StrEnum):
    """What accepting came to."""

    NEW = "new"
    SAME_ADDRESS = "same_address"
    SAME_TEXT = "same_text"


@dataclass(frozen=True)
class Accepted:
    """The document that a proposal is accepted as. `sentence` tells the editor which it is."""

    document: Document
    how: How

    @property
    def sentence(self) -> str:
        if self.how == How.SAME_ADDRESS:
            return "A document of this address was there already; the proposal is linked to it and nothing was fetched."
        if self.how == How.SAME_TEXT:
            return "A document with exactly this text was there already; the proposal is linked to it."
        return f"Taken in: {self.document.statements.count()} statements found."


@transaction.atomic
def propose(limit: int = 500) -> int:
    """Look at up to `limit` new items of feeds, oldest first; returns how many were looked at.

    A page that several feeds list is proposed once, and not at all if there is a document of its address. All of it
    is one transaction: a crash loses nothing, a rerun or a second proposer doubles nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_PROPOSE_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    items = list(FeedItem.objects.filter(baseline=False, listing__isnull=True).order_by("pk")[:limit])
    urls = {item.url for item in items}
    documents = set(Document.objects.filter(canonical_url__in=urls).values_list("canonical_url", flat=True))
    proposals = {proposal.url: proposal for proposal in Proposal.objects.filter(url__in=urls)}
    with pghistory.context(actor="feeds"):
        for item in items:
            if item.url not in proposals and item.url not in documents:
                proposals[item.url] = Proposal.objects.create(url=item.url, title=item.title)
        point("proposals written")
        Listing.objects.bulk_create(Listing(item=item, proposal=proposals.get(item.url)) for item in items)
        point("proposals before commit")
    return len(items)


def accept(proposal: Proposal, *, actor: User) -> Accepted:
    """Make the proposed page a document: fetch it once and ingest it, or link the document that is there already.

    Raises `Refused` if the page cannot be read as a document, or somebody has accepted it meanwhile.
    """
    require(may_edit(actor), _MAY_NOT)
    proposal.refresh_from_db()
    if proposal.state == Proposal.State.ACCEPTED:
        raise Refused("This proposal is accepted already; its document is linked on its page.")
    read, address = None, proposal.url
    if _of_address(address) is None:
        read, address = _fetched(proposal.url)
    language = (read.language if read else None) or _source_language(proposal)
    # Before the transaction: reading who said what takes a moment.
    found = ingest.statements(read.text, language) if read else []
    with pghistory.context(actor=actor.username, reason="accept proposal"), transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if locked.state == Proposal.State.ACCEPTED:
            raise Refused("A colleague has just accepted this proposal; its document is linked on its page.")
        document, how = _of_address(proposal.url) or _of_address(address), How.SAME_ADDRESS
        if document is None and read is None:
            raise Refused("The document of this address has just gone; accept the proposal again.")
        if document is None and read is not None:
            document, how = ingest.already_stored(read), How.SAME_TEXT
            if document is None:
                document, how = _store(proposal, read, found, address, language, actor), How.NEW
        locked.state, locked.document = Proposal.State.ACCEPTED, document
        _decide(locked, actor)
    proposal.refresh_from_db()
    if document is None:
        raise ValueError("an accepted proposal has a document")
    return Accepted(document, how)


def dismiss(proposal: Proposal, *, actor: User) -> Proposal:
    """Say that the desk has no use for the page. It is not proposed again. Raises `Refused`."""
    require(may_edit(actor), _MAY_NOT)
    with pghistory.context(actor=actor.username, reason="dismiss proposal"), transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if locked.state != Proposal.State.PROPOSED:
            raise Refused(f"This proposal is {locked.get_state_display()} already.")
        locked.state = Proposal.State.DISMISSED
        _decide(locked, actor)
        return locked


def _decide(proposal: Proposal, actor: User) -> None:
    proposal.decided_at, proposal.decided_by = timezone.now(), actor
    proposal.save(update_fields=["state", "document", "decided_at", "decided_by"])


def _of_address(url: str) -> Document | None:
    return Document.objects.filter(canonical_url=url).order_by("pk").first() if url else None


def _fetched(url: str) -> tuple[ReadDocument, str]:
    """The page as a document, and the canonical form of where it was found. Raises `Refused`."""
    result = fetcher.fetch(url, **fetch_bounds())
    if result.outcome != fetcher.FetchOutcome.OK or result.body is None:
        why = result.detail.rstrip(".") or f"the answer was {result.status}"
        raise Refused(f"The page could not be fetched: {why}. Try again later, or ingest its text by hand.")
    try:
        page = sandbox.extract(result.body, result.media_type or "", result.charset)
        # A wall or an error page is no document, though it came with status 200.
        judged = page_outcome.judge(result.body, page, asked=url, final_url=result.final_url)
        if judged.outcome != page_outcome.Seen.OK:
            raise Refused(f"The page could not be read: {judged.detail} Ingest its text by hand if it is there.")
        if full_text.is_document(result.body):
            read = ReadDocument(clean(page.text), page.title, page.language)
        else:
            read = ingest.read(result.body, media_type=result.media_type or "", charset=result.charset, url=url)
    except (full_text.UnsupportedMedia, UnreadableDocument) as error:
        raise Refused(f"The page could not be read: {error}") from error
    return read, ingest.address_of(result.final_url) or url


def _store(
    proposal: Proposal,
    read: ReadDocument,
    found: list[ingest.ExtractedStatement],
    address: str,
    language: str,
    actor: User,
) -> Document:
    item = _item(proposal)
    return ingest.store(
        read,
        found,
        publisher=item.feed.source.name if item else "",  # the page itself often names no more than its host
        date=read.published_on or (_day(item.published) if item else None),
        language=language,
        url=address,
        actor=actor,
        is_demo=item.feed.page.is_demo if item else False,
    )


def _item(proposal: Proposal) -> FeedItem | None:
    """The item that it was proposed for first."""
    items = FeedItem.objects.filter(listing__proposal=proposal).select_related("feed__source", "feed__page")
    return items.order_by("pk").first()


def _source_language(proposal: Proposal) -> str:
    item = _item(proposal)
    return (item.feed.source.language if item else "") or "en"


def _day(written: str) -> date | None:
    """The day that a feed names: RFC 3339, as Atom, JSON Feed and sitemaps have it, or RFC 5322, as RSS."""
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        pass  # then as RSS has it
    try:
        return parsedate_to_datetime(written).date()
    except (ValueError, TypeError):
        return None  # a feed's own date is a hint
