"""Choose the claim that answers a group of tips, the group to merge it with, and the tips that ask something else."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.inbox.tips import STATES, state_of
from claims.desk.shell.addresses import number
from claims.desk.shell.screen import render
from claims.desk.tips.about import known_about, search, search_groups, similar_groups
from claims.desk.tips.demand import with_answer, with_demand
from claims.models import TipGroup
from claims.permissions import Refused, may_answer_tips
from claims.tips import groups
from claims.visibility import visible, visible_claims

SHOWN = 20
"""Groups that a search offers at most."""


def answer(request: HttpRequest, group: int) -> HttpResponse:
    """Find the claim that answers these tips; on POST link it."""
    row = _group(request, group)
    if request.method == "POST":
        claim = get_object_or_404(visible_claims(request.user), pk=_number(request, "claim"))
        try:
            groups.link(row, claim, actor=request.user)
            messages.success(request, _("Linked. Those who asked read its review as soon as one is published."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(_address(row))
    words = _words(request)
    found = search(words, request.user) if words else known_about(row, request.user)
    return _page(request, "answer", _("Answer with a claim"), row, words=words, found=found)


def merge(request: HttpRequest, group: int) -> HttpResponse:
    """Find tips that ask the same; on POST put this group into the other."""
    row = _group(request, group)
    if request.method == "POST":
        into = get_object_or_404(visible(TipGroup.objects.all(), request.user), pk=_number(request, "into"))
        try:
            row = groups.merge(row, into, actor=request.user)
            messages.success(request, _("Merged. They are one group now."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(_address(row))
    words = _words(request)
    rows = search_groups(words, row, request.user) if words else similar_groups(row, request.user)
    found = list(with_answer(with_demand(rows)).order_by("-asked", "-pk")[:SHOWN])
    for each in found:
        each.named_state = STATES[state_of(each)]
    return _page(request, "merge", _("Merge with other tips"), row, words=words, found=found)


def split(request: HttpRequest, group: int) -> HttpResponse:
    """On POST put the chosen tips into a group of their own."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = _group(request, group)
    chosen = [key for each in request.POST.getlist("tip") if (key := number(each)) is not None]
    try:
        row = groups.split(row, chosen, actor=request.user)
        messages.success(request, _("Split. This is the new group."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(_address(row))


def _group(request: HttpRequest, key: int) -> TipGroup:
    if not may_answer_tips(request.user):
        raise PermissionDenied
    return get_object_or_404(visible(TipGroup.objects.select_related("claim"), request.user), pk=key)


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").strip()[:200]


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return number(text) or 0


def _address(group: TipGroup) -> str:
    return reverse("desk:tips", args=[group.pk])


def _page(request: HttpRequest, template: str, title: str, group: TipGroup, **context: Any) -> HttpResponse:
    context |= {"group": group, "says": group.tips.order_by("pk").first()}
    crumbs = [(_("Inbox"), reverse("desk:inbox")), (_("Question from readers"), _address(group))]
    return render(request, f"desk/tips/{template}.html", context, title=title, item="inbox", crumbs=crumbs)
