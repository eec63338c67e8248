"""Files that evidence rests on: kept by their hash, read in the sandbox, shown as text."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from sources.database.audit import audited
from sources.models import Blob, Text


@audited
class EvidenceFile(models.Model):
    """A file that somebody uploaded. Its bytes are in the snapshot store under its hash; they never leave the desk.

    Evidence names it by that hash. The reference to the blob keeps its bytes from being thinned out.
    """

    blob = models.OneToOneField(Blob, on_delete=models.PROTECT, related_name="+", verbose_name="sha256 of the bytes")
    name = models.CharField(max_length=300)
    media_type = models.CharField(max_length=100, blank=True)
    text = models.ForeignKey(
        Text, on_delete=models.PROTECT, null=True, related_name="+", help_text="What the sandbox read in it."
    )
    unread_because = models.CharField(max_length=300, blank=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def sha256(self) -> str:
        return self.blob_id
