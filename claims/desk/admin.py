"""Admin pages of what the editors' own screens show; the list of all notices."""

from django.contrib import admin

from claims.models import Notice, Suspension
from sources.admin.base import LogAdmin


@admin.register(Notice)
class NoticeAdmin(LogAdmin):
    list_display = ["sentence", "recipient", "kind", "created_at", "read_at"]
    list_filter = ["kind", ("read_at", admin.EmptyFieldListFilter)]
    list_select_related = ["recipient"]
    search_fields = ["sentence", "recipient__username"]
    fields = readonly_fields = ["sentence", "recipient", "kind", "path", "created_at", "read_at"]


@admin.register(Suspension)
class SuspensionAdmin(LogAdmin):
    list_display = ["review", "reason", "suspended_at", "suspended_by", "resume_requested_by", "resumed_by", "ended_at"]
    list_filter = [("ended_at", admin.EmptyFieldListFilter)]
    list_select_related = ["review__claim", "review__organisation", "suspended_by", "resume_requested_by", "resumed_by"]
    search_fields = ["review__claim__text", "reason"]
    fields = readonly_fields = [
        *("review", "reason", "suspended_at", "suspended_by", "resume_requested_at", "resume_requested_by"),
        *("resume_note", "resumed_by", "ended_by_version", "ended_at"),
    ]
