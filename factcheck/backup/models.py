"""The backups that were tried, for health and for the desk. A backup leaves this table out."""

from django.db import models
from django.db.models.functions import Now


class BackupRun(models.Model):
    """One attempt to make a backup. Neither finished nor failed: it runs, or its process was killed."""

    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, help_text="Set once the backup is complete.")
    failed_at = models.DateTimeField(null=True)
    scheduled = models.BooleanField(default=False, help_text="Started by FACTCHECK_BACKUP_TO, not by hand.")
    destination = models.CharField(max_length=1_000)
    name = models.CharField(max_length=40, blank=True, help_text="The set's name at the destination.")
    sentence = models.CharField("result", max_length=1_000, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = "backup"

    def __str__(self) -> str:
        return f"backup of {self.started_at:%Y-%m-%d %H:%M} UTC"
