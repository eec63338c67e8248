"""Guest approvers: people of no role who may approve one version, and see nothing else."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.review import ReviewVersion
from sources.database.audit import audited


class GuestApprovalQuerySet(models.QuerySet["GuestApproval"]):
    def active(self) -> Self:
        """Invitations that were not taken back."""
        return self.filter(revoked_at__isnull=True)


@audited
class GuestApproval(models.Model):
    """The invitation of one person to read one version as it will leave, and to approve it or send it back."""

    version = models.ForeignKey(ReviewVersion, on_delete=models.CASCADE, related_name="guests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="guest_approvals")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(db_default=Now(), editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = GuestApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["-invited_at", "-id"]
        verbose_name = "guest approver"
        constraints = [models.UniqueConstraint(fields=["version", "user"], name="guest_approval_unique")]

    def __str__(self) -> str:
        return f"{self.user} for version {self.version_id}"
