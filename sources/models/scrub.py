"""Readings of the snapshot store, and what they did not find as it was put."""

from django.db import models
from django.db.models.functions import Now

from sources.database.audit import append_only
from sources.models.snapshot import Blob


class Scrub(models.Model):
    """One reading of the whole snapshot store, blob after blob in the order of their sha256."""

    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, help_text="Empty: it was broken off, and the next goes on here.")
    reached = models.CharField(max_length=64, blank=True, db_collation="C", help_text="The last sha256 read.")
    checked = models.PositiveBigIntegerField(default=0, help_text="Blobs read.")
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes read, before compression.")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"scrub of {self.started_at:%Y-%m-%d %H:%M} UTC"


@append_only
class ScrubFinding(models.Model):
    """Bytes that a scrub did not find as they were put."""

    class Kind(models.TextChoices):
        MISSING = "missing", "missing"
        DAMAGED = "damaged", "damaged"

    scrub = models.ForeignKey(Scrub, on_delete=models.PROTECT, related_name="findings")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    sentence = models.CharField(max_length=500)
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.sentence
