"""Drafts that were discarded, kept for 30 days so that they can be restored."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from claims.models.claim import Claim
from claims.models.review import Organisation, Review


class DiscardedVersion(models.Model):
    """What a discarded version held. Not audited: the audit rows of the version itself stay."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="discarded_versions")
    review = models.ForeignKey(Review, on_delete=models.SET_NULL, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    content = models.JSONField(help_text="The columns of the version and of its evidence.")
    discarded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    discarded_at = models.DateTimeField(db_default=Now())
    restored_at = models.DateTimeField(null=True)
    delete_after = models.DateTimeField()

    class Meta:
        ordering = ["-discarded_at", "-id"]

    def __str__(self) -> str:
        return f"version {self.number}, discarded {self.discarded_at:%Y-%m-%d}"
