"""Admin pages of users, groups and process heartbeats, and the data of the admin's start page."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.templatetags import unfold_list

from claims.admin import dashboard as claims_dashboard
from factcheck.models import Heartbeat
from factcheck.newsrooms.webhooks import admin as webhooks_admin
from sources.admin.base import LogAdmin

admin.site.unregister(User)
admin.site.unregister(Group)
# Rows are deleted one at a time, on their own pages and by their own rules.
admin.site.disable_action("delete_selected")

# The theme writes some 30 class names into every cell, 2.5 KB a row. One class of desk.css replaces them, which halves
# the size of a list of 50 rows.
unfold_list.ROW_CLASSES[:] = ["desk-cell"]
unfold_list.LINK_CLASSES[:] = ["desk-celllink"]


@admin.register(User)
class UserAdmin(BaseUserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_per_page = 50
    show_full_result_count = False


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin, ModelAdmin):
    show_full_result_count = False


@admin.register(Heartbeat)
class HeartbeatAdmin(LogAdmin):
    list_display = ["part", "at"]
    fields = readonly_fields = ["part", "at"]


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Add what the template of the first screen lists."""
    return webhooks_admin.dashboard(request, claims_dashboard.dashboard(request, context))
