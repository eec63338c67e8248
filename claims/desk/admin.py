"""Admin pages of what the editors' own screens show; the list of all notices."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from claims.models import (
    AccountChange,
    AccountChangeReading,
    Anchoring,
    GuestApproval,
    Merge,
    Notice,
    Restriction,
    Suggestion,
    Suspension,
)
from claims.visibility import visible
from sources.admin.base import LogAdmin


@admin.register(Notice)
class NoticeAdmin(LogAdmin):
    """Everybody's notices for a chief; for other people their own."""

    list_display = ["said", "recipient", "kind", "created_at", "read_at"]
    list_filter = ["kind", ("read_at", admin.EmptyFieldListFilter)]
    list_select_related = ["recipient", "claim", "actor"]
    search_fields = ["claim__text", "recipient__username"]
    fields = readonly_fields = ["said", "recipient", "kind", "path", "created_at", "read_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Notice]:
        return visible(super().get_queryset(request), request.user)


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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suspension]:
        return visible(super().get_queryset(request), request.user)


@admin.register(Merge)
class MergeAdmin(LogAdmin):
    """Merges and separations of claims; they are asked for and decided on pages of their own."""

    list_display = ["claim", "kind", "into", "requested_by", "requested_at", "state", "decided_by"]
    list_filter = ["state", "kind"]
    list_select_related = ["claim", "into", "requested_by", "decided_by"]
    search_fields = ["claim__text", "into__text", "reason"]
    fields = readonly_fields = [
        *("kind", "claim", "into", "reason", "requested_by", "requested_at", "state", "decided_by", "decided_at"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Merge]:
        return visible(super().get_queryset(request), request.user)


@admin.register(Restriction)
class RestrictionAdmin(LogAdmin):
    """Claims that are restricted to named members; each is changed on its claim's page."""

    list_display = ["claim", "members_listed", "created_by", "created_at"]
    list_select_related = ["claim", "created_by"]
    fields = readonly_fields = ["claim", "members_listed", "created_by", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Restriction]:
        return visible(super().get_queryset(request), request.user).prefetch_related("members")

    @admin.display(description="members")
    def members_listed(self, restriction: Restriction) -> str:
        return ", ".join(str(member) for member in restriction.members.all()) or "the chiefs alone"


@admin.register(GuestApproval)
class GuestApprovalAdmin(LogAdmin):
    """Invitations of guests; they are made and taken back on the page of the version."""

    list_display = ["user", "version", "invited_by", "invited_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "version__review__claim", "invited_by"]
    fields = readonly_fields = ["user", "version", "invited_by", "invited_at", "revoked_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[GuestApproval]:
        return visible(super().get_queryset(request), request.user)


@admin.register(AccountChange)
class AccountChangeAdmin(LogAdmin):
    list_display = ["username", "what", "detail", "maker_name", "may_approve", "at"]
    list_filter = ["what", "may_approve"]
    search_fields = ["username", "maker_name", "detail"]
    fields = readonly_fields = [
        *("username", "what", "detail", "maker_name", "reason", "makes", "may_approve", "exempt", "at"),
    ]


@admin.register(AccountChangeReading)
class AccountChangeReadingAdmin(LogAdmin):
    list_display = ["change", "reader", "at"]
    list_select_related = ["change", "reader"]
    fields = readonly_fields = ["change", "reader", "at"]


@admin.register(Anchoring)
class AnchoringAdmin(LogAdmin):
    list_display = ["exact", "evidence", "anchored_by", "anchored_at"]
    list_select_related = ["evidence", "anchored_by"]
    search_fields = ["exact", "evidence__exact", "why"]
    fields = readonly_fields = [
        *("evidence", "recheck", "snapshot", "prefix", "exact", "suffix"),
        *("why", "anchored_by", "anchored_at"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Anchoring]:
        return visible(super().get_queryset(request), request.user)


@admin.register(Suggestion)
class SuggestionAdmin(LogAdmin):
    list_display = ["version", "field", "after", "suggested_by", "suggested_at", "state", "decided_by"]
    list_filter = ["state", "is_weighty"]
    list_select_related = ["version__review__claim", "suggested_by", "decided_by"]
    search_fields = ["before", "after", "suggested_by__username"]
    fields = readonly_fields = [
        *("version", "field", "before", "after", "is_weighty", "suggested_by", "suggested_at"),
        *("state", "decided_by", "decided_at", "note"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suggestion]:
        return visible(super().get_queryset(request), request.user)
