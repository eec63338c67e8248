"""Submit, approve and decline versions of the site's own pages. What is approved is an entry of the site's log."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from claims.accounts import why_not_approve
from claims.models import PageProposal, SitePublication
from claims.permissions import Facts, Refused, User, allowed, require, rights
from claims.publication.site.log import append_to_site_log, newest_page
from claims.visible_text import unreadable
from sources.database.audit import acting

Page, State = PageProposal.Page, PageProposal.State
LONGEST = 50_000
_SUBMIT = gettext_noop("You may not write pages of the site; ask an administrator for the role of an editor.")
_APPROVE = gettext_noop("You may not approve pages of the site; ask an administrator for the role of an editor.")
_DECIDED = gettext_noop("Somebody has decided on this version already.")
_TWO = gettext_noop("You submitted this version, so somebody else has to approve it.")


def may_submit_pages(user: User) -> bool:
    """Write a version of a page of the site; nothing leaves by it."""
    return allowed("write a page of the site", Facts(rights=rights(user)))


def may_approve_pages(user: User) -> bool:
    """Publish a version that somebody else submitted."""
    return allowed("approve a page of the site", Facts(rights=rights(user)))


def waiting(page: str) -> PageProposal | None:
    """The version of the page that waits for a second person."""
    rows = PageProposal.objects.filter(page=page, state=State.SUBMITTED).select_related("submitted_by")
    return rows.first()


def published_text(page: str) -> str:
    """What readers read on the page; empty as long as nothing was approved."""
    newest = newest_page(page)
    return str(newest.body["text"]) if newest else ""


def submit(page: str, *, text: str, note: str = "", actor: User) -> PageProposal:
    """Submit a version of the page for a second person. Raises `Refused`."""
    require(may_submit_pages(actor), _SUBMIT)
    text = text.replace("\r\n", "\n").strip()
    if page not in Page.values:
        raise Refused(_("There is no such page."))
    if not text or len(text) > LONGEST or unreadable(text.replace("\n", " ").replace("\t", " ")):
        raise Refused(_("Write at least a sentence, and at most 50,000 characters that can be read."))
    if text == published_text(page):
        raise Refused(_("This is what readers read already."))
    with acting(actor, reason="submitted a page of the site"), transaction.atomic():
        if PageProposal.objects.filter(page=page, state=State.SUBMITTED).exists():
            raise Refused(_("A version of this page waits already: decide on it first."))
        return PageProposal.objects.create(
            page=page, text=text, note=note.strip()[:1000], submitted_at=timezone.now(), submitted_by=actor
        )


def approve(proposal: PageProposal, *, actor: User) -> PageProposal:
    """Publish the version for readers. Raises `Refused`, always for whoever submitted it."""
    require(may_approve_pages(actor), _APPROVE)
    require(proposal.submitted_by_id != actor.pk, _TWO)
    if why := why_not_approve(actor, [proposal.submitted_by_id]):
        raise Refused(why)
    with acting(actor, reason="approved a page of the site"), transaction.atomic():
        row = _open(proposal)
        newest = newest_page(row.page)
        number = newest.body["version"] + 1 if newest else 1
        body = {"page": row.page, "version": number, "text": row.text}
        row.publication_id = append_to_site_log(SitePublication.Kind.PAGE_PUBLISHED, row.page, body)
        _decide(row, State.APPROVED, actor)
        return row


def decline(proposal: PageProposal, *, actor: User) -> PageProposal:
    """Leave the page as it is; whoever submitted the version takes it back so. Raises `Refused`."""
    require(may_approve_pages(actor) or proposal.submitted_by_id == actor.pk, _APPROVE)
    with acting(actor, reason="declined a page of the site"), transaction.atomic():
        row = _open(proposal)
        _decide(row, State.DECLINED, actor)
        return row


def _open(proposal: PageProposal) -> PageProposal:
    row = PageProposal.objects.select_for_update().get(pk=proposal.pk)
    require(row.state == State.SUBMITTED, _DECIDED)
    return row


def _decide(row: PageProposal, state: str, actor: User) -> None:
    row.state, row.decided_at, row.decided_by_id = state, timezone.now(), actor.pk
    row.save(update_fields=["state", "decided_at", "decided_by", "publication"])
