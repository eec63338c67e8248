"""Edited since publication: the list of what waits, the page that submits it, and the page that approves it."""

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.shell.addresses import number
from claims.desk.shell.labels import in_words
from claims.desk.shell.screen import render
from claims.desk.what_leaves import is_shown, label, names_another
from claims.models import Amendment, Article, Claim, Document, Organisation, Speaker, Statement, Topic
from claims.permissions import Refused, User, may_approve_edits, may_submit_edits, rights
from claims.publication.amended import Amended, amended
from claims.publication.words import Difference
from claims.reviews import amendments
from claims.visibility import hidden_claims, visible_claims
from sources.admin.difference import Piece, difference, with_context

# By kind of row: the condition of the claims that contain it, and where their words name it.
_WHERE: dict[type, tuple[str, tuple[str, ...]]] = {
    Speaker: ("statements__speaker", (".speaker.",)),
    Document: ("statements__document", (".document.",)),
    Statement: ("statements", (".statements[",)),
    Topic: ("topics", (".topics[",)),
    Organisation: ("reviews__organisation", (".organisation.", ".licence")),
    Article: ("reviews__article", (".article.",)),
}


@dataclass(frozen=True)
class Edit:
    """A field that differs from what is published."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True)
class EditedClaim:
    """A claim with what differs, and the kind of that: edits, or new appearances alone."""

    row: Claim
    kind: str
    edits: list[Edit]
    is_waiting: bool = False
    """Submitted already."""


@dataclass(frozen=True)
class Differs:
    """What the screen of one row says: the edits that are not out, and how many claims they touch."""

    edits: list[Edit]
    claims: int


def differs(row: Any, user: User) -> Differs | None:
    """What differs from what is published in this row of the editors' tables; None if nothing does."""
    if isinstance(row, Claim):
        found = amended([row]) if row.publications.exists() and row.merged_into_id is None else []
        texts = [each for change in found for each in change.differences]
    elif type(row) in _WHERE:
        condition, parts = _WHERE[type(row)]
        rows = visible_claims(user).filter(Q(**{condition: row}), unpublished_edit__isnull=False).distinct()
        found = [each for each in amended(rows.order_by("pk")[: amendments.AT_ONCE]) if each.differences]
        if isinstance(row, Statement):
            parts = (f"[{row.public_id}]",)
        texts = [each for change in found for each in change.differences if any(part in each.path for part in parts)]
    else:
        return None
    edits = _edits(texts)
    return Differs(edits, len(found)) if edits else None


def edited(request: HttpRequest) -> HttpResponse:
    """List what was edited since publication; on POST show what of it leaves, or submit it."""
    _require_reader(request.user)
    if request.method == "POST" and may_submit_edits(request.user):
        try:
            return _submit(request)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.path)
    submitted = amendments.submitted_claims()
    rows = [_edited_claim(each, submitted) for each in amendments.unpublished(request.user)]
    lists = [
        (in_words(kind.label), [each for each in rows if each.kind == kind.value])
        for kind in (Amendment.Kind.EDITS, Amendment.Kind.APPEARANCES)
    ]
    return _page(
        request,
        "edited",
        _("Edited since publication"),
        lists=lists,
        waiting=amendments.waiting(request.user),
        count=amendments.count_unpublished(request.user),
        shown=len(rows),
        may_submit=may_submit_edits(request.user),
    )


def _submit(request: HttpRequest) -> HttpResponse:
    keys = [key for each in request.POST.getlist("claim") if (key := number(each)) is not None]
    if "shown" in request.POST:
        note = request.POST.get("note", "")
        row = amendments.submit(keys, actor=request.user, shown=request.POST["shown"], note=note)
        messages.success(request, _("Submitted. Somebody else has to approve it."))
        return HttpResponseRedirect(reverse("desk:amendment", args=[row.pk]))
    found = amended(visible_claims(request.user).filter(pk__in=keys).order_by("pk"))
    changes = [each for each in found if each.differences]
    if not changes:
        raise Refused(_("Choose the claims whose edits should leave."))
    return _page(request, "submit", _("Submit these edits?"), **_what_leaves(changes))


def amendment(request: HttpRequest, amendment: int) -> HttpResponse:
    """Show what leaves with one amendment; on POST approve or decline it."""
    _require_reader(request.user)
    rows = Amendment.objects.select_related("submitted_by", "decided_by")
    row = get_object_or_404(rows, pk=amendment)
    if row.items.filter(claim__in=hidden_claims(request.user)).exists():
        raise PermissionDenied
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, row))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path)
    is_open = row.state == Amendment.State.SUBMITTED
    own = row.submitted_by is not None and row.submitted_by.pk == request.user.pk
    return _page(
        request,
        "amendment",
        _("Edits of published claims"),
        amendment=row,
        is_open=is_open,
        may_approve=is_open and not own and may_approve_edits(request.user),
        may_decline=is_open and (own or may_approve_edits(request.user)),
        items=[] if is_open else row.items.select_related("claim", "publication"),
        **_what_leaves(amendments.now(row) if is_open else []),
    )


def _decide(request: HttpRequest, row: Amendment) -> str:
    if request.POST.get("verb") == "approve":
        amendments.approve(row, actor=request.user, shown=request.POST.get("shown", ""))
        return _("Approved and published, exactly as you read it.")
    if request.POST.get("verb") == "decline":
        amendments.decline(row, actor=request.user)
        return _("Declined. Nothing of it goes out.")
    raise Refused(_("Choose to approve these edits or to decline them."))


def _what_leaves(changes: list[Amended]) -> dict[str, Any]:
    return {"rows": [_edited_claim(each) for each in changes], "sha256": amendments.shown_sha256(changes)}


def _edited_claim(change: Amended, submitted: Container[int] = ()) -> EditedClaim:
    return EditedClaim(change.claim, change.kind, _edits(change.differences), change.claim.pk in submitted)


def _edits(texts: Iterable[Difference]) -> list[Edit]:
    """The fields that a person reads, each difference once."""
    named = [(re.sub(r"^reviews\[[^]]*\]", "review", each.path), each.before, each.after) for each in texts]
    found = dict.fromkeys(
        (label(path), before, after)
        for path, before, after in named
        if is_shown(path) or names_another(path, before, after)
    )
    return [Edit(name, with_context(difference(before, after))) for name, before, after in found]


def _require_reader(user: User) -> None:
    if "claims.view_claim" not in rights(user) and not user.is_superuser:
        raise PermissionDenied


def _page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    crumbs = [(_("Claims"), reverse("desk:claims"))]
    if template != "edited":
        crumbs.append((_("Edited since publication"), reverse("desk:edited")))
    return render(request, f"desk/edits/{template}.html", context, title=title, item="claims", crumbs=crumbs)
