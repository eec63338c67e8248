"""The screen of a document: its text with the statements in place, and the chosen one beside it."""

from copy import copy
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.desk.documents import progress, rail
from claims.desk.documents.addresses import document_address, statement_address
from claims.desk.documents.details import DetailsForm
from claims.desk.documents.reading import Part, paragraphs, part_of, parts
from claims.desk.documents.sent import as_text, submission_of
from claims.desk.edits import differs
from claims.desk.shell import typed
from claims.desk.shell.addresses import number as key_number
from claims.desk.shell.screen import render
from claims.desk.shell.verbs import offered, seen_of
from claims.models import Document, Statement
from claims.permissions import may_edit
from sources.reordered import shown

MOST = 1_000
"""Statements of a part that are marked."""


def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a document; `s` is the chosen statement, `show` which are marked, `part` the part of a long text."""
    row = Document.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    show = request.GET.get("show", "")
    show = show if show in progress.SHOWS else progress.WORTH
    counts = progress.counts(row, request.user)
    if "show" not in request.GET and not counts[progress.WORTH]:
        show = progress.ALL
    found = parts(row.text)
    statement = _chosen(row, request.GET.get("s", ""))
    part = _part(found, request.GET.get("part", ""), statement)
    if statement is None and not request.GET.get("choose"):
        statement = _first(row, part, request.user)
    marked = _marked(row, part, request.user)
    sent = submission_of(request.user, document=row)
    context = {
        "document": row,
        "counts": counts,
        "done": counts[progress.WORTH] - counts[progress.LEFT],
        "shows": _shows(row, show, counts, statement),
        "show": show,
        "parts": _neighbours(row, found, part, show),
        "paragraphs": _text(row, part, show, statement, marked),
        "text_language": "" if row.language == "und" else row.language,
        "details": _details(row, request.user),
        "may_write": may_edit(request.user),
        "document_offers": {each.verb.name.replace("-", "_"): each for each in offered(request.user, row)},
        "document_seen": seen_of(row),
        "here": request.get_full_path(),
        "speakers": rail.speakers_of(row, part.start, part.end),
        "words": rail.kept_words(row, request.user),
        "places": rail.places_to_choose(row, request.user) if request.GET.get("choose") else [],
        "statement": None,
        "document_differs": differs(row, request.user),
        "sent_by": sent,
        "sent_whole": as_text(sent),
    }
    if statement is not None:
        context |= rail.context(row, statement, show, request.user)
        context["number"] = next((each.number for each in marked if each.row.pk == statement.pk), "")
        context["here"] = statement_address(statement, show)
    return render(
        request,
        "desk/documents/document.html",
        context,
        title=shown(row.title) or _("Document %(id)s") % {"id": row.public_id},
        item="documents",
        crumbs=[(_("Documents"), reverse("desk:documents"))],
    )


def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """Lead from a statement's key to its place in its document."""
    row = Statement.objects.filter(pk=pk).first()
    if row is None:
        raise Http404
    return HttpResponseRedirect(statement_address(row))


def _details(row: Document, user: Any) -> DetailsForm:
    """The form of what is known of the document, as it was typed if it was refused."""
    kept = typed.kept(user, f"document:{row.pk}")
    if kept is None or "title" not in kept.values:
        return DetailsForm(instance=row)
    values = {name: found[-1] for name, found in kept.values.items() if found}
    return DetailsForm(values, instance=copy(row))  # looking for its errors writes into the row


def _chosen(row: Document, key: str) -> Statement | None:
    rows = row.statements.all()
    if key.startswith("stm_"):
        return rows.filter(public_id=key[:24]).first()
    number = key_number(key)
    return rows.filter(pk=number).first() if number is not None else None


def _first(row: Document, part: Part, user: Any) -> Statement | None:
    """The first statement of the part that waits, else the first that is worth checking, else the first."""
    here = row.statements.filter(start__gte=part.start, start__lt=part.end).order_by("start", "-end")
    for show in (progress.LEFT, progress.WORTH, progress.ALL):
        if (found := progress.chosen(here, show, user).first()) is not None:
            return found
    return None


def _part(found: list[Part], number: str, statement: Statement | None) -> Part:
    if statement is not None:
        return part_of(found, statement.start)
    at = key_number(number) or 1
    return found[min(at, len(found)) - 1]


def _marked(row: Document, part: Part, user: Any) -> list[progress.Marked]:
    """The statements of the part, numbered within the document."""
    here = row.statements.filter(start__lt=part.end, end__gt=part.start)
    rows = list(here.order_by("start", "-end")[:MOST])
    before = row.statements.filter(start__lt=rows[0].start).count() if rows and part.number > 1 else 0
    return progress.marked(rows, before, user)


def _text(
    row: Document, part: Part, show: str, chosen: Statement | None, marked: list[progress.Marked]
) -> list[dict[str, Any]]:
    """The paragraphs of the part for the template."""
    return [
        {"pieces": [_piece(piece, show, chosen) for piece in each.pieces], "is_heading": each.is_heading}
        for each in paragraphs(row.text, part, marked)
    ]


def _piece(piece: Any, show: str, chosen: Statement | None) -> dict[str, Any]:
    marked = piece.statement
    if marked is None:
        return {"start": piece.start, "runs": piece.runs, "marked": None}
    waits = marked.look == "w2"
    highlighted = show == progress.ALL or (marked.row.checkworthy if show == progress.WORTH else waits)
    current = chosen is not None and marked.row.pk == chosen.pk
    return {
        "start": piece.start,
        "runs": piece.runs,
        "marked": marked,
        "look": marked.look if highlighted or marked.look == "done" else "no",
        "is_first": piece.is_first,
        "is_current": current,
        "numbered": highlighted or current,
        "url": statement_address(marked.row, show),
    }


def _shows(row: Document, show: str, counts: dict[str, int], statement: Statement | None) -> list[dict[str, Any]]:
    key = statement.public_id if statement else ""
    return [
        {
            "label": label,
            "count": counts[name],
            "url": document_address(row, show=name, s=key),
            "is_current": name == show,
        }
        for name, label in progress.SHOWS.items()
    ]


def _neighbours(row: Document, found: list[Part], part: Part, show: str) -> dict[str, Any]:
    """Where the parts before and after are, of a long document."""
    if len(found) == 1:
        return {}

    def url(number: int) -> str:
        return document_address(row, show=show, part=number) if 1 <= number <= len(found) else ""

    return {
        "number": part.number,
        "count": len(found),
        "before": url(part.number - 1),
        "after": url(part.number + 1),
        "all": [(each.number, url(each.number)) for each in found] if len(found) <= 60 else [],
    }
