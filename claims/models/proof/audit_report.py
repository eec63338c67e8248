"""What audits found."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.database.audit import append_only


@append_only
class AuditReport(models.Model):
    """What one run of `manage.py audit verify` found."""

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(db_default=Now())
    findings = models.BigIntegerField()
    sentences = models.JSONField(default=list, help_text="The first hundred.")

    mac = models.CharField(max_length=64, default="", blank=True, help_text="By the key of the seals.")

    class Meta:
        verbose_name = "audit report"
        constraints = [models.CheckConstraint(condition=Q(findings__gte=0), name="audit_report_findings")]

    def __str__(self) -> str:
        return f"{self.finished_at:%Y-%m-%d %H:%M} UTC: {self.findings} findings"
