"""Propose pages that feeds list as new documents; an editor accepts or dismisses each proposal.

    FeedItem (new) ──propose──> Proposal ──accept──> Document
                                    └────dismiss──> dismissed

No page is fetched before an editor accepts it, so that its site learns of no interest in it.
"""

from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.models import Document, Listing, Proposal
from claims.permissions import Refused, User, may_edit, require
from claims.statements import ingest
from claims.statements.document_reader import ParsedDocument, UnreadableDocument, document_text
from claims.statements.languages import UNDETERMINED
from sources.changes import page_outcome
from sources.database.audit import acting, acting_as
from sources.database.locks import Lock, try_lock_until_commit
from sources.extraction import full_text, sandbox
from sources.faults import point
from sources.http import fetcher
from sources.http.defaults import fetch_defaults
from sources.http.url_key import stored_key, url_key
from sources.models import FeedItem
from sources.outcome import Outcome

_MAY_NOT = gettext_noop(
    "You may not decide on proposals; ask an administrator for the role of a reporter or an editor."
)


class AcceptedAs(StrEnum):
    """Result of accepting a proposal: a new document, one known by its address, or a further one with a known text."""

    NEW = "new"
    SAME_ADDRESS = "same_address"
    SAME_TEXT = "same_text"


@dataclass(frozen=True)
class Acceptance:
    """The document of an accepted proposal. `sentence` tells the editor whether it is new."""

    document: Document
    outcome: AcceptedAs

    @property
    def sentence(self) -> str:
        if self.outcome == AcceptedAs.SAME_ADDRESS:
            return "A document with this address already exists; the proposal is linked to it and nothing was fetched."
        if self.outcome == AcceptedAs.SAME_TEXT:
            return (
                "Document created. Another document with exactly this text already exists, at another address; each "
                "keeps its own title, publisher and statements."
            )
        if self.document.reading == Document.Reading.WAITING:
            return "Document created; its text is long, so its statements are found in the background."
        if self.document.reading == Document.Reading.STOPPED:
            return f"Document created without statements. {self.document.reading_note}"
        return f"Document created with {self.document.statements.count()} statements."


@transaction.atomic
def propose(limit: int = 500) -> int:
    """Create proposals from up to `limit` new feed items, oldest first. Returns the number of items processed.

    A page that several feeds list, at whichever of its addresses, is proposed once, and a page that is already a
    document is not proposed. One transaction: a crash loses nothing; a rerun or a second process repeats nothing.
    """
    if not try_lock_until_commit(Lock.PROPOSALS):
        return 0
    items = list(FeedItem.objects.filter(baseline=False, listing__isnull=True).order_by("pk")[:limit])
    keys = {item.pk: url_key(item.url) for item in items}
    documents = set(Document.objects.filter(url_key__in=keys.values()).values_list("url_key", flat=True))
    known = Proposal.objects.filter(url_key__in=keys.values()).order_by("-pk")
    proposals = {proposal.url_key: proposal for proposal in known}
    with acting_as("feeds"):
        for item in items:
            key = keys[item.pk]
            if key not in proposals and key not in documents:
                proposals[key] = Proposal.objects.create(url=item.url, title=item.title)
        point("proposals written")
        Listing.objects.bulk_create(Listing(item=item, proposal=proposals.get(keys[item.pk])) for item in items)
        point("proposals before commit")
    return len(items)


def accept(proposal: Proposal, *, actor: User) -> Acceptance:
    """Fetch and ingest the proposed page, or link the existing document with its address.

    Raises `Refused` if the page cannot be read as a document, or somebody else has accepted it.
    """
    require(may_edit(actor), _MAY_NOT)
    proposal.refresh_from_db()
    if proposal.state == Proposal.State.ACCEPTED:
        raise Refused(_("This proposal is accepted already; its document is linked on its page."))
    read, address = None, proposal.url
    if _find_document(address) is None:
        read, address = _fetch(proposal.url)
    language = ingest.language_for(read) if read else ""
    if language in {"", UNDETERMINED}:
        language = _source_language(proposal)
    # Before the transaction, since the extraction takes a moment.
    extracted = ingest.extract_at_once(read.text, language) if read else []
    with acting(actor, reason="made a document of a proposal"), transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if locked.state == Proposal.State.ACCEPTED:
            raise Refused(_("A colleague has just accepted this proposal; its document is linked on its page."))
        document, outcome = _find_document(proposal.url) or _find_document(address), AcceptedAs.SAME_ADDRESS
        if document is None and read is None:
            raise Refused(_("The document with this address has just been deleted; accept the proposal again."))
        if document is None and read is not None:
            known = Document.objects.filter(text_sha256=read.text_sha256).exists()
            document = _store(proposal, read, extracted, address, language, actor)
            outcome = AcceptedAs.SAME_TEXT if known else AcceptedAs.NEW
        locked.state, locked.document = Proposal.State.ACCEPTED, document
        _decide(locked, actor)
    proposal.refresh_from_db()
    if document is None:
        raise ValueError("an accepted proposal has a document")
    return Acceptance(document, outcome)


def dismiss(proposal: Proposal, *, actor: User) -> Proposal:
    """Dismiss the proposal; its page is not proposed again. Raises `Refused`."""
    require(may_edit(actor), _MAY_NOT)
    with acting(actor, reason="dismissed a proposal"), transaction.atomic():
        locked = Proposal.objects.select_for_update().get(pk=proposal.pk)
        if locked.state != Proposal.State.PROPOSED:
            raise Refused(_("This proposal is %(state)s already.") % {"state": locked.get_state_display()})
        locked.state = Proposal.State.DISMISSED
        _decide(locked, actor)
        return locked


def _decide(proposal: Proposal, actor: User) -> None:
    proposal.decided_at, proposal.decided_by = timezone.now(), actor
    proposal.save(update_fields=["state", "document", "decided_at", "decided_by"])


def _find_document(url: str) -> Document | None:
    key = stored_key(url)
    return Document.objects.filter(url_key=key).order_by("pk").first() if key else None


def _fetch(url: str) -> tuple[ParsedDocument, str]:
    """The page as a document, and the canonical form of its final URL. Raises `Refused`."""
    result = fetcher.fetch(url, **fetch_defaults())
    if result.outcome != Outcome.OK or result.body is None:
        why = result.detail.rstrip(".") or f"the answer was {result.status}"
        raise Refused(
            _("The page could not be fetched: %(why)s. Try again later, or ingest its text by hand.") % {"why": why}
        )
    try:
        page = sandbox.extract(result.body, result.media_type or "", result.charset)
        # A paywall or an error page with status 200 is not a document.
        judged = page_outcome.judge(result.body, page, last_url=url, final_url=result.final_url)
        if judged.outcome != Outcome.OK:
            raise Refused(
                _("The page could not be read: %(detail)s Ingest its text by hand if it is there.")
                % {"detail": judged.detail}
            )
        if full_text.is_document(result.body):
            read = ParsedDocument(document_text(result.body, page.text), page.title, page.language)
        else:
            read = ingest.read(result.body, media_type=result.media_type or "", charset=result.charset, url=url)
    except (full_text.UnsupportedMedia, UnreadableDocument) as error:
        raise Refused(_("The page could not be read: %(error)s") % {"error": error}) from error
    return read, ingest.canonical_address(result.final_url) or url


def _store(
    proposal: Proposal,
    read: ParsedDocument,
    extracted: list[ingest.ExtractedStatement] | ingest.NotRead,
    address: str,
    language: str,
    actor: User,
) -> Document:
    item = _item(proposal)
    return ingest.store(
        read,
        extracted,
        publisher=item.feed.source.name if item else "",  # the page itself often names no more than its host
        date=read.published_on or (_parse_day(item.published) if item else None),
        language=language,
        url=address,
        actor=actor,
        is_demo=item.feed.page.is_demo if item else False,
    )


def _item(proposal: Proposal) -> FeedItem | None:
    """The feed item that led to the proposal, the first if several did."""
    items = FeedItem.objects.filter(listing__proposal=proposal).select_related("feed__source", "feed__page")
    return items.order_by("pk").first()


def _source_language(proposal: Proposal) -> str:
    item = _item(proposal)
    return (item.feed.source.language if item else "") or UNDETERMINED


def _parse_day(value: str) -> date | None:
    """The day in a feed's date: RFC 3339 (Atom, JSON Feed, sitemaps) or RFC 5322 (RSS); None if it is neither."""
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        pass  # then as in RSS
    try:
        return parsedate_to_datetime(value).date()
    except (ValueError, TypeError):
        return None  # a feed's own date is a hint
