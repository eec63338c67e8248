"""Upload a list that Check exported, choose ratings for its statuses, and read what could not come in."""

import csv
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.check_import import drafts
from claims.check_import.intake import may_take_over, read_list
from claims.desk.shell.screen import render
from claims.models import CheckImport, CheckItem, Organisation, Rating
from claims.permissions import Refused
from claims.visibility import visible

A_PAGE = 50
_SHOWN_LINES = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
State = CheckItem.State


def imports(request: HttpRequest) -> HttpResponse:
    """The lists that were taken over, and the form for another one."""
    _require(request)
    if request.method == "POST":
        file = request.FILES.get("file")
        if file is None or file.file is None:
            messages.error(request, _("Choose the file that Check exported."))
            return HttpResponseRedirect(reverse("desk:check_imports"))
        try:
            made = read_list(
                cast(BinaryIO, file.file),
                name=str(file.name or ""),
                actor=request.user,
                language=request.POST.get("language", "").strip(),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("desk:check_imports"))
        return HttpResponseRedirect(reverse("desk:check_import", args=[made.pk]))
    rows = CheckImport.objects.select_related("started_by").annotate(
        waiting=Count("items", filter=Q(items__state=State.WAITING)), here=Count("items", filter=Q(items__state="done"))
    )
    page = Paginator(rows.order_by("-pk"), A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "desk/check_import/imports.html",
        {"page": page},
        title=_("From Check"),
        item="settings",
        crumbs=_crumbs(),
    )


def one_import(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of one list; on POST, have drafts made with the ratings chosen for its statuses."""
    _require(request)
    row = get_object_or_404(CheckImport.objects.select_related("started_by"), pk=pk)
    organisations = list(Organisation.objects.filter(is_ours=True).order_by("name"))
    if request.method == "POST":
        return _ask(request, row, organisations)
    items = visible(row.items.all(), request.user)
    counts = items.aggregate(
        waiting=Count("pk", filter=Q(state=State.WAITING)),
        done=Count("pk", filter=Q(state=State.DONE)),
        refused=Count("pk", filter=Q(state=State.REFUSED)),
        drafts=Count("pk", filter=Q(review__isnull=False)),
        asked=Count("pk", filter=Q(draft_by__isnull=False)),
    )
    listed = items.select_related("claim", "document", "review").order_by("row")
    context = {
        "row": row,
        "counts": counts,
        "statuses": _statuses(items),
        "scales": [(each, _ratings(each)) for each in organisations],
        "lines": row.report[:_SHOWN_LINES],
        "refusals": items.exclude(why="").order_by("row")[:_SHOWN_LINES],
        "problems": len(row.report) + items.exclude(why="").count(),
        "page": Paginator(listed, A_PAGE).get_page(request.GET.get("page")),
    }
    crumbs = [*_crumbs(), (_("From Check"), reverse("desk:check_imports"))]
    return render(
        request, "desk/check_import/import.html", context, title=row.file_name, item="settings", crumbs=crumbs
    )


def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """All that could not come in, as a table."""
    _require(request)
    row = get_object_or_404(CheckImport, pk=pk)
    items = visible(row.items.exclude(why=""), request.user).order_by("row")

    def lines() -> Iterator[str]:
        writer = csv.writer(_Echo())
        yield "\ufeff" + writer.writerow(["row", "column", "why"])
        for each in row.report:
            yield writer.writerow([each["row"] or "", _cell(each["column"]), _cell(each["why"])])
        for item in items.iterator():
            yield writer.writerow([item.row, "", _cell(item.why)])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="check-{row.pk}-not-taken-over.csv"'
    return response


class _Echo:
    def write(self, value: str) -> str:
        return value


def _cell(text: str) -> str:
    """The text as no spreadsheet reads a formula in it."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _ask(request: HttpRequest, row: CheckImport, organisations: list[Organisation]) -> HttpResponse:
    here = HttpResponseRedirect(reverse("desk:check_import", args=[row.pk]))
    chosen = next((each for each in organisations if str(each.pk) == request.POST.get("organisation")), None)
    if chosen is None:
        messages.error(request, _("Choose the organisation for which the drafts are written."))
        return here
    statuses = [each["status"] for each in _statuses(visible(row.items.all(), request.user))]
    ratings = {}
    for number, status in enumerate(statuses):
        answer = request.POST.get(f"rating-{chosen.pk}-{number}", "")
        if request.POST.get(f"status-{number}") == status and answer.isdecimal() and len(answer) < 19:
            ratings[status] = int(answer)
    try:
        asked = drafts.ask_for_drafts(row, organisation=chosen, ratings=ratings, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return here
    said = ngettext("%(count)d draft is being made.", "%(count)d drafts are being made.", asked) % {"count": asked}
    messages.success(request, said if asked else _("No draft is made: choose a rating for at least one status."))
    return here


def _statuses(items: Any) -> list[dict[str, Any]]:
    """Each status of items that have no review yet, and how many have it."""
    found = items.exclude(state=State.REFUSED).filter(review=None).order_by("status").values("status")
    return list(found.annotate(number=Count("pk")))


def _ratings(organisation: Organisation) -> list[Rating]:
    return list(
        Rating.objects.filter(scale__organisation=organisation, retired_at=None)
        .select_related("scale")
        .order_by("scale", "value")
    )


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Settings"), reverse("desk:settings"))]


def _require(request: HttpRequest) -> None:
    if not may_take_over(request.user):
        raise PermissionDenied
