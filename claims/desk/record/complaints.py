"""Complaints at the desk: the queue, the first due first, and the screen of one with its answer."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from claims.complaints.clock import DAYS, working_days
from claims.complaints.desk import changes_since
from claims.complaints.receive import LONGEST
from claims.desk.lists.columns import Cell, Column
from claims.desk.lists.filters import Choice
from claims.desk.record.lists import OfTheRecord, tabs
from claims.desk.record.words import event_label
from claims.desk.shell import typed
from claims.desk.shell.screen import render
from claims.desk.shell.verbs import offered, seen_of
from claims.models import Complaint, Publication
from claims.people import name_of
from claims.permissions import may_answer_complaints
from claims.visibility import visible
from sources.reordered import shown

ABOUT = {
    Complaint.About.FACT.value: __("a fact is wrong"),
    Complaint.About.NOT_ME.value: __("this is not me"),
    Complaint.About.SOURCE.value: __("a source is misread"),
    Complaint.About.OTHER.value: __("something else"),
}
REPORTERS = {
    Complaint.Reporter.READER.value: __("a reader"),
    Complaint.Reporter.CONCERNED.value: __("the person concerned"),
}
OUTCOMES = {
    Complaint.Outcome.UPHELD.value: __("upheld"),
    Complaint.Outcome.IN_PART.value: __("upheld in part"),
    Complaint.Outcome.NOT_UPHELD.value: __("not upheld"),
    Complaint.Outcome.NO_COMPLAINT.value: __("no complaint about our work"),
}
_STATES = {"open": __("open"), "late": __("overdue"), "answered": __("answered")}
_CHANGES = 20


def _address(row: Any) -> str:
    return reverse("desk:record_complaint", args=[row.pk])


def _today() -> date:
    return datetime.now(UTC).date()


def _in_state(rows: Any, state: str, user: Any) -> Any:
    if state == "answered":
        return rows.exclude(outcome="")
    rows = rows.filter(outcome="")
    return rows.filter(due_on__lt=_today()) if state == "late" else rows


def _state(row: Any) -> Cell:
    if row.outcome:
        return Cell(OUTCOMES[row.outcome], tone="plain")
    if row.due_on < _today():
        return Cell(_("overdue"), tone="off")
    day = working_days(row.received_on, _today())
    return Cell(_("day %(day)s of %(days)s") % {"day": day, "days": DAYS}, tone="dim")


class Complaints(OfTheRecord):
    """What was reported as wrong, and waits for an answer or has one."""

    title = __("Complaints")
    path = "desk:record_complaints"
    permission = "claims.view_complaint"
    order = "due"
    search_label = __("Words of a complaint or the claim, or a number")
    nothing_yet = __("No complaint was received yet. Readers find “Report an error” on every page of a claim.")
    columns = (
        Column("number", __("number"), lambda row: Cell(row.number, url=_address(row))),
        Column("received", __("received"), lambda row: row.received_at, ("received_at",), falls=True),
        Column("about", __("what about"), lambda row: Cell(ABOUT[row.about], small=REPORTERS[row.reporter])),
        Column("reporter", __("by whom"), lambda row: REPORTERS[row.reporter], only_csv=True),
        Column(
            "claim",
            __("claim"),
            lambda row: (
                Cell(row.claim.text, url=reverse("desk:claim", args=[row.claim_id]), lang=row.claim.language)
                if row.claim
                else _("the site")
            ),
            wide=True,
        ),
        Column("owner", __("who answers"), lambda row: name_of(row.owner)),
        Column("due", __("answer by"), lambda row: row.due_on, ("due_on",)),
        Column("state", __("state"), _state),
    )
    filters = (
        Choice("state", __("State"), tuple(_STATES.items()), _in_state, default="open"),
        Choice("about", __("What about"), tuple(ABOUT.items()), lambda rows, value, user: rows.filter(about=value)),
    )

    def rows(self) -> QuerySet[Any]:
        return visible(Complaint.objects.all(), self.user)

    def shown(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.select_related("claim", "owner")

    def search(self, rows: QuerySet[Any], words: str) -> QuerySet[Any]:
        found = rows.filter(text__icontains=words) | rows.filter(claim__text__icontains=words)
        return found | rows.filter(number=words)

    def url(self, row: Any) -> str:
        return _address(row)


def complaint(request: HttpRequest, pk: int) -> HttpResponse:
    """One complaint: what was written, about what, until when, and the form of its answer."""
    rows = visible(Complaint.objects.all(), request.user)
    row = get_object_or_404(rows.select_related("claim", "speaker", "owner", "answered_by", "contact"), pk=pk)
    offers = {offer.verb.name: offer for offer in offered(request.user, row)}
    kept = typed.kept(request.user, f"complaints:{row.pk}")
    changes = list(changes_since(row)[:_CHANGES]) if row.claim_id else []
    context = {
        "row": row,
        "tabs": tabs("desk:record_complaints"),
        "text": shown(row.text),
        "about": ABOUT[row.about],
        "reporter": REPORTERS[row.reporter],
        "state": _state(row),
        "outcome": OUTCOMES.get(row.outcome, ""),
        "outcomes": [(code, label, code == _typed(kept, "outcome")) for code, label in OUTCOMES.items()],
        "words": _typed(kept, "words"),
        "longest": LONGEST,
        "contact": getattr(row, "contact", None) if may_answer_complaints(request.user, row.claim) else None,
        "changes": [(each.sequence, event_label(each.event), each.at) for each in changes],
        "change": _named(row, changes),
        "taking": offers.get("take"),
        "answering": offers.get("answer"),
        "naming": offers.get("name-change"),
        "seen_hash": seen_of(row),
        "here": request.get_full_path(),
    }
    title = _("Complaint %(number)s") % {"number": row.number}
    crumbs = [(_("Public record"), reverse("desk:record")), (_("Complaints"), reverse("desk:record_complaints"))]
    return render(request, "desk/record/complaint.html", context, title=title, item="record", crumbs=crumbs)


def _named(row: Any, changes: Iterable[Publication]) -> str:
    found = next((each for each in changes if each.sequence == row.correction_id), None)
    return event_label(found.event) if found is not None else ""


def _typed(kept: Any, name: str) -> str:
    return str(next(iter(kept.values.get(name, [])), "")) if kept is not None else ""
