"""The first tab of the Inbox: what readers ask, those questions first that most people asked lately."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.desk.inbox.base import InboxList
from claims.desk.lists.bulk import BulkVerb
from claims.desk.lists.columns import Cell, Column, Words
from claims.desk.lists.filters import Choice, Rows, Typed
from claims.desk.shell.screen import render
from claims.desk.tips.about import known_about
from claims.desk.tips.demand import in_state, with_answer, with_demand
from claims.desk.tips.links import link_of
from claims.models import Tip, TipGroup
from claims.permissions import User, may_answer_tips, may_edit
from claims.visibility import visible

SHOWN, LEADING = 100, 30
STATES: dict[str, Words] = {
    "new": gettext_lazy("new"),
    "taken": gettext_lazy("taken up"),
    "answered": gettext_lazy("answered"),
    "set_aside": gettext_lazy("set aside"),
}
_TONES = {"answered": "ok", "taken": "dim"}


def state_of(group: Any) -> str:
    """One of `STATES`, of a group `with_answer`."""
    return "answered" if group.answered else str(group.state)


def _state(group: Any) -> Cell:
    name = state_of(group)
    return Cell(STATES[name], tone=_TONES.get(name, "plain"))


def _in_state(rows: Rows, state: str, user: User) -> Rows:
    return in_state(with_answer(rows), state)


def _in_language(rows: Rows, language: str, user: User) -> Rows:
    return rows.filter(Exists(Tip.objects.filter(group=OuterRef("pk"), language__iexact=language)))


class Tips(InboxList):
    """Questions of readers by demand."""

    path, permission, order = "desk:inbox", "claims.view_tipgroup", "-lately"
    search_label = gettext_lazy("Words or address of a tip")
    nothing_yet = gettext_lazy(
        "Nothing yet. Readers ask on the public page for tips; what several ask in the same words is one question here."
    )
    columns = (
        Column("asks", gettext_lazy("Question"), lambda row: row.first_says, wide=True),
        Column("lately", gettext_lazy("Readers in 7 days"), lambda row: row.recently, ("recently",), falls=True),
        Column("asked", gettext_lazy("Readers in all"), lambda row: row.asked, ("asked",), falls=True),
        Column("first", gettext_lazy("First"), lambda row: row.first_at, ("first_at",), falls=True),
        Column("last", gettext_lazy("Last"), lambda row: row.last_at, ("last_at",), falls=True),
        Column("state", gettext_lazy("State"), _state),
    )
    bulk = (
        BulkVerb("tips", "set-aside", gettext_lazy("Set aside"), "write", gettext_lazy("Nobody is told")),
        BulkVerb("tips", "reopen", gettext_lazy("Put back"), "write", gettext_lazy("Among the new questions")),
    )
    filters = (
        Choice("state", gettext_lazy("State"), STATES.items(), _in_state, default="new"),
        Typed("language", gettext_lazy("Language"), _in_language, hint="en"),
    )

    def rows(self) -> QuerySet[Any]:
        return with_demand(visible(TipGroup.objects.all(), self.user))

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return with_answer(rows)

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        tips = Tip.objects.filter(group=OuterRef("pk"))
        found = tips.filter(text__icontains=words) | tips.filter(url__icontains=words) | tips.filter(public_id=words)
        return rows.filter(Exists(found))

    def url(self, row: Any) -> str:
        return reverse("desk:tips", args=[row.pk])


def tips(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: its tips, what is known on it, and what can be done."""
    rows = with_answer(with_demand(visible(TipGroup.objects.select_related("claim"), request.user)))
    group = get_object_or_404(rows, pk=pk)
    sent = group.tips.select_related("document", "contact").order_by("-pk")
    newsrooms = group.tips.exclude(newsroom="").values_list("newsroom", flat=True).distinct()
    context = {
        "group": group,
        "state": STATES[state_of(group)],
        "tips": [{"row": tip, "link": link_of(tip)} for tip in sent[:SHOWN]],
        "leading": group.tips.filter(fingerprint__isnull=False).order_by("pk")[1:LEADING],
        "newsrooms": list(newsrooms.order_by("newsroom")[:20]),
        "known": known_about(group, request.user),
        "may_answer": may_answer_tips(request.user),
        "may_edit": may_edit(request.user),
    }
    crumbs = [(_("Inbox"), reverse("desk:inbox"))]
    return render(
        request, "desk/inbox/tips.html", context, title=_("Question from readers"), item="inbox", crumbs=crumbs
    )
