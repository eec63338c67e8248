"""Files that evidence rests on: kept by their hash, read in the sandbox, shown as text."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from sources.database.audit import audited


@audited
class EvidenceFile(models.Model):
    """A file that somebody uploaded. Its bytes are in the snapshot store under its hash; they never leave the desk."""

    sha256 = models.CharField(max_length=64, unique=True, db_collation="C")
    name = models.CharField(max_length=300)
    media_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    text = models.TextField(blank=True, help_text="What the sandbox read in it.")
    unread_because = models.CharField(max_length=300, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-uploaded_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="evidence_file_hash")]

    def __str__(self) -> str:
        return self.name
