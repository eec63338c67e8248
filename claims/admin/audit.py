"""The audit's event tables, read-only: also the rows of what was deleted, which have no page any more."""

from typing import Any

import pghistory.models
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from sources.admin.base import LogAdmin
from sources.admin.history import actor_of


class AuditAdmin(LogAdmin):
    """One event table."""

    list_display = ["pgh_created_at", "pgh_label", "pgh_obj_id", "actor", "reason"]
    list_filter = ["pgh_label", "pgh_created_at"]
    ordering = ["-pgh_id"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.concrete_fields if field.name != "pgh_context_id"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return self.get_readonly_fields(request, obj)

    @admin.display(description="row")
    def pgh_obj_id(self, event: Any) -> str:
        return str(event.pgh_obj_id)

    @admin.display(description="who")
    def actor(self, event: Any) -> str:
        return actor_of(event.pgh_context)

    @admin.display(description="why")
    def reason(self, event: Any) -> str:
        return str((event.pgh_context or {}).get("reason", ""))


def register_event_tables() -> list[type[Model]]:
    """Register every event table that is installed; returns them."""
    found = [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]
    found = [model for model in found if model._meta.app_label in {"sources", "claims", "newsrooms"}]
    for model in found:
        admin.site.register(model, AuditAdmin)
    return found
