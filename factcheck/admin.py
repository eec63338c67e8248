"""Admin pages of users, groups and process heartbeats, and the data of the admin's start page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.templatetags import unfold_list

from claims.admin import dashboard as claims_dashboard
from claims.models import Sender
from factcheck.models import Heartbeat
from factcheck.newsrooms.webhooks import admin as webhooks_admin
from factcheck.set_up.steps import unfinished
from factcheck.web.refusals import refusals
from sources.admin.base import LogAdmin

admin.site.unregister(User)
admin.site.unregister(Group)
# Rows are deleted one at a time, on their own pages and by their own rules.
admin.site.disable_action("delete_selected")

# The theme writes some 30 class names into every cell, 2.5 KB a row. One class of desk.css replaces them, which halves
# the size of a list of 50 rows.
unfold_list.ROW_CLASSES[:] = ["desk-cell"]
unfold_list.LINK_CLASSES[:] = ["desk-celllink"]


class _WithRoles(UserChangeForm):  # type: ignore[misc]
    """The roles of an account as boxes to tick; docs/roles.md says what each may do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"] = forms.ModelMultipleChoiceField(
                Group.objects.order_by("pk"),
                label="Roles",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text="Reporters write; editors also approve and publish; chiefs also restrict claims and invite "
                "guests; administrators manage accounts and keys, and have no editorial right by that. "
                "Without a role an account opens only what it is invited to as a guest.",
            )


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):
    """Accounts. Rights are given as roles, never one by one."""

    form = _WithRoles
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "first_name", "last_name", "roles", "is_active", "is_superuser"]
    list_filter = ["groups", "is_active", "is_superuser"]
    list_per_page = 50
    show_full_result_count = False
    filter_horizontal = ()
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        account = ["is_active", *(["is_superuser"] if request.user.is_superuser else [])]
        return [
            (None, {"fields": ["username", "password"]}),
            ("Name", {"fields": ["first_name", "last_name", "email"]}),
            ("Roles", {"fields": ["groups"]}),
            ("Account", {"fields": [*account, "last_login", "date_joined"]}),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Not of a newsroom's stand-in, who cannot log in; and of a superuser for superusers alone."""
        if obj is not None and (Sender.objects.filter(user=obj.pk).exists() or _is_above(obj, request)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Never: the audit names people. An account that is not used any more is made inactive."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj.is_staff = True  # whoever has an account logs in here, if only as a guest
        super().save_model(request, obj, form, change)

    @admin.display(description="roles")
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "–"


def _is_above(user: User, request: HttpRequest) -> bool:
    return user.is_superuser and not request.user.is_superuser


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    show_full_result_count = False


@admin.register(Heartbeat)
class HeartbeatAdmin(LogAdmin):
    list_display = ["part", "at"]
    fields = readonly_fields = ["part", "at"]


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the template of the first screen lists."""
    context["set_up"] = left = unfinished(request.user)
    context["set_up_done"] = sum(step.done for step in left)
    if request.user.has_perm("auth.change_user"):
        context["refusals"] = refusals.rows()
        context["refusals_since"] = refusals.since
    return webhooks_admin.dashboard(request, claims_dashboard.dashboard(request, context))
