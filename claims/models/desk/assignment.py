"""Who works on a claim, and until when."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from claims.models.claim import Claim
from sources.database.audit import audited


@audited
class Assignment(models.Model):
    """The colleague who works on a claim, and the time by which it is due; either may be open."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="assignment")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(db_default=Now())
    reminded_at = models.DateTimeField(null=True, help_text="When the assignee was told that it is due.")

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(assignee__isnull=False) | Q(due_at__isnull=False), name="assignment_says_something"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="assignment_due", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"{self.assignee or 'nobody'}, due {self.due_at or 'at no time'}"
