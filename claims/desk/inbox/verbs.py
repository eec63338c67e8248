"""The buttons of the Inbox."""

from typing import Any

from django.http import HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.shell.verbs import Act, Verb, register
from claims.models import Proposal, TipGroup
from claims.statements import proposals
from claims.tips import groups


def _take(act: Act) -> HttpResponseRedirect:
    # Opens the form of documents with the first tip's text; reading that makes the document and takes the tips up.
    tips = act.row.tips
    tip = tips.exclude(text="").order_by("pk").first() or tips.order_by("pk").first()
    try:
        form = reverse("desk:read")
    except NoReverseMatch:
        form = reverse("admin:claims_document_add")
    return HttpResponseRedirect(f"{form}?{urlencode({'tip': tip.pk})}" if tip is not None else form)


def _set_aside(act: Act) -> str:
    groups.set_aside(act.row, actor=act.user)
    return _("Set aside. Those who asked are told nothing.")


def _reopen(act: Act) -> str:
    groups.reopen(act.row, actor=act.user)
    return _("Back among the new questions.")


def _unlink(act: Act) -> str:
    groups.unlink(act.row, actor=act.user)
    return _("The link is taken back. Those who asked read “received” again.")


def _accept(act: Act) -> HttpResponseRedirect:
    accepted = proposals.accept(act.row, actor=act.user)
    return HttpResponseRedirect(reverse("desk:document", args=[accepted.document.pk]))


def _dismiss(act: Act) -> HttpResponseRedirect:
    proposals.dismiss(act.row, actor=act.user)
    return HttpResponseRedirect(reverse("desk:inbox_feeds"))


def _is_new(group: Any) -> bool:
    return group.claim_id is None and group.state == TipGroup.State.NEW


register(
    "tips",
    TipGroup,
    [
        Verb(
            "unlink",
            gettext_lazy("Take the answer back"),
            _unlink,
            rule="answer tips",
            when=lambda group: group.claim_id is not None,
            effect=gettext_lazy("Those who asked read “received” again"),
            tone="danger",
        ),
        Verb(
            "set-aside",
            gettext_lazy("Set aside"),
            _set_aside,
            rule="write",
            when=_is_new,
            effect=gettext_lazy("Nobody is told; it can be put back"),
        ),
        Verb(
            "reopen",
            gettext_lazy("Put back"),
            _reopen,
            rule="write",
            when=lambda group: group.claim_id is None and group.state != TipGroup.State.NEW,
            effect=gettext_lazy("Among the new questions"),
        ),
        Verb(
            "take",
            gettext_lazy("Read it for statements …"),
            _take,
            rule="write",
            effect=gettext_lazy("Opens the form; nobody is told"),
            tone="go",
        ),
    ],
)
register(
    "proposal",
    Proposal,
    [
        Verb(
            "dismiss",
            gettext_lazy("Set aside"),
            _dismiss,
            rule="write",
            when=lambda row: row.state == Proposal.State.PROPOSED,
            effect=gettext_lazy("It is not proposed again"),
        ),
        Verb(
            "accept",
            gettext_lazy("Read it as a document"),
            _accept,
            rule="write",
            when=lambda row: row.state != Proposal.State.ACCEPTED,
            outside=True,
            effect=gettext_lazy("The site sees one request, under our name"),
            tone="go",
        ),
    ],
)
