"""Merge claims at the desk: choose the other claim, read both as they will read, ask for it, and decide on it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.shell.screen import render
from claims.models import Claim, Merge, Publication, Review
from claims.models.publication import Audience
from claims.permissions import Refused, User, may_approve_merges, may_request_merges, rights
from claims.publication.overlay import lay_over
from claims.publication.published_claim import ClaimContent
from claims.publication.words import last_words
from claims.reviews import merging
from claims.reviews.merge_conflicts import warnings, whole
from claims.visibility import is_visible, visible, visible_claims
from sources.reordered import shown

SHOWN = 20
"""Claims that a search offers at most."""


@dataclass(frozen=True)
class Column:
    """A claim as newsrooms read it, or will."""

    row: Claim
    title: str
    body: ClaimContent
    is_pointer: bool = False
    """Whether only its id is left, which answers with the other claim."""


def choose(request: HttpRequest, claim: int) -> HttpResponse:
    """Find the other claim: those that share a statement or the words, or what a search finds."""
    row = _claim(request, claim)
    words = request.GET.get("q", "").strip()[:200]
    published = Exists(Publication.objects.filter(claim=OuterRef("pk")))
    others = visible_claims(request.user).filter(published, merged_into__isnull=True).exclude(pk=row.pk)
    if words:
        found = others.filter(Q(public_id=words) | _all_in_text(words))
    else:
        found = others.filter(Q(text__iexact=row.text) | Q(statements__in=row.statements.all())).distinct()
    return _page(
        request,
        "choose",
        _("Merge with another claim"),
        row,
        claim_row=row,
        words=words,
        found=found.order_by("-created_at", "-pk")[:SHOWN],
    )


def compare(request: HttpRequest, claim: int, into: int) -> HttpResponse:
    """Show both claims and the claim as it will read; on POST ask a second person to merge them."""
    return _ask(request, Merge.Kind.MERGE, _claim(request, claim), _claim(request, into))


def separate(request: HttpRequest, claim: int) -> HttpResponse:
    """Show both claims as they will read apart; on POST ask a second person to separate them."""
    row = _claim(request, claim)
    if row.merged_into is None:
        messages.error(request, _("This claim is part of no other."))
        return HttpResponseRedirect(_address(row))
    return _ask(request, Merge.Kind.UNMERGE, row, _claim(request, row.merged_into.pk))


def merge(request: HttpRequest, merge: int) -> HttpResponse:
    """Show a request as it will leave; on POST approve or decline it."""
    if "claims.view_claim" not in rights(request.user) and not request.user.is_superuser:
        raise PermissionDenied
    rows = Merge.objects.select_related("claim", "into", "requested_by", "decided_by")
    row = get_object_or_404(visible(rows, request.user), pk=merge)
    if request.method == "POST":
        try:
            messages.success(request, _decide(request, row))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path)
    is_open = row.state == Merge.State.REQUESTED
    own = row.requested_by is not None and row.requested_by.pk == request.user.pk
    context: dict[str, Any] = {"merge": row, "is_open": is_open, "own": own}
    if is_open:
        try:
            found = merging.reading(row.kind, row.claim, row.into, besides=row)
        except Refused as refusal:
            context["refusal"] = str(refusal)
        else:
            context |= _both(row.kind, row.claim, row.into, found)
            context["changed"] = found.sha256 != row.sha256
        second = may_approve_merges(request.user)
        context["may_approve"] = second and not own and "sha256" in context and not context["changed"]
        context["may_decline"] = second or (own and may_request_merges(request.user))
    title = _("Merge two claims") if row.kind == Merge.Kind.MERGE else _("Separate two claims")
    return _page(request, "merge", title, row.claim, **context)


def made_of(review: Review) -> Any:
    """The words of the merged claim that the review was made of, as `merged_from` has them; None if of its claim's."""
    last = last_words(review.claim)
    for part in last.words.get("merged_from", []) if last is not None else []:
        if review.public_id in part["reviews"]:
            return part
    if last is None or review.latest_published() is not None:
        return None
    # A draft that came with a claim: the first merge is that of the claim that it was begun for.
    moved = Merge.objects.filter(state=Merge.State.APPROVED, kind=Merge.Kind.MERGE, reviews__contains=[review.pk])
    begun = moved.filter(claim__merged_into__isnull=False).select_related("claim").order_by("pk").first()
    first = last_words(begun.claim) if begun is not None else None
    return first.words if first is not None else None


def of_claim(claim: Claim, user: User, *, is_on_record: bool | None = None) -> dict[str, Any]:
    """What the page of a claim shows: where it went, what was merged into it, and the requests about it.

    `is_on_record` says whether anything of the claim was published, if the caller knows.
    """
    requests = visible(Merge.objects.filter(Q(claim=claim) | Q(into=claim)), user)
    published = claim.publications.exists() if is_on_record is None else is_on_record
    top = whole(claim)
    return {
        "merged_into": claim.merged_into if claim.merged_into and is_visible(claim.merged_into, user) else None,
        "answers": top if claim.merged_into and is_visible(top, user) else None,
        "merged_from": visible(claim.merged_from.all(), user).order_by("pk"),
        "merges": requests.select_related("claim", "into", "requested_by", "decided_by").order_by("-pk")[:SHOWN],
        "may_merge": published and claim.merged_into_id is None and may_request_merges(user),
        "may_separate": claim.merged_into_id is not None and may_request_merges(user),
    }


def _ask(request: HttpRequest, kind: str, claim: Claim, into: Claim) -> HttpResponse:
    try:
        if request.method == "POST":
            asked = merging.request(
                claim,
                into,
                actor=request.user,
                reason=request.POST.get("reason", ""),
                shown=request.POST.get("shown", ""),
                kind=kind,
            )
            messages.success(request, _("Asked. Somebody else has to approve it."))
            return HttpResponseRedirect(reverse("desk:merge", args=[asked.pk]))
        found = merging.reading(kind, claim, into)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(request.path if request.method == "POST" else _address(claim))
    title = _("Merge these two claims?") if kind == Merge.Kind.MERGE else _("Separate these two claims?")
    return _page(request, "ask", title, claim, **_both(kind, claim, into, found))


def _decide(request: HttpRequest, row: Merge) -> str:
    if request.POST.get("verb") == "approve":
        merging.approve(row, actor=request.user, shown=request.POST.get("shown", ""))
        is_merge = row.kind == Merge.Kind.MERGE
        return _("Merged. Both ids answer.") if is_merge else _("Separated. Each claim stands alone.")
    if request.POST.get("verb") == "decline":
        merging.decline(row, actor=request.user)
        return _("Declined. Both claims stay as they are.")
    raise Refused(_("Choose to approve this or to decline it."))


def _both(kind: str, claim: Claim, into: Claim, found: merging.Reading) -> dict[str, Any]:
    """The columns of the page: both claims as they read now, and as they will."""
    merges = kind == Merge.Kind.MERGE
    now = [
        Column(claim, _("This claim") if merges else _("The merged claim"), _body(found.now.claim, claim), not merges),
        Column(into, _("The claim that stays"), _body(found.now.into, into)),
    ]
    after = [Column(into, _("The claim that stays"), _body(found.after.into, into))]
    if not merges:
        after.insert(0, Column(claim, _("Again a claim of its own"), _body(found.after.claim, claim)))
    return {
        "kind": kind,
        "claim_row": claim,
        "into_row": into,
        "now": now,
        "after": after,
        "sha256": found.sha256,
        "warnings": warnings(claim, into) if merges else [],
    }


def _body(words: Any, row: Claim) -> ClaimContent:
    return lay_over(words, row, audience=Audience.NEWSROOMS)


def _all_in_text(words: str) -> Q:
    found = Q()
    for word in words.split():
        found &= Q(text__icontains=word)
    return found


def _claim(request: HttpRequest, key: int) -> Claim:
    if not may_request_merges(request.user):
        raise PermissionDenied
    return get_object_or_404(visible_claims(request.user).select_related("merged_into"), pk=key)


def _address(claim: Claim) -> str:
    return reverse("desk:claim", args=[claim.pk])


def _page(request: HttpRequest, template: str, title: str, claim: Claim, **context: Any) -> HttpResponse:
    crumbs = [(_("Claims"), reverse("desk:claims")), (shown(claim.text), _address(claim))]
    return render(request, f"desk/merges/{template}.html", context, title=title, item="claims", crumbs=crumbs)
