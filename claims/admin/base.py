"""Base classes of the admin pages of claims, and helpers for state badges and shortened text."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from claims.desk.edits import differs
from claims.models.verification import Verification
from claims.permissions import Refused, may_edit, rights
from claims.visibility import belongs_to_claims, visible
from sources.admin.base import DeskAdmin, DeskInline, LogAdmin, badge
from sources.reordered import shown

_BADGE_TONES = {
    Verification.CHECKED.value: "good",
    Verification.NEEDS_RECHECK.value: "bad",
    Verification.SUSPENDED.value: "bad",
    Verification.BEING_CHECKED.value: "warn",
    "draft": "",
    "in_review": "warn",
    "approved": "warn",
    "published": "good",
    "proposed": "warn",
    "waiting": "warn",
    "accepted": "good",
    "raised": "bad",
    "confirmed": "bad",
}


class ClaimsAdmin(DeskAdmin):
    """Base of the pages of editable tables; shows `Refused` as a message.

    People who write are led to the screens of the desk, where a table has any, from the bare address of the table, a
    row or the form for a new one. With `table` in the address they stay here, as they do with filters.
    """

    refusals = (Refused, ValidationError)
    list_screen = ""
    row_screen = ""
    new_screen = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **visible_choices(db_field, request, kwargs))

    def _prepare(self, request: HttpRequest, object_id: str, context: dict[str, Any]) -> HttpResponse | None:
        conflict = super()._prepare(request, object_id, context)
        if conflict is None and request.method == "GET":
            row = self.get_object(request, unquote(object_id))
            context.update(panels=["admin/claims/differs.html"], differs=row and differs(row, request.user))
        return conflict

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if self.list_screen and not request.GET and _leads_on(request):
            return HttpResponseRedirect(reverse(self.list_screen))
        _without_table(request)
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        key = unquote(object_id or "")
        if self.row_screen and key.isdecimal() and len(key) < 19 and _leads_on(request):
            return HttpResponseRedirect(reverse(self.row_screen, args=[int(key)]))
        _without_table(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def led_on(self, request: HttpRequest) -> HttpResponse | None:
        """The way from the form for a new row to its screen."""
        if not self.new_screen or not _leads_on(request):
            return None
        query = request.GET.urlencode()
        return HttpResponseRedirect(reverse(self.new_screen) + (f"?{query}" if query else ""))

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return self._assigned(request, "add") and super().has_add_permission(request, *args)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._assigned(request, "change") and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._assigned(request, "delete") and super().has_delete_permission(request, obj)

    def _assigned(self, request: HttpRequest, verb: str) -> bool:
        """Whether a role gives the right; a superuser without a role looks and changes nothing."""
        return f"{self.opts.app_label}.{verb}_{self.opts.model_name}" in rights(request.user)

    @admin.display(description="state", ordering="state")
    def state_badge(self, row: Any) -> SafeString:
        """For tables with a state."""
        return state_label(row.state, row.get_state_display())


def _leads_on(request: HttpRequest) -> bool:
    stays = {"table", "_popup"} & set(request.GET)
    return request.method == "GET" and not stays and may_edit(request.user)


def _without_table(request: HttpRequest) -> None:
    if "table" in request.GET:
        data = request.GET.copy()
        del data["table"]
        request.GET = data  # type: ignore[assignment]


class ClaimsLogAdmin(LogAdmin):
    """Base of the pages of read-only logs."""

    refusals = (Refused, ValidationError)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)


class ClaimsInline(DeskInline):
    """Base of the rows of another table on the page of the row they belong to."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(db_field, request, **visible_choices(db_field, request, kwargs))


class StateFilter(admin.SimpleListFilter):
    """Filter by state; by default only rows in the `default` states are listed, under the label `default_label`."""

    title = "state"
    parameter_name = "state"
    default: tuple[str, ...]
    default_label: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "all"), *model_admin.model.State.choices]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | {"display": self.default_label} if choice["display"] == "All" else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(state__in=[self.value()] if self.value() else self.default)


def visible_choices(field: Any, request: HttpRequest, options: dict[str, Any]) -> dict[str, Any]:
    """The options of a form field, with only the rows to choose from that this person may see."""
    if "queryset" in options or not belongs_to_claims(field.remote_field.model):
        return options
    return options | {"queryset": visible(field.remote_field.model._default_manager.all(), request.user)}


def state_label(key: str, label: object) -> SafeString:
    """A badge with the label, coloured by the state `key`."""
    return badge(label, _BADGE_TONES.get(key, ""))


def demo_label(row: Any, text: str) -> SafeString | str:
    """The text, with a badge before it if the row belongs to the demo."""
    return format_html("{} {}", badge("demo", "demo"), text) if row.is_demo else text


def shortened(text: str, length: int = 110) -> str:
    """The text on one line, cut to `length` characters for a list cell."""
    flat = shown(" ".join(text[: length * 3].split()))
    return flat if len(flat) <= length else flat[: length - 1].rstrip() + "…"
