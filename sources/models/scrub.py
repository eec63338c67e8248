"""Models of integrity checks of the snapshot store, and of the missing or damaged snapshots they find."""

from django.db import models
from django.db.models.functions import Now

from sources.database.audit import append_only
from sources.models.snapshot import Blob


class Scrub(models.Model):
    """One integrity check of the whole snapshot store, which reads every blob in the order of its sha256."""

    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, help_text="Empty: interrupted; the next run resumes this check.")
    reached = models.CharField("last checked", max_length=64, blank=True, db_collation="C", help_text="A sha256.")
    checked = models.PositiveBigIntegerField("snapshots checked", default=0)
    size = models.PositiveBigIntegerField("bytes read", default=0, help_text="Uncompressed.")

    class Meta:
        ordering = ["-id"]
        verbose_name = "integrity check"

    def __str__(self) -> str:
        return f"integrity check of {self.started_at:%Y-%m-%d %H:%M} UTC"


@append_only
class ScrubFinding(models.Model):
    """A snapshot whose bytes an integrity check found missing or damaged."""

    class Kind(models.TextChoices):
        MISSING = "missing", "missing"
        DAMAGED = "damaged", "damaged"

    scrub = models.ForeignKey(Scrub, on_delete=models.PROTECT, related_name="findings", verbose_name="integrity check")
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="+", verbose_name="sha256")
    kind = models.CharField("problem", max_length=8, choices=Kind)
    sentence = models.CharField("description", max_length=500)
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-id"]
        verbose_name = "missing or damaged snapshot"

    def __str__(self) -> str:
        return self.sentence
