"""Admin pages of sources, the publishers of the pages that evidence quotes."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from sources.admin.base import DeskAdmin, outside_link
from sources.models import Source


@admin.register(Source)
class SourceAdmin(DeskAdmin):
    list_display = ["name", "kind", "site", "language", "pages_count", "demo"]
    list_filter = ["kind", "is_demo"]
    search_fields = ["name", "homepage"]
    readonly_fields = ["public_id", "created_at"]
    fields = ["name", "kind", "homepage", "language", "notes", "public_id", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        return super().get_queryset(request).annotate(_pages=Count("pages"))

    @admin.display(description="homepage", ordering="homepage")
    def site(self, source: Source) -> SafeString | str:
        return outside_link(source.homepage) if source.homepage else "–"

    @admin.display(description="pages", ordering="_pages")
    def pages_count(self, source: Any) -> int:
        return int(source._pages)
