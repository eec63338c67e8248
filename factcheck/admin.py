"""People at the desk: users and groups, with the admin theme's forms; and what the first screen shows of each part."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.templatetags import unfold_list

from claims.admin import dashboard as of_claims
from factcheck.models import Heartbeat
from factcheck.newsrooms.webhooks import admin as of_webhooks
from sources.admin.base import LogAdmin

admin.site.unregister(User)
admin.site.unregister(Group)
# One row at a time, each with its own page and its rules: nothing is deleted by the hundred.
admin.site.disable_action("delete_selected")

# The theme writes some 30 class names into every cell, 2.5 KB a row. One class of ours stands for them
# (desk.css), so that a list of 50 rows weighs half.
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
    """Adds to the first screen what its template lists."""
    return of_webhooks.dashboard(request, of_claims.dashboard(request, context))
