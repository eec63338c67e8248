"""Guest approvers: people of no role who may approve one version, and see nothing else."""

from typing import Self

import pgtrigger
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
        # Whoever invites somebody gives the right to approve: see claims/accounts.py.
        triggers = [
            pgtrigger.Trigger(
                name="account_log",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW.revoked_at IS NULL AND (
                        TG_OP = 'INSERT' OR OLD.revoked_at IS NOT NULL
                        OR (NEW.version_id, NEW.user_id) IS DISTINCT FROM (OLD.version_id, OLD.user_id)
                    ) THEN
                        PERFORM factcheck_log_account(
                            NEW.user_id, auth_user.username, 'guest', 'version ' || NEW.version_id, true
                        )
                        FROM auth_user WHERE id = NEW.user_id;
                    END IF;
                    RETURN NULL;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} for version {self.version_id}"
