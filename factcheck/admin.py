"""People at the desk: users and groups, with the admin theme's forms."""

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.models import Group, User
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from factcheck.models import Heartbeat
from sources.admin.desk import LogAdmin

admin.site.unregister(User)
admin.site.unregister(Group)
# One row at a time, each with its own page and its rules: nothing is deleted by the hundred.
admin.site.disable_action("delete_selected")


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
