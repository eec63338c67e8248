from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "factcheck.backup"
    label = "backup"
    verbose_name = "Backups"
