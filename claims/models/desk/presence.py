"""Who has a claim open at this moment."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.claim import Claim


class Presence(models.Model):
    """That a person has a claim's workbench open; forgotten a few minutes after the last sign. Not audited."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+")
    is_editing = models.BooleanField(default=False)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["claim", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "claim"], name="presence_once")]
        indexes = [models.Index(fields=["claim", "seen_at"], name="presence_of_claim")]

    def __str__(self) -> str:
        return f"{self.user} on {self.claim_id}"
