"""The list of attempts to make backups at the desk."""

from django.contrib import admin

from factcheck.backup.models import BackupRun
from sources.admin.base import LogAdmin


@admin.register(BackupRun)
class BackupRunAdmin(LogAdmin):
    list_display = ["started_at", "finished_at", "failed_at", "scheduled", "destination", "name", "sentence"]
    fields = readonly_fields = [*list_display]
