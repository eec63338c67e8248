"""Admin pages of integrity checks and of the missing or damaged snapshots they found."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from sources.admin.base import LogAdmin, badge
from sources.models import Scrub, ScrubFinding


@admin.register(Scrub)
class ScrubAdmin(LogAdmin):
    list_display = ["started_at", "finished_at", "checked", "damaged"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Scrub]:
        return super().get_queryset(request).annotate(_findings=Count("findings"))

    @admin.display(description="missing or damaged")
    def damaged(self, scrub: Any) -> SafeString:
        return badge(scrub._findings, "bad" if scrub._findings else "good")


@admin.register(ScrubFinding)
class ScrubFindingAdmin(LogAdmin):
    list_display = ["found_at", "kind", "sentence"]
    list_filter = ["kind"]
    search_fields = ["blob__sha256"]
