"""What somebody typed on the workbench and did not save: kept while she types, and put before her again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from claims.desk.shell import typed
from claims.desk.shell.addresses import local_path, number
from claims.desk.shell.times import said
from claims.desk.shell.verbs import FRAME
from claims.desk.workbench.saving import MARK, field_label
from claims.models import Autosave
from claims.permissions import User, rights
from sources.admin.difference import Piece, difference, with_context

PLACE = "typed_in"
"""The field that says which form it was. It has a name that no field of a form has: a claim has a place of its own."""
_KINDS = ("version", "claim", "review-of", "new-claim")


@dataclass(frozen=True)
class Offer:
    """What lies there: from when, what of it differs from the row, and whether the row changed meanwhile."""

    place: str
    at: datetime
    differs: list[tuple[str, list[Piece]]]
    is_stale: bool
    data: QueryDict


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep what a form holds. Posted by the script while somebody types, and when the page is left."""
    if "claims.view_claim" not in rights(request.user):
        raise PermissionDenied
    place = request.POST.get(PLACE, "")
    kind, _colon, key = place.partition(":")
    if kind not in _KINDS or number(key) is None:
        return HttpResponse(status=400)
    if "drop" in request.POST:
        typed.forget(request.user, place, sitting=request.POST.get(typed.SITTING, ""))
        back = local_path(request.POST.get("next", ""))
        return HttpResponseRedirect(back) if back else HttpResponse(status=204)
    if not typed.keep(request.user, place, request.POST, leave_out=(*FRAME, PLACE)):
        return HttpResponse(status=413)
    return JsonResponse({"kept": said(timezone.localtime())})


def offer(user: User, place: str, form: Any, *, seen: str) -> Offer | None:
    """What this person typed here and did not save, if it differs from what the form is filled with."""
    row = typed.kept(user, place)
    if row is None:
        return None
    data = _data(row)
    differs = []
    for name in form.fields:
        if name not in data:
            continue
        bound = form.fields[name]
        if not bound.has_changed(form.get_initial_for_field(bound, name), _posted(form, data, name)):
            continue
        before, after = _said(form, name, form[name].value()), _said(form, name, data.get(name, ""))
        differs.append((field_label(form, name), with_context(difference(before, after))))
    if not differs:
        return None
    return Offer(place, row.saved_at, differs, bool(row.seen) and row.seen != seen, data)


def _data(row: Autosave) -> QueryDict:
    data = QueryDict(mutable=True)
    values: Mapping[str, list[str]] = row.values
    for name, texts in values.items():
        data.setlist(name, [str(text) for text in texts])
    data.setdefault(MARK, "1")
    return data


def _posted(form: Any, data: QueryDict, name: str) -> Any:
    return form.fields[name].widget.value_from_datadict(data, {}, name)


def _said(form: Any, name: str, value: Any) -> str:
    """The value as a person reads it: of a choice its label."""
    choices = getattr(form.fields[name], "choices", None)
    if choices is not None:
        chosen = {str(each) for each in (value if isinstance(value, list | tuple) else [value])}
        return ", ".join(str(label) for key, label in choices if str(getattr(key, "value", key)) in chosen and str(key))
    return "" if value is None else str(form.fields[name].widget.format_value(value) or "")
