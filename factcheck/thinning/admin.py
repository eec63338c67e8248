"""The list of thinnings at the desk."""

from django.contrib import admin

from factcheck.thinning.models import Thinning
from sources.admin.base import LogAdmin


@admin.register(Thinning)
class ThinningAdmin(LogAdmin):
    list_display = ["started_at", "finished_at", "before", "changes", "checks", "snapshots", "texts", "files"]
    fields = readonly_fields = [*list_display, "bytes"]
