"""Admin pages of the audit tables: every recorded change of a row, read-only, including rows deleted since."""

from typing import Any

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from claims.visibility import belongs_to_claims, visible
from sources.admin.base import LogAdmin
from sources.admin.history import actor_of, done, reason_of


class AuditAdmin(LogAdmin):
    """The changes of one table."""

    list_display = ["pgh_created_at", "done", "row", "actor", "reason"]
    list_filter = ["pgh_label", "pgh_created_at"]
    ordering = ["-pgh_id"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        own = [field for field in self.model._meta.concrete_fields if not field.name.startswith("pgh_")]
        return [*self.list_display, *(field.name for field in own if obj is None or _may_show(field, obj, request))]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_readonly_fields(request, obj)

    @admin.display(description="row")
    def row(self, event: Any) -> str:
        return str(getattr(event, "pgh_obj_id", "–"))  # a many-to-many link has no row of its own

    @admin.display(description="who")
    def actor(self, event: Any) -> str:
        return actor_of(event.pgh_context)

    @admin.display(description="why")
    def reason(self, event: Any) -> str:
        return reason_of(event.pgh_context)

    @admin.display(description="change", ordering="pgh_label")
    def done(self, event: Any) -> str:
        return done(event.pgh_label)


def _may_show(field: Any, event: Any, request: HttpRequest) -> bool:
    """Whether the field names no claim that is restricted to others, such as one that this one repeats."""
    if field.related_model is None or not belongs_to_claims(field.related_model):
        return True
    key = getattr(event, field.attname)
    return key is None or visible(field.related_model._default_manager.filter(pk=key), request.user).exists()


def register_event_tables() -> None:
    """Register a page for every audit table, named after the table whose changes it records."""
    for model in apps.get_models():
        if issubclass(model, pghistory.models.Event) and model._meta.app_label in {"sources", "claims", "newsrooms"}:
            tracked = model.pgh_tracked_model._meta  # type: ignore[attr-defined]
            model._meta.verbose_name = f"change of {tracked.verbose_name}"
            model._meta.verbose_name_plural = f"history of {tracked.verbose_name_plural}"
            for name, label in (("pgh_created_at", "time"), ("pgh_label", "change")):
                model._meta.get_field(name).verbose_name = label  # type: ignore[union-attr]
            admin.site.register(model, AuditAdmin)
