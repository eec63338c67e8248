"""Admin pages of what the editors' own screens show; the list of all notices."""

from django.contrib import admin

from claims.models import Notice
from sources.admin.base import LogAdmin


@admin.register(Notice)
class NoticeAdmin(LogAdmin):
    list_display = ["sentence", "recipient", "kind", "created_at", "read_at"]
    list_filter = ["kind", ("read_at", admin.EmptyFieldListFilter)]
    list_select_related = ["recipient"]
    search_fields = ["sentence", "recipient__username"]
    fields = readonly_fields = ["sentence", "recipient", "kind", "path", "created_at", "read_at"]
